"""What the ticks imply, and why; a human confirms it."""

import msgspec

from warroom.core.entries import Ticked
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook


class Suggestion(msgspec.Struct, frozen=True):
    """The worst level that anything speaks for; None: nothing does."""

    level: str | None = None
    rank: int | None = None
    reasons: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Other levels with a tick: both are shown, the worse is taken."""


def suggest(runbook: Runbook, incident: Incident) -> Suggestion:
    """R18: the highest level with a tick."""
    return suggest_from(runbook, frozenset(incident.ticks), {id: tick.by for id, tick in incident.ticks.items()})


def suggest_from(runbook: Runbook, ticked: frozenset[str], by: dict[str, str] | None = None) -> Suggestion:
    """From ticked item ids, before there is an incident, too."""
    met = [
        (severity, [item for item in severity.criteria if item.id in ticked])
        for severity in sorted(runbook.severities, key=lambda severity: severity.rank)
    ]
    met = [(severity, items) for severity, items in met if items]
    if not met:
        return Suggestion()
    worst, items = met[0]
    reasons = tuple(f"{item.text} ({who})" if (who := (by or {}).get(item.id)) else item.text for item in items)
    return Suggestion(worst.level, worst.rank, reasons, tuple(severity.level for severity, _ in met[1:]))


def ticked_words(incident: Incident) -> dict[str, str]:
    """Item id and wording of every tick that stands, also of items that the runbook no longer has."""
    return {id: tick.fact.text for id, tick in incident.ticks.items() if isinstance(tick.fact, Ticked)}
