"""What a client of the API sees, over HTTP: credentials, pages, watches, refusals."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from warroom.clock import SystemClock, clock_of
from warroom.gameday.levers import Churn, Cut, Expire, Refuse, Reset, Watches, lever
from warroom.gameday.scenario import ScenarioTrouble
from warroom.gameday.serve import Served, serve

Serving = Callable[..., Awaitable[Served]]
PODS = "/api/v1/namespaces/tensafe/pods"
DEPLOYMENT = "/apis/apps/v1/namespaces/tensafe/deployments/tensafe-server"
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
WATCH_LIST = {"watch": "true", "sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def told(session: aiohttp.ClientSession, served: Served, method: str, path: str, **more: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {served.token}", **more.pop("headers", {})}
    async with session.request(method, served.api + path, headers=headers, **more) as answer:
        return answer.status, json.loads(await answer.read())


async def lines(response: aiohttp.ClientResponse, count: int) -> list[Any]:
    return [json.loads(await asyncio.wait_for(response.content.readline(), 10)) for _ in range(count)]


async def test_the_home_holds_what_clients_need_and_only_for_them(serving: Serving, tmp_path: Path) -> None:
    served = await serving(speed=10)
    facts = served.facts()
    assert list(facts) == [
        "home",
        "kubeconfig",
        "api",
        "context",
        "namespace",
        "prometheus",
        "pagerduty",
        "slack",
        "statuspage",
        "health",
        "scenario",
        "accepted",
    ]
    assert (facts["context"], facts["namespace"], facts["scenario"]) == ("gameday", "tensafe", "bad-release")
    assert str(facts["api"]).startswith("http://127.0.0.1:")
    for name in ("kubeconfig", "clock.json"):
        assert stat.S_IMODE((served.home / name).stat().st_mode) == 0o600
    assert served.token in served.kubeconfig.read_text(encoding="utf-8")
    clock = clock_of(served.home)
    assert clock.of(served.epoch) == served.epoch
    assert sorted(path.name for path in served.home.iterdir()) == ["clock.json", "kubeconfig"]


async def test_nothing_is_written_for_what_cannot_be_played(tmp_path: Path) -> None:
    for scenario, speed in (("nope", 1.0), ("bad-release", 0.0)):
        with pytest.raises(ScenarioTrouble):
            async with serve(tmp_path / "home", scenario, clock=SystemClock().now, speed=speed):
                pass
    assert not (tmp_path / "home").exists()


async def test_a_taken_port_is_an_error_of_the_system(serving: Serving, tmp_path: Path) -> None:
    port = int((await serving()).api.rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"):
        async with serve(tmp_path / "other", clock=SystemClock().now, port=port):
            pass
    assert not (tmp_path / "other").exists()


async def test_a_wrong_token_is_unauthorized_and_none_is_the_user(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving()
    status, body = await told(session, served, "GET", PODS, headers={"Authorization": "Bearer wrong"})
    assert (status, body["reason"], body["message"]) == (401, "Unauthorized", "Unauthorized")
    async with session.get(served.api + PODS) as answer:
        assert answer.status == 200
    async with session.get(served.api + "/gameday/") as answer:
        assert answer.status == 401


async def test_pages_keep_the_version_and_the_objects_of_the_first(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    _, first = await told(session, served, "GET", PODS, params={"limit": "5"})
    assert first["kind"] == "PodList"
    assert "kind" not in first["items"][0]
    assert first["metadata"]["remainingItemCount"] == 8
    await told(session, served, "DELETE", f"{PODS}/tensafe-redis-0", params={"gracePeriodSeconds": "0"})
    names = [pod["metadata"]["name"] for pod in first["items"]]
    page = first
    while token := page["metadata"].get("continue"):
        status, page = await told(session, served, "GET", PODS, params={"limit": "5", "continue": token})
        assert status == 200
        assert page["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
        names += [pod["metadata"]["name"] for pod in page["items"]]
    assert len(names) == len(set(names)) == 13
    assert "tensafe-redis-0" in names
    _, selected = await told(session, served, "GET", PODS, params={"limit": "2", "labelSelector": "app.kubernetes.io/name=tensafe"})
    assert "remainingItemCount" not in selected["metadata"]


async def test_an_expired_page_gives_a_token_for_the_rest(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    _, first = await told(session, served, "GET", PODS, params={"limit": "5"})
    served.lever(Expire())
    status, gone = await told(session, served, "GET", PODS, params={"limit": "5", "continue": first["metadata"]["continue"]})
    assert (status, gone["reason"]) == (410, "Expired")
    status, rest = await told(session, served, "GET", PODS, params={"continue": gone["metadata"]["continue"]})
    assert (status, len(rest["items"])) == (200, 8)
    for params in ({"continue": "garbage!"}, {"continue": first["metadata"]["continue"], "resourceVersion": "7"}, {"limit": "x"}):
        assert (await told(session, served, "GET", PODS, params=params))[0] == 400
    assert (await told(session, served, "GET", PODS, params={"resourceVersion": "99999999"}))[0] == 504


async def test_a_watch_list_ends_its_beginning_with_a_bookmark(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    async with session.get(served.api + PODS, params=WATCH_LIST) as answer:
        assert answer.content_type == "application/json"
        seen = await lines(answer, 14)
        assert [line["type"] for line in seen] == ["ADDED"] * 13 + ["BOOKMARK"]
        assert seen[0]["object"]["kind"] == "Pod"
        mark = seen[-1]["object"]["metadata"]
        assert mark["annotations"] == {"k8s.io/initial-events-end": "true"}
        assert "name" not in mark
        await told(session, served, "DELETE", f"{PODS}/tensafe-redis-0")
        while (line := (await lines(answer, 1))[0])["type"] != "DELETED":
            assert int(line["object"]["metadata"]["resourceVersion"]) > int(mark["resourceVersion"])
        assert line["object"]["metadata"]["name"] == "tensafe-redis-0"
    refused = {**WATCH_LIST, "resourceVersionMatch": ""}
    assert (await told(session, served, "GET", PODS, params=refused))[0] == 422


async def test_a_watch_ends_cleanly_after_its_seconds_with_a_bookmark_before(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    _, listed = await told(session, served, "GET", PODS, params={"labelSelector": "app=redis"})
    params = {
        "watch": "1",
        "timeoutSeconds": "1",
        "allowWatchBookmarks": "true",
        "labelSelector": "app=redis",
        "resourceVersion": listed["metadata"]["resourceVersion"],
    }
    async with session.get(served.api + PODS, params=params) as answer:
        body = await asyncio.wait_for(answer.read(), 10)
    assert [json.loads(line)["type"] for line in body.splitlines()] == ["BOOKMARK"]


async def test_a_version_that_is_too_old_is_an_error_in_the_stream(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    _, listed = await told(session, served, "GET", PODS)
    await told(session, served, "DELETE", f"{PODS}/tensafe-redis-0")
    served.lever(Expire())
    async with session.get(served.api + PODS, params={"watch": "1", "resourceVersion": listed["metadata"]["resourceVersion"]}) as answer:
        assert answer.status == 200
        seen = [json.loads(line) for line in (await asyncio.wait_for(answer.read(), 10)).splitlines()]
    assert [(line["type"], line["object"]["code"], line["object"]["reason"]) for line in seen] == [("ERROR", 410, "Expired")]
    assert (await told(session, served, "GET", PODS, params={"watch": "1", "resourceVersion": "abc"}))[0] == 500


@pytest.mark.parametrize("how", ["clean", "abrupt", "expired"])
async def test_every_watch_can_be_cut(serving: Serving, session: aiohttp.ClientSession, how: Any) -> None:
    served = await serving(speed=1)
    async with session.get(served.api + PODS, params=WATCH_LIST) as answer:
        await lines(answer, 14)
        served.lever(Cut(how=how))
        if how == "abrupt":
            with pytest.raises(aiohttp.ClientError):
                await asyncio.wait_for(answer.read(), 10)
        else:
            rest = (await asyncio.wait_for(answer.read(), 10)).splitlines()
            assert [json.loads(line)["object"]["code"] for line in rest if b'"ERROR"' in line] == ([410] if how == "expired" else [])


async def test_closed_watches_end_at_once_until_they_are_opened(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    served.lever(Watches(closed=True))
    async with session.get(served.api + PODS, params=WATCH_LIST) as answer:
        assert len((await asyncio.wait_for(answer.read(), 10)).splitlines()) == 14
    served.lever(Reset())
    async with session.get(served.api + PODS, params=WATCH_LIST) as answer:
        await lines(answer, 14)
        assert not answer.content.at_eof()


async def test_tables_name_their_columns_once(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    params = {**WATCH_LIST, "includeObject": "None"}
    async with session.get(served.api + PODS, params=params, headers=TABLE) as answer:
        seen = await lines(answer, 14)
    assert [bool(line["object"]["columnDefinitions"]) for line in seen] == [True] + [False] * 13
    assert seen[0]["object"]["rows"][0]["object"] is None
    row = seen[-1]["object"]["rows"][0]
    assert row["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert set(row["cells"]) <= {"", "0", "<unknown>"}


async def test_a_selector_turns_changes_into_coming_and_going(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    params = {**WATCH_LIST, "labelSelector": "app=redis"}
    async with session.get(served.api + PODS, params=params) as answer:
        await lines(answer, 2)
        kind = {"Content-Type": "application/merge-patch+json"}
        for label in ("other", "redis"):
            body = json.dumps({"metadata": {"labels": {"app": label}}})
            assert (await told(session, served, "PATCH", f"{PODS}/tensafe-redis-0", data=body, headers=kind))[0] == 200
        assert [line["type"] for line in await lines(answer, 2)] == ["DELETED", "ADDED"]


async def test_the_new_events_are_the_old_ones_in_their_shape(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    _, old = await told(session, served, "GET", "/api/v1/namespaces/tensafe/events")
    _, new = await told(session, served, "GET", "/apis/events.k8s.io/v1/namespaces/tensafe/events")
    assert new["apiVersion"] == "events.k8s.io/v1"
    assert [e["message"] for e in old["items"]] == [e["note"] for e in new["items"]]
    assert all("involvedObject" not in e and "regarding" in e for e in new["items"])


async def test_refusals_come_as_often_as_asked_and_where(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    served.lever(Refuse(status=403, times=2, path="/pods", verb="list"))
    assert (await told(session, served, "GET", f"{PODS}/tensafe-redis-0"))[0] == 200
    seen = [(await told(session, served, "GET", PODS))[0] for _ in range(3)]
    assert seen == [403, 403, 200]
    served.lever(Refuse(status=429, retry_after=7))
    async with session.get(served.api + PODS) as answer:
        assert (answer.status, answer.headers["Retry-After"], answer.content_type) == (429, "7", "text/plain")
    served.lever(Refuse(status=0, times=2))  # the client itself tries again once on a kept connection
    with pytest.raises(aiohttp.ClientError):
        async with session.get(served.api + PODS):
            pass


async def test_levers_are_pulled_over_http_too(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    assert (await told(session, served, "POST", "/gameday/levers", json={"lever": "refuse", "status": 500}))[0] == 200
    assert (await told(session, served, "GET", PODS))[0] == 500
    status, body = await told(session, served, "POST", "/gameday/levers", json={"lever": "explode"})
    assert status == 400
    assert "refuse, cut, expire, watches, delay, churn, reset" in body["error"]
    _, report = await told(session, served, "GET", "/gameday/")
    assert report["requests"][f"list {PODS}"] == 1
    assert any("undo" in heal["how"] for heal in report["heals"])
    _, log = await told(session, served, "GET", "/gameday/log")
    assert log[0]["what"] == "rollout"


def test_a_lever_that_is_none() -> None:
    nothing: list[Any] = []
    for given in ({}, {"lever": "refuse"}, {"lever": "refuse", "status": 9999}, nothing, None):
        with pytest.raises(ValueError, match="a lever is one of"):
            lever(given)


async def test_churn_changes_the_many_pods(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1, fill=20)
    params = {**WATCH_LIST}
    async with session.get(served.api + "/api/v1/namespaces/fill/pods", params=params) as answer:
        await lines(answer, 21)
        served.lever(Churn(per_second=1000, seconds=0.05))
        assert [line["type"] for line in await lines(answer, 50)] == ["MODIFIED"] * 50


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ([{"op": "test", "path": "/spec/replicas", "value": 99}], "application/json-patch+json", 422),
        ({"spec": {"replicas": -1}}, "application/merge-patch+json", 422),
        ({"spec": {"replicas": "x"}}, "application/merge-patch+json", 422),
        ({"spec": {"selector": {"matchLabels": {"a": "b"}}}}, "application/merge-patch+json", 422),
        ({"spec": {"template": None}}, "application/merge-patch+json", 422),
        ({"spec": {"template": {"spec": {"containers": []}}}}, "application/merge-patch+json", 422),
        ({"spec": {"template": {"spec": {"containers": [1]}}}}, "application/merge-patch+json", 422),
        ({"spec": {"template": {"metadata": {"labels": {"app.kubernetes.io/name": "x"}}}}}, "application/merge-patch+json", 422),
        ({"spec": {"strategy": None}}, "application/merge-patch+json", 422),
        ({"spec": {"strategy": {"rollingUpdate": {"maxSurge": "x"}}}}, "application/merge-patch+json", 422),
        ({"spec": None}, "application/merge-patch+json", 422),
        ({"metadata": {"labels": {"a": 1}}}, "application/merge-patch+json", 422),
        ({"metadata": {"name": "other"}}, "application/merge-patch+json", 422),
        ({"metadata": {"resourceVersion": "1"}}, "application/merge-patch+json", 409),
        ([], "application/merge-patch+json", 400),
        ({}, "application/json-patch+json", 400),
        ({}, "application/apply-patch+yaml", 415),
    ],
)
async def test_a_patch_the_cluster_could_not_bear(
    serving: Serving, session: aiohttp.ClientSession, body: Any, kind: str, status: int
) -> None:
    served = await serving(speed=1)
    _, before = await told(session, served, "GET", DEPLOYMENT)
    answer = await told(session, served, "PATCH", DEPLOYMENT, data=json.dumps(body), headers={"Content-Type": kind})
    assert (answer[0], answer[1]["kind"]) == (status, "Status")
    _, after = await told(session, served, "GET", DEPLOYMENT)
    assert after["spec"] == before["spec"]


async def test_delete_keeps_its_preconditions(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    path = f"{PODS}/tensafe-redis-0"
    _, pod = await told(session, served, "GET", path)
    for wrong in ({"uid": "other"}, {"resourceVersion": "1"}):
        assert (await told(session, served, "DELETE", path, json={"preconditions": wrong}))[0] == 409
    status, gone = await told(session, served, "DELETE", path, json={"preconditions": {"uid": pod["metadata"]["uid"]}})
    assert (status, gone["kind"], "deletionTimestamp" in gone["metadata"]) == (200, "Pod", True)
    status, done = await told(session, served, "DELETE", DEPLOYMENT)
    assert (status, done["status"], done["details"]["group"]) == (200, "Success", "apps")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/namespaces/tensafe/secrets", 404),
        ("GET", f"{PODS}/nope", 404),
        ("GET", f"{PODS}/tensafe-redis-0/eviction", 404),
        ("POST", PODS, 405),
        ("PUT", f"{PODS}/tensafe-redis-0", 405),
        ("DELETE", PODS, 405),
        ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 415),
    ],
)
async def test_what_is_not_there_is_a_status(serving: Serving, session: aiohttp.ClientSession, method: str, path: str, status: int) -> None:
    answer = await told(session, await serving(speed=1), method, path)
    assert (answer[0], answer[1]["kind"], answer[1]["code"]) == (status, "Status", status)


async def test_plain_discovery_and_a_review_in_json(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    _, groups = await told(session, served, "GET", "/apis")
    assert {"apps", "batch", "events.k8s.io"} <= {group["name"] for group in groups["groups"]}
    assert (await told(session, served, "GET", "/api"))[1]["versions"] == ["v1"]
    for path, wanted in (("/api/v1", "pods"), ("/apis/apps/v1", "deployments/scale")):
        assert wanted in {resource["name"] for resource in (await told(session, served, "GET", path))[1]["resources"]}
    review = {"kind": "SelfSubjectAccessReview", "spec": {}}
    status, body = await told(session, served, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", json=review)
    assert (status, body["status"]["allowed"]) == (201, True)
    async with session.get(served.api + "/readyz") as answer:
        assert await answer.text() == "ok"
