"""Streams of bytes as text that may be shown and stored."""

from hypothesis import given
from hypothesis import strategies as st

from warroom.core.redact import redact
from warroom.runner.cleaned import LONGEST, Pieces, cleaned

TOKEN = "ghp_" + "a1B2" * 9
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7\n" * 20 + "-----END RSA PRIVATE KEY-----\n"


def read(*chunks: bytes) -> str:
    pieces = Pieces()
    found = [piece for chunk in chunks for piece in pieces.feed(chunk)]
    return "".join(map(cleaned, [*found, *pieces.feed(b"", last=True)]))


def test_escape_sequences_go_and_their_text_stays() -> None:
    assert (
        read(b"\x1b[31mred\x1b[0m \x1b]0;title\x07plain \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ b\x08bold\xc2\x9b1m")
        == "red plain link bold1m"
    )


def test_a_carriage_return_is_a_line() -> None:
    assert read(b"10 %\r20 %\r\ndone\n") == "10 %\n20 %\ndone\n"


def test_what_kubectl_says_of_the_terminal_goes() -> None:
    assert read(b"Unable to use a TTY - input is not a terminal or the right kind of file\nok\n") == "ok\n"


def test_bytes_that_are_no_text() -> None:
    assert read(b"a\xffb\xc3", b"\xa9\n") == "a\N{REPLACEMENT CHARACTER}bé\n"


@given(st.lists(st.integers(1, 40), max_size=30))
def test_no_cut_lets_a_secret_through(cuts: list[int]) -> None:
    text = f"before\ntoken {TOKEN}\n{KEY}env:\n- name: DB_PASSWORD\n  value: hunter2x9\nafter\n".encode()
    chunks, at = [], 0
    for cut in cuts:
        chunks.append(text[at : at + cut])
        at += cut
    found = read(*chunks, text[at:])
    assert found == redact(text.decode())
    assert all(secret not in found for secret in (TOKEN, "MIIEpAIBAAKCAQEA7", "hunter2x9"))


def test_a_line_without_an_end_does_not_grow_for_ever() -> None:
    pieces = Pieces()
    found = [len(piece) for _ in range(100) for piece in pieces.feed(b"x" * 10_000)]
    assert sum(found) >= 1_000_000 - LONGEST
    assert max(found) <= LONGEST


def test_a_key_without_an_end_does_not_grow_for_ever() -> None:
    pieces = Pieces()
    begun = b"-----BEGIN PRIVATE KEY-----\n"
    found = [len(piece) for chunk in [begun, *[b"y" * 70 + b"\n"] * 5_000] for piece in pieces.feed(chunk)]
    assert sum(found) >= 5_000 * 71 - LONGEST
