"""Builds the console. What its first frame does not need is in `furnish.py`, and loaded after it."""

import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warroom.cli.given import Flags
from warroom.cli.out import Mistake
from warroom.core.ports import AnyFeed, Clock

if TYPE_CHECKING:
    from warroom.room import Room
    from warroom.ui.app import Furnish

NOT_A_TERMINAL = "the console needs a terminal: open it in one, or ask with `warroom status`"


def run_console(flags: Flags, *, read_only: bool = False, joins: str = "") -> None:
    """Until the operator quits. `joins` is what another terminal of a drill has to be told."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Mistake(NOT_A_TERMINAL)
    # What a start makes stays: the collector need not walk it again and again.
    gc.set_threshold(50_000, 20, 100)
    asyncio.run(console(flags, read_only=read_only, joins=joins))


async def console(flags: Flags, *, read_only: bool = False, joins: str = "") -> None:
    """The app, which opens the room of the journal and the feeds of the cluster after its first frame."""
    from warroom.clock import clock_of

    clock = clock_of(flags.settings.home)
    async with AsyncExitStack() as leaving:

        async def furnish() -> tuple["Room", Sequence[AnyFeed]]:
            parts = await asyncio.to_thread(import_module, "warroom.cli.furnish")
            room: Room = await parts.room(flags, clock, leaving, read_only=read_only)
            source = parts.source_of(flags, room, clock)
            shown.logs, shown.shell = parts.raw_logs(source), parts.pinned_shell(flags.settings, room)
            shown.runner = parts.step_runner(flags.settings, room, clock, lambda: shown.world, looks=read_only)
            leaving.push_async_callback(shown.runner.close)
            shown.company = parts.company(room, clock)
            shown.team, shown.hand = parts.people(flags.settings, shown)
            shown.papers = parts.papers(flags)
            feeds = parts.console_feeds(flags, room, clock, source)
            return room, [*feeds, shown.company] if shown.company else feeds

        shown = app(flags, furnish, clock, joins, read_only=read_only)
        await shown.run_async(mouse=flags.settings.mouse)
    if shown.failed:
        raise shown.failed


def app(flags: Flags, furnish: "Furnish", clock: Clock, joins: str = "", *, read_only: bool = False) -> Any:
    from warroom.cli.documents import reader
    from warroom.ui.app import WarRoomApp

    settings = flags.settings
    no_color = "NO_COLOR" in os.environ
    return WarRoomApp(
        furnish,
        (),
        clock,
        theme=settings.theme,
        ascii=settings.ascii,
        no_color=no_color,
        joins=joins,
        keys=settings.keys,
        read_only=read_only,
        read_document=reader(settings.runbook),
        keep_copy=partial(keep_copy, settings.home),
    )


def keep_copy(home: Path, text: str) -> str:
    """What was copied last, for terminals without a clipboard; only its owner reads it. Raises OSError."""
    path = home / "copied.txt"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", errors="replace") as file:
        file.write(text + "\n")
    return str(path)
