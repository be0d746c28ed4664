"""Which threshold a figure is beyond now: the boundaries are the runbook's."""

import pytest

from warroom.core.ranges import limit, reached, told_of
from warroom.core.readings import Series
from warroom.library import default_runbook, read_text
from warroom.runbook.measures import thresholds

TEXT, FILE = default_runbook()
RUNBOOK = read_text(TEXT, FILE)


def level(id: str, value: float | None, baseline: float | None = None) -> str:
    found = reached(Series(id=id, title=id, unit="", value=value, baseline=baseline), thresholds(RUNBOOK, id))
    return found.level if found else "none"


@pytest.mark.parametrize(
    ("value", "expected"), [(0.142, "P2"), (0.1001, "P2"), (0.10, "P3"), (0.01, "P3"), (0.0099, "none"), (0.0, "none"), (None, "none")]
)
def test_error_rates(value: float | None, expected: str) -> None:
    assert level("errors", value) == expected


@pytest.mark.parametrize(
    ("value", "baseline", "expected"),
    [
        (1.89, 0.31, "P2"),
        (1.55, 0.31, "P3"),
        (0.62, 0.31, "P3"),
        (0.55, 0.31, "P4"),
        (0.40, 0.31, "none"),
        (0.40, None, "none"),
        (1.89, None, ""),
    ],
)
def test_latencies_against_what_is_normal(value: float, baseline: float | None, expected: str) -> None:
    """Without a normal value only what declares can be told."""
    assert level("p95", value, baseline) == expected


def test_another_number_in_the_runbook_is_another_boundary() -> None:
    other = read_text(TEXT.replace("Error rate > 10%", "Error rate > 20%"), FILE)
    series = Series(id="errors", title="", unit="ratio", value=0.142)
    found = reached(series, thresholds(other, "errors"))
    assert found is None or found.level != "P2"


def test_what_is_told_is_what_is_reached_else_what_would_come_first() -> None:
    bounds = thresholds(RUNBOOK, "errors")
    over, calm = (Series(id="errors", title="", unit="ratio", value=value) for value in (0.142, 0.003))
    high, low = told_of(over, bounds), told_of(calm, bounds)
    assert high is not None
    assert low is not None
    assert (high.level, limit(over, high)) == ("P2", 0.1)
    assert (low.level, limit(calm, low)) == ("P3", 0.01)


def test_a_threshold_in_times_normal_is_drawn_in_the_unit_of_the_figure() -> None:
    series = Series(id="p95", title="", unit="s", value=1.89, baseline=0.31)
    assert limit(series, told_of(series, thresholds(RUNBOOK, "p95"))) == pytest.approx(1.55)
    assert limit(series, None) is None
