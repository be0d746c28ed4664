"""The incident as a whole: declared, acknowledged, restored, resolved, closed, reopened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.core.acts import NONE_DECLARED, Decision, Refusal, unless_open, unless_past
from warroom.core.acts.checklists import find_item, tick_drafts
from warroom.core.acts.severity import SetSeverity
from warroom.core.closing import open_gates, proof
from warroom.core.entries import (
    Acknowledged,
    Closed,
    ClusterPinned,
    Declared,
    Draft,
    Reopened,
    Resolved,
    Restored,
    RunbookText,
    Ticked,
)
from warroom.core.incident import Incident
from warroom.core.readings import Cluster
from warroom.core.severity import suggest_from
from warroom.core.steps import acknowledges
from warroom.runbook.model import Runbook

SAME_INCIDENT = timedelta(minutes=10)
"""A second declaration within this time is probably the same incident."""


@dataclass(frozen=True, slots=True)
class Declare:
    """`ticks` are items ticked before there was an incident. `watch_only` logs the look as "not an incident".

    `another`: yes, this is another incident than the open one. `number` is filled in by the room.
    """

    title: str
    runbook: RunbookText
    severity: str | None = None
    reason: str = ""
    alerted: datetime | None = None
    detected: datetime | None = None
    symptoms: str = ""
    drill: bool = False
    pagerduty: str = ""
    cluster: Cluster | None = None
    ticks: tuple[str, ...] = ()
    watch_only: bool = False
    another: bool = False
    number: int = 0

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        title = " ".join(self.title.split())
        if not title:
            return Refusal("the title is empty: say in a few words what is broken")
        if incident.open and incident.declared and now - incident.declared < SAME_INCIDENT and not self.another:
            return Refusal(
                f"{incident.id} ({incident.title}) was declared at {incident.declared:%H:%M} UTC and is open: "
                "note there what you see, or say that this is another incident (`--yes`)"
            )
        for moment in (self.alerted, self.detected):
            if refusal := unless_past(moment, now):
                return refusal
        alerted = self.alerted or self.detected or now
        declared = Declared(
            title=title,
            runbook=self.runbook,
            alerted=alerted,
            detected=self.detected or alerted,
            cluster=self.cluster,
            drill=self.drill,
            symptoms=self.symptoms.strip(),
            pagerduty=self.pagerduty.strip(),
            number=self.number,
        )
        drafts = [Draft(declared, now)]
        for words in self.ticks:
            item = find_item(runbook, words)
            if isinstance(item, Refusal):
                return item
            drafts += tick_drafts(item, Incident(), runbook, now)
        if self.watch_only:
            return (*drafts, Draft(Closed(not_an_incident=True), now))
        if self.severity is not None:
            ticked = {draft.fact.item: by for draft in drafts if isinstance(draft.fact, Ticked)}
            suggestion = suggest_from(runbook, frozenset(ticked), ticked)
            level = SetSeverity(self.severity, self.reason or "declared").fact(runbook, suggestion)
            if isinstance(level, Refusal):
                return level
            drafts.append(Draft(level, now))
        return tuple(drafts)


@dataclass(frozen=True, slots=True)
class PinCluster:
    """The first process that names a cluster pins it, when the incident was declared without one."""

    cluster: Cluster

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        if incident.cluster is None:
            return (Draft(ClusterPinned(cluster=self.cluster), now),)
        if incident.cluster.same(self.cluster):
            return Refusal(f"{incident.id} is already pinned to this cluster", mistake=False)
        return Refusal(
            f"{incident.id} is pinned to {incident.cluster.server} ({incident.cluster.context}), "
            f"not to {self.cluster.server}: choose that context, or another journal"
        )


@dataclass(frozen=True, slots=True)
class Acknowledge:
    at: datetime | None = None

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident) or unless_past(self.at, now):
            return refusal
        if incident.acknowledged:
            return Refusal(f"the alert was acknowledged at {incident.acknowledged:%H:%M:%S} UTC", mistake=False)
        at = self.at or now
        asked = [item for item in runbook.oncall.checklist if acknowledges(item) and item.id not in incident.ticks]
        return (Draft(Acknowledged(), at), *(Draft(Ticked(item=item.id, text=item.text), at) for item in asked))


@dataclass(frozen=True, slots=True)
class Restore:
    """The service works again; without measurements that say so, or against them, it needs a reason."""

    reason: str = ""
    at: datetime | None = None

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident) or unless_past(self.at, now):
            return refusal
        found = proof(runbook, incident)
        if not self.reason.strip() and found.met:
            return Refusal(f"this is still measured as met: {'; '.join(found.met)}: say why it counts as restored (`--reason`)")
        if not self.reason.strip() and not found.cleared:
            return Refusal("say what shows that the service is restored (`--reason`)")
        reason = self.reason.strip() or f"measured as met no longer: {'; '.join(found.cleared)}"
        at = self.at or now
        if incident.alerted and at < incident.alerted:
            return Refusal(f"restored at {at:%H:%M} lies before the alert at {incident.alerted:%H:%M} UTC: correct the time")
        if incident.restored and incident.restored == at:
            return Refusal(f"restored at {at:%H:%M:%S} UTC is what the timeline says already", mistake=False)
        return (Draft(Restored(reason=reason, against=found.met), at),)


@dataclass(frozen=True, slots=True)
class Resolve:
    """Sets restored, too, when it is unset."""

    text: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        if incident.resolved:
            return Refusal(f"{incident.id} was resolved at {incident.resolved:%H:%M:%S} UTC", mistake=False)
        return (Draft(Resolved(text=self.text.strip()), now),)


@dataclass(frozen=True, slots=True)
class Close:
    not_an_incident: bool = False

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        if not self.not_an_incident and not incident.resolved:
            return Refusal(
                f"{incident.id} is not resolved: resolve it first (`warroom resolve`), or close it as no incident (`--not-an-incident`)"
            )
        left = () if self.not_an_incident else tuple(gate.text for gate in open_gates(runbook, incident, now))
        return (Draft(Closed(not_an_incident=self.not_an_incident, left=left), now),)


@dataclass(frozen=True, slots=True)
class Reopen:
    """Continues every clock."""

    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if not incident.id:
            return NONE_DECLARED
        if not self.reason.strip():
            return Refusal("say why it is opened again (`--reason`)")
        if not (incident.closed or incident.resolved or incident.restored):
            return Refusal(f"{incident.id} is open and not restored: there is nothing to reopen", mistake=False)
        return (Draft(Reopened(reason=self.reason.strip()), now),)
