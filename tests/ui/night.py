"""A console on a real room with a journal in memory: what is typed becomes entries."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from hand import T0, HandClock
from ui.console import CLUSTER, PODS, HandFeed, deployment, event, good
from warroom.core.acts import Act, Refusal
from warroom.core.acts.incident import Declare
from warroom.core.entries import Entry, RunbookText
from warroom.core.ports import JournalTrouble
from warroom.journal.memory import MemoryJournal
from warroom.library import default_runbook
from warroom.room import Room
from warroom.ui.app import WarRoomApp

TEXT, FILE = default_runbook()
RUNBOOK_TEXT = RunbookText(text=TEXT, sha256=sha256(TEXT.encode()).hexdigest(), file=FILE)
TITLE = "tensafe-server failing since release 2.8.1"


class FullJournal(MemoryJournal):
    """Can be told to take no more."""

    full = False

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()
        """Cleared, an append takes until it is set."""
        self.free.set()

    async def append(self, entries: Sequence[Entry], after: int) -> bool:
        await self.free.wait()
        if self.full:
            raise JournalTrouble("the disk is full: make room, nothing was written")
        return await super().append(entries, after)


class Night:
    """A room, its clock and the console in front of it."""

    def __init__(self, text: RunbookText = RUNBOOK_TEXT) -> None:
        self.clock, self.journal, self.text = HandClock(), FullJournal(), text
        self.room: Room

    async def open(self, who: str = "ada") -> "Night":
        self.room = await Room.open(self.journal, self.text, self.clock, who)
        return self

    async def does(self, *acts: Act, by: str = "") -> None:
        """As another console would."""
        room = await Room.open(self.journal, self.text, self.clock, by) if by else self.room
        for act in acts:
            answer = await room.do(act)
            assert not isinstance(answer, Refusal), answer.why

    async def declared(self, title: str = TITLE, severity: str | None = "P2", minutes: float = 16, **more: object) -> "Night":
        """Open, with an incident that began so long ago."""
        await self.open()
        began = T0 - timedelta(minutes=minutes)
        declare = Declare(title=title, runbook=self.text, severity=severity, alerted=began, cluster=CLUSTER, **more)  # type: ignore[arg-type]
        self.clock._now = began + timedelta(minutes=3)
        await self.does(declare)
        self.clock._now = T0
        return self

    def console(self, **options: object) -> WarRoomApp:
        feeds = [
            HandFeed("pods", good(PODS)),
            HandFeed("events", good((event("BackOff", "Back-off restarting failed container server", count=43),))),
            HandFeed("deployments", good((deployment(),))),
            HandFeed("cluster", good(CLUSTER)),
        ]
        app = WarRoomApp(self.room, feeds, self.clock, **{"theme": "dark", **options})  # type: ignore[arg-type]
        app.animation_level = "none"
        return app

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.room.incident.entries]
