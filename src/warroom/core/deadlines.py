"""Every deadline as a function of the runbook, the incident and now."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.core.entries import Answered, Entry, Snoozed
from warroom.core.incident import Incident
from warroom.core.levels import counted, running
from warroom.core.rule import Rule, applies_at, spell_answer
from warroom.core.rules import rules
from warroom.runbook.model import Runbook

SOON_SECONDS, SOON_SHARE = 180.0, 0.2
DeadlineState = Literal["running", "paused", "due", "fired", "met", "missed"]


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with its due moment. `left_seconds` is negative once it is past; `line` is the rule's in the runbook, 0: ours."""

    id: str
    title: str
    owner: str
    consequence: str
    """What missing it costs, in few words: what follows "else"."""
    due: datetime
    left_seconds: float
    """Until it is due; once it is fired, met or missed, what was left then."""
    state: DeadlineState
    line: int = 0
    to: tuple[str, ...] = ()
    """Whom it calls for."""
    why: str = ""
    """Why it is paused, fired or excused."""
    start: datetime | None = None
    """When its clock began, in this round."""

    @property
    def soon(self) -> bool:
        """Whether little of its time is left: three minutes, or a fifth of it all."""
        whole = (self.due - self.start).total_seconds() if self.start else 0.0
        return self.state == "running" and self.left_seconds < max(SOON_SECONDS, whole * SOON_SHARE)


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What an upgrade to `level` would start, and how long after it."""

    level: str
    title: str
    seconds: float
    to: tuple[str, ...] = ()
    line: int = 0


def deadlines(runbook: Runbook, incident: Incident, now: datetime) -> tuple[Deadline, ...]:
    """What is overdue, oldest first; then what runs, soonest first; what is paused; what is settled."""
    settled = (settle(rule, incident, now) for rule in rules(runbook, incident, now))
    return tuple(sorted(settled, key=lambda deadline: (_ORDER[deadline.state], deadline.due, deadline.id)))


def overdue(all_of_them: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    """Past and waiting for an answer, oldest first."""
    return tuple(deadline for deadline in all_of_them if deadline.state == "due")


def next_deadline(all_of_them: tuple[Deadline, ...]) -> Deadline | None:
    """The oldest overdue one, else the one that is due next."""
    return next((deadline for deadline in all_of_them if deadline.state in ("due", "running")), None)


def waiting(runbook: Runbook, incident: Incident) -> tuple[Waiting, ...]:
    """If this becomes the next worse level, these start, soonest first."""
    worse = max(
        (severity for severity in runbook.severities if incident.rank is not None and severity.rank < incident.rank),
        key=lambda severity: severity.rank,
        default=None,
    )
    if worse is None or incident.alerted is None or incident.restored:
        return ()
    found = []
    for trigger in runbook.escalation.triggers:
        at_level = applies_at(trigger.levels)
        if trigger.after_seconds is None or at_level(incident.severity, incident.rank) or not at_level(worse.level, worse.rank):
            continue
        if trigger.kind == "fact" or (trigger.kind == "no_response" and incident.acknowledged):
            continue
        # Only a duration keeps what it had counted; its pieces have ended, or it would not wait.
        pieces = running(incident, at_level, incident.alerted, waits=True, gaps=incident.restorations) if trigger.kind == "duration" else ()
        had = counted(pieces, pieces[-1].end or incident.alerted) if pieces else 0.0
        found.append(
            Waiting(
                level=worse.level, title=trigger.condition, seconds=max(0.0, trigger.after_seconds - had), to=trigger.to, line=trigger.line
            )
        )
    return tuple(sorted(found, key=lambda item: item.seconds))


_ORDER: dict[DeadlineState, int] = {"due": 0, "running": 1, "paused": 2, "fired": 3, "met": 3, "missed": 3}


def settle(rule: Rule, incident: Incident, now: datetime) -> Deadline:
    """What people did about it, in the order in which it counts: answered, met, closed, paused, snoozed."""
    snooze = _last(rule, incident, incident.snoozes)
    until = snooze.fact.until if snooze and isinstance(snooze.fact, Snoozed) else None
    due = max(rule.due, until) if until else rule.due
    answer = None if rule.rearms else _last(rule, incident, incident.answers)
    state: DeadlineState
    if answer and isinstance(answer.fact, Answered):
        state, then, why = "fired", incident.at(answer), spell_answer(answer, incident.at(answer))
        if rule.met and rule.met <= then:  # it was asked for and done before anybody knew better
            why += f"; {rule.met_by} {rule.met:%H:%M}, written down later"
    elif rule.met:
        state, then, why = ("met" if rule.met <= due else "missed"), rule.met, rule.met_by
    elif incident.closed and not rule.outlives:
        state, then, why = "missed", incident.closed, f"closed {incident.closed:%H:%M}"
        if incident.not_an_incident and incident.closed <= due:
            state, why = "met", "not an incident"
    elif rule.paused:
        state, then, why = "paused", now, rule.paused
    elif snooze and until and isinstance(snooze.fact, Snoozed) and now < until:
        state, then, why = "paused", now, f"snoozed until {until:%H:%M} by {snooze.by}: {snooze.fact.reason}"
    else:
        past = now > due if rule.strict else now >= due
        state, then, why = ("due" if past else "running"), now, rule.why
    return Deadline(
        id=rule.id,
        title=rule.title,
        owner=rule.owner,
        consequence=rule.consequence,
        due=due,
        left_seconds=(due - then).total_seconds(),
        state=state,
        line=rule.line,
        to=rule.to,
        why=why,
        start=rule.start,
    )


def _last(rule: Rule, incident: Incident, entries: tuple[Entry, ...]) -> Entry | None:
    """The last snooze or answer of this round."""
    of_it = [entry for entry in entries if isinstance(entry.fact, Snoozed | Answered) and entry.fact.deadline == rule.id]
    return next((entry for entry in reversed(of_it) if incident.at(entry) >= rule.start), None)
