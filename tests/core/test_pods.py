"""A pod's state in kubectl's word, how bad it is, and why."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from hand import T0
from warroom.core.pods import (
    ENDED,
    FAILING,
    NOT_READY,
    PENDING,
    RESTARTING,
    WELL,
    by_trouble,
    is_new,
    last_restart,
    ready,
    restarts,
    restarts_since,
    revision,
    revisions_by_hash,
    state_word,
    trouble_rank,
    why,
)
from warroom.core.readings import Container, Deployment, Pod, Revision

HOUR = timedelta(hours=1)


def one(state: str = "Running", *, ready: bool | None = None, name: str = "server", **more: Any) -> Container:
    return Container(
        name=name,
        image="shop/server:2.8.1",
        ready=state == "Running" if ready is None else ready,
        restarts=more.pop("restarts", 0),
        state=state,
        **more,
    )


def pod(
    *containers: Container, phase: str = "Running", name: str = "shop-7d9f-x", created: datetime | None = T0 - HOUR, **more: Any
) -> Pod:
    return Pod(
        key=f"shop/{name}",
        namespace="shop",
        name=name,
        uid=f"uid-{name}",
        created=created,
        phase=phase,
        node=more.pop("node", "node-1"),
        owner="ReplicaSet/shop-7d9f",
        template_hash=more.pop("template_hash", "7d9f"),
        containers=containers or (one(),),
        **more,
    )


INIT_DONE = one("Completed", name="migrate", init=True, exit_code=0)
CASES = [
    (pod(), "Running", WELL, ""),
    (pod(one(), one(ready=False, name="proxy")), "Running", NOT_READY, "proxy runs, but is not ready"),
    (
        pod(one(ready=False, probes="liveness GET / :80 every 10 s, readiness GET /health :8000 every 5 s")),
        "Running",
        NOT_READY,
        "server runs, but its readiness probe fails (GET /health :8000 every 5 s)",
    ),
    (
        pod(one("CrashLoopBackOff", restarts=7, last_exit=1, last_reason="Error")),
        "CrashLoopBackOff",
        FAILING,
        "server ended with exit 1 again and again, 7 restarts",
    ),
    (
        pod(one("CrashLoopBackOff", restarts=2, last_exit=137, last_reason="OOMKilled")),
        "CrashLoopBackOff",
        FAILING,
        "server was killed for want of memory (OOMKilled, exit 137) again and again, 2 restarts",
    ),
    (pod(one("OOMKilled", exit_code=137)), "OOMKilled", FAILING, "server was killed for want of memory (OOMKilled, exit 137)"),
    (pod(one("Error", exit_code=2, message="no config")), "Error", FAILING, "server ended with exit 2: no config"),
    (pod(one("ExitCode:127", exit_code=127)), "ExitCode:127", FAILING, "server has no program to run (exit 127)"),
    (pod(one("Completed", exit_code=0), phase="Succeeded"), "Completed", ENDED, ""),
    (pod(one("Completed", exit_code=0, name="job"), one(name="proxy")), "Running", NOT_READY, ""),
    (
        pod(one("ImagePullBackOff", message="not found"), phase="Pending"),
        "ImagePullBackOff",
        FAILING,
        "server: the image shop/server:2.8.1 cannot be pulled: not found",
    ),
    (
        pod(one("CreateContainerConfigError", message='secret "db" not found'), phase="Pending"),
        "CreateContainerConfigError",
        FAILING,
        'server cannot be started: secret "db" not found',
    ),
    (pod(one("ContainerCreating"), phase="Pending"), "ContainerCreating", PENDING, "its containers are being made on node-1"),
    (
        pod(one("", ready=False), phase="Pending", node="", reason="Unschedulable", message="0/3 nodes are available"),
        "Pending",
        PENDING,
        "no node takes it: 0/3 nodes are available",
    ),
    (pod(one("", ready=False), phase="Pending", node=""), "Pending", PENDING, "it waits for a node"),
    (
        pod(one("", ready=False), phase="Failed", reason="Evicted", message="low on memory"),
        "Evicted",
        FAILING,
        "evicted from its node: low on memory",
    ),
    (
        pod(one(name="migrate", init=True, ready=False), one("PodInitializing"), phase="Pending"),
        "Init:0/1",
        PENDING,
        "its containers are being made",
    ),
    (
        pod(INIT_DONE, one("PodInitializing", name="warm", init=True), one("PodInitializing"), phase="Pending"),
        "Init:1/2",
        PENDING,
        "its containers are being made",
    ),
    (
        pod(one("CrashLoopBackOff", name="migrate", init=True, last_exit=1, restarts=3), one("PodInitializing"), phase="Pending"),
        "Init:CrashLoopBackOff",
        FAILING,
        "init container migrate ended with exit 1 again and again, 3 restarts",
    ),
    (
        pod(one("Error", name="migrate", init=True, exit_code=1), one("PodInitializing"), phase="Failed"),
        "Init:Error",
        FAILING,
        "init container migrate ended with exit 1",
    ),
    (pod(INIT_DONE, one()), "Running", WELL, ""),
    (pod(INIT_DONE, one("PodInitializing"), phase="Pending"), "PodInitializing", PENDING, "its containers are being made"),
    (pod(deleting=T0), "Terminating", PENDING, "it is being deleted"),
    (pod(deleting=T0, reason="NodeLost"), "Unknown", FAILING, "it is being deleted"),
    (pod(one("", ready=False), phase="Unknown"), "Unknown", FAILING, "its node node-1 does not answer"),
]


@pytest.mark.parametrize(("pod", "word", "rank", "reason"), CASES, ids=[word for _, word, _, _ in CASES])
def test_word_rank_and_reason(pod: Pod, word: str, rank: int, reason: str) -> None:
    assert (state_word(pod), trouble_rank(pod)) == (word, rank)
    assert why(pod).startswith(reason)
    assert bool(why(pod)) == bool(reason)


def test_ready_counts_the_containers_that_go_on() -> None:
    assert ready(pod(INIT_DONE, one(), one(ready=False, name="proxy"))) == (1, 2)


def test_a_restart_counts_since_the_start_only() -> None:
    restarted = pod(one(restarts=3, last_exit=1, last_finished=T0))
    assert trouble_rank(restarted, since=T0 - HOUR) == RESTARTING
    assert trouble_rank(restarted, since=T0 + HOUR) == WELL
    assert trouble_rank(restarted) == WELL
    assert why(restarted) == "server ended with exit 1 before, 3 restarts, runs now"
    assert last_restart(restarted) == T0


def test_the_worst_first_then_the_new_then_the_young() -> None:
    crashing = pod(one("CrashLoopBackOff"), name="crashing")
    waiting = pod(one(ready=False), name="waiting")
    restarted = pod(one(last_finished=T0), name="restarted")
    starting = pod(one("ContainerCreating"), phase="Pending", name="starting")
    old, young, new = pod(name="old", created=T0 - 2 * HOUR), pod(name="young", created=T0), pod(name="new")
    shuffled = [old, starting, new, restarted, young, waiting, crashing]
    assert [one.name for one in by_trouble(shuffled, T0, frozenset({new.key}))] == [
        "crashing",
        "waiting",
        "restarted",
        "starting",
        "new",
        "young",
        "old",
    ]


def test_restarts_since_the_start() -> None:
    young = pod(one(restarts=4), created=T0 + HOUR)
    old = pod(one(restarts=4, last_finished=T0 + HOUR))
    assert restarts(old) == 4
    assert restarts_since(young, T0) == 4
    assert restarts_since(old, T0) == 1  # at least
    assert restarts_since(old, T0, {old.uid: 2}) == 2
    assert restarts_since(pod(one(restarts=4, last_finished=T0 - HOUR)), T0) == 0


def test_the_revision_of_a_pod() -> None:
    def rolled(number: int, template: str, created: datetime) -> Revision:
        return Revision(number=number, name=f"shop-{template}", template_hash=template, created=created, images=(), replicas=1)

    revisions = (rolled(42, "c41b", T0 - HOUR), rolled(41, "7d9f", T0 - 24 * HOUR))
    deployment = Deployment(
        key="shop/shop", namespace="shop", name="shop", replicas=2, ready=2, updated=1, revision=42, revisions=revisions
    )
    known = revisions_by_hash([deployment])
    assert [revision(pod(template_hash=hash), known) for hash in ("c41b", "7d9f", "")] == [42, 41, None]
    assert [is_new(pod(template_hash=hash), known, T0) for hash in ("c41b", "7d9f", "")] == [True, False, False]
    assert not is_new(pod(template_hash="c41b"), known, T0, window=timedelta(minutes=30))
    assert not is_new(pod(template_hash="c41b"), known, None)
