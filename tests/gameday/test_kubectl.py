"""Every command of the runbook that this cluster knows, through the real kubectl: what it printed, and how it ended."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from warroom.gameday.levers import Cut, Refuse

Start = Callable[..., Awaitable[Any]]
"""Of the fixture `kubectl`: serves a scenario and gives the kubectl that talks to it."""

SERVER = "deployment/tensafe-server"


async def names(kubectl: Any, *words: str) -> set[str]:
    return set((await kubectl("get", "pods", "-o", "name", *words)).out.split())


async def test_pods_stand_in_a_table_with_their_state(kubectl: Start) -> None:
    said = await (await kubectl(speed=1))("get", "pods", "-n", "tensafe")
    assert said.code == 0
    assert said.rows[0] == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    rows = {row[0]: row for row in said.rows[1:]}
    assert len(rows) == 13
    bad = [row for name, row in rows.items() if name.startswith("tensafe-server-7d9f8b6c4d-")]
    assert len(bad) == 3
    assert all(row[1] == "0/1" and int(row[3]) >= 3 for row in bad)
    assert rows["tensafe-postgresql-0"][1:4] == ["1/1", "Running", "0"]
    assert next(row for name, row in rows.items() if "migrate" in name)[1:3] == ["0/1", "Completed"]
    assert next(row for name, row in rows.items() if "6b5f9c7d88" in name)[-1] in ("6d", "6d1h", "5d23h")


async def test_wide_labels_and_fields(kubectl: Start) -> None:
    kube = await kubectl()
    wide = await kube("get", "pods", "-o", "wide")
    assert "NODE" in wide.rows[0]
    assert all(row[-3].startswith("tensafe-node-") for row in wide.rows[1:])
    assert await names(kube, "-l", "app=postgresql") == {"pod/tensafe-postgresql-0"}
    assert await names(kube, "-l", "app in (redis,postgresql)") == {"pod/tensafe-postgresql-0", "pod/tensafe-redis-0"}
    assert len(await names(kube, "-l", "app.kubernetes.io/name=tensafe")) == 6
    assert len(await names(kube, "--field-selector", "status.phase=Succeeded")) == 1
    refused = await kube("get", "pods", "--field-selector", "metadata.uid=x")
    assert refused.code == 1
    assert "field label not supported: metadata.uid" in refused.err


async def test_json_and_yaml_hold_the_whole_objects(kubectl: Start) -> None:
    kube = await kubectl()
    listed = json.loads((await kube("get", "pods", "-o", "json")).out)
    assert listed["kind"] == "List"
    assert {pod["kind"] for pod in listed["items"]} == {"Pod"}
    one = json.loads((await kube("get", "pod", "tensafe-postgresql-0", "-o", "json")).out)
    assert one["spec"]["containers"][0]["image"] == "postgres:16.4"
    assert "image: postgres:16.4" in (await kube("get", "pod", "tensafe-postgresql-0", "-o", "yaml")).out


async def test_every_kind_has_its_columns(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    said = await kube("get", "deployments")
    assert ["tensafe-server", "3/6", "3", "3"] in [row[:4] for row in said.rows]
    sets = await kube("get", "replicasets")
    assert ["tensafe-server-7d9f8b6c4d", "3", "3", "0", "8m"] in [[*row[:4], row[4][:2]] for row in sets.rows]
    assert ["tensafe-redis", "1/1"] in [row[:2] for row in (await kube("get", "sts")).rows]
    assert [row[1] for row in (await kube("get", "nodes")).rows] == ["STATUS", "Ready", "Ready", "Ready"]
    assert {"default", "kube-system", "tensafe"} <= {row[0] for row in (await kube("get", "ns")).rows}
    assert "8000/TCP" in (await kube("get", "services")).out
    assert "Complete" in (await kube("get", "jobs")).out


async def test_events_sorted_by_last_timestamp_put_the_new_shapes_first(kubectl: Start) -> None:
    said = await (await kubectl())("get", "events", "--sort-by=.lastTimestamp")
    assert said.code == 0
    reasons = [row[2] for row in said.rows[1:]]
    assert sorted(reasons[:5]) == ["BackupFinished", "ConnectionPoolExhausted", "Scheduled", "Scheduled", "Scheduled"]
    assert reasons[-1] in ("BackOff", "Unhealthy", "Started", "Created", "Pulled")
    assert "Liveness probe failed: HTTP probe failed with statuscode: 500" in said.out


async def test_a_watch_shows_a_pod_going_and_its_successor(kubectl: Start) -> None:
    kube = await kubectl()
    pod = sorted(await names(kube, "-l", "app.kubernetes.io/name=tensafe-worker"))[0].removeprefix("pod/")
    process = await kube.start("get", "pods", "-w", "-l", "app.kubernetes.io/name=tensafe-worker")
    assert process.stdout is not None
    seen = [await process.stdout.readline() for _ in range(3)]
    assert (await kube("delete", "pod", pod, "--wait=false")).code == 0
    while not re.search(rb"tensafe-worker-\w+-(?!%s)\w+ +1/1 +Running +0 +0?[1-9]?s" % pod[-5:].encode(), b"".join(seen[3:])):
        seen.append(await process.stdout.readline())
        assert seen[-1], "the watch ended"
    text = b"".join(seen).decode()
    assert re.search(rf"{pod} +1/1 +Terminating", text)
    assert "ContainerCreating" in text


async def test_a_watch_that_expires_ends_silently(kubectl: Start) -> None:
    kube = await kubectl()
    process = await kube.start("get", "pods", "-w", "-l", "app=redis")
    assert process.stdout is not None
    await process.stdout.readline()
    await process.stdout.readline()
    assert (await kube("delete", "pod", "tensafe-redis-0", "--wait=false")).code == 0
    assert b"Terminating" in await process.stdout.readline()  # so the watch is open
    kube.served.lever(Cut(how="expired"))
    await asyncio.wait_for(process.wait(), 10)
    assert process.returncode == 0


async def test_describe_says_why_a_pod_crashes(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    bad = next(name for name in sorted(await names(kube)) if "7d9f8b6c4d" in name)
    said = await kube("describe", bad)
    assert said.code == 0
    for words in ("KeyError: 'dp_epsilon'", "Exit Code:    1", "Restart Count:", "tensafe/server:2.8.1", "http-get http://:8000/health"):
        assert words in said.out
    assert re.search(r"Warning +BackOff +\S+ \(x\d+ over \S+\) +kubelet", said.out)
    several = await kube("describe", "pods", "-n", "tensafe")
    assert several.code == 0
    assert several.out.count("Controlled By:") == 13


async def test_describe_of_a_deployment_and_a_node(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    said = await kube("describe", "deployment", "tensafe-server")
    assert said.code == 0
    assert "6 desired | 3 updated | 6 total | 3 available | 3 unavailable" in said.out
    assert "NewReplicaSet:   tensafe-server-7d9f8b6c4d (3/3 replicas created)" in said.out
    assert "Scaled up replica set tensafe-server-7d9f8b6c4d from 0 to 3" in said.out
    node = await kube("describe", "node", "tensafe-node-1")
    assert node.code == 0
    assert "Non-terminated Pods:" in node.out


async def test_undo_heals_and_a_second_undo_brings_the_bad_release_back(kubectl: Start) -> None:
    kube = await kubectl()
    history = await kube("rollout", "history", SERVER)
    assert [row[0] for row in history.rows if row and row[0].isdigit()] == ["40", "41", "42"]
    assert "release 2.8.1" in history.out

    undone = await kube("rollout", "undo", SERVER, "-n", "tensafe")
    assert (undone.out, undone.code) == ("deployment.apps/tensafe-server rolled back\n", 0)
    status = await kube("rollout", "status", SERVER)
    assert status.code == 0
    assert status.out.endswith('deployment "tensafe-server" successfully rolled out\n')
    history = await kube("rollout", "history", SERVER)
    assert [row for row in history.rows if row and row[0].isdigit()] == [
        ["40", "release", "2.7.4"],
        ["42", "release", "2.8.1"],
        ["43", "release", "2.8.0"],
    ]
    assert [row[1] for row in (await kube("get", "deploy", "tensafe-server")).rows] == ["READY", "6/6"]

    assert (await kube("rollout", "undo", SERVER)).code == 0
    history = await kube("rollout", "history", SERVER)
    assert [row[0] for row in history.rows if row and row[0].isdigit()] == ["40", "43", "44"]
    stuck = await kube("rollout", "status", SERVER, "--timeout=2s")
    assert stuck.code == 1
    assert "3 out of 6 new replicas have been updated" in stuck.out
    assert "2.8.1" in (await kube("rollout", "history", SERVER, "--revision=44")).out


async def test_undo_to_a_revision_that_is_not_there(kubectl: Start) -> None:
    said = await (await kubectl())("rollout", "undo", SERVER, "--to-revision=99")
    assert said.code == 1
    assert "unable to find specified revision 99 in history" in said.err


async def test_status_prints_the_steps_of_a_rollout(kubectl: Start) -> None:
    kube = await kubectl(speed=4)
    assert (await kube("rollout", "restart", "deployment/tensafe-worker")).code == 0
    said = await kube("rollout", "status", "deployment/tensafe-worker")
    assert said.code == 0
    steps = said.out.splitlines()
    assert any("1 out of 2 new replicas have been updated" in step for step in steps)
    assert any("1 old replicas are pending termination" in step for step in steps)
    assert steps[-1] == 'deployment "tensafe-worker" successfully rolled out'


async def test_a_rollout_past_its_deadline_fails(kubectl: Start) -> None:
    kube = await kubectl("bad-release", speed=600)
    said = await kube("rollout", "status", SERVER)
    assert said.code == 1
    assert 'deployment "tensafe-server" exceeded its progress deadline' in said.err


async def test_pause_refuses_undo_and_resume_lets_it(kubectl: Start) -> None:
    kube = await kubectl()
    assert (await kube("rollout", "pause", SERVER)).code == 0
    refused = await kube("rollout", "undo", SERVER)
    assert refused.code == 1
    assert "paused" in refused.err
    assert (await kube("rollout", "resume", SERVER)).code == 0
    assert (await kube("rollout", "undo", SERVER)).code == 0


async def test_scale_and_its_guard(kubectl: Start) -> None:
    kube = await kubectl()
    said = await kube("scale", "deployment", "tensafe-worker", "-n", "tensafe", "--replicas=4")
    assert (said.out, said.code) == ("deployment.apps/tensafe-worker scaled\n", 0)
    assert (await kube("rollout", "status", "deployment/tensafe-worker")).code == 0
    assert len(await names(kube, "-l", "app.kubernetes.io/name=tensafe-worker")) == 4
    guarded = await kube("scale", "deployment", "tensafe-worker", "--current-replicas=5", "--replicas=2")
    assert guarded.code == 1
    assert "Expected replicas to be 5, was 4" in guarded.err
    assert (await kube("scale", "deployment", "tensafe-worker", "--replicas=1")).code == 0
    assert (await kube("scale", "statefulset", "tensafe-redis", "--replicas=2")).code == 0
    assert (await kube("wait", "--for=condition=Ready", "pod/tensafe-redis-0", "--timeout=10s")).code == 0


async def test_delete_waits_until_the_pod_is_gone_and_another_takes_its_place(kubectl: Start) -> None:
    kube = await kubectl()
    before = await names(kube, "-l", "app.kubernetes.io/name=tensafe-worker")
    pod = sorted(before)[0]
    said = await kube("delete", pod)
    assert said.code == 0
    assert "deleted" in said.out
    after = await names(kube, "-l", "app.kubernetes.io/name=tensafe-worker")
    assert pod not in after
    assert len(after) == 2
    again = await kube("delete", pod)
    assert again.code == 1
    assert "(NotFound)" in again.err


async def test_a_dry_run_changes_nothing(kubectl: Start) -> None:
    kube = await kubectl()
    before = await names(kube)
    assert (await kube("delete", "pod", "tensafe-redis-0", "--dry-run=server")).code == 0
    assert (await kube("scale", "deployment", "tensafe-worker", "--replicas=9", "--dry-run=server")).code == 0
    assert (await kube("rollout", "status", "deployment/tensafe-worker")).code == 0
    assert await names(kube) == before


async def test_version_and_what_one_may(kubectl: Start) -> None:
    kube = await kubectl()
    said = await kube("version")
    assert said.code == 0
    assert "Server Version: v1.37.2+gameday" in said.out
    asked = await kube("auth", "can-i", "delete", "pods")
    assert (asked.code, asked.out) == (0, "yes\n")


async def test_a_scale_holds_only_where_the_number_is_still_the_one_of_before(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    scale = ("scale", "deployment", "tensafe-worker", "--replicas=3", "--current-replicas=2")
    dry = await kube(*scale, "--dry-run=server")
    assert (dry.code, "(server dry run)" in dry.out) == (0, True)
    assert (await kube("get", "deployment", "tensafe-worker", "-o", "jsonpath={.spec.replicas}")).out == "2"
    assert (await kube(*scale)).code == 0
    again = await kube(*scale)
    assert again.code == 1
    assert "Expected replicas to be 2, was 3" in again.err


async def test_budgets_follow_the_pods_and_autoscalers_are_seen(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    said = await kube("get", "pdb,hpa")
    assert said.code == 0
    assert ["poddisruptionbudget.policy/tensafe-server", "2", "N/A", "1"] in [row[:4] for row in said.rows]
    assert "Deployment/tensafe-worker" in said.out
    for pod in sorted(await names(kube, "-l", "app.kubernetes.io/name=tensafe")):
        assert (await kube("delete", pod, "--wait=false")).code == 0
    allowed = await kube("wait", "pdb/tensafe-server", "--for=jsonpath={.status.disruptionsAllowed}=0", "--timeout=20s")
    assert allowed.code == 0, allowed.err


async def test_a_node_is_drained_and_a_taint_comes_and_goes(kubectl: Start) -> None:
    kube = await kubectl(speed=10)
    node = "tensafe-node-1"
    assert (await kube("taint", "node", node, "look=yes:NoSchedule")).code == 0
    assert (await kube("taint", "node", node, "look=yes:NoSchedule-")).code == 0
    dry = await kube("drain", node, "--dry-run=server", "--ignore-daemonsets")
    assert (dry.code, "drained (server dry run)" in dry.out) == (0, True)
    assert (await kube("drain", node, "--ignore-daemonsets", "--timeout=20s")).code == 0
    assert (await kube("get", "pods", "--field-selector", f"spec.nodeName={node},status.phase=Running", "-o", "name")).out == ""


async def test_pages_hold_together(kubectl: Start) -> None:
    kube = await kubectl()
    said = await kube("get", "pods", "--chunk-size=4")
    assert len(said.rows) == 14
    lists = [n for path, n in kube.served.report()["requests"].items() if path == "list /api/v1/namespaces/tensafe/pods"]
    assert lists == [4]


async def test_a_stale_version_is_a_conflict(kubectl: Start) -> None:
    kube = await kubectl()
    patch = json.dumps({"metadata": {"resourceVersion": "7"}, "spec": {"replicas": 1}})
    said = await kube("patch", "deployment", "tensafe-worker", "--type=merge", "-p", patch)
    assert said.code == 1
    assert "(Conflict)" in said.err
    annotated = await kube("annotate", "deployment", "tensafe-worker", "kubernetes.io/change-cause=by hand")
    assert annotated.code == 0
    assert (await kube("cordon", "tensafe-node-1")).code == 0
    assert "SchedulingDisabled" in (await kube("get", "nodes")).out


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        (Refuse(status=401, path="/pods"), "You must be logged in to the server"),
        (
            Refuse(status=403, path="/pods"),
            '(Forbidden): pods is forbidden: User "gameday" cannot list resource "pods" in API group "" in the namespace "tensafe"',
        ),
        (Refuse(status=500, path="/pods"), "Error from server (InternalError): Internal error occurred"),
        (Refuse(status=503, path="/pods"), "Error from server (ServiceUnavailable)"),
        (Refuse(status=410, path="/pods"), "Error from server (Expired)"),
    ],
    ids=lambda given: str(given.status) if isinstance(given, Refuse) else "",
)
async def test_a_refusal_reaches_the_user(kubectl: Start, refuse: Refuse, words: str) -> None:
    kube = await kubectl()
    kube.served.lever(refuse)
    said = await kube("get", "pods", "-n", "tensafe")
    assert said.code == 1
    assert words in said.err


async def test_kubectl_waits_and_tries_again_after_a_429(kubectl: Start) -> None:
    kube = await kubectl()
    kube.served.lever(Refuse(status=429, path="/pods", times=1, retry_after=1))
    said = await kube("get", "pods")
    assert said.code == 0
    assert kube.served.report()["requests"]["list /api/v1/namespaces/tensafe/pods"] == 2
