"""Times that a level promises, in the words of any team."""

import re
from typing import Literal

from warroom.runbook.model import ResponseTime
from warroom.runbook.vocabulary import plain, says
from warroom.runbook.words import in_business_hours, seconds

Kind = Literal["acknowledge", "respond", "resolve", "update", "other"]
KINDS: tuple[Kind, ...] = ("acknowledge", "resolve", "update", "respond")
_CLAUSE = re.compile(r"\s*(?:[;\n，、]|,(?=\s)|(?<=\w)\.(?=\s)|\s/\s|\band\b)\s*")
_LEADS = re.compile(
    r"^(?:[<>≤≥~=(]|within|under|up to|max(?:imum)?|less than|in|by|every|moins de|en|dentro de|ate|hasta|do|start:|sous|bis|innerhalb"
    r"|до|в течение"
    r"|target:?|approx\w*|about)\s*",
    re.IGNORECASE,
)
_NEVER = re.compile(r"(no|none|never|n/?a|nao|non|nie|nein|-)\.?", re.IGNORECASE)
_MOST_WORDS = 8


def kind_of(words: str, language: str) -> Kind | None:
    """What a column's or a line's name promises; None: no time."""
    words = plain(words)
    found = [(match.start(), kind) for kind in KINDS if (match := says(language, kind).search(words))]
    return min(found, key=lambda each: each[0])[1] if found else None


def names_a_time(words: str, language: str) -> bool:
    return bool(says(language, "time").search(plain(words)))


def is_time(text: str, language: str) -> bool:
    """The text is a time and little else: an action that mentions one is none."""
    words = plain(text.strip())
    if not words:
        return False
    rest = _LEADS.sub("", _LEADS.sub("", words))
    starts = seconds(rest[:24]) is not None and (rest[:1].isdigit() or says(language, "immediate").match(rest))
    if starts and len(words.split()) <= _MOST_WORDS:
        return True
    if says(language, "no_number").match(rest) and len(words.split()) <= 6:
        return True
    return len(words.split()) <= 5 and (seconds(words) is not None or in_business_hours(words))


def times(text: str, kind: Kind, language: str) -> tuple[ResponseTime, ...]:
    """The times of a cell or a value; several, where its parts name several kinds."""
    text = text.strip()
    if not re.search(r"\w", text) or (kind == "update" and _NEVER.fullmatch(plain(text))):
        return ()
    parts = spoken(text, language)
    if len({each.kind for each in parts}) > 1:
        return parts
    return (_time(kind, text),)


def spoken(text: str, language: str) -> tuple[ResponseTime, ...]:
    """The times in running text: only clauses that say what they promise, with a number or a word for one."""
    found = []
    for clause in _CLAUSE.split(text):
        kind = kind_of(clause, language)
        if kind and (seconds(clause) is not None or (in_business_hours(clause) and len(clause.split()) <= 8)):
            found.append(_time(kind, clause))
    return tuple(found)


def response(found: tuple[ResponseTime, ...]) -> float | None:
    """The first human answer: "respond", and "acknowledge" only when nothing says respond."""
    for kind in ("respond", "acknowledge"):
        for time in found:
            if time.kind == kind:
                return time.seconds
    return None


def _time(kind: Kind, text: str) -> ResponseTime:
    return ResponseTime(kind=kind, seconds=seconds(text), text=text, hours="business" if in_business_hours(text) else "any")
