"""Severity over time: which level held when, and which levels a sentence of the runbook names."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import msgspec

from warroom.core.entries import SeveritySet
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook


class Span(msgspec.Struct, frozen=True):
    """A stretch of time at one level; `end` None: it lasts."""

    start: datetime
    end: datetime | None
    level: str | None = None
    rank: int | None = None


def spans(incident: Incident) -> tuple[Span, ...]:
    """Levels in the order they were set, without gaps, from the alert on; the first counts from the incident's start."""
    if incident.alerted is None:
        return ()
    changes: list[tuple[datetime, SeveritySet]] = []
    latest = incident.alerted
    for entry in incident.severities:
        if isinstance(entry.fact, SeveritySet):
            # Clocks of two consoles differ by a little: the order of the journal decides, and time does not run backwards.
            latest = max(latest, incident.at(entry)) if changes else incident.alerted
            changes.append((latest, entry.fact))
    if not changes:
        return (Span(incident.alerted, None),)
    ends = [*(start for start, _ in changes[1:]), None]
    return tuple(Span(start, end, fact.level, fact.rank) for (start, fact), end in zip(changes, ends, strict=True))


def level_at(incident: Incident, moment: datetime) -> str | None:
    """The level that held then; before the first one was set, that one."""
    held = [span for span in spans(incident) if span.start <= moment]
    return held[-1].level if held else next((span.level for span in spans(incident)), None)


def without(pieces: tuple[Span, ...], gaps: tuple[tuple[datetime, datetime | None], ...]) -> tuple[Span, ...]:
    """The pieces with the gaps cut out."""
    for start, end in gaps:
        left = []
        for piece in pieces:
            if piece.end is None or piece.end > start:
                if piece.start < start:
                    left.append(msgspec.structs.replace(piece, end=start))
                if end is not None and (piece.end is None or piece.end > end):
                    left.append(msgspec.structs.replace(piece, start=max(piece.start, end)))
            else:
                left.append(piece)
        pieces = tuple(left)
    return pieces


def running(
    incident: Incident,
    at_level: Callable[[str | None, int | None], bool],
    start: datetime,
    *,
    waits: bool,
    gaps: tuple[tuple[datetime, datetime | None], ...] = (),
) -> tuple[Span, ...]:
    """When a clock of some levels runs, from `start` on and outside the gaps.

    `waits`: it counts only time at its level. Otherwise all time counts, but for that after a first stretch at its level
    while the level was another: a downgrade pauses it, and a late upgrade finds it where it would be.
    """
    pieces, been = [], False
    for span in spans(incident):
        mine = at_level(span.level, span.rank)
        been = been or mine
        if mine or (not waits and not been):
            pieces.append(span)
    after = tuple(
        msgspec.structs.replace(piece, start=max(piece.start, start)) for piece in pieces if piece.end is None or piece.end > start
    )
    return without(after, gaps)


def reached(pieces: tuple[Span, ...], seconds: float) -> datetime | None:
    """When so much time has been counted, if the pieces go on as they are; None: never."""
    left = timedelta(seconds=seconds)
    for piece in pieces:
        if piece.end is None or piece.end - piece.start >= left:
            return piece.start + left
        left -= piece.end - piece.start
    return None


def counted(pieces: tuple[Span, ...], now: datetime) -> float:
    """Seconds counted until now."""
    return sum(max(0.0, (min(piece.end or now, now) - piece.start).total_seconds()) for piece in pieces)


@lru_cache(maxsize=64)
def _finder(levels: tuple[str, ...]) -> re.Pattern[str]:
    """Labels with a figure are found anywhere; a label that is a plain word only where it is a condition."""
    words = []
    for level in sorted(levels, key=len, reverse=True):
        label = re.escape(level)
        # "if Critical", "(Critical only)": but not "non-critical automation".
        words.append(label if re.search(r"\d", level) else rf"(?<=if ){label}|(?<=\(){label}|(?<=/){label}(?=[/):])")
    return re.compile(rf"(?<![\w.])(?:{'|'.join(words)})(?![\w.])", re.IGNORECASE)


def levels_named(runbook: Runbook, text: str) -> tuple[str, ...]:
    """Labels of the levels that a sentence is about, worst first; none: it is about all.

    Reads `P1/P2`, the range `P1-P3` and `P2 and above`.
    """
    known = sorted(runbook.severities, key=lambda severity: severity.rank)
    if not known:
        return ()
    rank = {severity.level.casefold(): severity.rank for severity in known}
    found = list(_finder(tuple(severity.level for severity in known)).finditer(text))
    ranks = {rank[match.group().casefold()] for match in found}
    for left, right in pairwise(found):
        if re.fullmatch(r"\s*(?:-|–|to|through)\s*", text[left.end() : right.start()]):
            low, high = sorted((rank[left.group().casefold()], rank[right.group().casefold()]))
            ranks |= set(range(low, high + 1))
    for match in found:
        if re.match(r"\+|\s+(?:and|or)\s+(?:above|higher|worse|up)\b", text[match.end() :], re.IGNORECASE):
            ranks |= set(range(1, rank[match.group().casefold()] + 1))
    return tuple(severity.level for severity in known if severity.rank in ranks)
