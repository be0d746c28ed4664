"""Figures through a real API server: what its metrics API says, and what it proxies to pods and services."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from cluster.conftest import RealCluster
from feeds.realprometheus import INSTALLED, history, prometheus
from warroom.clock import SystemClock
from warroom.core.endpoints import Endpoints, Inside
from warroom.core.pods import is_ready
from warroom.core.queries import SHIPPED
from warroom.core.readings import Pod, Reading, Series, Usage
from warroom.feeds.access import Access
from warroom.feeds.health import HealthFeed
from warroom.feeds.kubernetes import PodsFeed
from warroom.feeds.metrics_api import UsageFeed
from warroom.feeds.polled import Polled
from warroom.feeds.prometheus import PrometheusFeed
from warroom.feeds.scrape import ScrapeFeed
from warroom.feeds.source import Source
from warroom.feeds.supervise import Supervised
from warroom.feeds.trouble import Trouble

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster"), pytest.mark.timeout(1500)]


def own_address() -> str:
    """Of this machine and not loopback, which no API server proxies to. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(one.getsockname()[0])


class Service:
    """Stands for the program in a pod: counters that grow by a hundred with each look."""

    def __init__(self) -> None:
        self.looks = 0
        self.port = 0

    async def metrics(self, _: web.Request) -> web.Response:
        self.looks += 1
        ok, failed = 90 * self.looks, 10 * self.looks
        text = f'# TYPE tensafe_http_requests_total counter\ntensafe_http_requests_total{{status="200"}} {ok}\n'
        return web.Response(text=text + f'tensafe_http_requests_total{{status="500"}} {failed}\n')

    async def health(self, request: web.Request) -> web.Response:
        told = {"/health": 200, "/health/db": 503, "/ready": 302}[request.path]
        return web.json_response({"asked": request.headers.get("Authorization")}, status=told, headers={"Location": "/elsewhere"})

    @asynccontextmanager
    async def served(self, host: str) -> AsyncIterator["Service"]:
        app = web.Application()
        app.router.add_get("/metrics", self.metrics)
        for path in ("/health", "/health/db", "/ready"):
            app.router.add_get(path, self.health)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, host, 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        try:
            yield self
        finally:
            await runner.cleanup()


@pytest.fixture(scope="module")
def moved(cluster: RealCluster) -> Iterator[tuple[str, str]]:
    """A pod whose address is this machine's, and that address; the kit's pods run nowhere."""
    cluster.state()
    host = own_address()
    name = cluster.kubectl("get", "pods", "-n", "tensafe", "-o", "name").split("pod/tensafe-server", 1)[1].split()[0]
    name = f"tensafe-server{name}"
    status = {"status": {"podIP": host, "podIPs": [{"ip": host}]}}
    cluster.kubectl("patch", "pod", name, "-n", "tensafe", "--subresource=status", "--type=merge", "-p", json.dumps(status))
    yield name, host
    cluster.kubectl("delete", "pod", name, "-n", "tensafe")


@asynccontextmanager
async def source_on(kubeconfig: Path) -> AsyncIterator[Source]:
    source = Source.of(Access(kubeconfig=str(kubeconfig), namespaces=("tensafe",), environ={}), SystemClock(), asyncio.sleep)
    async with source.server:
        yield source


async def read_pods(source: Source, only: str) -> Pod:
    """The source knows that one pod alone; the others have no program."""
    async for reading in PodsFeed(source).readings():
        found = next((pod for pod in reading.value if pod.name == only and is_ready(pod)), None)
        if found is not None:
            source.pods.reading = Reading((found,), at=source.clock.now())
            return found
    raise AssertionError("the feed ended")


async def asked(feed: Polled[tuple[Series, ...]]) -> dict[str, Series]:
    try:
        return {series.id: series for series in await feed.ask()}
    finally:
        await feed.close()


def inside(service: Service, path: str) -> Inside:
    return Inside("metrics" if path == "/metrics" else "health", "deployment/tensafe-server", "http", service.port, path)


