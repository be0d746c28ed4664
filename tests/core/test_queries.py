"""The shipped queries, what the settings make of them, and where their blanks come from."""

from pathlib import Path

import pytest

from warroom.core.queries import SHIPPED, Query, QueryTrouble, filled, prefix_of, wanted

IDS = ["requests", "errors", "p50", "p95", "p99", "saturation", "connections"]


def test_without_settings_the_shipped_ones_are_asked() -> None:
    assert [query.id for query in wanted({})] == IDS


def test_the_settings_change_one_leave_one_out_and_add_their_own() -> None:
    found = wanted(
        {
            "errors": "sum(errors) / sum(all)",
            "p50": False,
            "p99": "",
            "queue": {"query": "sum(queue_length)", "title": "Queue", "unit": "jobs", "metric": "queue_length"},
            "saturation": {"title": "CPU"},
        }
    )
    assert [query.id for query in found] == ["requests", "errors", "p95", "saturation", "connections", "queue"]
    by_id = {query.id: query for query in found}
    assert (by_id["errors"].query, by_id["errors"].title, by_id["errors"].unit) == ("sum(errors) / sum(all)", "Error rate", "ratio")
    assert by_id["queue"] == Query(id="queue", title="Queue", unit="jobs", query="sum(queue_length)", metric="queue_length")
    assert by_id["saturation"].title == "CPU"
    assert by_id["saturation"].query == next(query.query for query in SHIPPED if query.id == "saturation")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"a b": "up"}, "queries.a b is no name"),
        ({"x": 5}, "queries.x must be PromQL"),
        ({"x": True}, "queries.x must be PromQL"),
        ({"x": {"promql": "up"}}, "queries.x is not valid"),
        ({"x": {"query": 5}}, "queries.x is not valid"),
        ({"x": {"title": "X"}}, "queries.x asks for nothing"),
    ],
)
def test_a_query_that_cannot_be_is_told(given: dict[str, object], said: str) -> None:
    with pytest.raises(QueryTrouble, match=said):
        wanted(given)


def test_the_blanks_are_filled_and_other_dollars_stay() -> None:
    query = Query(id="x", query='sum(rate(${prefix}hits{$where,path=~"/a$"}[$window]))')
    assert filled(query, prefix="shop_", namespaces=("prod",), window="2m") == 'sum(rate(shop_hits{namespace="prod",path=~"/a$"}[2m]))'
    assert 'namespace=~"a|b"' in filled(query, prefix="", namespaces=("a", "b"), window="5m")
    assert 'namespace!=""' in filled(query, prefix="", namespaces=(), window="5m")


def test_a_namespace_closes_no_quotes() -> None:
    text = filled(Query(id="x", query="up{$where}"), prefix="", namespaces=('a"} or vector(1) #',), window="2m")
    assert text == 'up{namespace="aorvector1"}'


def test_the_prefix_is_what_the_runbook_greps_for(shipped: Path) -> None:
    assert prefix_of(shipped.read_text()) == "tensafe_"
    assert prefix_of("curl -s localhost:9090/metrics | grep -E '^shop_'\n") == "shop_"
    assert prefix_of("curl -s localhost:9090/metrics | grep error\n") == ""
    assert prefix_of("# nothing\n") == ""


@pytest.fixture
def shipped() -> Path:
    import warroom.runbook

    return Path(warroom.runbook.__file__).parent / "tensafe.md"
