"""What a command prints, and how it fails."""

import sys
import unicodedata
from typing import Any

import msgspec


class Mistake(Exception):
    """The user's: exit 2. Its text is one sentence of advice."""


class Failure(Exception):
    """It was tried and failed: exit 1."""


def harmless(text: str) -> str:
    """Foreign text for a terminal: lines stay, whatever could steer the terminal or turn the reading direction is spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char == "\n" or _plain(char) else f"\\u{{{ord(char):x}}}" for char in text.expandtabs())


def _plain(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or char == "\N{ZERO WIDTH JOINER}"


def say(text: str) -> None:
    sys.stdout.write(harmless(text) + "\n")


def say_json(value: Any) -> None:
    """Exactly one document, on one line; what could steer a terminal is escaped as JSON escapes it."""
    text = msgspec.json.encode(value).decode()
    if not (text.isascii() and text.isprintable()):
        text = "".join(char if _plain(char) else _unit(char) for char in text)
    sys.stdout.write(text + "\n")


def _unit(char: str) -> str:
    """In UTF-16 code units, as JSON counts."""
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[n] << 8 | units[n + 1]:04x}" for n in range(0, len(units), 2))


def warn(text: str) -> None:
    """On one line, whatever it is made of."""
    sys.stderr.write(f"warroom: {harmless(' '.join(text.split()))}\n")
