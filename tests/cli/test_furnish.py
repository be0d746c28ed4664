"""What the console is built from, and that it never shows another cluster than the incident's."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import kubeconfig
from hand import HandClock
from warroom.cli.flags import Flags
from warroom.cli.furnish import Guarded, OneCluster, ReadOnlyRoom, cluster_feeds
from warroom.cli.out import Mistake
from warroom.core.acts import Refusal
from warroom.core.acts.incident import Declare
from warroom.core.acts.timeline import Note
from warroom.core.entries import RunbookText
from warroom.core.readings import Cluster, Pod, Reading
from warroom.journal.memory import MemoryJournal
from warroom.room import Room

OWN = RunbookText(text="# Ours\n", sha256="0" * 64)
OURS = Cluster(context="prod", server="https://a", namespaces=("shop",), uid="1")
OTHER = Cluster(context="test", server="https://b", namespaces=("shop",), uid="2")


class Told:
    """A feed that says what it was given."""

    def __init__(self, field: str, *readings: Reading[Any]) -> None:
        self.field = field
        self._readings = readings
        self.asked = 0

    def ask_again(self) -> None:
        self.asked += 1

    async def readings(self) -> AsyncIterator[Reading[Any]]:
        for reading in self._readings:
            yield reading


async def room_of(hand: HandClock, cluster: Cluster | None = None, kind: type[Room] = Room) -> Room:
    room = await kind.open(MemoryJournal(), OWN, hand, "ada")
    await Room.do(room, Declare(title="x", runbook=OWN, cluster=cluster))
    return room


async def read(feed: Guarded) -> list[Reading[Any]]:
    return [reading async for reading in feed.readings()]


async def test_an_incident_without_a_cluster_gets_the_one_that_is_read(hand: HandClock) -> None:
    room = await room_of(hand)
    await read(Guarded(Told("cluster", Reading(None), Reading(OURS, at=hand.now())), OneCluster(room)))
    assert room.incident.cluster == OURS
    assert [entry.kind for entry in room.incident.entries] == ["declared", "cluster_pinned"]


async def test_a_reading_in_trouble_pins_nothing(hand: HandClock) -> None:
    room = await room_of(hand)
    await read(Guarded(Told("cluster", Reading(OURS, at=hand.now(), trouble="stale")), OneCluster(room)))
    assert room.incident.cluster is None


async def test_without_an_incident_nothing_is_pinned(hand: HandClock) -> None:
    room = await Room.open(MemoryJournal(), OWN, hand, "ada")
    await read(Guarded(Told("cluster", Reading(OURS, at=hand.now())), OneCluster(room)))
    assert not room.incidents


async def test_what_another_cluster_says_is_not_shown(hand: HandClock) -> None:
    room = await room_of(hand, OTHER)
    cluster = OneCluster(room)
    (told,) = await read(Guarded(Told("cluster", Reading(OURS, at=hand.now())), cluster))
    assert told.value is None
    assert told.trouble.startswith("other cluster\n")
    pod = Pod("k", "shop", "a", "1", None, "Running", "n", "", "", ())
    (pods,) = await read(Guarded(Told("pods", Reading((pod,), at=hand.now())), cluster))
    assert pods.value == ()
    assert "https://b" in pods.trouble
    assert room.incident.cluster == OTHER


async def test_what_the_pinned_cluster_says_is_passed_on_untouched(hand: HandClock) -> None:
    room = await room_of(hand, OURS)
    reading = Reading(OURS, at=hand.now())
    told = Told("cluster", reading)
    feed = Guarded(told, OneCluster(room))
    assert await read(feed) == [reading]
    feed.ask_again()
    assert told.asked == 1


async def test_a_console_that_only_looks_changes_nothing(hand: HandClock) -> None:
    room = await room_of(hand, kind=ReadOnlyRoom)
    decision = await room.do(Note("x"))
    assert isinstance(decision, Refusal)
    assert "--read-only" in decision.why
    assert len(room.incident.entries) == 1
    await read(Guarded(Told("cluster", Reading(OURS, at=hand.now())), OneCluster(room)))
    assert room.incident.cluster is None


async def test_another_cluster_in_the_kubeconfig_than_the_pinned_one_ends_it(hand: HandClock, tmp_path: Path) -> None:
    file = kubeconfig(tmp_path / "config", "https://b", context="prod")
    room = await room_of(hand, OURS)
    with pytest.raises(Mistake, match="pinned to prod at https://a"):
        cluster_feeds(Flags.read({"kubeconfig": str(file)}), room, hand)


async def test_without_a_kubeconfig_the_console_still_has_its_feeds(hand: HandClock) -> None:
    feeds = cluster_feeds(Flags.read({}), await room_of(hand), hand)
    assert {feed.field for feed in feeds} >= {"cluster", "pods", "events", "deployments"}
