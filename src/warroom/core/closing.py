"""What stands between a service that works again and a closed incident: measured first, then the runbook's own closing items."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from warroom.core.entries import ActionAdded, Answered, Observed
from warroom.core.incident import Incident
from warroom.core.ledger import owed
from warroom.core.measured import Measured, measured
from warroom.core.outbox import outbox
from warroom.core.steps import applies, is_done
from warroom.runbook.model import Item, Phase, Runbook

RECURRENCE = timedelta(minutes=30)
"""For so long after it was restored the same thresholds are watched."""


class Gate(msgspec.Struct, frozen=True):
    """One condition of closing. `why` says what it stands on, or what is missing."""

    text: str
    done: bool
    why: str = ""
    item: str = ""
    """The id of the runbook's item; empty: it is ours."""


class Proof(msgspec.Struct, frozen=True):
    """What the declaration's thresholds say now: which are met still, and which were met and are not any more."""

    met: tuple[str, ...]
    cleared: tuple[str, ...]


def proof(runbook: Runbook, incident: Incident) -> Proof:
    """A threshold is left only after five minutes below it, so that "not met" is the inverse of its being met, held as long."""
    found = measured(incident)
    triggers = [(item, found[item.id]) for item in runbook.declaration.triggers if item.id in found]
    met = tuple(_words(item, one) for item, one in triggers if one.speaks)
    cleared = tuple(item.text for item, one in triggers if one.verdict == "false" and item.id in incident.met)
    return Proof(met, cleared)


def _words(item: Item, one: Measured) -> str:
    return f"{item.text}: {one.evidence}" if one.evidence else item.text


def recurred(runbook: Runbook, incident: Incident) -> tuple[str, ...]:
    """Thresholds of the declaration that were met again within half an hour after it was restored."""
    if incident.restored is None:
        return ()
    end, asked = incident.restored + RECURRENCE, {item.id: item.text for item in runbook.declaration.triggers}
    again = [
        asked[fact.about]
        for entry in incident.observed.values()
        if isinstance(fact := entry.fact, Observed) and fact.verdict == "true" and fact.about in asked
        if incident.restored < incident.at(entry) <= end and entry.id not in incident.struck
    ]
    return tuple(dict.fromkeys(again))


def gates(runbook: Runbook, incident: Incident, now: datetime) -> tuple[Gate, ...]:
    """In the order in which they are looked at; empty where nothing was declared."""
    return tuple(_gates(runbook, incident, now)) if incident.id else ()


def open_gates(runbook: Runbook, incident: Incident, now: datetime) -> tuple[Gate, ...]:
    return tuple(gate for gate in gates(runbook, incident, now) if not gate.done)


def _gates(runbook: Runbook, incident: Incident, now: datetime) -> Iterator[Gate]:
    for item in _closing_items(runbook):
        if applies(runbook, incident, item):
            done, why = _item(incident, item)
            yield Gate(item.text, done, why, item.id)
    yield _watch(runbook, incident, now)
    if debts := owed(incident):
        yield Gate("temporary changes taken back", False, ", ".join(debt.object or debt.command for debt in debts))
    if loose := [entry for entry in incident.actions if isinstance(entry.fact, ActionAdded) and not (entry.fact.owner and entry.fact.due)]:
        yield Gate("action items have owner and date", False, f"{len(loose)} of {len(incident.actions)} lack one")


def _closing_items(runbook: Runbook) -> tuple[Item, ...]:
    """Of the phase that resolves: "Resolution", "Recovery", "Closure"."""

    def resolves(phase: Phase) -> bool:
        return re.search(r"\b(?:resol|clos|recover)", phase.title, re.IGNORECASE) is not None

    return next((phase.steps for phase in runbook.phases if resolves(phase)), ())


def _item(incident: Incident, item: Item) -> tuple[bool, str]:
    """Ticked, or done as far as entries say so."""
    if is_done(incident, item):
        tick = incident.ticks.get(item.id)
        return True, f"{tick.by} {incident.at(tick):%H:%M}" if tick else "acknowledged"
    words = item.text.casefold()
    if re.search(r"restor", words) and incident.restored:
        return True, f"restored {incident.restored:%H:%M}"
    if re.search(r"status page", words) and _said(incident, public=True):
        return True, "posted as resolved"
    if re.search(r"stakeholder", words) and _said(incident, public=False):
        return True, "told"
    if re.search(r"post-?\s?mortem|retrospective", words):
        planned = [entry for entry in incident.answers if isinstance(entry.fact, Answered) and entry.fact.deadline == "postmortem"]
        if planned:
            return True, f"{planned[-1].by} {incident.at(planned[-1]):%H:%M}"
    return False, "not ticked"


def _said(incident: Incident, *, public: bool) -> bool:
    """A message that says that it is over, and that left."""
    return any(
        one.state in ("sent", "confirmed")
        and one.intent.public == public
        and re.search(r"resolved", f"{one.intent.name} {one.intent.status}", re.IGNORECASE)
        for one in outbox(incident)
        if not one.intent.page
    )


def _watch(runbook: Runbook, incident: Incident, now: datetime) -> Gate:
    text = f"watched for recurrence for {RECURRENCE.seconds // 60} min"
    if incident.restored is None:
        return Gate(text, False, "not restored yet")
    if again := recurred(runbook, incident):
        return Gate(text, False, f"met again: {'; '.join(again)}: reopen it")
    left = (incident.restored + RECURRENCE - now).total_seconds()
    return Gate(text, left <= 0, f"until {incident.restored + RECURRENCE:%H:%M}")
