"""A deadline before people answered or snoozed it, and the words that rules share."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from warroom.core.entries import Answered, Entry
from warroom.core.incident import Incident
from warroom.core.levels import Span, counted, reached
from warroom.runbook.model import Runbook

COMMANDER, SPEAKER = r"command|incident (?:lead|manager|coordinator)", r"communicat|comms|scribe"
"""Words in the names of roles."""

AtLevel = Callable[[str | None, int | None], bool]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline before people answered or snoozed it. Answers and snoozes from before `start` belong to an earlier round."""

    id: str
    title: str
    owner: str
    consequence: str
    start: datetime
    due: datetime
    line: int = 0
    to: tuple[str, ...] = ()
    met: datetime | None = None
    met_by: str = ""
    paused: str = ""
    """Why its clock stands still, if it does."""
    why: str = ""
    strict: bool = False
    """Only what is strictly more is too much."""
    rearms: bool = False
    """An answer begins the next round, and is `start` then."""
    outlives: bool = False
    """It goes on when the incident is closed."""


def spell(seconds: float) -> str:
    """A length as a runbook would write it: `15 min`, `4 h`, `90 s`."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds / 60:g} min" if seconds % 30 == 0 and seconds > 120 else f"{seconds:g} s"


def spell_answer(answer: Entry, at: datetime) -> str:
    fact = answer.fact
    if not isinstance(fact, Answered):
        return ""
    return f"{fact.outcome} by {answer.by} {at:%H:%M}" + (f": {fact.text}" if fact.text else "")


def applies_at(levels: tuple[str, ...]) -> AtLevel:
    """Whether a level is one of these; no levels: any, also none."""
    named = {level.casefold() for level in levels}
    return lambda level, rank: not named or (level is not None and level.casefold() in named)


def owner(runbook: Runbook, incident: Incident, words: str) -> str:
    """Who holds the role that has these words in its name, else its name, else "on call"."""
    role = next((role for role in runbook.roles if re.search(words, role.name, re.IGNORECASE)), None)
    if role is None:
        return next((person for name, person in incident.roles.items() if re.search(words, name, re.IGNORECASE)), "on call")
    return incident.roles.get(role.name, "") or role.name


def commanding(runbook: Runbook) -> str:
    """The name of the role that commands; empty: the runbook has none."""
    return next((role.name for role in runbook.roles if re.search(COMMANDER, role.name, re.IGNORECASE)), "")


def holder(runbook: Runbook, incident: Incident, words: str) -> str:
    """Who holds the role that has these words in its name; empty: nobody."""
    role = next((role for role in runbook.roles if re.search(words, role.name, re.IGNORECASE)), None)
    return incident.roles.get(role.name, "") if role else ""


def together(names: tuple[str, ...]) -> str:
    return " + ".join(names)


def due_moment(pieces: tuple[Span, ...], seconds: float, now: datetime) -> datetime:
    """While its clock stands still, its due moment moves on with now."""
    return reached(pieces, seconds) or now + timedelta(seconds=seconds - counted(pieces, now))


def answers_to(incident: Incident, id: str) -> list[Entry]:
    return [entry for entry in incident.answers if isinstance(entry.fact, Answered) and entry.fact.deadline == id]
