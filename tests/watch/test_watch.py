"""The watch and the verdicts, on a memory journal and a clock driven by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from core.story import TEXT
from core.test_observations import failing
from core.test_verdicts import BOOK, deployment
from hand import T0, HandClock, turns
from warroom.core.acts.incident import Close, Declare
from warroom.core.entries import Entry, Observed, WatchTaken
from warroom.core.ports import JournalTrouble, Present
from warroom.core.readings import Lease, Reading, Series, World
from warroom.core.severity import suggest
from warroom.journal.memory import MemoryJournal
from warroom.room import Room
from warroom.watch.duty import BY, Watch
from warroom.watch.verdicts import VerdictsFeed
from warroom.watch.view import View


class OneLease:
    """Whoever asked first has it, until a test gives it to another."""

    def __init__(self) -> None:
        self.number, self.id, self.holder = 0, "", ""
        self.asked = list[str]()
        self.fails = False

    async def ask(self, me: Present, now: datetime, *, wants: bool = True, least: int = 0) -> Lease:
        if self.fails:
            raise JournalTrouble("the side file is locked")
        self.asked.append(me.id)
        if not self.id:
            self.number, self.id, self.holder = max(self.number, least) + 1, me.id, me.holder
        return Lease(self.number, self.holder, mine=self.id == me.id, consoles=2)

    def leave(self, me: Present) -> None:
        if self.id == me.id:
            self.id = ""


class Post:
    """A console without a screen."""

    def __init__(self, room: Room, clock: HandClock, leases: OneLease, name: str) -> None:
        self.view, self.room, self.told = View(), room, list[Entry]()
        self.watch = Watch(room, self.view, leases, Present(name, f"{name}@host"), clock, clock, clock.sleep, self.told.append)
        self.verdicts = VerdictsFeed(self.view, room, clock, clock.sleep)
        self.readings = list[Reading[Any]]()

    async def reads(self, feed: Any) -> None:
        async with aclosing(feed.readings()) as readings:
            async for reading in readings:
                self.view.take(feed.field, reading)
                self.readings.append(reading)

    @property
    def saw(self) -> list[str]:
        return [entry.fact.what for entry in self.told if isinstance(entry.fact, Observed)]


class Host:
    def __init__(self) -> None:
        self.clock, self.journal, self.leases = HandClock(), MemoryJournal(), OneLease()

    async def room(self, who: str) -> Room:
        return await Room.open(self.journal, TEXT, self.clock, who, read=lambda _: BOOK)

    @asynccontextmanager
    async def post(self, name: str) -> AsyncIterator[Post]:
        room = await self.room(name)
        post = Post(room, self.clock, self.leases, name)

        async def follow() -> None:
            async for _ in room.follow():
                pass

        tasks = [asyncio.create_task(work) for work in (post.reads(post.verdicts), post.reads(post.watch), follow())]
        try:
            await turns(50)
            yield post
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def declares(self) -> None:
        room = await self.room("ada")
        await room.do(Declare(title="API down", runbook=TEXT))
        await turns(50)


def world(at: datetime, share: float, ready: int = 6) -> World:
    errors = Series(id="errors", title="Error rate", unit="ratio", value=share, at=at)
    return World(metrics=Reading((errors,), at), deployments=Reading((deployment(ready),), at))


async def passes(host: Host, post: Post, seconds: int, share: float, ready: int = 6) -> None:
    """A world that is read every 15 seconds."""
    for _ in range(seconds // 15):
        seen = world(host.clock.now(), share, ready)
        post.view.take("metrics", seen.metrics)
        post.view.take("deployments", seen.deployments)
        await host.clock.forward(15)


async def test_a_breach_becomes_a_suggestion_and_clears_with_hysteresis() -> None:
    host = Host()
    await host.declares()
    async with host.post("ada") as post:
        await passes(host, post, 60, 0.003)
        await passes(host, post, 300, 0.142)
        assert suggest(BOOK, post.room.incident).level is None
        await passes(host, post, 30, 0.142)
        found = suggest(BOOK, post.room.incident)
        assert (found.level, found.reasons) == ("P2", ("error rate 14.2 % > 10 % for 5 min",))
        await passes(host, post, 300, 0.003)
        assert post.room.incident.measured["p2"].fact.verdict == "true"  # type: ignore[union-attr]
        await passes(host, post, 30, 0.003)
        assert post.room.incident.measured["p2"].fact.verdict == "false"  # type: ignore[union-attr]
        assert {entry.by for entry in post.told} == {BY}


async def test_two_consoles_write_once() -> None:
    host = Host()
    await host.declares()
    async with host.post("ada") as ada, host.post("kim") as kim:
        for post in (ada, kim):
            post.view.take("pods", Reading((failing("a"), failing("b")), host.clock.now()))
        await host.clock.forward(5)
        assert ada.saw.count("pod") == 2
        assert kim.told == []
        kinds = [entry.kind for entry in ada.room.incident.entries]
        assert kinds.count("watch_taken") == 1
        assert kinds.count("observed") == len(ada.saw)


async def test_the_next_takes_over_and_the_one_before_falls_silent() -> None:
    host = Host()
    await host.declares()
    async with host.post("ada") as ada, host.post("kim") as kim:
        await host.clock.forward(5)
        host.leases.number, host.leases.id, host.leases.holder = 2, "kim", "kim@host"
        await host.clock.forward(12)
        assert [entry.fact.number for entry in kim.room.incident.entries if isinstance(entry.fact, WatchTaken)] == [1, 2]
        before = len(ada.told)
        ada.view.take("pods", Reading((failing("a"),), host.clock.now()))
        kim.view.take("pods", Reading((failing("a"),), host.clock.now()))
        await host.clock.forward(12)
        assert len(ada.told) == before
        assert kim.saw.count("pod") == 1


async def test_a_watch_that_slept_is_fenced_by_its_number() -> None:
    host = Host()
    await host.declares()
    async with host.post("ada") as ada:
        await host.clock.forward(3)
        other = await host.room("kim")
        from warroom.core.acts.observations import Observe

        await other.do(Observe(2, "kim@host"), by=BY)
        host.leases.id, host.leases.number = "kim", 2
        ada.view.take("pods", Reading((failing("a"),), host.clock.now()))
        await host.clock.forward(3)
        assert ada.saw.count("pod") == 0
        assert ada.watch._lease is not None
        assert not ada.watch._lease.mine


async def test_who_leaves_hands_the_watch_on() -> None:
    host = Host()
    async with host.post("ada"):
        assert host.leases.id == "ada"
    assert host.leases.id == ""


async def test_a_lease_that_cannot_be_had_is_told_and_tried_again() -> None:
    host = Host()
    host.leases.fails = True
    await host.declares()
    async with host.post("ada") as ada:
        assert ada.view.world.watch.trouble.startswith("no watch\nthe side file is locked")
        host.leases.fails = False
        await host.clock.forward(2)
        assert ada.view.world.watch.value == Lease(1, "ada@host", mine=True, consoles=2)
        assert ada.view.world.watch.trouble == ""


async def test_it_asks_every_ten_seconds_and_at_once_when_it_begins_to_see() -> None:
    host = Host()
    async with host.post("ada") as ada:
        await host.clock.forward(29)
        assert len(host.leases.asked) == 3
        ada.view.take("pods", Reading((), host.clock.now()))
        await host.clock.forward(1)
        assert len(host.leases.asked) == 4
        assert ada.watch.me.sees


async def test_nothing_is_written_without_an_incident_or_after_it() -> None:
    host = Host()
    async with host.post("ada") as ada:
        ada.view.take("pods", Reading((failing("a"),), host.clock.now()))
        await host.clock.forward(5)
        assert ada.told == []
        await host.declares()
        await host.clock.forward(2)
        assert ada.saw.count("pod") == 1
        await (await host.room("kim")).do(Close(not_an_incident=True))
        ada.view.take("pods", Reading((failing("b"),), host.clock.now()))
        await host.clock.forward(5)
        assert ada.saw.count("pod") == 1


async def test_the_same_verdicts_are_the_same_value() -> None:
    host = Host()
    async with host.post("ada") as ada:
        await passes(host, ada, 60, 0.003)
        values = [reading.value for reading in ada.readings if reading.value and isinstance(reading.value, tuple)]
        assert len(values) > 5
        assert len({id(value) for value in values}) <= 2


class FastClock(HandClock):
    """A scenario sixty times as fast as what the world stamps."""

    def of(self, real: datetime) -> datetime:
        return T0 + (real - T0) * 60


async def test_samples_of_a_fast_scenario_leave_no_gaps() -> None:
    host = Host()
    host.clock = FastClock()
    async with host.post("ada") as ada:
        for share in (0.0, 0.2, 0.2, 0.2):
            seen = world(host.clock.now(), share)
            ada.view.take("metrics", seen.metrics)
            host.clock._now += timedelta(seconds=295)
            await host.clock.forward(5)
        assert next(one.verdict for one in ada.view.world.verdicts.value if one.id == "p2") == "true"
