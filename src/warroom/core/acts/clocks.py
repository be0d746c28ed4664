"""Deadlines answered and snoozed by people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.core.acts import NONE_DECLARED, Decision, Refusal
from warroom.core.deadlines import Deadline, deadlines
from warroom.core.entries import Answered, Draft, Snoozed
from warroom.core.incident import Incident
from warroom.core.rules import rules
from warroom.runbook.model import Runbook

LONGEST_SNOOZE = timedelta(hours=24)
LONGEST_STANDSTILL = timedelta(minutes=15)
"""For which "no progress" may wait, and once only."""


def find_deadline(incident: Incident, runbook: Runbook, now: datetime, words: str) -> Deadline | Refusal:
    """By its id, or the unique start of its id or title."""
    if not incident.id:
        return NONE_DECLARED
    all_of_them, start = deadlines(runbook, incident, now), words.strip().casefold()
    exact = [deadline for deadline in all_of_them if deadline.id.casefold() == start]
    found = exact or [
        deadline
        for deadline in all_of_them
        if start and (deadline.id.casefold().startswith(start) or deadline.title.casefold().startswith(start))
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(deadline.id for deadline in all_of_them) or "none"
    return Refusal(f"{words!r} is {'more than one deadline' if found else 'no deadline'} of {incident.id}: it has {known}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done about it, in a word (`told`, `paged`, `called`, `sent`, `not needed` …) and in words of one's own."""

    deadline: str
    outcome: str
    text: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_deadline(incident, runbook, now, self.deadline)
        if isinstance(found, Refusal):
            return found
        if not self.outcome.strip():
            return Refusal("say what was done about it (`told`, `paged`, `called`, `sent`, `not needed`)")
        if found.state in ("met", "missed", "fired"):
            return Refusal(f"{found.id} is {found.state} already", mistake=False)
        return (Draft(Answered(deadline=found.id, outcome=self.outcome.strip(), text=self.text.strip()), now),)


@dataclass(frozen=True, slots=True)
class Snooze:
    deadline: str
    length: timedelta
    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_deadline(incident, runbook, now, self.deadline)
        if isinstance(found, Refusal):
            return found
        if not self.reason.strip():
            return Refusal(f"say why {found.id} can wait (`--reason`)")
        if not timedelta(0) < self.length <= LONGEST_SNOOZE:
            return Refusal("snooze for more than nothing and at most 24 h (`--for 15m`)")
        if found.state not in ("running", "due", "paused"):
            return Refusal(f"{found.id} is {found.state}: there is nothing to snooze", mistake=False)
        if refusal := self._stands_still(found, incident, runbook, now):
            return refusal
        return (Draft(Snoozed(deadline=found.id, until=now + self.length, reason=self.reason.strip()), now),)

    def _stands_still(self, found: Deadline, incident: Incident, runbook: Runbook, now: datetime) -> Refusal | None:
        """R52: no progress may wait once in a round, and not for long."""
        if not any(trigger.kind == "no_progress" and found.id == f"trigger:{trigger.id}" for trigger in runbook.escalation.triggers):
            return None
        if self.length > LONGEST_STANDSTILL:
            return Refusal(f"{found.title}: it can wait for 15 min at most (`--for 15m`)")
        start = next(rule.start for rule in rules(runbook, incident, now) if rule.id == found.id)
        for entry in incident.snoozes:
            if isinstance(entry.fact, Snoozed) and entry.fact.deadline == found.id and incident.at(entry) >= start:
                return Refusal(f"{found.title}: it waited once already, until {entry.fact.until:%H:%M} UTC: tell them, or note progress")
        return None
