"""The figures that two samples of some pods add up to."""

import pytest

from warroom.core.exposed import Exposition, Pair, measured, wanted_names
from warroom.core.queries import SHIPPED, Query
from warroom.core.series import Figure, Labels

QUERIES = {query.id: query for query in SHIPPED}


def said(ok: float, failed: float, fast: float = 0.0, all: float = 0.0, prefix: str = "shop_", **gauges: float) -> Exposition:
    values: dict[str, dict[Labels, float]] = {
        f"{prefix}http_requests_total": {(("status", "200"),): ok, (("status", "503"),): failed},
        f"{prefix}http_request_duration_seconds_bucket": {(("le", "0.5"),): fast, (("le", "+Inf"),): all},
    }
    values |= {name: {(): value} for name, value in gauges.items()}
    return Exposition(values, frozenset(name for name in values if name.endswith(("_total", "_bucket"))))


def ask(id: str, *pairs: Pair, query: Query | None = None, prefix: str = "shop_") -> Figure:
    return measured(query or QUERIES[id], pairs, [pair.after for pair in pairs], prefix)


def test_rates_of_all_pods_are_summed_each_over_its_own_time() -> None:
    first = Pair(said(100, 0), said(200, 0), 10.0)
    second = Pair(said(500, 10), said(600, 60), 20.0)
    assert ask("requests", first, second).value == pytest.approx(10.0 + 7.5)
    assert ask("errors", first, second).value == pytest.approx(50 / 250)


def test_a_pod_that_restarted_is_no_negative_traffic() -> None:
    assert ask("requests", Pair(said(9000, 50), said(30, 0), 10.0)).value == pytest.approx(3.0)


def test_without_a_request_there_is_no_error_ratio() -> None:
    idle = Pair(said(500, 10), said(500, 10), 10.0)
    assert ask("errors", idle) == Figure(None, "no traffic")
    assert ask("p95", idle) == Figure(None, "no traffic")
    assert ask("requests", idle) == Figure(0.0)  # none came in, and that is measured


def test_the_quantile_is_that_of_what_came_between() -> None:
    pair = Pair(said(0, 0, fast=1000, all=1000), said(0, 0, fast=1050, all=1100), 10.0)
    assert ask("p50", pair).value == pytest.approx(0.5)
    assert ask("p95", pair).value == pytest.approx(0.5)  # the last bound that is known


def test_one_sample_is_no_rate_and_no_zero() -> None:
    assert measured(QUERIES["requests"], [], [said(1, 0)], "shop_") == Figure(None, "needs a second sample")
    assert measured(QUERIES["requests"], [], [Exposition({})], "shop_") == Figure(None, "no data")


def test_gauges_are_summed_and_ratios_are_the_mean() -> None:
    pairs = [Pair(said(0, 0), said(0, 0, shop_db_pool_in_use=n, shop_cpu_saturation_ratio=n / 40), 10.0) for n in (10.0, 30.0)]
    assert ask("connections", *pairs).value == 40
    assert ask("saturation", *pairs).value == pytest.approx(0.5)


def test_the_runbooks_prefix_goes_before_none_and_before_another() -> None:
    both = Pair(said(0, 0, prefix="gateway_"), said(1000, 0, prefix="gateway_"), 10.0)
    assert ask("requests", both).value == pytest.approx(100.0)  # the only one there is
    shop = Exposition({**both.after.values, **said(50, 0).values}, both.after.counters | said(0, 0).counters)
    assert ask("requests", Pair(Exposition({}), shop, 10.0)).value == pytest.approx(5.0)


def test_the_users_own_counter_is_a_rate_and_what_only_promql_says_needs_a_prometheus() -> None:
    own = Query(id="jobs", query="x", metric="jobs_done_total")
    values: dict[str, dict[Labels, float]] = {"jobs_done_total": {(): 100.0}}
    pair = Pair(Exposition({"jobs_done_total": {(): 40.0}}), Exposition(values, frozenset(values)), 10.0)
    assert ask("jobs", pair, query=own).value == pytest.approx(6.0)
    assert ask("x", pair, query=Query(id="x", query="up")) == Figure(None, "needs a Prometheus")


def test_a_counter_without_a_status_tells_no_error_ratio() -> None:
    values: dict[str, dict[Labels, float]] = {"shop_http_requests_total": {(("route", "/"),): 10.0}}
    pair = Pair(Exposition({}), Exposition(values, frozenset(values)), 10.0)
    assert ask("errors", pair) == Figure(None, "no status in its labels")


def test_only_what_the_figures_need_is_wanted() -> None:
    names = wanted_names([QUERIES["requests"], QUERIES["errors"], Query(id="x", metric="a|b"), Query(id="y", query="up")])
    assert "http_requests_total" in names
    assert names[-2:] == ("a", "b")
    assert len(names) == len(set(names))