async def test_the_metrics_server_tells_what_pods_use(cluster: RealCluster) -> None:
    async with source_on(cluster.kubeconfig) as source:
        async with asyncio.timeout(120):
            used: tuple[Usage, ...] = ()
            async for reading in Supervised(UsageFeed(source), Reading(()), source.clock, asyncio.sleep).readings():
                used = reading.value
                if len(used) >= 6:
                    break
                # Without figures yet it has an empty list, which is no trouble.
                assert not reading.trouble or "metrics API" in reading.trouble
    assert all(each.pod.startswith("tensafe/tensafe-") and each.cpu > 0 and each.memory > 2**20 for each in used)


async def test_who_may_not_look_is_told_so(cluster: RealCluster) -> None:
    async with source_on(cluster.of_user("nobody")) as source:
        with pytest.raises(Trouble) as caught:
            await UsageFeed(source).ask()
    assert caught.value.word == "forbidden"
    assert "nobody may not list pods.metrics.k8s.io in namespace tensafe" in caught.value.lines[0]


async def test_a_pods_metrics_and_health_come_through_the_proxy(cluster: RealCluster, moved: tuple[str, str]) -> None:
    name, host = moved
    async with Service().served(host) as service, source_on(cluster.kubeconfig) as source:
        pod = await read_pods(source, name)
        scrape = ScrapeFeed(source, lambda: Endpoints((inside(service, "/metrics"),)), SHIPPED, prefix="tensafe_")
        await scrape.ask()
        figures = await asked(scrape)
        named = Endpoints(tuple(inside(service, path) for path in ("/health", "/health/db", "/ready")))
        health = await HealthFeed(source, lambda: named, lambda _: ()).ask()
    assert figures["errors"].value == pytest.approx(0.1)
    assert figures["requests"].value is not None
    assert figures["requests"].value > 0
    assert figures["requests"].source == "1 pod /metrics"
    assert [(each.target, each.endpoint, each.status) for each in health] == [
        (pod.key, "/health", 200),
        (pod.key, "/health/db", 503),
        (pod.key, "/ready", 302),
    ]
    assert {each.body for each in health} == {'{"asked": null}'}  # a pod never sees who we are


async def test_a_pod_where_nobody_listens_and_one_that_may_not_be_asked(cluster: RealCluster, moved: tuple[str, str]) -> None:
    name, _ = moved
    nobody_there = Endpoints((Inside("health", "deployment/tensafe-server", "http", 1, "/health"),))
    async with source_on(cluster.kubeconfig) as source:
        await read_pods(source, name)
        (refused,) = await HealthFeed(source, lambda: nobody_there, lambda _: ()).ask()
    assert refused.status is None
    assert "connection refused" in refused.trouble
    async with source_on(cluster.of_user("reader")) as source:
        await read_pods(source, name)
        (forbidden,) = await HealthFeed(source, lambda: nobody_there, lambda _: ()).ask()
    assert forbidden.trouble == "forbidden: user reader may not get pods/proxy in namespace tensafe"


@pytest.mark.skipif(not INSTALLED, reason="prometheus is not installed")
async def test_a_prometheus_in_the_cluster_is_found_and_asked(cluster: RealCluster, moved: tuple[str, str], tmp_path: Path) -> None:
    name, host = moved
    now = SystemClock().now()
    text = history(now, lambda _: (100.0, 0.142, 0.1), (now + timedelta(minutes=5),))
    with prometheus(tmp_path, text, host=host) as url:
        service = {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "figures", "namespace": "tensafe", "labels": {"app.kubernetes.io/name": "prometheus"}},
            "spec": {"selector": {"figures": "here"}, "ports": [{"name": "web", "port": 9090, "targetPort": int(url.rpartition(":")[2])}]},
        }
        (tmp_path / "service.json").write_text(json.dumps(service))
        cluster.kubectl("label", "pod", name, "-n", "tensafe", "figures=here", "--overwrite")
        cluster.kubectl("apply", "-f", str(tmp_path / "service.json"))
        try:
            async with source_on(cluster.kubeconfig) as source, asyncio.timeout(60):
                feed = PrometheusFeed(source, "in-cluster", SHIPPED, prefix="tensafe_")
                async for reading in Supervised(feed, Reading(()), source.clock, asyncio.sleep).readings():
                    if not reading.trouble:
                        break
                    assert "no endpoints" in reading.trouble  # until its controller has seen the service
        finally:
            cluster.kubectl("delete", "service", "figures", "-n", "tensafe")
    errors = next(series for series in reading.value if series.id == "errors")
    assert errors.value == pytest.approx(0.142)
    assert errors.source == "prometheus"
