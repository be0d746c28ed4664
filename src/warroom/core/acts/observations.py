"""What the watch writes down, and the start of the incident that its figures propose."""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from warroom.core.acts import Decision, Refusal, unless_open, unless_past
from warroom.core.entries import DetectedSet, Draft, Observed, WatchTaken
from warroom.core.incident import Incident
from warroom.core.observations import MINUTE, verdict_of
from warroom.runbook.model import Runbook


@dataclass(frozen=True, slots=True)
class Observe:
    """Of the watch with this number. What others have written meanwhile is left out; a newer watch ends this one."""

    number: int
    holder: str
    found: tuple[Draft, ...] = ()

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return replace(refusal, mistake=False)
        if incident.watch > self.number:
            return Refusal(f"watch {incident.watch} has taken over from watch {self.number}: nothing more is written by it", mistake=False)
        known = set(incident.observed)
        drafts = [] if incident.watch == self.number else [Draft(WatchTaken(number=self.number, holder=self.holder), now)]
        for draft in self.found:
            fact = draft.fact
            if isinstance(fact, Observed) and fact.key not in known and (new := _new(incident, fact, draft.at)):
                drafts.append(Draft(new, draft.at))
                known.add(fact.key)
        return tuple(drafts)


def _new(incident: Incident, fact: Observed, at: datetime) -> Observed | None:
    """As it is news; None where it is none."""
    if fact.what == "sample":
        return fact if incident.sampled is None or at.replace(second=0, microsecond=0) >= _minute(incident.sampled) + MINUTE else None
    if fact.what != "verdict":
        return fact
    was = verdict_of(incident, fact.about)
    return None if was == fact.verdict else replace(fact, was=was)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class SetDetected:
    """When it truly began; without a time, what the figures propose."""

    at: datetime | None = None
    why: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident) or unless_past(self.at, now):
            return refusal
        entry = incident.observed.get("onset")
        if self.at is None and entry is None:
            return Refusal("nothing that was measured shows when it began: give the time (`--at 02:36`)")
        fact = entry.fact if entry else None
        proposed = entry is not None and self.at in (None, incident.at(entry))
        at = self.at or (incident.at(entry) if entry else now)
        if at == incident.detected:
            return Refusal(f"{at:%H:%M:%S} UTC is when it began, as the timeline says already", mistake=False)
        why = self.why.strip() or (fact.text if proposed and isinstance(fact, Observed) else "")
        return (Draft(DetectedSet(detected=at, why=why), now),)
