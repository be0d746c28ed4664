"""The console itself, which also tells how late its loop is, how much of that was its own doing, and how much it has read.

It is the shipped command line and App; a timer of its own and a count are all that is added. Every second a line goes into the file.
    python -m benchmarks.lag FILE [arguments of warroom]
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

BEAT = 0.01
"""Seconds from one look at the clock to the next."""


class Lateness:
    """`told`: when it was looked at, the delay, and the processor time that the loop took meanwhile, all in seconds."""

    def __init__(self, file: Path, app: Any) -> None:
        self._out = file.open("w", buffering=1)
        self._app = app
        self._loop = asyncio.get_running_loop()
        self._told: list[tuple[float, float, float]] = []
        self._changes = 0
        self._count()
        self._next()

    def _count(self) -> None:
        """Changes that watches tell."""
        from warroom.feeds.stream import Stream

        follow: Any = Stream._follow

        def counted(stream: Any, change: Any) -> None:
            self._changes += 1
            follow(stream, change)

        setattr(Stream, "_follow", counted)  # noqa: B010  no public place to count them

    def _next(self) -> None:
        self._due, self._used = self._loop.time() + BEAT, time.thread_time()
        self._loop.call_at(self._due, self._look)

    def _look(self) -> None:
        now = self._loop.time()
        late = now - self._due
        self._told.append((now, late, min(late, time.thread_time() - self._used)))
        if now - self._told[0][0] >= 1:
            tally = self._app.world.tally.value
            lines, dropped = (tally.lines, tally.dropped) if tally else (0, 0)
            told = {"lines": lines + dropped, "dropped": dropped, "changes": self._changes, "told": self._told}
            self._out.write(json.dumps(told) + "\n")
            self._told = []
        self._next()


def main() -> int:
    import textual.drivers.linux_driver as drivers

    driver: Any = drivers.LinuxDriver
    begin = driver.start_application_mode

    def look(self: Any) -> None:
        begin(self)
        self.lateness = Lateness(Path(sys.argv[1]), self._app)

    driver.start_application_mode = look
    from warroom.cli.main import run

    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
