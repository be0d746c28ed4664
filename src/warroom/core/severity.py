"""What ticks and measurements imply, and why; a human confirms it."""

from collections.abc import Mapping, Sequence

import msgspec

from warroom.core.entries import Observed, Ticked
from warroom.core.incident import Incident
from warroom.core.readings import Verdict
from warroom.runbook.measures import measure
from warroom.runbook.model import Item, Runbook, Severity


class Suggestion(msgspec.Struct, frozen=True):
    """The worst level that anything speaks for; None: nothing does."""

    level: str | None = None
    rank: int | None = None
    reasons: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Other levels with a tick or a measurement: both are shown, the worse is taken."""


def suggest(runbook: Runbook, incident: Incident, live: Sequence[Verdict] = ()) -> Suggestion:
    """R18: the highest level with a tick or a measurement. `live` goes before what the watch recorded.

    R22: measurements alone never suggest a level below the one that is set; and as long as none is set, what was once met counts.
    """
    measured = {**recorded(incident), **{one.id: one.evidence for one in live if one.speaks}}
    gone = {one.id for one in live if not one.speaks and one.verdict != "human"}
    measured = {id: told for id, told in measured.items() if id not in gone}
    if incident.severity is None:
        measured = {**_once(incident, measured), **measured}
    ticked = {id: f"{incident.ticks[id].by}{_against(incident, id)}" for id in incident.ticks}
    return _suggestion(runbook, ticked, measured, incident.rank)


def suggest_from(runbook: Runbook, ticked: frozenset[str], by: dict[str, str] | None = None, live: Sequence[Verdict] = ()) -> Suggestion:
    """From ticked item ids and what is measured, before there is an incident, too."""
    return _suggestion(runbook, {id: (by or {}).get(id, "") for id in ticked}, {one.id: one.evidence for one in live if one.speaks})


def _suggestion(runbook: Runbook, ticked: Mapping[str, str], measured: Mapping[str, str], held: int | None = None) -> Suggestion:
    """`held` is the rank that is set."""
    measured = {item.id: measured[item.id] for item in _criteria(runbook) if item.id in measured and _speaks(item)}
    met: list[tuple[Severity, list[str]]] = []
    for severity in sorted(runbook.severities, key=lambda severity: severity.rank):
        counted = {} if held is not None and severity.rank > held else measured
        reasons = [reason for item in severity.criteria if (reason := _reason(item, ticked, counted))]
        if reasons:
            met.append((severity, reasons))
    if not met:
        return Suggestion()
    worst, reasons = met[0]
    return Suggestion(worst.level, worst.rank, tuple(reasons), tuple(severity.level for severity, _ in met[1:]))


def _criteria(runbook: Runbook) -> Sequence[Item]:
    return [item for severity in runbook.severities for item in severity.criteria]


def _reason(item: Item, ticked: Mapping[str, str], measured: Mapping[str, str]) -> str:
    if item.id in measured:
        return measured[item.id]
    if item.id not in ticked:
        return ""
    return f"{item.text} ({ticked[item.id]})" if ticked[item.id] else item.text


def _speaks(item: Item) -> bool:
    """A measure that every calm night meets suggests nothing."""
    read = measure(item.text)
    return not read or any(one.speaks for one in read)


def recorded(incident: Incident) -> dict[str, str]:
    """Items that were met when they were last measured, and the evidence; one that nobody measures any more has not been cleared."""
    return {
        id: evidence(fact)
        for id, entry in incident.measured.items()
        if isinstance(fact := entry.fact, Observed) and (fact.verdict == "true" or (fact.verdict == "unknown" and fact.was == "true"))
    }


def evidence(fact: Observed) -> str:
    """Of a verdict: its words without the criterion's."""
    return fact.evidence or fact.text


def _once(incident: Incident, now: Mapping[str, str]) -> dict[str, str]:
    return {
        id: f"{evidence(fact)}, over at {incident.at(incident.measured[id]):%H:%M}"
        for id, entry in incident.met.items()
        if id not in now and isinstance(fact := entry.fact, Observed)
    }


def _against(incident: Incident, id: str) -> str:
    """A hand that disagrees stands beside the measurement."""
    entry = incident.measured.get(id)
    if entry and isinstance(fact := entry.fact, Observed) and fact.verdict == "false":
        return f"; measured: {evidence(fact)}"
    return ""


def ticked_words(incident: Incident) -> dict[str, str]:
    """Item id and wording of every tick that stands, also of items that the runbook no longer has."""
    return {id: tick.fact.text for id, tick in incident.ticks.items() if isinstance(tick.fact, Ticked)}
