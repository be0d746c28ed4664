"""Which threshold of the runbook a figure is beyond at this moment; how long it must hold is a verdict's to say."""

from collections.abc import Sequence

from warroom.core.readings import Series
from warroom.runbook.measures import Bound, Measure, Threshold


def within(measure: Measure, value: float, baseline: float | None) -> bool | None:
    """Whether a value is in its range; None: what is normal is not known."""
    found = [_within(one, value, baseline) for one in (measure, *measure.besides) if one.what == measure.what]
    return False if False in found else None if None in found else True


def _within(measure: Measure, value: float, baseline: float | None) -> bool | None:
    if measure.unit == "x":
        if not baseline:
            return None
        value /= baseline
    if measure.low is not None and not _beyond(value, measure.low):
        return False
    return measure.high is None or not _beyond(value, Bound(value=measure.high.value, inclusive=not measure.high.inclusive))


def _beyond(value: float, bound: Bound) -> bool:
    return value > bound.value or (bound.inclusive and value == bound.value)


def reached(series: Series, thresholds: Sequence[Threshold]) -> Threshold | None:
    """The worst that its value is in the range of; thresholds come worst first."""
    value = series.value
    return None if value is None else next((one for one in thresholds if within(one.measure, value, series.baseline)), None)


def told_of(series: Series, thresholds: Sequence[Threshold]) -> Threshold | None:
    """The one to tell: what is reached, else the first that it would come to."""
    found = reached(series, thresholds)
    if found is not None and found.rank:
        return found
    levels = [one for one in thresholds if one.rank and one.measure.low is not None and (one.measure.unit != "x" or series.baseline)]
    return levels[-1] if levels else found or (thresholds[-1] if thresholds else None)


def limit(series: Series, threshold: Threshold | None) -> float | None:
    """Where it begins, in the unit of the series."""
    low = threshold.measure.low if threshold else None
    if threshold is None or low is None:
        return None
    if threshold.measure.unit != "x":
        return low.value
    return low.value * series.baseline if series.baseline else None
