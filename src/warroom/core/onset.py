"""When a figure left its course: the change point of a series, and the rollout nearest to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from statistics import median
from typing import NamedTuple

from warroom.core.changes import Change
from warroom.core.figures import NAMES, lasting, spelled
from warroom.core.readings import Series

CALM, CHANGED = 4, 3
"""Samples that there must be before and after."""
TIMES = 2.0
"""By how much it must have grown."""
SCATTER = 1.4826
"""Turns a median deviation into a standard one, for normal noise."""
SOON = timedelta(minutes=2)
"""A rollout that came so little later may still be the cause: its pods were there before it was complete."""
LONG = timedelta(hours=2)
"""A rollout that came so long before has shown itself by then."""


class Onset(NamedTuple):
    at: datetime
    before: float
    after: float


def onset(points: Iterable[tuple[datetime, float | None]]) -> Onset | None:
    """Where two levels fit the points best, by least squares, and from there back to where the rise began."""
    known = [(at, value) for at, value in points if value is not None]
    if len(known) < CALM + CHANGED:
        return None
    values = [value for _, value in known]
    split = _best(values)
    before, after = median(values[:split]), median(values[split:])
    calm = before + max(3 * SCATTER * median(abs(value - before) for value in values[:split]), (after - before) / 10)
    if after <= TIMES * before or after <= calm:
        return None
    begin = split
    while begin > CALM and values[begin - 1] > calm:  # a rise that takes minutes is split in its middle
        begin -= 1
    while begin < len(values) - 1 and values[begin] <= calm:
        begin += 1
    return Onset(known[begin][0], before, after)


def _best(values: Sequence[float]) -> int:
    """Where to cut so that both sides scatter least around their means."""
    sums = list(accumulate(values, initial=0.0))
    total, count = sums[-1], len(values)
    # The squares themselves are the same for every cut: what the means explain is what differs.
    explained = {n: sums[n] ** 2 / n + (total - sums[n]) ** 2 / (count - n) for n in range(CALM, count - CHANGED + 1)}
    return max(explained, key=lambda n: explained[n])


def nearest(changes: Iterable[Change], at: datetime) -> Change | None:
    """The rollout that may have caused it: the last before, else one that was just beginning."""
    near = [change for change in changes if at - LONG <= change.at <= at + SOON]
    return min(near, key=lambda change: abs(at - change.at), default=None)


def onset_words(series: Series, found: Onset, change: Change | None) -> str:
    """`error rate rose from 0.3 % to 14.2 %, 40 s after tensafe-server 2.8.0 → 2.8.1, revision 42`."""
    rose = f"{NAMES.get(series.id, series.title)} rose from {spelled(found.before, series.unit)} to {spelled(found.after, series.unit)}"
    if change is None:
        return f"{rose}, no rollout is near"
    apart = (found.at - change.at).total_seconds()
    when = f"{lasting(abs(apart))} {'after' if apart >= 0 else 'before'}"
    return f"{rose}, {when} {change.object} {change.what}"
