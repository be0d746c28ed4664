"""Keeps a feed alive and calm, whatever its source does."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Generic, TypeVar

from warroom.core.ports import Clock, Feed, Sleep
from warroom.core.readings import Reading
from warroom.feeds.trouble import Trouble, one_line

T = TypeVar("T")
BOUNDS = (1, 2, 4, 8, 15, 30, 60)
"""Seconds as they are told: words that jitter at each try would be news, and drawn anew."""
HEALTHY = timedelta(seconds=30)
"""A run that lasted this long starts the back-off afresh."""


@dataclass
class Backoff:
    """How long to wait before the next try: twice as long each time, with jitter, because every console lost the same server."""

    chance: Callable[[], float] = random.random
    first: float = 1.0
    longest: float = 30.0

    def __post_init__(self) -> None:
        self.rest()

    def rest(self) -> None:
        """The last run was healthy."""
        self._wait = self.first

    def next(self) -> float:
        wait = self._wait
        self._wait = min(wait * 2, self.longest)
        return wait * (0.5 + self.chance() / 2)


async def until(stop: asyncio.Event, work: Awaitable[Any]) -> bool:
    """Runs the work until it ends or `stop` is set; True when it ended by itself. Its error is raised."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
            return True
        return False
    finally:
        for task in (working, stopping):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task


@dataclass
class Supervised(Generic[T]):
    """The newest reading, at most `a_second`; on an error the last good value with its trouble. Never ends."""

    feed: Feed[T]
    last: Reading[T]
    clock: Clock
    sleep: Sleep
    chance: Callable[[], float] = random.random
    a_second: float = 10.0
    longest: float = 30.0
    _again: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def field(self) -> str:
        return self.feed.field

    def ask_again(self) -> None:
        """Somebody does not want to wait for the next try."""
        self._again.set()
        inner = getattr(self.feed, "ask_again", None)
        if inner is not None:
            inner()

    async def readings(self) -> AsyncIterator[Reading[T]]:
        fresh = asyncio.Event()
        keeping = asyncio.create_task(self._keep_reading(fresh))
        try:
            while True:
                await fresh.wait()
                fresh.clear()
                yield self.last
                await self.sleep(1 / self.a_second)
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def _keep_reading(self, fresh: asyncio.Event) -> None:
        backoff = Backoff(self.chance, longest=self.longest)
        while True:
            began, failure = self.clock.now(), None
            try:
                async for reading in self.feed.readings():
                    if not reading.repeats(self.last):
                        self.last = reading
                        fresh.set()
            except Exception as error:  # a source may fail in any way, and the other panes must go on
                failure = error
            if self.clock.now() - began > HEALTHY:
                backoff.rest()
            # After a clean end too, or we would hammer the source.
            wait = backoff.next()
            if failure is not None:
                told = replace(self.last, trouble=_told(failure, wait))
                if not told.repeats(self.last):
                    self.last = told
                    fresh.set()
            self._again.clear()
            await until(self._again, self.sleep(wait))


def _told(error: Exception, wait: float) -> str:
    told = str(error) if isinstance(error, Trouble) else f"{type(error).__name__}: {one_line(str(error))}"
    return f"{told}\n{asked_again(wait)}"


def asked_again(wait: float) -> str:
    bound = next((each for each in BOUNDS if wait <= each), round(wait))
    return f"other panes go on; asked again within {bound} s, or press ctrl+r"
