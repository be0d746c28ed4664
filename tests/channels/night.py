"""A bad night: many messages, services with every fault, two consoles that are killed at random."""

import asyncio
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from journal.child import start
from warroom.clock import SystemClock
from warroom.core.acts import Act, Refusal
from warroom.core.acts.incident import Declare
from warroom.core.entries import Draft, MessageQueued, RunbookText
from warroom.core.incident import Incident
from warroom.core.outbox import Sending, outbox
from warroom.gameday.faults import FaultKind, Faults
from warroom.gameday.pagerduty import Pagerduty
from warroom.gameday.slack import Slack
from warroom.gameday.statuspage import Statuspage
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room
from warroom.runbook.model import Runbook

TOKEN = "night"
CHANCES: dict[FaultKind, float] = {
    "drop": 0.03,
    "lost": 0.04,
    "delay": 0.02,
    "stall": 0.02,
    "timeout": 0.03,
    "limit": 0.02,
    "limit_bare": 0.02,
    "busy": 0.03,
    "broke": 0.03,
}
LATE = 1.5
"""Seconds of a stall: longer than a console waits for an answer, shorter than it waits before it says something again."""
PLACES = (("#incident-active", 0.6), ("Status Page", 0.3), ("PagerDuty", 0.1))
GIVES_UP = 1500.0


@dataclass(frozen=True)
class Said:
    """What was asked for, how it ended, and how often each text arrived where."""

    sendings: tuple[Sending, ...]
    arrived: Counter[tuple[str, str]]
    kills: int
    faults: Counter[str]

    def wrong(self) -> list[str]:
        """What is lost, doubled, or told otherwise than it is."""
        found = []
        for one in self.sendings:
            times = self.arrived[(one.intent.service, one.intent.text)]
            sent = one.state in ("sent", "confirmed")
            if times > 1 or (sent and times != 1) or (not sent and one.state != "failed"):
                found.append(f"{one.intent.text} ({one.intent.service}): {one.state}, arrived {times} times; {one.why}")
        return found


@dataclass(frozen=True)
class Ask:
    facts: tuple[MessageQueued, ...]

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> tuple[Draft, ...]:
        return tuple(Draft(fact, now) for fact in self.facts)


async def night(folder: Path, sends: int, seed: int, kill_every: float, at_once: int = 10) -> Said:
    rng, clock = random.Random(seed), SystemClock()
    faults = [Faults(CHANCES, seed + n, LATE) for n in range(3)]
    chat = Slack(clock.now, TOKEN, faults=faults[0], burst=0)
    page = Statuspage(clock.now, TOKEN, faults=faults[1], a_minute=0)
    pager = Pagerduty(clock.now, TOKEN, faults=faults[2], a_minute=0, people=())
    journal = folder / "night.sqlite"
    async with served(chat, page, pager) as urls, SqliteJournal.open(journal, asyncio.sleep) as file:
        room = await Room.open(file, RunbookText(text="# Book\n", sha256="a" * 64), clock, "ada")
        text = RunbookText(text="# Book\n", sha256="a" * 64)
        await done(room, Declare(title="a bad night", runbook=text, drill=True, pagerduty=pager.alert("a bad night")))
        where = rng.choices([name for name, _ in PLACES], [share for _, share in PLACES], k=sends)
        facts = [
            MessageQueued(name="Update", channel=channel, text=f"message {n} [{channel}]", key=f"m{n}", public=channel == "Status Page")
            for n, channel in enumerate(where)
        ]
        kills = await killing(room, journal, urls, facts, rng, kill_every, at_once)
        await asyncio.sleep(LATE)  # what was asked for last may still come, and must not be one too many
        arrived = Counter[tuple[str, str]]()
        arrived.update(("slack", str(one["text"])) for found in chat.messages.values() for one in found)
        arrived.update(("statuspage", update["body"]) for one in page.incidents for update in one["incident_updates"])
        arrived.update(("pagerduty", note["content"]) for one in pager.incidents for note in one["notes"])
        met = Counter[str]()
        for one in faults:
            met.update(one.met)
        return Said(outbox(room.incident), arrived, kills, met)


async def killing(
    room: Room, journal: Path, urls: tuple[str, ...], facts: list[MessageQueued], rng: random.Random, every: float, at_once: int
) -> int:
    """Asks for the messages bit by bit while consoles come and go, until each is settled; gives how many were killed."""
    kills, names = 0, iter(range(10_000))

    def console() -> subprocess.Popen[str]:
        return start("channels.console", journal, f"console-{next(names)}", TOKEN, *urls)

    consoles = [console(), console()]
    try:
        async with asyncio.timeout(GIVES_UP):
            while facts or any(one.state == "queued" for one in outbox(room.incident)):
                batch, facts = facts[:at_once], facts[at_once:]
                if batch:
                    await done(room, Ask(tuple(batch)))
                await asyncio.sleep(every * rng.uniform(0.5, 1.5))
                await room.catch_up()
                assert all(one.poll() is None for one in consoles), "a console ended by itself"
                if batch:
                    n = rng.randrange(2)
                    consoles[n].kill()
                    await asyncio.to_thread(consoles[n].wait)
                    consoles[n], kills = console(), kills + 1
    finally:
        for one in consoles:
            one.kill()
            one.wait()
    return kills


async def done(room: Room, act: Act) -> None:
    assert not isinstance(await room.do(act), Refusal)


@asynccontextmanager
async def served(chat: Slack, page: Statuspage, pager: Pagerduty) -> AsyncIterator[tuple[str, ...]]:
    async with AsyncExitStack() as stack:
        urls = []
        for app, path in ((chat.app(), "/api"), (page.app(), "/v1"), (pager.app(), "")):
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            address: Any = runner.addresses[0]
            urls.append(f"http://127.0.0.1:{address[1]}{path}")
        yield tuple(urls)


def main() -> None:
    """The whole of it: python -m channels.night FOLDER SENDS SEED."""
    said = asyncio.run(night(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), kill_every=8.0, at_once=25))
    states = Counter(one.state for one in said.sendings)
    print(f"{len(said.sendings)} sends, {said.kills} kills, {dict(states)}, {len(said.wrong())} wrong")
    print(f"faults: {dict(said.faults)}")
    for line in said.wrong():
        print(line)


if __name__ == "__main__":
    main()
