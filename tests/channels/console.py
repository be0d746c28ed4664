"""A console that only sends, in a process of its own, until somebody kills it.

It hurries: where a real one waits for a minute, it waits for a second or two.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from warroom.channels.outbox import Outbox, Pace
from warroom.channels.pagerduty import Pagerduty
from warroom.channels.slack import Slack
from warroom.channels.statuspage import Statuspage
from warroom.channels.web import Web
from warroom.clock import SystemClock
from warroom.core.entries import RunbookText
from warroom.core.outbox import Service
from warroom.core.ports import Channel, Present
from warroom.gameday.pagerduty import SENDER
from warroom.gameday.statuspage import PAGE
from warroom.journal.senders import SideSenders
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room

PATIENCE = 0.7
HURRIED = Pace(look=0.05, first=0.05, longest=0.5, settles=3.0, down=10_000.0, stale=10_000.0)
SILENCE = timedelta(seconds=4)


async def send(journal: Path, name: str, token: str, slack: str, page: str, pager: str) -> None:
    web, clock = Web(patience=PATIENCE), SystemClock()
    channels: dict[Service, Channel] = {
        "slack": Slack(web, token, slack),
        "statuspage": Statuspage(web, token, PAGE, page),
        "pagerduty": Pagerduty(token, sender=SENDER, address=pager, patience=PATIENCE),
    }
    async with SqliteJournal.open(journal, asyncio.sleep) as file:
        room = await Room.open(file, RunbookText(text="# Book\n", sha256="a" * 64), clock, name)
        sender = Outbox(
            room,
            channels,
            SideSenders(journal, SILENCE),
            Present(name, name),
            clock,
            clock,
            asyncio.sleep,
            HURRIED,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(follow(room))
            for service in sender.channels:
                group.create_task(sender.serve(service))


async def follow(room: Room) -> None:
    async for _ in room.follow():
        pass


if __name__ == "__main__":
    asyncio.run(send(Path(sys.argv[1]), *sys.argv[2:]))
