"""The policy flight recorder: what became of every clock of the runbook, round by round, to the second."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from warroom.core.deadlines import Deadline, settle
from warroom.core.entries import Amended, Answered, Entry, Moved, Snoozed, Struck
from warroom.core.incident import Incident, fold
from warroom.core.promises import DONE
from warroom.core.rule import Rule
from warroom.core.rules import rules
from warroom.core.timeline import text_of
from warroom.runbook.model import Runbook

ACTED = DONE | {"told", "paged", "called", "answered", "escalated"}
"""Answers that say that the rule was followed; every other one says why it was not."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One round of a clock. `spare` is how many seconds before it was due it was settled; negative: after."""

    id: str
    title: str
    start: datetime
    due: datetime
    verdict: Literal["met", "missed", "excused", "running"]
    spare: float
    why: str = ""
    line: int = 0


def recorder(runbook: Runbook, incident: Incident, now: datetime) -> tuple[Recorded, ...]:
    """In the order in which they fell due."""
    if not incident.id or incident.declared is None:
        return ()
    past = _Past(runbook, incident)
    found = [*_rounds(past, incident), *_last(past, runbook, incident, now)]
    return tuple(sorted(found, key=lambda one: (one.due, one.id, one.start)))


class _Then:
    """An incident and its clocks, as they stood in one moment."""

    def __init__(self, runbook: Runbook, incident: Incident, moment: datetime) -> None:
        self.incident, self._moment = incident, moment
        self.rules = {rule.id: rule for rule in rules(runbook, incident, moment)}

    def deadline(self, id: str) -> Deadline:
        return settle(self.rules[id], self.incident, self._moment)


class _Past:
    """Each moment is looked at once, however many clocks were settled in it."""

    def __init__(self, runbook: Runbook, incident: Incident) -> None:
        self._runbook, self._incident = runbook, incident
        self._known: dict[tuple[datetime, bool], _Then] = {}

    def at(self, moment: datetime, *, with_it: bool) -> _Then:
        """As it was then, before what happened in that very moment or with it."""
        key = moment, with_it
        if key not in self._known:
            self._known[key] = _Then(self._runbook, as_of(self._incident, moment, with_it=with_it), moment)
        return self._known[key]


def as_of(incident: Incident, moment: datetime, *, with_it: bool) -> Incident:
    """What had happened by then, as we know it now: corrections count, whenever they were made."""

    def happened(entry: Entry) -> bool:
        at = incident.at(entry)
        return isinstance(entry.fact, Moved | Struck | Amended) or at < moment or (with_it and at == moment)

    return fold(entry for entry in incident.entries if happened(entry))


def _rounds(past: _Past, incident: Incident) -> Iterator[Recorded]:
    """Of clocks that begin anew: each round that ended with the next."""
    assert incident.declared is not None
    for moment, entry in sorted(_turns(incident).items()):
        if moment <= incident.declared:
            continue
        then, after = past.at(moment, with_it=False), past.at(moment, with_it=True)
        for id, rule in then.rules.items():
            if id in after.rules and after.rules[id].start > rule.start:
                yield _recorded(past, id, then, ended=_by(entry, moment))


def _turns(incident: Incident) -> dict[datetime, Entry]:
    """Moments at which a clock may begin anew."""
    kinds = ("answered", "reopened", "message_sent", "message_confirmed")
    turns = [*incident.progress, *(entry for entry in incident.entries if entry.kind in kinds and entry.id not in incident.struck)]
    return {incident.at(entry): entry for entry in turns}


def _by(entry: Entry, at: datetime) -> str:
    fact = entry.fact
    said = fact.outcome if isinstance(fact, Answered) else text_of(fact, by=entry.by)
    return f"{said} by {entry.by} {at:%H:%M:%S}"


def _last(past: _Past, runbook: Runbook, incident: Incident, now: datetime) -> Iterator[Recorded]:
    """The last round of each: until it was closed, and of what outlives that, until now."""
    today = _Then(runbook, incident, now)
    then = past.at(incident.closed, with_it=False) if incident.closed else today
    for id, rule in then.rules.items():
        if not (incident.closed and rule.outlives):
            yield _recorded(past, id, then, closed=incident.closed, nothing=incident.not_an_incident)
    for id, rule in today.rules.items():
        if incident.closed and rule.outlives:
            yield _recorded(past, id, today)


def _recorded(past: _Past, id: str, then: _Then, ended: str = "", closed: datetime | None = None, nothing: bool = False) -> Recorded:
    """`ended` says what began the next round; `closed` that the incident was closed in this one."""
    deadline, rule = then.deadline(id), then.rules[id]
    settled = deadline.due - timedelta(seconds=deadline.left_seconds)
    if rule.met and id in (was := past.at(settled, with_it=True)).rules:  # afterwards a clock that stands still moves its due moment on
        deadline, rule = was.deadline(id), was.rules[id]
    verdict, why = _judged(deadline, rule, then.incident, settled, ended)
    if verdict == "open":
        over = settled > deadline.due
        verdict = "missed" if over else "excused" if closed else "running"
        why = f"closed {closed:%H:%M:%S}{'' if over else ' before it was due'}" if closed else "not settled yet" if over else ""
    spare = (rule.due - settled).total_seconds()
    if nothing and verdict != "met" and spare >= 0:
        verdict, why = "excused", "not an incident"
    start = deadline.start or deadline.due
    return Recorded(
        id=deadline.id, title=deadline.title, start=start, due=rule.due, verdict=verdict, spare=spare, why=why, line=deadline.line
    )


def _judged(
    deadline: Deadline, rule: Rule, incident: Incident, settled: datetime, ended: str
) -> tuple[Literal["met", "missed", "excused", "running", "open"], str]:
    """`open`: nothing has settled it."""
    if deadline.state == "paused" and (rule.paused or not ended):
        return "excused", deadline.why
    if deadline.state == "fired" and not _acted(incident, deadline.id):
        return "excused", deadline.why
    if deadline.state in ("running", "due") and not ended:
        return "open", deadline.why
    why = deadline.why if deadline.state in ("met", "missed") else ended or deadline.why
    if settled <= rule.due:
        return "met", why
    if settled <= deadline.due:
        return "excused", f"{_snoozed(incident, deadline.id)}; {why}"
    return "missed", why


def _acted(incident: Incident, id: str) -> bool:
    answer = next((entry.fact for entry in reversed(incident.answers) if _is_about(entry, id)), None)
    return isinstance(answer, Answered) and answer.outcome.casefold() in ACTED


def _is_about(entry: Entry, id: str) -> bool:
    return isinstance(entry.fact, Answered | Snoozed) and entry.fact.deadline == id


def _snoozed(incident: Incident, id: str) -> str:
    snooze = next(entry for entry in reversed(incident.snoozes) if _is_about(entry, id))
    assert isinstance(snooze.fact, Snoozed)
    return f"snoozed until {snooze.fact.until:%H:%M:%S} by {snooze.by}: {snooze.fact.reason}"
