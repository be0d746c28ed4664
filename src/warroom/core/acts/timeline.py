"""Writing the timeline; a correction is another entry."""

from dataclasses import dataclass
from datetime import date, datetime

from warroom.core.acts import NONE_DECLARED, Decision, Refusal, unless_past
from warroom.core.entries import (
    Acknowledged,
    ActionAdded,
    Amended,
    Answered,
    Draft,
    Entry,
    HypothesisProposed,
    Moved,
    Noted,
    PhaseSet,
    Pinned,
    Restored,
    SeveritySet,
    Snoozed,
    Struck,
    TriageAnswered,
    WentBadly,
    WentWell,
)
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook

WORDS = (Noted, WentWell, WentBadly, ActionAdded, HypothesisProposed, TriageAnswered)
"""What people wrote freely, and may reword or strike."""


def find_entry(incident: Incident, reference: str) -> Entry | Refusal:
    if not incident.id:
        return NONE_DECLARED
    found = incident.entry(reference.strip())
    while found and isinstance(found.fact, Amended):  # an amendment stands for what it amends
        found = incident.entry(found.fact.amends)
    return found or Refusal(f"{incident.id} has no entry {reference!r}: see `warroom timeline --all`")


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    progress: bool = False
    at: datetime | None = None

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if not incident.id:
            return NONE_DECLARED
        if not self.text.strip():
            return Refusal("the note is empty: write what happened")
        if refusal := unless_past(self.at, now):
            return refusal
        return (Draft(Noted(text=self.text.strip(), progress=self.progress), self.at or now),)


@dataclass(frozen=True, slots=True)
class Well:
    text: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if not incident.id:
            return NONE_DECLARED
        return (Draft(WentWell(text=self.text.strip()), now),) if self.text.strip() else Refusal("say what went well")


@dataclass(frozen=True, slots=True)
class Badly:
    text: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if not incident.id:
            return NONE_DECLARED
        return (Draft(WentBadly(text=self.text.strip()), now),) if self.text.strip() else Refusal("say what could be improved")


@dataclass(frozen=True, slots=True)
class AddAction:
    """`due` is an ISO date or empty; what lacks an owner or a date is listed as a defect later."""

    text: str
    owner: str = ""
    due: str = ""
    priority: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if not incident.id:
            return NONE_DECLARED
        if not self.text.strip():
            return Refusal("the action item is empty: say what will be done")
        if self.due and not _is_date(self.due):
            return Refusal(f"{self.due!r} is no date: write it as 2026-02-17")
        return (Draft(ActionAdded(text=self.text.strip(), owner=self.owner.strip(), due=self.due, priority=self.priority.strip()), now),)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Amend:
    entry: str
    text: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_entry(incident, self.entry)
        if isinstance(found, Refusal):
            return found
        if not self.text.strip():
            return Refusal("the new text is empty: write it, or strike the entry")
        if not isinstance(found.fact, WORDS):
            return Refusal(f"entry {found.seq} is {found.kind}, which has no text of its own: note what is wrong with it")
        if found.id in incident.struck:
            return Refusal(f"entry {found.seq} is struck: write a new note")
        return (Draft(Amended(amends=found.id, text=self.text.strip()), now),)


@dataclass(frozen=True, slots=True)
class Strike:
    """What is struck stays readable and counts for nothing."""

    entry: str
    reason: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_entry(incident, self.entry)
        if isinstance(found, Refusal):
            return found
        if found.id in incident.struck:
            return Refusal(f"entry {found.seq} is struck already", mistake=False)
        if not isinstance(found.fact, (*WORDS, Acknowledged, Answered, Pinned, Restored, Snoozed)):
            return Refusal(f"entry {found.seq} is {found.kind}: take it back by its own act, and note why")
        return (Draft(Struck(struck=found.id, reason=self.reason.strip()), now),)


@dataclass(frozen=True, slots=True)
class Move:
    """In time."""

    entry: str
    at: datetime

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_entry(incident, self.entry)
        if isinstance(found, Refusal):
            return found
        if refusal := unless_past(self.at, now):
            return refusal
        if incident.at(found) == self.at:
            return Refusal(f"entry {found.seq} stands at {self.at:%H:%M:%S} UTC already", mistake=False)
        if found.id in incident.struck or isinstance(found.fact, Struck | Moved):
            return Refusal(f"entry {found.seq} counts for nothing in time ({'struck' if found.id in incident.struck else found.kind})")
        if isinstance(found.fact, Restored) and incident.alerted and self.at < incident.alerted:
            return Refusal(f"{self.at:%H:%M} UTC lies before the alert at {incident.alerted:%H:%M} UTC: nothing was to be restored then")
        return self._out_of_order(found, incident) or (Draft(Moved(moved=found.id, to=self.at), now),)

    def _out_of_order(self, found: Entry, incident: Incident) -> Refusal | None:
        """Levels and phases follow one another: what was set later cannot have been set before."""
        for kind, those in ((SeveritySet, incident.severities), (PhaseSet, incident.phases)):
            if not isinstance(found.fact, kind):
                continue
            before = [entry for entry in those if entry.seq < found.seq and incident.at(entry) > self.at]
            after = [entry for entry in those if entry.seq > found.seq and incident.at(entry) < self.at]
            if before or after:
                other = (before or after)[0]
                side = "before" if before else "after"
                return Refusal(f"entry {found.seq} cannot go {side} entry {other.seq}, {other.kind} at {incident.at(other):%H:%M:%S} UTC")
        return None
