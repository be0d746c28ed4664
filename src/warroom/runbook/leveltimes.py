"""Times that one sentence gives to several levels: `15 minutes (P1) or 60 minutes (P2)`."""

import re
from collections.abc import Iterator, Sequence

from warroom.runbook.labels import spans_of
from warroom.runbook.model import ResponseTime
from warroom.runbook.times import kind_of
from warroom.runbook.words import amounts, in_business_hours, seconds

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_JOINED = re.compile(r"\s*(?:/|,|&|\+|and|or|)\s*", re.IGNORECASE)


def of_levels(text: str, names: Sequence[str], language: str) -> Iterator[tuple[str, ResponseTime]]:
    """Each level with its time, where levels and times take turns; nothing where one of them stands alone."""
    for sentence in _SENTENCE.split(text):
        kind = kind_of(sentence, language)
        times = amounts(sentence) if kind else []
        if kind is None or len(times) < 2:
            continue
        groups = _groups(sentence, names)
        if len(groups) != len(times) or not _in_turns(groups, times):
            continue
        for (_, _, levels), (begin, end) in zip(groups, times, strict=True):
            said = sentence[begin:end]
            time = ResponseTime(kind=kind, seconds=seconds(said), text=said, hours="business" if in_business_hours(said) else "any")
            for level in levels:
                yield level, time


def _groups(sentence: str, names: Sequence[str]) -> list[tuple[int, int, list[str]]]:
    """Where labels stand; `P1/P2` and `P1 and P2` are one place."""
    found: list[tuple[int, int, list[str]]] = []
    for begin, end, name in spans_of(sentence, names):
        if found and _JOINED.fullmatch(sentence[found[-1][1] : begin]):
            found[-1] = (found[-1][0], end, [*found[-1][2], name])
        else:
            found.append((begin, end, [name]))
    return found


def _in_turns(groups: list[tuple[int, int, list[str]]], times: list[tuple[int, int]]) -> bool:
    first = groups[0][0] < times[0][0]
    pairs = [(group[0], time[0]) if first else (time[0], group[0]) for group, time in zip(groups, times, strict=True)]
    order = [place for pair in pairs for place in pair]
    return order == sorted(order)
