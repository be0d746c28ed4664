"""Draws docs/console.svg: the console on the simulated cluster, as `make demo` opens it. Run by `make picture`."""

import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from warroom.cli.compose import app
from warroom.cli.demo import begin, join_exports
from warroom.cli.flags import Flags
from warroom.cli.furnish import console_feeds
from warroom.cli.opened import own_runbook
from warroom.clock import SystemClock, clock_of
from warroom.core.ports import AnyFeed
from warroom.core.readings import World
from warroom.gameday.serve import serve
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room

SIZE = (160, 48)
SHOWN = ("pods", "events", "deployments", "tally", "metrics", "health", "usage")
OUT = Path(__file__).with_name("console.svg")
FROM_AFAR = re.compile(r',\s*url\("https:[^"]*"\)[^;]*;?')
"""The picture loads no font from anywhere."""


def normal(world: World) -> bool:
    """Whether it is known what is normal."""
    return any(series.baseline for series in world.metrics.value)


async def draw(home: Path) -> str:
    async with serve(home, "bad-release", clock=SystemClock().now, seed=0) as served:
        os.environ.update(join_exports(home, served.facts()))
        flags = Flags.read({"user": "ada"})
        await begin(flags, "bad-release")
        clock = clock_of(home)
        async with SqliteJournal.open(flags.settings.journal_path, asyncio.sleep) as journal:
            own, _ = own_runbook(flags.settings)
            room = await Room.open(journal, own, clock, "ada")

            async def furnish() -> tuple[Room, Sequence[AnyFeed]]:
                return room, console_feeds(flags, room, clock)

            console = app(flags, furnish, clock)
            async with console.run_test(size=SIZE) as pilot:
                while not (all(getattr(console.world, field).at for field in SHOWN) and normal(console.world)):
                    await pilot.pause(0.1)
                await pilot.pause(2.0)
                return FROM_AFAR.sub(";", str(console.export_screenshot(title="warroom")))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        OUT.write_text(asyncio.run(draw(Path(folder))))
    print(OUT)
