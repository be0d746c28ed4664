"""A console on a room and feeds that tests drive by hand, under Pilot."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from textual.pilot import Pilot

from hand import T0, HandClock
from warroom.core.acts import Act, Refusal
from warroom.core.entries import Entry, RunbookText
from warroom.core.incident import Incident
from warroom.core.ports import JournalTrouble
from warroom.core.readings import Cluster, ClusterEvent, Container, Deployment, Pod, Reading, Revision
from warroom.runbook.model import Declaration, Item, Phase, Role, Runbook, Severity
from warroom.ui.app import WarRoomApp

if TYPE_CHECKING:
    from warroom.room import Room

RUNBOOK = Runbook(
    title="TenSafe",
    roles=(Role(name="Incident Commander", abbreviation="IC"),),
    declaration=Declaration(triggers=(Item(id="trigger/down", text="Service is completely unavailable", line=9),)),
    severities=(
        Severity(
            level="P1",
            rank=1,
            name="Critical",
            criteria=(Item(id="p1/down", text="Complete outage", line=20), Item(id="p1/loss", text="Data loss", line=21)),
        ),
        Severity(level="P2", rank=2, name="High", criteria=(Item(id="p2/errors", text="Error rate > 10%", line=30),)),
    ),
    phases=(Phase(title="Triage", steps=(Item(id="triage/look", text="Look at the pods", line=40),)), Phase(title="Investigation")),
)
CLUSTER = Cluster(context="prod-eu-1", server="https://127.0.0.1:6443", namespaces=("tensafe",))


def pod(name: str, state: str = "Running", restarts: int = 0, minutes: float = 21) -> Pod:
    """A pod of one container in a state; it is ready when it runs."""
    created = T0 - timedelta(minutes=minutes)
    container = Container(name="server", image="tensafe/server:2.8.1", ready=state == "Running", restarts=restarts, state=state)
    owner, _, _ = name.rpartition("-")
    return Pod(
        key=f"tensafe/{name}",
        namespace="tensafe",
        name=name,
        uid=name,
        created=created,
        phase="Running",
        node="node-1",
        owner=f"ReplicaSet/{owner}",
        template_hash="",
        containers=(container,),
    )


def event(
    reason: str, message: str, warning: bool = True, seconds: float = 4, count: int = 1, object: str = "tensafe-server-x2v9k"
) -> ClusterEvent:
    return ClusterEvent(
        key=f"{reason}/{object}",
        namespace="tensafe",
        warning=warning,
        reason=reason,
        kind="Pod",
        object=object,
        message=message,
        count=count,
        at=T0 - timedelta(seconds=seconds),
    )


def deployment(name: str = "tensafe-server") -> Deployment:
    revisions = tuple(
        Revision(
            number=42 - n,
            name=f"{name}-{n}",
            template_hash=str(n),
            created=T0 - timedelta(minutes=21 + 9000 * n),
            images=(("server", f"tensafe/server:2.8.{1 - n}"),),
            replicas=6,
        )
        for n in range(2)
    )
    return Deployment(
        key=f"tensafe/{name}", namespace="tensafe", name=name, replicas=6, ready=3, updated=3, revision=42, revisions=revisions
    )


PODS = (pod("tensafe-server-7d9f8b6c4d-x2v9k", "CrashLoopBackOff", 7), pod("tensafe-server-6b5f9c7d88-2lq7w"), pod("tensafe-redis-0"))


class HandRoom:
    """A room whose incident a test sets; it remembers what was asked for."""

    def __init__(self, incident: Incident | None = None, runbook: Runbook = RUNBOOK) -> None:
        self.incident = incident or Incident()
        self.runbook = self.next_runbook = runbook
        self.who = "ada"
        self.text = RunbookText(text="# TenSafe\n", sha256="a" * 64, file="tensafe.md")
        self.asked = list[Act]()
        self.answer: Refusal | JournalTrouble | tuple[Entry, ...] = ()
        self._news: asyncio.Queue[Incident] = asyncio.Queue()

    @property
    def incidents(self) -> dict[str, Incident]:
        return {self.incident.id: self.incident} if self.incident.id else {}

    async def do(self, act: Act, by: str = "") -> tuple[Entry, ...] | Refusal:
        self.asked.append(act)
        if isinstance(self.answer, JournalTrouble):
            raise self.answer
        return self.answer

    async def follow(self) -> AsyncIterator[Incident]:
        yield self.incident
        while True:
            self.incident = await self._news.get()
            yield self.incident

    def becomes(self, incident: Incident) -> None:
        self._news.put_nowait(incident)


class HandFeed:
    """Yields the readings that a test gives it, until it is closed."""

    def __init__(self, field: str, *readings: Reading[Any]) -> None:
        self.field = field
        self._queue: asyncio.Queue[Reading[Any]] = asyncio.Queue()
        for reading in readings:
            self.give(reading)

    def give(self, reading: Reading[Any]) -> None:
        self._queue.put_nowait(reading)

    async def readings(self) -> AsyncIterator[Reading[Any]]:
        while True:
            yield await self._queue.get()


def good(value: Any, at: datetime = T0) -> Reading[Any]:
    return Reading(value, at)


def declared(**fields: Any) -> Incident:
    """An incident of sixteen minutes, P2, in its second phase."""
    given: dict[str, Any] = {
        "id": "INC-0142",
        "title": "tensafe-server failing since release 2.8.1",
        "severity": "P2",
        "rank": 2,
        "phase": 2,
        "cluster": CLUSTER,
        "alerted": T0 - timedelta(seconds=966),
        "declared": T0 - timedelta(seconds=800),
        "roles": {"Incident Commander": "ada"},
    }
    return Incident(**{**given, **fields})


def console(room: HandRoom, hand: HandClock, feeds: Sequence[HandFeed] | None = None, **options: Any) -> WarRoomApp:
    """A quiet console: no animation, the clock of the hand, and pods that are known unless `feeds` says otherwise."""
    known = [HandFeed("pods", good(PODS)), HandFeed("events", good(()))] if feeds is None else feeds
    app = WarRoomApp(cast("Room", room), list(known), hand, **{"theme": "dark", **options})
    app.animation_level = "none"
    return app


async def until(pilot: Pilot[None], reached: Callable[[], bool]) -> None:
    """Waits for a state, never for a time; the time-out of the test is the only limit."""
    while not reached():
        assert pilot.app.is_running
        await pilot.pause()
    await pilot.pause()


async def forward(pilot: Pilot[None], hand: HandClock, seconds: float) -> None:
    app = pilot.app
    assert isinstance(app, WarRoomApp)
    await hand.forward(seconds)
    app.beat()
    await pilot.pause()


def text_of(app: WarRoomApp, selector: str) -> list[str]:
    """The lines of a widget, as they are painted."""
    widget = app.screen.query_one(selector)
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
