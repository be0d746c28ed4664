"""A scenario plays itself: rollouts, crashes, healing, and always the same with one seed."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from warroom.gameday.agenda import moment
from warroom.gameday.kubelet import is_ready
from warroom.gameday.resources import DEPLOYMENTS, EVENTS, NODES, PODS, REPLICASETS, STATEFULSETS, Json
from warroom.gameday.world import copied

Make = Callable[..., Any]

CRASHING = """
title = "One service, one fault"
[world]
namespace = "shop"
nodes = ["node-1", "node-2"]
[[world.deployments]]
name = "api"
labels = { app = "api" }
replicas = 3
surge = 1
unavailable = 0
container = "api"
readiness = { path = "/", port = 80 }
releases = [{ revision = 1, image = "api:1", age = "2d" }]
[[faults]]
name = "broken"
deployment = "api"
at = "10s"
lives = ["5s", "6s"]
exit = 3
reason = "Error"
message = "boom"
[[heals]]
fault = "broken"
by = "HOW"
how = "do it"
VALUE
"""


def ready(pods: list[Json]) -> int:
    return sum(map(is_ready, pods))


def state(pod: Json) -> Json:
    found: Json = pod["status"]["containerStatuses"][0]
    return found


def edit(play: Any, name: str, change: Callable[[Json], None]) -> None:
    object = play.world.copy(DEPLOYMENTS, play.simulation.scenario.world.namespace, name)
    change(object)
    object["metadata"]["generation"] += 1
    play.world.put(DEPLOYMENTS, object)


def image(to: str) -> Callable[[Json], None]:
    def change(object: Json) -> None:
        object["spec"]["template"]["spec"]["containers"][0]["image"] = to

    return change


def replicas(to: int) -> Callable[[Json], None]:
    return lambda object: object["spec"].update(replicas=to)


def revisions(play: Any, name: str) -> dict[int, int]:
    sets = [item.object for item in play.world.all(REPLICASETS) if item.key[1].startswith(name)]
    return {int(s["metadata"]["annotations"]["deployment.kubernetes.io/revision"]): s["spec"]["replicas"] for s in sets}


@pytest.mark.parametrize("speed", [1.0, 60.0])
def test_one_seed_is_one_run(play: Make, speed: float) -> None:
    first, second, other = (play("bad-release", seed=seed, speed=speed) for seed in (7, 7, 8))
    for one in (first, second, other):
        one.forward(600 / speed)
    assert first.simulation.log == second.simulation.log
    assert [item.whole for item in first.world.all(PODS)] == [item.whole for item in second.world.all(PODS)]
    assert [item.whole for item in first.world.all(EVENTS)] == [item.whole for item in second.world.all(EVENTS)]
    assert first.simulation.log != other.simulation.log


def test_a_run_does_not_hang_on_how_often_somebody_looks(play: Make) -> None:
    often, once = play("bad-release"), play("bad-release")
    for _ in range(300):
        often.forward(1)
    once.forward(300)
    assert often.simulation.log == once.simulation.log


def test_at_the_start_the_bad_release_is_eight_minutes_old(play: Make) -> None:
    played = play("bad-release")
    bad = played.pods("7d9f8b6c4d")
    assert len(played.pods()) == 13
    assert len(bad) == 3
    for pod in bad:
        assert timedelta(minutes=7, seconds=50) < played.now - moment(pod["metadata"]["creationTimestamp"]) <= timedelta(minutes=8)
        assert state(pod)["restartCount"] >= 3
        ended = (state(pod)["lastState"] or state(pod)["state"])["terminated"]
        assert (ended["exitCode"], ended["reason"], ended["message"]) == (1, "Error", "KeyError: 'dp_epsilon'")
    assert ready(played.pods("tensafe-server")) == 3
    firsts: dict[str, str] = {}
    for happening in played.simulation.log:
        if happening["what"] == "crashed":
            firsts.setdefault(happening["object"], happening["at"])
    assert len(set(firsts.values())) == 3, "they fall one by one"


def test_speed_shrinks_real_time_and_nothing_else(play: Make) -> None:
    slow, fast = play("bad-release"), play("bad-release", speed=60.0)
    ages = [
        [(one.now - moment(pod["metadata"]["creationTimestamp"])) * speed for pod in one.pods("7d9f8b6c4d")]
        for one, speed in ((slow, 1), (fast, 60))
    ]
    assert all(abs(a - b) <= timedelta(seconds=61) for a, b in zip(*ages, strict=True))  # stamps are in whole seconds
    assert [h["object"] for h in slow.simulation.log] == [h["object"] for h in fast.simulation.log]


def test_undo_heals_and_a_second_undo_fails_again(play: Make) -> None:
    played = play("bad-release")
    edit(played, "tensafe-server", image("tensafe/server:2.8.0"))
    played.forward(60)
    assert revisions(played, "tensafe-server") == {40: 0, 42: 0, 43: 6}
    assert ready(played.pods("tensafe-server")) == 6
    assert played.simulation.log[-1]["what"] == "ready"
    edit(played, "tensafe-server", image("tensafe/server:2.8.1"))
    played.forward(120)
    assert revisions(played, "tensafe-server") == {40: 0, 43: 3, 44: 3}
    assert ready(played.pods("tensafe-server")) == 3
    assert [h["what"] for h in played.simulation.log if h["what"] in ("fault", "healed")] == ["fault", "healed", "fault"]


def test_the_figures_follow_the_fault_and_its_end(play: Make) -> None:
    played = play("bad-release")
    begun = played.now - timedelta(minutes=8)

    def figure(name: str, at: Any) -> float:
        return next(float(s.value) for s in played.simulation.series(at) if s.name == name)

    assert figure("error_rate", begun) == pytest.approx(0.4, rel=0.05)
    assert figure("error_rate", played.now) == pytest.approx(14.2, rel=0.05)
    assert figure("p95_latency", played.now) / 310 == pytest.approx(6.1, rel=0.05)
    assert 38 < figure("db_connections", begun + timedelta(minutes=2)) < figure("db_connections", played.now)
    edit(played, "tensafe-server", image("tensafe/server:2.8.0"))
    played.forward(180)
    assert figure("error_rate", played.now) == pytest.approx(0.4, rel=0.05)
    assert figure("error_rate", begun + timedelta(minutes=6)) == pytest.approx(14.2, rel=0.05), "the past stays as it was"


def test_a_rollout_never_has_fewer_or_more_pods_than_allowed(play: Make) -> None:
    played = play()
    edit(played, "api", image("api:2"))
    seen = set()
    for _ in range(600):
        played.forward(0.1)
        alive = [pod for pod in played.pods() if "deletionTimestamp" not in pod["metadata"]]
        assert len(alive) <= 4
        assert ready(alive) >= 3
        seen.add(played.world.get(DEPLOYMENTS, "shop", "api").object["status"].get("updatedReplicas", 0))
    assert seen == {1, 2, 3}
    assert {pod["spec"]["containers"][0]["image"] for pod in played.pods()} == {"api:2"}
    assert revisions(played, "api") == {1: 0, 2: 3}


def test_a_deleted_pod_goes_after_a_moment_and_is_replaced_at_once(play: Make) -> None:
    played = play()
    pod = played.pods()[0]
    version = played.world.version
    played.simulation.delete_pod("shop", pod["metadata"]["name"], None)
    played.forward(30)
    changes = [(c.type, c.after.object["metadata"]["name"]) for c in played.world.since(version) if c.after.resource is PODS]
    name = pod["metadata"]["name"]
    assert changes[0] == ("MODIFIED", name)
    assert changes[1][0] == "ADDED"
    assert ("DELETED", name) in changes
    assert ready(played.pods()) == 3
    assert len(played.pods()) == 3


def test_scaling_down_takes_the_unready_first(play: Make) -> None:
    played = play("bad-release")
    bad = played.pods("tensafe-worker")[1]
    node = played.world.copy(PODS, "tensafe", bad["metadata"]["name"])
    node["status"]["conditions"][2]["status"] = "False"
    played.world.put(PODS, node)
    edit(played, "tensafe-worker", replicas(1))
    played.forward(5)
    left = [pod["metadata"]["name"] for pod in played.pods("tensafe-worker")]
    assert len(left) == 1
    assert left != [bad["metadata"]["name"]]


@pytest.mark.parametrize(("to", "old", "new"), [(3, 2, 1), (2, 1, 1), (1, 0, 1), (0, 0, 0)])
def test_scaling_down_in_the_middle_of_a_rollout_takes_a_share_of_each(play: Make, to: int, old: int, new: int) -> None:
    played = play("bad-release")
    edit(played, "tensafe-server", replicas(to))
    played.forward(10)
    assert revisions(played, "tensafe-server") == {40: 0, 41: old, 42: new}


def test_a_stateful_set_brings_its_pods_back_under_their_names(play: Make) -> None:
    played = play("bad-release")
    uid = played.world.get(PODS, "tensafe", "tensafe-redis-0").object["metadata"]["uid"]
    played.simulation.delete_pod("tensafe", "tensafe-redis-0", 0)
    played.forward(20)
    back = played.world.get(PODS, "tensafe", "tensafe-redis-0").object
    assert back["metadata"]["uid"] != uid
    assert ready([back]) == 1
    assert played.world.get(STATEFULSETS, "tensafe", "tensafe-redis").object["status"]["readyReplicas"] == 1


def test_a_rollout_that_moves_no_more_is_called_stuck(play: Make) -> None:
    played = play("bad-release")
    played.forward(300)
    status = played.world.get(DEPLOYMENTS, "tensafe", "tensafe-server").object["status"]
    progressing = next(c for c in status["conditions"] if c["type"] == "Progressing")
    assert (progressing["status"], progressing["reason"]) == ("False", "ProgressDeadlineExceeded")
    assert "stuck" in [h["what"] for h in played.simulation.log]


def test_the_back_off_doubles(play: Make) -> None:
    played = play("bad-release")
    played.forward(900)
    times: dict[str, list[Any]] = {}
    for happening in played.simulation.log:
        if happening["what"] == "crashed":
            times.setdefault(happening["object"], []).append(moment(happening["at"]))
    for crashes in times.values():
        gaps = [(b - a).total_seconds() for a, b in pairwise(crashes)]
        # The restart after the first crash is at once; then 10, 20, 40 … up to 300 seconds, and a short life each time.
        waits = [0, 10, 20, 40, 80, 160, 300, 300, 300][: len(gaps)]
        assert all(wait < gap < wait + 25 for wait, gap in zip(waits, gaps, strict=True))


def test_events_have_all_three_shapes(play: Make) -> None:
    played = play("bad-release")
    events = [item.object for item in played.world.all(EVENTS)]
    counted = next(e for e in events if e["reason"] == "BackOff")
    assert counted["count"] > 1
    assert counted["eventTime"] is None
    assert counted["firstTimestamp"] < counted["lastTimestamp"]
    series = next(e for e in events if e["reason"] == "ConnectionPoolExhausted")
    assert series["lastTimestamp"] is None
    assert "count" not in series
    assert series["series"]["count"] == 19
    once = next(e for e in events if e["reason"] == "Scheduled")
    assert once["lastTimestamp"] is None
    assert "series" not in once
    assert len(once["eventTime"]) == len("2026-02-03T02:40:00.000000Z")


def test_events_are_gone_after_an_hour(play: Make) -> None:
    played = play("bad-release")
    name = next(item.key for item in played.world.all(EVENTS) if item.object["reason"] == "BackupFinished")
    played.forward(3600)
    assert played.world.get(EVENTS, *name) is None


@pytest.mark.parametrize(("how", "value"), [("replicas", "replicas = 1"), ("time", 'after = "60s"')])
def test_a_fault_heals_by_fewer_replicas_or_by_time(play: Make, how: str, value: str) -> None:
    played = play(CRASHING.replace("HOW", how).replace("VALUE", value))
    assert ready(played.pods()) == 3
    played.forward(30)
    assert ready(played.pods()) == 0
    assert state(played.pods()[0])["lastState"]["terminated"]["exitCode"] == 3
    if how == "replicas":
        edit(played, "api", replicas(1))
    played.forward(400)
    assert ready(played.pods()) == len(played.pods()) == (1 if how == "replicas" else 3)


def test_steps_do_what_they_say(play: Make) -> None:
    text = """
