"""`warroom watch`: on watch without a screen."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import Opened, opened
from warroom.cli.out import say, say_json, warn
from warroom.cli.verb import verb
from warroom.core.entries import Entry
from warroom.core.ports import AnyFeed, JournalTrouble
from warroom.core.readings import Lease, Reading
from warroom.core.timeline import text_of

AGAIN = 1.0
"""Seconds until a journal that could not be read is tried again."""


def register(app: typer.Typer) -> None:
    @verb(app, "watch", "warroom watch", "warroom watch --json -n tensafe", cluster=True)
    async def watch(flags: Flags, json: Json = False) -> None:
        """Be on watch without a screen: announce, page and record, a line each, until it is interrupted."""
        async with opened(flags) as desk:
            await until_stopped(watching(flags, desk, json=json))


async def until_stopped(work: Any) -> None:
    """SIGTERM is how a service is ended: then the next console has the watch at once."""
    working = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    try:
        await working
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is not None and task.cancelling():  # it is ctrl+c, which is told by its own exit code
            raise


async def watching(flags: Flags, desk: Opened, *, json: bool) -> None:
    from warroom.cli.furnish import cluster_feeds
    from warroom.cli.sending import sender
    from warroom.cli.watching import judged, watch

    def tell(entry: Entry) -> None:
        show(desk, entry, json=json)

    view, feeds = judged(cluster_feeds(flags, desk.room, desk.clock), desk.room, desk.clock, asyncio.sleep)
    on_watch = watch(view, desk.room, desk.clock, asyncio.sleep, flags.settings, tell)
    async with asyncio.TaskGroup() as group:
        for feed in feeds:
            group.create_task(drain(feed))
        group.create_task(follow(desk))
        group.create_task(say_who(on_watch))
        group.create_task(drain(sender(desk.room, desk.clock, flags.settings, tell)))


def show(desk: Opened, entry: Entry, *, json: bool) -> None:
    from warroom.reports.status import entry_json

    if json:
        say_json(entry_json(entry, desk.incident))
    else:
        say(f"{entry.at:%H:%M:%S}  {text_of(entry.fact)}")


async def drain(feed: AnyFeed) -> None:
    async for _ in feed.readings():
        pass


async def follow(desk: Opened) -> None:
    """The room knows what others write, also after a journal that could not be read for a while."""
    while True:
        try:
            async for _ in desk.room.follow():
                pass
        except JournalTrouble as trouble:
            warn(str(trouble))
        await asyncio.sleep(AGAIN)


async def say_who(feed: AnyFeed) -> None:
    """On stderr, whenever it becomes another."""
    said = ""
    async with aclosing(cast("AsyncIterator[Reading[Lease | None]]", feed.readings())) as readings:  # type: ignore[type-var]
        async for reading in readings:
            if (words := who(reading)) != said:
                said = words
                warn(said)


def who(reading: Reading[Lease | None]) -> str:
    lease = reading.value
    if reading.trouble or lease is None:
        return " ".join(reading.trouble.splitlines()[1:]) or "nobody is on watch"
    return f"on watch as {lease.holder}" if lease.mine else f"{lease.holder or 'nobody'} is on watch, this one stands by"
