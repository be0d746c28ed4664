"""Each line once, wherever the streams were cut, and a gap wherever one cannot know."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warroom.feeds import logcursor
from warroom.feeds.logcursor import LONGEST, Cursor, Lines, moment, stamp_of

BEGIN = datetime(2026, 2, 3, 2, 50, tzinfo=UTC)


def stamped(microseconds: int, text: bytes) -> bytes:
    when = BEGIN + timedelta(microseconds=microseconds)
    return when.strftime("%Y-%m-%dT%H:%M:%S.%f").encode() + b"000Z " + text


def served(log: Sequence[bytes], since: str) -> bytes:
    """What a server gives from `sinceTime` on: it looks at each line, and at whole seconds."""
    return b"".join(line + b"\n" for line in log if not since or stamp_of(line)[:19] >= since[:19].encode())


steps = st.lists(st.sampled_from([0, 0, 1, 40_000, 700_000, 2_500_000, -300]), min_size=1, max_size=60)
texts = st.sampled_from([b"", b"a", b"b", b"\x00\xff\x1b[31m", b"x" * 50, b"  at f(g.py:1)", b"2026-02-03T02:50:00.000000000Z b"])


@st.composite
def logs(draw: st.DrawFn) -> list[bytes]:
    """Lines that repeat, share stamps, and lie a little out of order."""
    at, lines = 0, []
    for step in draw(steps):
        lines.append(stamped(max(0, at + step), draw(texts)))
        at = max(at, at + step)
    return lines


@settings(deadline=None)
@given(logs(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 4000), st.integers(1, 900)), max_size=12))
def test_cuts_anywhere_lose_nothing_and_double_nothing(log: list[bytes], cuts: list[tuple[int, int, int]]) -> None:
    cursor, got = Cursor(), b""
    for written, length, pieces in [*cuts, (len(log), 10**6, 7)]:
        cursor.open()
        text = served(log[: max(written, 1)], cursor.since)[:length]
        for begin in range(0, len(text), pieces):
            got += cursor.take(text[begin : begin + pieces])
        assert not cursor.lost
    assert got == served(log, "")


@settings(deadline=None)
@given(logs(), st.integers(1, 60), st.integers(1, 60))
def test_a_rotation_is_noticed_where_it_may_have_cost_lines(log: list[bytes], seen: int, rotated: int) -> None:
    seen = min(seen, len(log))
    cursor = Cursor()
    got = cursor.take(served(log[:seen], ""))
    cursor.open()
    left = served(log[rotated:], cursor.since)
    got += cursor.take(left)
    last = log[seen - 1]
    if last not in log[rotated:]:
        # Without another line nothing can be missing that the server could have had.
        assert cursor.lost == bool(log[max(seen, rotated) :])
        assert got == served(log[:seen], "")
    elif rotated < seen:
        assert not cursor.lost
        assert got == served(log, "")


def test_after_a_restart_all_of_the_new_log_comes() -> None:
    cursor = Cursor()
    assert cursor.take(stamped(0, b"old") + b"\n" + stamped(900_000, b"end") + b"\n")
    cursor.forget(fresh=True)
    cursor.open()
    assert cursor.since == ""
    fresh = stamped(300_000, b"start") + b"\n" + stamped(950_000, b"go") + b"\n"
    assert cursor.take(fresh) == fresh
    assert not cursor.lost


def test_after_a_gap_what_is_older_than_the_last_line_was_delivered() -> None:
    cursor = Cursor()
    assert cursor.take(stamped(0, b"old") + b"\n" + stamped(900_000, b"end") + b"\n")
    cursor.forget()
    cursor.open()
    old, new = stamped(300_000, b"old"), stamped(950_000, b"go")
    assert cursor.take(old + b"\n" + new + b"\n") == new + b"\n"
    assert not cursor.lost


def test_what_the_node_itself_says_passes_and_proves_nothing() -> None:
    cursor = Cursor()
    first = stamped(0, b"one") + b"\n"
    assert cursor.take(first) == first
    cursor.open()
    word = b"failed to create fsnotify watcher: too many open files\n"
    assert cursor.take(word) == word
    assert not cursor.met
    assert cursor.take(first + stamped(5, b"two") + b"\n") == stamped(5, b"two") + b"\n"
    assert cursor.met


def test_a_last_line_without_an_end_comes_when_the_log_is_over() -> None:
    cursor = Cursor()
    assert cursor.take(stamped(0, b"panic: no mem")) == b""
    assert cursor.finish() == stamped(0, b"panic: no mem") + b"\n"
    cursor.open()
    assert cursor.take(stamped(0, b"panic: no mem") + b"\n") == b""
    assert cursor.met


@given(
    st.lists(st.sampled_from([b"", b"short", b"m" * LONGEST, b"n" * (LONGEST + 1), b"o" * (3 * LONGEST)]), max_size=5),
    st.integers(1, 99_999),
)
@settings(deadline=None)
def test_long_lines_are_cut_the_same_however_they_come(lines: list[bytes], pieces: int) -> None:
    text = b"".join(line + b"\n" for line in lines)
    cutter = Lines()
    got = b"".join(cutter.take(text[begin : begin + pieces]) for begin in range(0, len(text), pieces))
    assert got == b"".join(line[:LONGEST] + b"\n" for line in lines)


def test_memory_is_bounded_and_a_fast_log_still_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logcursor, "REMEMBERED", 10_000)
    log = [stamped(place * 10, b"fast %d" % place) for place in range(20_000)]
    cursor, got = Cursor(), b""
    for written in (5_000, 12_000, 20_000):
        cursor.open()
        text = served(log[:written], cursor.since)
        for begin in range(0, len(text), 4096):
            got += cursor.take(text[begin : begin + 4096])
            assert cursor.remembered <= 10_000 + 4096 + 100
    assert got == served(log, "")


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        (b"2026-01-31T12:00:00.123456789Z text", b"2026-01-31T12:00:00.123456789Z"),
        (b"2026-01-31T12:00:00.5Z text", b"2026-01-31T12:00:00.500000000Z"),
        (b"2026-01-31T12:00:00Z text", b"2026-01-31T12:00:00.000000000Z"),
        (b"2026-01-31T12:00:00.123456789+05:30 text", b"2026-01-31T06:30:00.123456789Z"),
        (b"2026-01-31 12:00:00 text", b""),
        (b"2026-99-31T12:00:00.1+01:00 text", b""),
        (b"", b""),
    ],
)
def test_stamps_of_every_node_sort_as_one(line: bytes, stamp: bytes) -> None:
    assert stamp_of(line) == stamp
    if stamp:
        assert moment(stamp).tzinfo is UTC