title = "All steps"
[world]
namespace = "shop"
nodes = ["node-1", "node-2"]
[[world.deployments]]
name = "api"
labels = { app = "api" }
replicas = 3
container = "api"
releases = [{ revision = 1, image = "api:1" }]
[[steps]]
at = "1s"
what = "crash"
deployment = "api"
pods = 2
times = 2
exit = 9
reason = "OOMKilled"
[[steps]]
at = "200s"
what = "delete"
deployment = "api"
[[steps]]
at = "230s"
what = "scale"
deployment = "api"
replicas = 4
[[steps]]
at = "260s"
what = "node"
node = "node-1"
ready = false
[[steps]]
at = "260s"
what = "endpoint"
path = "/health"
status = 503
[[steps]]
at = "260s"
what = "server"
status = 429
times = 2
path = "/pods"
[[steps]]
at = "300s"
what = "node"
node = "node-1"
ready = true
"""
    played = play(text)
    played.forward(150)
    ends = [state(pod)["lastState"].get("terminated", {}).get("reason") for pod in played.pods()]
    assert sorted(map(str, ends)) == ["None", "OOMKilled", "OOMKilled"]
    assert sorted(state(pod)["restartCount"] for pod in played.pods()) == [0, 2, 2]
    before = {pod["metadata"]["name"] for pod in played.pods()}
    played.forward(70)
    assert len(before & {pod["metadata"]["name"] for pod in played.pods()}) == 2
    played.forward(35)
    assert len(played.pods()) == 4
    played.forward(10)
    lost = [pod for pod in played.pods() if pod["spec"]["nodeName"] == "node-1"]
    assert ready(lost) == 0
    assert played.world.get(NODES, "", "node-1").object["status"]["conditions"][-1]["status"] == "Unknown"
    assert played.simulation.endpoints == {"/health": 503}
    assert [played.simulation.levers.refused("list", "/x/pods") is not None for _ in range(3)] == [True, True, False]
    played.forward(60)
    assert ready(played.pods()) == 4


def test_no_node_takes_a_pod_when_all_are_cordoned(play: Make) -> None:
    played = play()
    for item in played.world.all(NODES):
        node = copied(item.object)
        node["spec"]["unschedulable"] = True
        played.world.put(NODES, node)
    edit(played, "api", replicas(4))
    played.forward(20)
    pending = [pod for pod in played.pods() if pod["status"]["phase"] == "Pending"]
    assert len(pending) == 1
    assert pending[0]["status"]["conditions"][0]["reason"] == "Unschedulable"
    assert "FailedScheduling" in {item.object["reason"] for item in played.world.all(EVENTS)}


def test_what_a_deleted_deployment_owned_goes_with_it(play: Make) -> None:
    played = play()
    played.world.remove(DEPLOYMENTS, "shop", "api")
    played.forward(30)
    assert played.pods() == []
    assert played.world.all(REPLICASETS) == []


def test_many_pods_are_full_size_and_leave_the_rest_alone(play: Make) -> None:
    played = play(many=50)
    fill = played.world.all(PODS, "fill")
    assert len(fill) == 50
    assert 6_000 < len(fill[0].raw) < 9_000
    assert len({item.object["metadata"]["uid"] for item in fill}) == 50
    assert len(played.pods()) == 3
