"""Secrets out of any text, before it is stored, sent or exported."""

import re

import msgspec

from warroom.core.entries import AnyFact

GONE = "[redacted]"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), GONE),
    (re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]{8,}"), rf"\1{GONE}"),
)


def redact(text: str) -> str:
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def clean(fact: AnyFact) -> AnyFact:
    """The fact with every text in it redacted."""
    cleaned: AnyFact = msgspec.convert(_walk(msgspec.to_builtins(fact)), AnyFact)
    return cleaned


def _walk(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list | tuple):
        return [_walk(item) for item in value]
    if isinstance(value, dict):
        return {key: _walk(item) for key, item in value.items()}
    return value
