"""What an incident cost, computed from what the watch sampled: always with what it was computed from."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from warroom.core.entries import Observed
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook

MINUTE = timedelta(minutes=1)


class Failed(msgspec.Struct, frozen=True):
    """Requests, by error rate x traffic over `minutes` that have both figures, of `whole` minutes that it lasted."""

    requests: int
    minutes: int
    whole: int


class Down(msgspec.Struct, frozen=True):
    """Minutes in which at least one of these criteria was measured as met."""

    minutes: int
    criteria: tuple[str, ...]


def lasted(incident: Incident, now: datetime) -> tuple[datetime, datetime] | None:
    """From when it truly began until it was restored."""
    began = incident.detected or incident.alerted
    return (began, max(began, incident.restored or now)) if began else None


def samples(incident: Incident) -> Iterator[tuple[datetime, dict[str, float | None]]]:
    for entry in incident.entries:
        if isinstance(entry.fact, Observed) and entry.fact.what == "sample":
            yield entry.at, dict(entry.fact.values)


def failed_requests(incident: Incident, now: datetime) -> Failed | None:
    """None: not one minute has both figures."""
    span = lasted(incident, now)
    if span is None:
        return None
    total, minutes = 0.0, 0
    for at, values in samples(incident):
        errors, traffic = values.get("errors"), values.get("requests")
        if span[0] <= at < span[1] and errors is not None and traffic is not None:
            total, minutes = total + errors * traffic * 60, minutes + 1
    return Failed(round(total), minutes, -(-(span[1] - span[0]) // MINUTE)) if minutes else None


def downtime(runbook: Runbook, incident: Incident, now: datetime) -> Down | None:
    """None: no criterion of the declaration was ever measured as met."""
    asked = {item.id: item.text for item in runbook.declaration.triggers}
    spans: list[tuple[datetime, datetime]] = []
    since: dict[str, datetime] = {}
    met: dict[str, str] = {}
    end = incident.resolved or incident.closed or now
    for entry in sorted((one for one in incident.observed.values() if one.id not in incident.struck), key=incident.at):
        fact = entry.fact
        if not isinstance(fact, Observed) or fact.about not in asked or fact.what != "verdict":
            continue
        if fact.verdict == "true":
            since.setdefault(fact.about, incident.at(entry))
            met[fact.about] = asked[fact.about]
        elif fact.about in since and fact.verdict == "false":  # what nobody measures any more has not been cleared
            spans.append((since.pop(fact.about), incident.at(entry)))
    spans += [(start, max(start, end)) for start in since.values()]
    return Down(round(_union(spans) / 60), tuple(met.values())) if spans else None


def _union(spans: list[tuple[datetime, datetime]]) -> float:
    """Seconds that at least one of them covers."""
    total, reached = 0.0, None
    for start, end in sorted(spans):
        start = max(start, reached) if reached else start
        if end > start:
            total, reached = total + (end - start).total_seconds(), end
    return total
