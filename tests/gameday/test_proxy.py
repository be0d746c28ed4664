"""The ways through the API server to pods and services, and the Metrics API: asked by the real kubectl."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from warroom.gameday.levers import Refuse

Start = Callable[..., Awaitable[Any]]
N = "/api/v1/namespaces/tensafe"


async def pods(kubectl: Any, part: str) -> list[str]:
    return [row[0] for row in (await kubectl("get", "pods")).rows if part in row[0]]


async def test_raw_paths_reach_pods_by_number_by_name_and_by_default(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    good = (await pods(kube, "6b5f9c7d88"))[0]
    for target in (good, f"{good}:8000", f"{good}:http", f"http:{good}:8000"):
        said = await kube("get", "--raw", f"{N}/pods/{target}/proxy/health")
        assert json.loads(said.out) == {"status": "ok", "version": "2.8.0"}
    metrics = await kube("get", "--raw", f"{N}/pods/{good}:metrics/proxy/metrics")
    assert "# TYPE tensafe_http_request_duration_seconds histogram" in metrics.out
    database = await kube("get", "--raw", f"{N}/services/tensafe-server:8000/proxy/health/db")
    assert json.loads(database.out)["database"]["max"] == 100


async def test_raw_paths_that_lead_nowhere(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    bad = (await pods(kube, "7d9f8b6c4d"))[0]
    said = await kube("get", "--raw", f"{N}/pods/{bad}:8000/proxy/health")
    assert said.code == 1
    assert "(ServiceUnavailable): error trying to reach service: dial tcp" in said.err
    assert "(NotFound)" in (await kube("get", "--raw", f"{N}/pods/nope:8000/proxy/health")).err
    none = await kube("get", "--raw", f"{N}/services/tensafe-server:1/proxy/health")
    assert 'no endpoints available for service "tensafe-server"' in none.err
    kube.served.lever(Refuse(status=403, path="/proxy/"))
    forbidden = await kube("get", "--raw", f"{N}/pods/{bad}:8000/proxy/health")
    assert 'cannot get resource "pods/proxy"' in forbidden.err


async def test_top_shows_what_runs(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    said = await kube("top", "pods", "-n", "tensafe")
    assert said.code == 0
    assert said.rows[0] == ["NAME", "CPU(cores)", "MEMORY(bytes)"]
    assert not any("migrate" in row[0] for row in said.rows)
    good = [int(row[1].removesuffix("m")) for row in said.rows if "6b5f9c7d88" in row[0]]
    assert len(good) == 3
    assert all(1500 < cpu < 2000 for cpu in good)
    containers = await kube("top", "pods", "--containers", "-l", "app=redis")
    assert containers.rows[1][:2] == ["tensafe-redis-0", "redis"]
    nodes = await kube("top", "nodes")
    assert [row[0] for row in nodes.rows[1:]] == ["tensafe-node-1", "tensafe-node-2", "tensafe-node-3"]
    assert all(row[2].endswith("%") for row in nodes.rows[1:])
    one = json.loads((await kube("get", "--raw", "/apis/metrics.k8s.io/v1beta1/namespaces/tensafe/pods/tensafe-redis-0")).out)
    assert (one["kind"], one["containers"][0]["name"]) == ("PodMetrics", "redis")


async def test_metrics_cannot_be_watched_or_changed(kubectl: Start) -> None:
    kube = await kubectl()
    assert "watch is not supported" in (await kube("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes?watch=true")).err
    listed = await kube("api-resources", "--api-group=metrics.k8s.io", "-o", "name")
    assert sorted(listed.out.split()) == ["nodes.metrics.k8s.io", "pods.metrics.k8s.io"]
