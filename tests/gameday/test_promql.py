"""Queries over the metrics of the scenario, at moments of the past and now."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from warroom.gameday.promql import BadQuery, NotSimulated, Query
from warroom.gameday.timeseries import Timeseries

Make = Callable[..., Any]
TOTAL = "tensafe_http_requests_total"
BUCKET = "tensafe_http_request_duration_seconds_bucket"
FAILED = f'sum(rate({TOTAL}{{namespace="tensafe",status=~"5.."}}[1m])) / sum(rate({TOTAL}{{namespace="tensafe"}}[1m]))'


@pytest.fixture
def asked(play: Make) -> Callable[..., Any]:
    played = play("bad-release")
    series = Timeseries(played.simulation)

    def ask(text: str, ago: float = 0.0) -> Any:
        return Query.read(text).at(played.now - timedelta(seconds=ago), series)

    return ask


def only(found: Any) -> float:
    ((_, value),) = found.items()
    return float(value)


def test_the_questions_of_a_console(asked: Callable[..., Any]) -> None:
    assert only(asked(f"sum(rate({TOTAL}[2m]))", 3600)) == pytest.approx(262, rel=0.03)
    assert only(asked(f"sum(rate({TOTAL}[2m]))")) == pytest.approx(212, rel=0.03)
    assert only(asked(FAILED, 3600)) == pytest.approx(0.004, rel=0.05)
    assert only(asked(FAILED)) == pytest.approx(0.142, rel=0.05)
    quantile = f"histogram_quantile(0.95, sum by (le) (rate({BUCKET}[2m])))"
    assert only(asked(quantile, 3600)) == pytest.approx(0.31, rel=0.06)
    assert only(asked(quantile)) == pytest.approx(1.89, rel=0.06)
    cpu = 'sum(rate(container_cpu_usage_seconds_total{container!=""}[2m])) / sum(kube_pod_container_resource_limits{resource="cpu"})'
    assert only(asked(cpu)) == pytest.approx(0.88, rel=0.05)
    assert only(asked("sum(tensafe_db_connections) or sum(tensafe_db_pool_in_use)", 3600)) == pytest.approx(38, abs=2)
    assert asked("sum(nothing_of_that_name)") == {}


def test_offset_is_another_moment(asked: Callable[..., Any]) -> None:
    assert only(asked("sum(tensafe_db_connections offset 1h)")) == only(asked("sum(tensafe_db_connections)", 3600))
    assert only(asked(f"sum(rate({TOTAL}[2m] offset 1h))")) == only(asked(f"sum(rate({TOTAL}[2m]))", 3600))


def test_counters_grow_and_a_rate_is_their_growth(asked: Callable[..., Any]) -> None:
    before, after = only(asked(f"sum({TOTAL})", 120)), only(asked(f"sum({TOTAL})"))
    assert (after - before) / 120 == pytest.approx(only(asked(f"sum(rate({TOTAL}[2m]))")), rel=0.02)
    assert only(asked(f"sum(increase({TOTAL}[2m]))")) == pytest.approx(after - before, rel=0.02)
    assert asked("rate(tensafe_db_connections[2m])") == {}, "a gauge has no rate"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 ^ 2", 19.0),
        ("-(7 % 4)", -3.0),
        ("1 / 0", math.inf),
        ("5 > bool 3", 1.0),
        ("scalar(vector(4))", 4.0),
    ],
)
def test_numbers(asked: Callable[..., Any], text: str, value: float) -> None:
    assert asked(text) == value
    assert math.isnan(asked("0 / 0"))


def test_operators_between_series(asked: Callable[..., Any]) -> None:
    by = f"sum by (status) (rate({TOTAL}[1m]))"
    shares = asked(f"{by} / {by}")
    assert set(shares.values()) == {1.0}
    assert len(asked(f"{by} > 100")) == 1
    assert len(asked(f'{by} and sum by (status) ({TOTAL}{{status="500"}})')) == 1
    assert len(asked(f'{by} unless sum by (status) ({TOTAL}{{status="500"}})')) == 3
    assert len(asked(f'sum by (status) ({TOTAL}{{status="500"}}) or {by}')) == 4
    assert only(asked(f"count({TOTAL})")) == 4
    assert only(asked(f"max without (status, instance) ({TOTAL})")) > 0
    assert only(asked("avg_over_time(tensafe_db_connections[5m])", 7200)) == pytest.approx(38, abs=2)
    assert only(asked("absent(nothing)")) == 1.0
    assert only(asked("clamp_max(tensafe_db_connections, 10)")) == 10.0


def test_nothing_is_known_of_the_future_or_of_long_ago(asked: Callable[..., Any]) -> None:
    assert asked("up", -600) == {}
    assert asked("up", 16 * 86400) == {}
    assert asked(f"rate({TOTAL}[1m])", -600) == {}
    assert only(asked("up", 14 * 86400)) == 1.0


@pytest.mark.parametrize("text", ["sum(rate(x[1m])", "", "x{a=}", "rate(x)", "1 +", "nope(x)", 'x{a=~"("}'])
def test_what_cannot_be_read(asked: Callable[..., Any], text: str) -> None:
    with pytest.raises(BadQuery, match="parse error"):
        asked(text)


@pytest.mark.parametrize("text", ["deriv(x[5m])", "topk(3, x)", "max_over_time(x[5m:1m])", "x @ 5", "x * on(a) group_left() y"])
def test_what_only_a_real_one_answers(asked: Callable[..., Any], text: str) -> None:
    with pytest.raises(NotSimulated, match="not simulated"):
        asked(text)


def test_speed_keeps_rates_of_real_seconds(play: Make) -> None:
    played = play("bad-release", speed=60)
    series = Timeseries(played.simulation)
    moment: datetime = played.now - timedelta(seconds=30)  # half an hour of the scenario: before the release
    assert only(Query.read(f"sum(rate({TOTAL}[5s]))").at(moment, series)) == pytest.approx(262, rel=0.05)
