"""The watch: of all consoles on one journal, one writes down what it sees."""

import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from warroom.core.acts import Act, Refusal
from warroom.core.acts.handover import ChangeOver, changing
from warroom.core.acts.observations import Observe
from warroom.core.acts.paging import WatchDeadlines
from warroom.core.entries import Entry
from warroom.core.observations import observations
from warroom.core.paging import calling
from warroom.core.ports import Clock, JournalTrouble, Leases, Present, Sleep
from warroom.core.readings import Lease, Reading
from warroom.core.team import Team
from warroom.room import Room
from warroom.watch.view import View

BY = "watch"
"""Who has written what nobody typed."""
BEAT = timedelta(seconds=10)
"""How often we say that we are here."""
EVERY = 1.0
"""Seconds between two looks."""
ASLEEP = timedelta(seconds=60)
"""Who has not looked for so long has slept, or was given another time."""


@dataclass
class Watch:
    """A feed of who is on watch. While that is us, what is seen becomes entries, for each of which `tell` is called.

    `real` tells the time by which consoles fall silent: a scenario's is faster.
    """

    room: Room
    view: View
    leases: Leases
    me: Present
    clock: Clock
    real: Clock
    sleep: Sleep
    tell: Callable[[Entry], None] = lambda _: None
    team: Team = dataclasses.field(default_factory=Team)
    levels: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """The number of a contact's level at the paging service, where it is not that in its name."""
    field = "watch"

    def __post_init__(self) -> None:
        self._lease: Lease | None = None
        self._asked: datetime | None = None
        self._looked: datetime | None = None
        self._since = self.clock.now()

    async def readings(self) -> AsyncIterator[Reading[Lease | None]]:
        told: Reading[Lease | None] | None = None
        try:
            while True:
                trouble = ""
                try:
                    await self._ask()
                    await self._write()
                    await self._escalate()
                    await self._change_over()
                except JournalTrouble as failed:  # it is tried again in a second, and told meanwhile
                    trouble = f"no watch\n{failed}"
                if told is None or (told.value, told.trouble) != (self._lease, trouble):
                    told = Reading(self._lease, self.clock.now(), trouble)
                    yield told
                await self.sleep(EVERY)
        finally:
            self.leave()

    def leave(self) -> None:
        try:
            self.leases.leave(self.me)
        except JournalTrouble:  # then the others wait for our silence
            return

    async def _ask(self) -> None:
        now = self.real.now()
        newer = self._lease is not None and self._lease.mine and self.room.incident.watch > self._lease.number
        if self._asked is not None and now - self._asked < BEAT and not newer and self.me.sees == self.view.sees:
            return
        self._lease, self._asked = None, None
        self.me = replace(self.me, sees=self.view.sees)
        self._lease = await self.leases.ask(self.me, now, least=self.room.incident.watch)
        self._asked = now

    async def _write(self) -> None:
        incident, lease = self.room.incident, self._lease
        if lease is None or not lease.mine or not incident.open:
            return
        found = observations(self.room.runbook, incident, self.view.world, self.clock.now())
        if not found and incident.watch == lease.number:
            return
        await self._do(Observe(lease.number, lease.holder, found))

    async def _escalate(self) -> None:
        """Announces what is overdue, and asks for the page when its minute is over."""
        incident, lease, now = self.room.incident, self._lease, self.real.now()
        if lease is None or not lease.mine or not incident.open:
            self._looked = None
            return
        if self._looked is None or not timedelta(0) <= now - self._looked <= ASLEEP:
            self._since = self.clock.now()  # what came due while nobody looked is late
        self._looked = now
        if calling(self.room.runbook, incident, self.clock.now()):
            await self._do(WatchDeadlines(lease.number, lease.holder, self._since, self.levels))

    async def _change_over(self) -> None:
        incident, lease = self.room.incident, self._lease
        if lease is not None and lease.mine and incident.open and changing(incident, self.room.runbook, self.team, self.clock.now()):
            await self._do(ChangeOver(lease.number, self.team))

    async def _do(self, act: Act) -> None:
        answer = await self.room.do(act, by=BY)
        if isinstance(answer, Refusal):
            return  # somebody closed it, or took over: the next look knows
        for entry in answer:
            self.tell(entry)
