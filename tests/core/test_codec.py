"""Facts survive their bytes, also those of older consoles."""

import pytest

from journal.facts import FACTS
from warroom.core.codec import UnknownBody, decode, encode, kind
from warroom.core.entries import AnyFact, Noted


@pytest.mark.parametrize("fact", FACTS, ids=kind)
def test_a_fact_of_every_kind_comes_back(fact: AnyFact) -> None:
    assert decode(encode(fact)) == fact
    assert encode(decode(encode(fact))) == encode(fact)
    assert kind(decode(encode(fact))) == kind(fact)


def test_a_body_of_an_older_console_takes_the_defaults() -> None:
    assert decode(b'{"kind":"noted","text":"x"}') == Noted(text="x", progress=False)


def test_a_field_of_a_newer_console_is_let_be() -> None:
    assert decode(b'{"kind":"noted","text":"x","mood":"calm"}') == Noted(text="x")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"kind":"teleported"}', b'{"kind":"noted"}', b'{"text":"x"}', b"\xff"])
def test_a_body_that_is_none_of_ours_is_advice(body: bytes) -> None:
    with pytest.raises(UnknownBody, match="update warroom"):
        decode(body)
