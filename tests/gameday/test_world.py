"""Objects, versions, and the log of changes."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from warroom.gameday import world as worlds
from warroom.gameday.agenda import Agenda
from warroom.gameday.asks import ask
from warroom.gameday.resources import DEPLOYMENTS, EVENTS, NEW_EVENTS, PODS, Json
from warroom.gameday.statuses import Refused
from warroom.gameday.world import World

NOW = datetime(2026, 2, 3, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World(random.Random(1), lambda: NOW, version=100)


def pod(name: str, **more: Any) -> Json:
    return {"metadata": {"name": name, "namespace": "n"}, "spec": {}, **more}


def test_every_change_has_the_next_version(world: World) -> None:
    made = world.add(PODS, pod("a"))
    assert made["metadata"]["resourceVersion"] == "101"
    assert made["metadata"]["creationTimestamp"] == "2026-02-03T00:00:00Z"
    fresh = world.copy(PODS, "n", "a")
    assert fresh is not None
    fresh["spec"]["x"] = 1
    world.put(PODS, fresh)
    world.remove(PODS, "n", "a")
    assert [(c.type, c.version, c.after.object["metadata"]["resourceVersion"]) for c in world.since(100)] == [
        ("ADDED", 101, "101"),
        ("MODIFIED", 102, "102"),
        ("DELETED", 103, "103"),
    ]
    assert [c.version for c in world.since(102)] == [103]
    assert made["spec"] == {}, "what was handed out before has not changed"


def test_putting_what_is_there_already_changes_nothing(world: World) -> None:
    world.add(PODS, pod("a"))
    same = world.copy(PODS, "n", "a")
    assert same is not None
    world.put(PODS, same)
    assert world.version == 101
    world.put(PODS, pod("gone"))
    assert world.get(PODS, "n", "gone") is None
    assert world.remove(PODS, "n", "gone") is None


def test_objects_stand_in_the_order_of_their_keys(world: World) -> None:
    for name in ("b", "a", "c"):
        world.add(PODS, pod(name))
    other = pod("z")
    other["metadata"]["namespace"] = "m"
    world.add(PODS, other)
    assert [item.key for item in world.all(PODS)] == [("m", "z"), ("n", "a"), ("n", "b"), ("n", "c")]
    assert [item.key[1] for item in world.all(PODS, "n")] == ["a", "b", "c"]
    assert world.all(PODS, "none") == []
    world.remove(PODS, "n", "b")
    assert [item.key[1] for item in world.all(PODS, "n")] == ["a", "c"]


def test_owners_find_what_is_theirs(world: World) -> None:
    owner = world.add(DEPLOYMENTS, pod("d"))
    mine = pod("a")
    mine["metadata"]["ownerReferences"] = [{"uid": owner["metadata"]["uid"]}]
    world.add(PODS, mine)
    world.add(PODS, pod("b"))
    assert [object["metadata"]["name"] for object in world.owned(PODS, owner)] == ["a"]


def test_the_log_forgets_its_beginning(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "REMEMBERED", 10)
    for n in range(11):
        world.add(PODS, pod(f"p{n}"))
    assert world.forgotten == 105
    assert [c.version for c in world.since(105)] == [106, 107, 108, 109, 110, 111]
    world.forget()
    assert world.forgotten == 111
    assert list(world.since(111)) == []


def test_both_apis_of_events_have_one_store(world: World) -> None:
    world.add(EVENTS, pod("e"))
    assert world.get(NEW_EVENTS, "n", "e") is world.get(EVENTS, "n", "e")


def test_acts_happen_in_order_at_their_own_moment() -> None:
    agenda = Agenda(NOW, speed=2.0)
    seen: list[tuple[str, float]] = []

    def act(name: str) -> None:
        seen.append((name, (agenda.now - NOW).total_seconds()))
        if name == "b":
            agenda.after(1, lambda: act("c"))

    agenda.after(10, lambda: act("d"))
    agenda.after(4, lambda: act("b"))
    agenda.after(4, lambda: act("b2"))
    agenda.advance(NOW + agenda.span(20))
    assert seen == [("b", 2.0), ("b2", 2.0), ("c", 2.5), ("d", 5.0)]
    assert agenda.now == NOW + agenda.span(20)
    agenda.advance(NOW)
    assert agenda.now == NOW + agenda.span(20), "time never goes back"


@pytest.mark.parametrize(
    ("method", "path", "query", "wanted"),
    [
        ("GET", "/api/v1/pods", {}, ("list", "pods", "", "", "")),
        ("GET", "/api/v1/namespaces/n/pods", {"watch": "true"}, ("watch", "pods", "n", "", "")),
        ("GET", "/api/v1/namespaces/n/pods/a", {}, ("get", "pods", "n", "a", "")),
        ("GET", "/api/v1/namespaces/n", {}, ("get", "namespaces", "", "n", "")),
        ("GET", "/api/v1/namespaces", {}, ("list", "namespaces", "", "", "")),
        ("PATCH", "/apis/apps/v1/namespaces/n/deployments/d/scale", {}, ("patch", "deployments", "n", "d", "scale")),
        ("DELETE", "/api/v1/namespaces/n/pods", {}, ("deletecollection", "pods", "n", "", "")),
        ("GET", "/api/v1/nodes/x", {}, ("get", "nodes", "", "x", "")),
    ],
)
def test_paths(method: str, path: str, query: dict[str, str], wanted: tuple[str, ...]) -> None:
    got = ask(method, path, query, "")
    assert (got.verb, got.resource.plural, got.namespace, got.name, got.sub) == wanted


@pytest.mark.parametrize("path", ["/", "/api/v2/pods", "/apis/apps/v1/pods", "/api/v1/namespaces/n/nodes", "/api/v1/pods/a/b/c/d"])
def test_paths_that_mean_nothing(path: str) -> None:
    with pytest.raises(Refused):
        ask("GET", path, {}, "")
