"""What ticks and measurements imply, and why; a human confirms it."""

from collections.abc import Mapping, Sequence

import msgspec

from warroom.core.entries import Observed, Ticked
from warroom.core.incident import Incident
from warroom.core.measured import Measured, evidence, measured
from warroom.core.readings import Verdict
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
    known = measured(incident, live)
    met = {id: one.evidence for id, one in known.items() if one.speaks}
    if incident.severity is None:
        met = {**_once(incident, met), **met}
    ticked = {id: f"{tick.by}{_against(known.get(id))}" for id, tick in incident.ticks.items()}
    return _suggestion(runbook, ticked, met, incident.rank)


def suggest_from(runbook: Runbook, ticked: frozenset[str], by: dict[str, str] | None = None, live: Sequence[Verdict] = ()) -> Suggestion:
    """From ticked item ids and what is measured, before there is an incident, too."""
    met = {id: one.evidence for id, one in measured(Incident(), live).items() if one.speaks}
    return _suggestion(runbook, {id: (by or {}).get(id, "") for id in ticked}, met)


def _suggestion(runbook: Runbook, ticked: Mapping[str, str], met: Mapping[str, str], held: int | None = None) -> Suggestion:
    """`held` is the rank that is set."""
    found: list[tuple[Severity, list[str]]] = []
    for severity in sorted(runbook.severities, key=lambda severity: severity.rank):
        counted = {} if held is not None and severity.rank > held else met
        reasons = [reason for item in severity.criteria if (reason := _reason(item, ticked, counted))]
        if reasons:
            found.append((severity, reasons))
    if not found:
        return Suggestion()
    worst, reasons = found[0]
    return Suggestion(worst.level, worst.rank, tuple(reasons), tuple(severity.level for severity, _ in found[1:]))


def _reason(item: Item, ticked: Mapping[str, str], met: Mapping[str, str]) -> str:
    if item.id in met and speaks(item):
        return met[item.id]
    if item.id not in ticked:
        return ""
    return f"{item.text} ({ticked[item.id]})" if ticked[item.id] else item.text


def speaks(item: Item) -> bool:
    """A measure that every calm night meets suggests nothing."""
    from warroom.runbook.measures import measure  # needed once something is measured, not by the first frame

    read = measure(item.text)
    return not read or any(one.speaks for one in read)


def _once(incident: Incident, now: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for id, entry in incident.met.items():
        if id not in now and isinstance(fact := entry.fact, Observed):
            newest = incident.measured[id]
            found[id] = f"{evidence(fact)}, over {'now' if newest is entry else f'at {incident.at(newest):%H:%M}'}"
    return found


def _against(found: Measured | None) -> str:
    """A hand that disagrees stands beside the measurement."""
    return f"; measured: {found.evidence}" if found and found.verdict == "false" else ""


def ticked_words(incident: Incident) -> dict[str, str]:
    """Item id and wording of every tick that stands, also of items that the runbook no longer has."""
    return {id: tick.fact.text for id, tick in incident.ticks.items() if isinstance(tick.fact, Ticked)}
