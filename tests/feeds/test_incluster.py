"""A Prometheus behind the API server's proxy: which service it is, and one login for both."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from aiohttp import web

from feeds.behind import Behind, Said, source_on
from hand import HandClock
from warroom.core.queries import Query
from warroom.feeds.incluster import Named, find, named
from warroom.feeds.prometheus import PrometheusFeed
from warroom.feeds.promql import PlaceTrouble
from warroom.feeds.trouble import Trouble

ALL = "/api/v1/services"
UP = Query(id="up", title="Up", query="sum(up{$where}) + 0")
PROXY = "/api/v1/namespaces/monitoring/services/prometheus-k8s:9090/proxy/api/v1"


def services(label: str, *found: tuple[str, list[tuple[str, int]]]) -> Callable[[web.Request], Said]:
    def answer(request: web.Request) -> Said:
        items = [
            {
                "metadata": {"namespace": "monitoring", "name": name},
                "spec": {"ports": [{"name": port, "port": number} for port, number in ports]},
            }
            for name, ports in found
        ]
        return Said(msgspec.json.encode({"items": items if request.query["labelSelector"] == label else []}))

    return answer


def vector(request: web.Request) -> Said:
    row = {"metric": {}, "value": [1_770_087_138, "3"]}
    return Said(msgspec.json.encode({"status": "success", "data": {"resultType": "vector", "result": [row]}}))


def matrix(request: web.Request) -> Said:
    return Said(msgspec.json.encode({"status": "success", "data": {"resultType": "matrix", "result": []}}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in-cluster", Named()),
        ("in-cluster:monitoring/prometheus-k8s", Named("monitoring", "prometheus-k8s", "9090")),
        ("in-cluster:monitoring/vm:http", Named("monitoring", "vm", "http")),
    ],
)
def test_how_a_service_is_named(text: str, expected: Named) -> None:
    assert named(text) == expected


@pytest.mark.parametrize("text", ["in-cluster:", "in-cluster:vm", "in-cluster:a/b/c", "in-cluster:a/../b", "in-clusters"])
def test_a_name_that_is_none(text: str) -> None:
    with pytest.raises(PlaceTrouble, match="NAMESPACE/SERVICE:PORT"):
        named(text)


async def test_it_is_found_by_its_labels_and_its_usual_port(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers[ALL] = services("operated-prometheus=true", ("prometheus-operated", [("reloader", 8080), ("web", 9090)]))
    async with source_on(behind, tmp_path, hand) as source:
        assert await find(source.server) == Named("monitoring", "prometheus-operated", "9090")


async def test_whoever_may_not_look_everywhere_looks_where_it_is_allowed(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.refuse(ALL, 403, "services is forbidden")
    behind.refuse("/api/v1/namespaces/shop/services", 403, "services is forbidden")
    behind.answers["/api/v1/namespaces/monitoring/services"] = services("app=prometheus", ("prometheus", [("", 80)]))
    async with source_on(behind, tmp_path, hand) as source:
        assert await find(source.server) == Named("monitoring", "prometheus", "80")
        behind.refuse("/api/v1/namespaces/monitoring/services", 403, "services is forbidden")
        with pytest.raises(Trouble, match=r"forbidden\n.*\nname the service: --prometheus in-cluster:"):
            await find(source.server)


async def test_without_one_it_says_how_to_name_it(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers[ALL] = services("no such label")
    async with source_on(behind, tmp_path, hand) as source:
        with pytest.raises(Trouble, match="not found\nno service of the cluster"):
            await find(source.server)


async def test_figures_come_through_the_session_of_the_cluster(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers |= {f"{PROXY}/query": vector, f"{PROXY}/query_range": matrix}
    async with source_on(behind, tmp_path, hand) as source:
        feed = PrometheusFeed(source, "in-cluster:monitoring/prometheus-k8s", [UP])
        try:
            (series,) = await feed.ask()
        finally:
            await feed.close()
    assert (series.value, series.source) == (3.0, "prometheus")
    asked = next(request for request in behind.requests if "/query?" in request)
    assert parse_qs(urlsplit(asked).query)["query"] == ['sum(up{namespace="shop"}) + 0']  # every request had the token


async def test_what_the_api_server_refuses_is_told_as_its_word(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.refuse(f"{PROXY}/query", 403, 'services \\"prometheus-k8s\\" is forbidden: User \\"ada\\" cannot get')
    async with source_on(behind, tmp_path, hand) as source:
        feed = PrometheusFeed(source, "in-cluster:monitoring/prometheus-k8s", [UP])
        try:
            with pytest.raises(Trouble, match="user ada may not get services/proxy in namespace monitoring"):
                await feed.ask()
            behind.refuse(f"{PROXY}/query", 503, "no endpoints available for service")
            with pytest.raises(Trouble, match="no endpoints available"):
                await feed.ask()
        finally:
            await feed.close()
