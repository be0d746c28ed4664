"""Text of people, made harmless for a terminal's line or a Markdown document."""

import re
import unicodedata

from warroom.core.redact import redact


def plain(text: str) -> str:
    """One line without secrets, and without anything that could steer a terminal or turn the direction of reading."""
    words = " ".join(redact(text).split())
    if words.isascii() and words.isprintable():
        return words
    return "".join(char if _shows(char) else "\N{REPLACEMENT CHARACTER}" for char in words)


def _shows(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") or char == "\N{ZERO WIDTH JOINER}"


def markdown(text: str) -> str:
    """As a phrase of a Markdown document, also in a cell of a table: what was typed is read, and nothing of it is markup."""
    words = plain(text)
    words = re.sub(r"([\\`*\[\]<|~]|&(?=[#\w]))", r"\\\1", words)
    words = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", words)  # within a word it is none of Markdown's
    words = re.sub(r"^([-+#=:>])", r"\\\1", words)
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", words)


def width(text: str) -> int:
    """In cells of a terminal."""
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.combining(char) or char == "\N{ZERO WIDTH JOINER}":
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def cut(text: str, room: int) -> str:
    """As much as `room` cells hold, with the mark of a cut."""
    if width(text) <= room:
        return text
    taken = 1
    for n, char in enumerate(text):
        taken += _cells(char)
        if taken > room:
            return text[:n].rstrip() + "…"
    return text
