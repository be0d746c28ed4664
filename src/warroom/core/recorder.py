"""The policy flight recorder: what became of every clock of the runbook, round by round, to the second."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from warroom.core.deadlines import Deadline, deadlines
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
    found = [*_rounds(runbook, incident), *_last(runbook, incident, now)]
    return tuple(sorted(found, key=lambda one: (one.due, one.id, one.start)))


def as_of(incident: Incident, moment: datetime, *, with_it: bool) -> Incident:
    """What had happened by then, as we know it now: corrections count, whenever they were made."""

    def happened(entry: Entry) -> bool:
        at = incident.at(entry)
        return isinstance(entry.fact, Moved | Struck | Amended) or at < moment or (with_it and at == moment)

    return fold(entry for entry in incident.entries if happened(entry))


def _rounds(runbook: Runbook, incident: Incident) -> Iterator[Recorded]:
    """Of clocks that begin anew: each round that ended with the next."""
    assert incident.declared is not None
    for moment, entry in sorted(_turns(incident).items()):
        if moment <= incident.declared:
            continue
        then = as_of(incident, moment, with_it=False)
        starts = {rule.id: rule.start for rule in rules(runbook, as_of(incident, moment, with_it=True), moment)}
        before = {rule.id: rule for rule in rules(runbook, then, moment)}
        for deadline in deadlines(runbook, then, moment):
            start = starts.get(deadline.id)
            if deadline.start and start and start > deadline.start:
                yield _recorded(runbook, deadline, before[deadline.id], then, ended=_by(entry, moment))


def _turns(incident: Incident) -> dict[datetime, Entry]:
    """Moments at which a clock may begin anew."""
    kinds = ("answered", "reopened", "message_sent", "message_confirmed")
    turns = [*incident.progress, *(entry for entry in incident.entries if entry.kind in kinds and entry.id not in incident.struck)]
    return {incident.at(entry): entry for entry in turns}


def _by(entry: Entry, at: datetime) -> str:
    fact = entry.fact
    said = fact.outcome if isinstance(fact, Answered) else text_of(fact, by=entry.by)
    return f"{said} by {entry.by} {at:%H:%M:%S}"


def _last(runbook: Runbook, incident: Incident, now: datetime) -> Iterator[Recorded]:
    """The last round of each: until it was closed, and of what outlives that, until now."""
    end = incident.closed or now
    then = as_of(incident, end, with_it=False) if incident.closed else incident
    before = {rule.id: rule for rule in rules(runbook, then, end)}
    for deadline in deadlines(runbook, then, end):
        if not (incident.closed and before[deadline.id].outlives):
            yield _recorded(runbook, deadline, before[deadline.id], then, closed=incident.closed, nothing=incident.not_an_incident)
    if incident.closed:
        outliving = {rule.id: rule for rule in rules(runbook, incident, now) if rule.outlives}
        for deadline in deadlines(runbook, incident, now):
            if deadline.id in outliving:
                yield _recorded(runbook, deadline, outliving[deadline.id], incident)


def _as_it_was(runbook: Runbook, incident: Incident, id: str, moment: datetime) -> tuple[Rule, Deadline] | None:
    """In the moment that settled it: afterwards a clock that stands still moves its due moment on."""
    then = as_of(incident, moment, with_it=True)
    rule = next((rule for rule in rules(runbook, then, moment) if rule.id == id), None)
    deadline = next((one for one in deadlines(runbook, then, moment) if one.id == id), None)
    return (rule, deadline) if rule and deadline else None


def _recorded(
    runbook: Runbook,
    deadline: Deadline,
    rule: Rule,
    incident: Incident,
    ended: str = "",
    closed: datetime | None = None,
    nothing: bool = False,
) -> Recorded:
    """`ended` says what began the next round; `closed` that the incident was closed in this one."""
    settled = deadline.due - timedelta(seconds=deadline.left_seconds)
    if rule.met and (then := _as_it_was(runbook, incident, rule.id, settled)):
        rule, deadline = then
    verdict, why = _judged(deadline, rule, incident, settled, ended)
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
