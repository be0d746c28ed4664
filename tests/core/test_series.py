"""Rates, quantiles, what is normal and where a figure goes: and that what is not known is never 0."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.core.readings import Series
from warroom.core.series import (
    NO_TRAFFIC,
    SHOWN,
    Figure,
    against_normal,
    before,
    figure,
    grown,
    increase,
    joined,
    normal,
    quantile,
    ratio,
    same_hour,
    trend,
)

T0 = datetime(2026, 2, 3, 2, 52, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OK, FAILED = (("status", "200"),), (("status", "500"),)


@pytest.mark.parametrize(
    ("number", "nan", "expected"),
    [
        (0.0, "NaN", Figure(0.0)),
        (14.2, "NaN", Figure(14.2)),
        (math.nan, "NaN", Figure(None, "NaN")),
        (math.nan, NO_TRAFFIC, Figure(None, "no traffic")),
        (math.inf, NO_TRAFFIC, Figure(None, "Inf")),
        (-math.inf, "NaN", Figure(None, "−Inf")),
    ],
)
def test_what_is_no_number_is_told_instead_of_shown(number: float, nan: str, expected: Figure) -> None:
    assert figure(number, nan) == expected


def test_a_counter_that_restarted_counts_from_zero() -> None:
    assert increase(100, 160) == 60
    assert increase(100, 100) == 0
    assert increase(100, 7) == 7  # never −93


def test_each_child_of_a_counter_restarts_by_itself_and_a_new_one_began_at_zero() -> None:
    assert grown({OK: 1000.0}, {OK: 40.0, FAILED: 3.0}) == {OK: 40.0, FAILED: 3.0}
    # Summed first, the restart would have hidden: 1000 + 5 before, 1005 after.
    assert grown({OK: 1000.0, FAILED: 5.0}, {OK: 5.0, FAILED: 1000.0}) == {OK: 5.0, FAILED: 995.0}


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_no_counter_ever_shrinks(values: list[float]) -> None:
    assert all(increase(was, now) >= 0 for was, now in pairwise(values))


def test_nothing_of_nothing_is_no_traffic() -> None:
    assert ratio(0, 0) == Figure(None, "no traffic")
    assert ratio(0, 50) == Figure(0.0)
    assert ratio(5, 50) == Figure(0.1)


BUCKETS = {0.1: 10.0, 0.5: 60.0, 1.0: 90.0, math.inf: 100.0}


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.05, 0.05),  # within the first bucket, which begins at 0
        (0.1, 0.1),
        (0.5, 0.42),  # 0.1 + 0.4 * 40 / 50
        (0.6, 0.5),
        (0.9, 1.0),
        (0.95, 1.0),  # beyond the last bound nobody knows: the bound
    ],
)
def test_a_quantile_as_prometheus_has_it(share: float, expected: float) -> None:
    assert quantile(share, BUCKETS).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("buckets", "why"),
    [
        ({}, "no data"),
        ({math.inf: 5.0}, "no data"),
        ({0.1: 5.0, 0.5: 6.0}, "no data"),  # without +Inf it is not whole
        ({0.1: 0.0, math.inf: 0.0}, "no traffic"),
    ],
)
def test_a_quantile_that_cannot_be_known(buckets: dict[float, float], why: str) -> None:
    assert quantile(0.95, buckets) == Figure(None, why)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=12), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_is_never_faster(counts: list[float], one: float, other: float) -> None:
    bounds = [*(0.1 * 2**n for n in range(len(counts) - 1)), math.inf]
    buckets = dict(zip(bounds, counts, strict=True))  # also those that disagree with each other
    low, high = (quantile(share, buckets).value for share in sorted((one, other)))
    assert (low is None) == (high is None) == (not any(counts))
    if low is not None and high is not None:
        assert 0 <= low <= high <= bounds[-2]


def test_normal_is_the_median_of_what_is_known() -> None:
    points = [(T0 + n * MINUTE, value) for n, value in enumerate((310, None, 300, 320, 9000, 305, 315, None))]
    assert normal(points) == 312.5
    assert normal(points[:4]) is None  # three values make nothing normal
    assert normal([]) is None


def test_the_same_hour_is_that_of_each_of_the_seven_days_before() -> None:
    spans = same_hour(T0)
    assert len(spans) == 7
    assert spans[0] == (datetime(2026, 2, 2, 2, 22, tzinfo=UTC), datetime(2026, 2, 2, 3, 22, tzinfo=UTC))
    assert spans[-1][0].date() == (T0 - timedelta(days=7)).date()
    assert all(until < T0 for _, until in spans)


def test_the_incident_is_no_part_of_its_own_normal() -> None:
    points = [(T0 + n * MINUTE, 1.0 if n < 0 else 99.0) for n in range(-120, 30)]
    held = before(points, T0)
    assert [at for at, _ in held] == [T0 + n * MINUTE for n in range(-120, 0)]
    assert before(points, T0 - timedelta(minutes=90)) == ()  # half an hour is too little to call normal
    assert before([], T0) == ()


def figures(*values: float | None, every: timedelta = MINUTE / 2) -> Series:
    points = tuple((T0 - every * (len(values) - n), value) for n, value in enumerate(values))
    return Series(id="p95", title="P95 latency", unit="s", points=points)


def test_a_trend_goes_by_the_last_five_minutes() -> None:
    up = trend(figures(*[9.0] * 20, *(1.0 + 0.1 * n for n in range(12))))
    assert up is not None
    assert up.direction == "up"
    assert up.a_minute == pytest.approx(0.2)
    down = trend(figures(*(10.0 - n for n in range(8))))
    assert down is not None
    assert down.direction == "down"
    assert down.a_minute == pytest.approx(-2.0)
    steady = trend(figures(*[3.0, 3.001] * 5))
    assert steady is not None
    assert steady.direction == "steady"


def test_too_little_has_no_trend() -> None:
    assert trend(figures()) is None
    assert trend(figures(1.0, None, None, 2.0)) is None
    assert trend(figures(1.0, 2.0, 3.0, 4.0, every=timedelta(minutes=10))) is None


def test_how_many_times_normal() -> None:
    assert against_normal(Series(id="p95", title="", unit="s", value=1.89, baseline=0.31)) == pytest.approx(6.097, abs=0.001)
    assert against_normal(Series(id="p95", title="", unit="s", value=1.89)) is None
    assert against_normal(Series(id="p95", title="", unit="s", value=1.89, baseline=0.0)) is None
    assert against_normal(Series(id="p95", title="", unit="s", baseline=0.31)) is None


def test_newer_points_take_the_place_of_older_ones_and_the_oldest_go() -> None:
    older = tuple((T0 + n * MINUTE, float(n)) for n in range(40))
    newer = ((T0 + 39 * MINUTE, 99.0), (T0 + 40 * MINUTE, 100.0))
    found = joined(older, newer, SHOWN)
    assert found[-2:] == newer
    assert found[0][0] == T0 + 10 * MINUTE
    assert len({at for at, _ in found}) == len(found)
    assert joined(older, (), SHOWN) == older
