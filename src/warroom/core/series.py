"""What counters, buckets and samples add up to; what cannot be known is None with a word why, never 0."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from warroom.core.readings import Series

NO_DATA, NO_TRAFFIC = "no data", "no traffic"
Points = tuple[tuple[datetime, float | None], ...]
Labels = tuple[tuple[str, str], ...]
Direction = Literal["up", "down", "steady"]

SHOWN = timedelta(minutes=30)
"""How far back a sparkline goes."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEAST_KNOWN = 6
"""Points that make a normal value."""
LOOKED_BACK = timedelta(minutes=5)
"""Of a trend."""
STEADY = 0.02
"""Of the value: a trend that moves it less in a minute is none."""


class Figure(NamedTuple):
    """A value, or why there is none."""

    value: float | None
    why: str = ""


def figure(number: float, nan: str = "NaN") -> Figure:
    """`nan` is what not-a-number means there: of a ratio or a quantile, that nothing came in."""
    if math.isnan(number):
        return Figure(None, nan)
    if math.isinf(number):
        return Figure(None, "Inf" if number > 0 else "−Inf")
    return Figure(number)


def increase(before: float, after: float) -> float:
    """Of a counter. A restart begins again at 0, so all that it shows came since."""
    return after - before if after >= before else after


def grown(before: Mapping[Labels, float], after: Mapping[Labels, float]) -> dict[Labels, float]:
    """The increase of each child of a counter; one that was not there before began at 0."""
    return {labels: increase(before.get(labels, 0.0), value) for labels, value in after.items()}


def ratio(part: float, whole: float) -> Figure:
    return figure(part / whole) if whole > 0 else Figure(None, NO_TRAFFIC)


def quantile(share: float, buckets: Mapping[float, float]) -> Figure:
    """Of cumulative counts by upper bound, as Prometheus does it: evenly spread within a bucket, which begins at 0.

    https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
    """
    bounds = sorted(buckets)
    if len(bounds) < 2 or bounds[-1] != math.inf:
        return Figure(None, NO_DATA)
    counts, highest = [], 0.0
    for bound in bounds:
        # Buckets are read one after the other and may disagree a little.
        highest = max(highest, buckets[bound])
        counts.append(highest)
    if not highest > 0:
        return Figure(None, NO_TRAFFIC)
    rank = share * highest
    at = next(n for n, count in enumerate(counts) if count >= rank)
    if bounds[at] == math.inf:
        return figure(bounds[at - 1])
    low, below = (bounds[at - 1], counts[at - 1]) if at else (min(0.0, bounds[0]), 0.0)
    within = counts[at] - below
    return figure(low + (bounds[at] - low) * ((rank - below) / within if within else 1.0))


def normal(points: Iterable[tuple[datetime, float | None]]) -> float | None:
    """The median of what is known; None when that is too little to call anything normal."""
    from statistics import median  # not before the first frame, which draws trends

    known = [value for _, value in points if value is not None]
    return median(known) if len(known) >= LEAST_KNOWN else None


def same_hour(start: datetime, days: int = 7) -> tuple[tuple[datetime, datetime], ...]:
    """The hour around this time of day on each of the days before, the latest first."""
    return tuple((start - DAY * n - HOUR / 2, start - DAY * n + HOUR / 2) for n in range(1, days + 1))


def before(points: Iterable[tuple[datetime, float | None]], start: datetime) -> Points:
    """The day before, provided that it reaches back an hour."""
    held = tuple((at, value) for at, value in points if start - DAY <= at < start)
    return held if held and held[0][0] <= start - HOUR else ()


class Trend(NamedTuple):
    """Where a figure goes. `a_minute` is in its own unit."""

    direction: Direction
    a_minute: float


def trend(series: Series) -> Trend | None:
    """Of the last five minutes: the middle of its later half against that of its earlier half."""
    known = [(at, value) for at, value in series.points if value is not None]
    if series.at is not None and series.value is not None and (not known or known[-1][0] < series.at):
        known.append((series.at, series.value))
    recent = [(at, value) for at, value in known if known[-1][0] - at <= LOOKED_BACK]
    if len(recent) < 4:
        return None
    earlier, later = recent[: len(recent) // 2], recent[len(recent) // 2 :]
    minutes = (_middle(later) - _middle(earlier)) / 60
    if minutes <= 0:
        return None
    was, now = (sum(value for _, value in half) / len(half) for half in (earlier, later))
    a_minute = (now - was) / minutes
    if abs(a_minute) <= STEADY * max(abs(was), abs(now)):
        return Trend("steady", a_minute)
    return Trend("up" if a_minute > 0 else "down", a_minute)


def against_normal(series: Series) -> float | None:
    """How many times its normal value, for `6.1x`."""
    if series.value is None or not series.baseline:
        return None
    return series.value / series.baseline


def joined(older: Sequence[tuple[datetime, float | None]], newer: Sequence[tuple[datetime, float | None]], keep: timedelta) -> Points:
    """Newer points after the older ones; what is further back than `keep` is gone."""
    if not newer:
        return tuple(older)
    first, last = newer[0][0], newer[-1][0]
    return tuple(point for point in (*(old for old in older if old[0] < first), *newer) if last - point[0] <= keep)


def _middle(points: Sequence[tuple[datetime, float]]) -> float:
    return sum(at.timestamp() for at, _ in points) / len(points)
