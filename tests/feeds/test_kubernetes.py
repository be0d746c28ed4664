"""The cluster's feeds over real HTTP: what a pane would show, whatever the server does."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from feeds.loopback import Api, console
from feeds.store import PODS, pod
from hand import T0, HandClock
from warroom.core.readings import Cluster

EVENTS = "/api/v1/namespaces/shop/events"
DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments"
REPLICA_SETS = "/apis/apps/v1/namespaces/shop/replicasets"


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    api = Api()
    await api.start()
    yield api
    await api.stop()


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    look = (
        "import sys, warroom.feeds.kubernetes as k; print([m for m in sys.modules if m.split('.')[0] in ('kubernetes', 'aiohttp', 'yaml')])"
    )
    src = Path(__file__).parents[2] / "src"
    assert subprocess.run([sys.executable, "-c", look], env={"PYTHONPATH": str(src)}, capture_output=True, text=True).stdout == "[]\n"


async def test_a_quiet_cluster_stays_young_and_the_same(api: Api, hand: HandClock, tmp_path: Path) -> None:
    api.store.put(PODS, pod("a"))
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        before, probes = shown.readings["pods"], api.asked.count("probe")
        await shown.during(60)
        after = shown.readings["pods"]
        assert after.value is before.value
        assert after.at is not None
        assert (hand.now() - after.at).total_seconds() < 5
        assert shown.state() == "live"
        assert api.asked.count("list") == 1
        assert 20 <= api.asked.count("probe") - probes <= 34  # one for all four feeds, about every two seconds


async def test_changes_come_through(api: Api, hand: HandClock, tmp_path: Path) -> None:
    api.store.put(PODS, pod("a"))
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        api.store.put(PODS, pod("b", ready=False))
        api.store.delete(PODS, "shop/a")
        await shown.until(lambda: [one.name for one in shown.readings["pods"].value] == ["b"])


async def test_which_cluster_it_is(api: Api, hand: HandClock, tmp_path: Path) -> None:
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live("cluster")
        server = f"http://127.0.0.1:{api.port}"
        assert shown.readings["cluster"].value == Cluster(context="it", server=server, namespaces=("shop",), uid="uid-of-kube-system")


async def test_kube_system_may_be_unreadable(api: Api, hand: HandClock, tmp_path: Path) -> None:
    api.uid = ""
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        assert shown.readings["cluster"].value.uid == ""


async def test_several_namespaces_and_a_selector(api: Api, hand: HandClock, tmp_path: Path) -> None:
    api.store.put(PODS, pod("a"))
    api.store.put("/api/v1/namespaces/till/pods", pod("a", namespace="till"))
    async with console(api.kubeconfig(tmp_path), hand, namespaces=("shop", "till"), selector="app=shop") as shown:
        await shown.live()
        assert [one.key for one in shown.readings["pods"].value] == ["shop/a", "till/a"]


async def test_one_forbidden_namespace_does_not_hide_the_other(api: Api, hand: HandClock, tmp_path: Path) -> None:
    api.store.put(PODS, pod("a"))
    api.store.put("/api/v1/namespaces/till/pods", pod("b", namespace="till"))
    message = 'pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "shop"'
    api.refusals = [(403, {}, json.dumps({"kind": "Status", "message": message, "code": 403}).encode())]
    async with console(api.kubeconfig(tmp_path), hand, namespaces=("shop", "till")) as shown:
        await shown.until(lambda: len(shown.readings["pods"].value) == 1 if "pods" in shown.readings else False, step=0.05)
        assert shown.trouble().startswith("forbidden\nuser ada may not list pods in namespace ")
        await shown.live("pods")
        assert len(shown.readings["pods"].value) == 2


@pytest.mark.parametrize(
    ("status", "headers", "body", "lines"),
    [
        (
            403,
            {},
            b'{"kind": "Status", "message": "pods is forbidden: User \\"bob\\" cannot list resource \\"pods\\"", "code": 403}',
            ["forbidden", "user bob may not list pods in namespace shop", "ask for: kubectl auth can-i list pods -n shop"],
        ),
        (403, {}, b"<html>no", ["forbidden", "user ada may not list pods in namespace shop"]),
        (429, {"Retry-After": "1"}, b"Too many requests, please try again later.\n", ["overloaded"]),
        (
            500,
            {},
            b'{"kind": "Status", "message": "no leader", "code": 500}',
            ["error 500", "HERE failed to list pods"],
        ),
        (502, {}, b"<html>bad gateway</html>", ["error 502", "HERE failed to list pods in namespace shop: <html>bad gateway"]),
        (404, {}, b"404 page not found", ["not found"]),
        (200, {}, b"<html>please log in</html>", ["not understood", "HERE answered with something that is no Kubernetes JSON"]),
        (200, {}, b'{"items": [{"metadata"', ["not understood"]),
    ],
)
async def test_a_refusal_is_told_and_comes_right_by_itself(
    api: Api, hand: HandClock, tmp_path: Path, status: int, headers: dict[str, str], body: bytes, lines: list[str]
) -> None:
    api.store.put(PODS, pod("a"))
    api.refusals = [(status, headers, body)]
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.until(lambda: bool(shown.trouble()))
        assert shown.state() == "trouble"
        told = shown.trouble().replace(f"http://127.0.0.1:{api.port}", "HERE").splitlines()
        assert all(line.startswith(expected) for line, expected in zip(told, lines, strict=False))
        assert told[-1] == "other panes go on; asked again within 1 s, or press ctrl+r"
        await shown.live()
        assert len(shown.readings["pods"].value) == 1


async def test_one_bad_byte_in_a_list(api: Api, hand: HandClock, tmp_path: Path) -> None:
    thing = pod("a", message="caf#")
    thing["metadata"]["resourceVersion"] = "7"
    api.refusals = [(200, {}, json.dumps({"metadata": {"resourceVersion": "7"}, "items": [thing]}).encode().replace(b"#", b"\xff"))]
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live("pods")
        assert shown.readings["pods"].value[0].message == "caf\ufffd"


async def test_credentials_are_read_again_when_they_expire(api: Api, hand: HandClock, tmp_path: Path) -> None:
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        api.token = "newer"
        await api.cut_watches()
        await shown.until(lambda: shown.trouble() != "")
        assert shown.trouble().splitlines()[:2] == [
            "expired token",
            f"http://127.0.0.1:{api.port} does not accept the credentials of user ada (401)",
        ]
        (tmp_path / "token").write_text("newer")
        await shown.live()


async def test_open_watches_outlive_their_credentials(api: Api, hand: HandClock, tmp_path: Path) -> None:
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        api.token = "newer"
        probes = api.asked.count("probe")
        await shown.until(lambda: api.asked.count("probe") > probes + 6)
        api.store.put(PODS, pod("late"))
        await shown.until(lambda: len(shown.readings["pods"].value) == 1)
        (tmp_path / "token").write_text("newer")
        await shown.until(lambda: api.asked.count("probe") > probes + 12)
        assert api.asked.count("watch") == 1
        assert {reading.trouble for reading in shown.history["pods"]} == {""}


async def test_a_plugin_is_not_asked_at_every_refusal(api: Api, hand: HandClock, tmp_path: Path) -> None:
    """It may open a browser."""
    login = tmp_path / "login"
    login.write_text(f'#!/bin/sh\necho run >> {tmp_path}/runs\necho "{{\\"status\\": {{\\"token\\": \\"$(cat {tmp_path}/token)\\"}}}}"\n')
    login.chmod(0o700)
    path = api.kubeconfig(tmp_path)
    config = msgspec.yaml.decode(path.read_bytes())
    config["users"][0]["user"] = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./login"}}
    path.write_bytes(msgspec.yaml.encode(config))
    (tmp_path / "token").write_text("old")
    async with console(path, hand) as shown:
        await shown.until(lambda: all(shown.trouble(field).startswith("expired token\n") for field in ("pods", "events")))
        refused = api.asked.count("who")
        await shown.until(lambda: api.asked.count("who") >= refused + 4)
        assert len((tmp_path / "runs").read_text().split()) <= 1 + (hand.now() - T0).total_seconds() // 60
        (tmp_path / "token").write_text("good")
        for one in shown.supervised.values():
            one.ask_again()
        await shown.live()


async def test_a_cut_watch_resumes_without_a_word(api: Api, hand: HandClock, tmp_path: Path) -> None:
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        await api.cut_watches()
        api.store.put(PODS, pod("late"))
        await shown.until(lambda: len(shown.readings["pods"].value) == 1)
        assert api.asked.count("list") == 1
        assert [reading.trouble for reading in shown.history["pods"]] == [""] * len(shown.history["pods"])


async def test_a_server_that_goes_and_comes_back(api: Api, hand: HandClock, tmp_path: Path) -> None:
    api.store.put(PODS, pod("a"))
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        await api.stop()
        await shown.until(lambda: all(shown.state(field) == "stale" and shown.trouble(field) for field in shown.supervised))
        assert len(shown.readings["pods"].value) == 1
        await shown.during(130)
        assert shown.trouble().splitlines()[0] == "no answer, 2 min"
        await api.start()
        back = hand.now()
        await shown.live()
        assert (hand.now() - back).total_seconds() <= 10  # the probe sees it, whatever the back-off


async def test_an_open_watch_proves_nothing(api: Api, hand: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.feeds.server.PROBE_SECONDS", 0.05)
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        api.answers_probes = False
        await shown.until(lambda: shown.trouble("pods").startswith("no answer"))
        assert shown.state("pods") == "stale"
        assert len(api.open) > 0 or api.asked.count("watch") > 1


async def test_asking_again_reaches_the_source(api: Api, hand: HandClock, tmp_path: Path) -> None:
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        for one in shown.supervised.values():
            one.ask_again()
        await shown.until(lambda: api.asked.count("list") == 2, step=0.0)


# The pin


async def test_a_switched_context_moves_nothing(api: Api, hand: HandClock, tmp_path: Path) -> None:
    path = api.kubeconfig(tmp_path)
    async with console(path, hand) as shown:
        await shown.live()
        config = msgspec.yaml.decode(path.read_bytes())
        config["clusters"].append({"name": "dr", "cluster": {"server": "http://127.0.0.1:9"}})
        config["contexts"].append({"name": "dr", "context": {"cluster": "dr", "user": "ada"}})
        path.write_bytes(msgspec.yaml.encode({**config, "current-context": "dr"}))
        probes = api.asked.count("probe")
        await shown.until(lambda: api.asked.count("probe") > probes + 3)
        assert {reading.trouble for field in shown.supervised for reading in shown.history[field]} == {""}
        assert api.asked.count("watch") == 1


async def test_a_context_that_comes_to_mean_another_server_is_refused(api: Api, hand: HandClock, tmp_path: Path) -> None:
    path = api.kubeconfig(tmp_path)
    async with console(path, hand) as shown:
        await shown.live()
        path.write_text(path.read_text().replace(f":{api.port}", ":9"))
        await shown.until(lambda: all(shown.trouble(field).startswith("other cluster\n") for field in shown.supervised))
        await shown.during(40)
        assert {shown.state(field) for field in shown.supervised} == {"stale"}
        path.write_text(path.read_text().replace(":9", f":{api.port}"))
        await shown.live()


async def test_another_kube_system_behind_the_same_address_is_refused(api: Api, hand: HandClock, tmp_path: Path) -> None:
    pin = Cluster(context="it", server=f"http://127.0.0.1:{api.port}", namespaces=("shop",), uid="uid-of-yesterday")
    async with console(api.kubeconfig(tmp_path), hand, pin=pin) as shown:
        await shown.until(lambda: all(shown.trouble(field).startswith("other cluster\n") for field in shown.supervised))
        assert "has another kube-system" in shown.trouble()
        assert "list" not in api.asked


async def test_a_kubeconfig_that_appears_is_used(api: Api, hand: HandClock, tmp_path: Path) -> None:
    path = api.kubeconfig(tmp_path)
    text = path.read_text()
    path.unlink()
    async with console(path, hand) as shown:
        await shown.until(lambda: all(shown.trouble(field).startswith("no kubeconfig\n") for field in shown.supervised))
        path.write_text(text)
        await shown.live()


# Values


async def test_rollouts_and_events(api: Api, hand: HandClock, tmp_path: Path) -> None:
    meta = {"namespace": "shop", "uid": "d1", "creationTimestamp": "2026-01-01T00:00:00Z"}
    one = {"kind": "Deployment", "name": "shop", "uid": "d1", "controller": True}
    api.store.put(
        DEPLOYMENTS,
        {
            "metadata": {**meta, "name": "shop", "annotations": {"deployment.kubernetes.io/revision": "3"}},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "shop"}}},
            "status": {
                "readyReplicas": 1,
                "updatedReplicas": 2,
                "conditions": [
                    {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "lastUpdateTime": "2026-02-03T02:40:00Z"}
                ],
            },
        },
    )
    for name, number, tag, day in (("a", "3", "2.8.0", "01"), ("b", "2", "2.8.1", "02")):
        notes = {"deployment.kubernetes.io/revision": number, "kubernetes.io/change-cause": f"release {tag}"}
        api.store.put(
            REPLICA_SETS,
            {
                "metadata": {
                    **meta,
                    "uid": name,
                    "name": f"shop-{name}",
                    "annotations": notes,
                    "labels": {"pod-template-hash": name},
                    "ownerReferences": [one],
                    "creationTimestamp": f"2026-02-{day}T00:00:00Z",
                },
                "spec": {"replicas": 2, "template": {"spec": {"containers": [{"name": "server", "image": f"shop:{tag}"}]}}},
                "status": {"replicas": 2},
            },
        )
    for n, name in enumerate("xy"):
        api.store.put(
            EVENTS,
            {
                "metadata": {"namespace": "shop", "name": f"pod.{name}", "creationTimestamp": "2026-02-03T02:00:00Z"},
                "involvedObject": {"kind": "Pod", "name": "shop-1"},
                "type": "Warning",
                "reason": "BackOff",
                "message": "back-off",
                "count": 3,
                "lastTimestamp": f"2026-02-03T02:0{n}:00Z",
            },
        )
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        deployment = shown.readings["deployments"].value[0]
        assert (deployment.key, deployment.ready, deployment.revision, deployment.selector) == ("shop/shop", 1, 3, (("app", "shop"),))
        told = [(one.number, one.images[0][1], one.cause, f"{one.changed:%d %H:%M}") for one in deployment.revisions]
        # Rolled back: the old replica set has the newest number, and the deployment knows when.
        assert told == [(3, "shop:2.8.0", "release 2.8.0", "03 02:40"), (2, "shop:2.8.1", "release 2.8.1", "02 00:00")]
        (event,) = shown.readings["events"].value
        assert (event.count, event.warning, f"{event.at:%H:%M}") == (6, True, "02:01")


async def test_a_burst_of_changes_is_a_few_readings(api: Api, hand: HandClock, tmp_path: Path) -> None:
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
        drawn = len(shown.history["pods"])
        began = hand.now()
        for n in range(2_000):
            api.store.put(PODS, pod(f"p{n % 50}", ready=n % 3 == 0))
        await shown.until(
            lambda: len(shown.readings["pods"].value) == 50 and shown.readings["pods"].value[49].containers[0].ready == (1999 % 3 == 0)
        )
        seconds = (hand.now() - began).total_seconds()
        assert len(shown.history["pods"]) - drawn <= 10 * seconds + 2


async def test_nothing_is_left_when_the_console_ends(api: Api, hand: HandClock, tmp_path: Path) -> None:
    async with console(api.kubeconfig(tmp_path), hand) as shown:
        await shown.live()
    left = {task for task in asyncio.all_tasks() if "warroom/feeds" in task.get_coro().cr_code.co_filename}  # type: ignore[union-attr]
    assert left == set()
