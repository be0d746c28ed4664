"""A figure over a whole incident: what the watch wrote down of it, then what is still known of it."""

from datetime import datetime, timedelta

from warroom.core.entries import Observed
from warroom.core.incident import Incident
from warroom.core.readings import Series

Points = tuple[tuple[datetime, float | None], ...]
BEFORE = timedelta(minutes=10)
"""So much of the calm before it is shown, to hold the incident against."""


def points_of(series: Series, incident: Incident) -> Points:
    """Oldest first. What was asked for lately counts more than the watch's samples, which are one a minute."""
    newest = series.points
    if series.at is not None and (not newest or series.at > newest[-1][0]):
        newest = (*newest, (series.at, series.value))
    first = newest[0][0] if newest else None
    older = (
        (entry.at, value)
        for entry in incident.entries
        if isinstance(entry.fact, Observed) and entry.fact.what == "sample" and (first is None or entry.at < first)
        for id, value in entry.fact.values
        if id == series.id
    )
    return (*sorted(older, key=lambda point: point[0]), *newest)


def span_of(points: Points, incident: Incident, now: datetime) -> tuple[datetime, datetime]:
    """From a while before it began until now, or until a while after it was over; without an incident all that is known."""
    end = min(now, incident.closed + BEFORE) if incident.closed else now
    known = points[0][0] if points else now - timedelta(minutes=30)
    began = min(filter(None, (incident.alerted, incident.detected)), default=None)
    begin = known if began is None else min(began - BEFORE, end - BEFORE)
    return begin, end
