"""Ticking items of any check-list of the runbook and taking a tick back."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Acknowledged, Draft, Observed, Ticked, Unticked
from warroom.core.incident import Incident
from warroom.core.measured import evidence
from warroom.core.steps import acknowledges
from warroom.runbook.model import Item, Runbook


def find_item(runbook: Runbook, words: str) -> Item | Refusal:
    """By its id, or by the start of its text where only one item begins so."""
    if found := runbook.item(words):
        return found
    start = " ".join(words.casefold().split())
    items = [item for item in runbook.items() if start and " ".join(item.text.casefold().split()).startswith(start)]
    whole = [item for item in items if " ".join(item.text.casefold().split()) == start]
    items = whole if len(whole) == 1 else items
    if len(items) == 1:
        return items[0]
    if not items:
        return Refusal(f"the runbook has no item {words!r}: see `warroom runbook show`")
    return Refusal(f"{words!r} begins {len(items)} items ({', '.join(item.id for item in items[:4])}): name one by its id")


def measured_of(incident: Incident, item: str) -> Observed | None:
    """What the watch last found about it."""
    entry = incident.measured.get(item)
    return entry.fact if entry and isinstance(entry.fact, Observed) else None


def is_met(measured: Observed | None) -> bool:
    return measured is not None and measured.verdict == "true"


def tick_drafts(item: Item, incident: Incident, runbook: Runbook, at: datetime) -> tuple[Draft, ...]:
    """The tick; of the item "Acknowledge the alert" also what it says, so that the clock need not be told apart."""
    measured = measured_of(incident, item.id)
    against = evidence(measured) if measured and measured.verdict == "false" else ""
    tick = Draft(Ticked(item=item.id, text=item.text, against=against), at)
    says_so = item in runbook.oncall.checklist and acknowledges(item) and incident.acknowledged is None
    return (tick, Draft(Acknowledged(), at)) if says_so else (tick,)


@dataclass(frozen=True, slots=True)
class Tick:
    """What is measured as true needs no hand; one that disagrees with a measured false stands beside it."""

    item: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        item = find_item(runbook, self.item)
        if isinstance(item, Refusal):
            return item
        if earlier := incident.ticks.get(item.id):
            return Refusal(f"{item.text!r} was ticked by {earlier.by} at {incident.at(earlier):%H:%M:%S} UTC", mistake=False)
        measured = measured_of(incident, item.id)
        if measured and is_met(measured):
            return Refusal(f"{item.text!r} is measured and met ({evidence(measured)}): it needs no hand", mistake=False)
        return tick_drafts(item, incident, runbook, now)


@dataclass(frozen=True, slots=True)
class Untick:
    item: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        standing = incident.ticks.get(self.item)
        if standing and isinstance(standing.fact, Ticked):  # also one whose item the runbook no longer has
            return (Draft(Unticked(item=self.item, text=standing.fact.text), now),)
        item = find_item(runbook, self.item)
        if isinstance(item, Refusal):
            return item
        measured = measured_of(incident, item.id)
        if measured and is_met(measured) and item.id not in incident.ticks:
            return Refusal(f"{item.text!r} is measured and met ({evidence(measured)}): no hand takes that back", mistake=False)
        if item.id not in incident.ticks:
            return Refusal(f"{item.text!r} is not ticked", mistake=False)
        return (Draft(Unticked(item=item.id, text=item.text), now),)
