"""Feeds that ask now and then, in step with the clock of the incident."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Generic, TypeVar

from warroom.core.ports import Clock
from warroom.core.readings import STALE_AFTER, Reading
from warroom.feeds.source import Source
from warroom.feeds.supervise import until

T = TypeVar("T")
LEAST_SECONDS = 1.0
_SPAN = timedelta(hours=1)


def speed(clock: Clock) -> float:
    """How many times as fast as real time it goes."""
    now = clock.now()
    return _SPAN / (clock.real(now + _SPAN) - clock.real(now))


class Polled(ABC, Generic[T]):
    """One question every `seconds`, oftener where the clock runs faster than the machine's."""

    field: str
    seconds: float

    def __init__(self, source: Source) -> None:
        self._source = source
        self._again = asyncio.Event()

    @abstractmethod
    async def ask(self) -> T:
        """Raises Trouble, after which the supervisor asks again in its own time."""

    async def close(self) -> None:
        """What was opened for asking. It may be opened again."""

    @property
    def pause(self) -> float:
        """Real seconds between two questions."""
        return max(LEAST_SECONDS, self.seconds / speed(self._source.clock))

    def ask_again(self) -> None:
        self._again.set()

    async def readings(self) -> AsyncIterator[Reading[T]]:
        source, loop = self._source, asyncio.get_running_loop()
        try:
            async with source.server:
                while True:
                    began = loop.time()
                    value = await self.ask()
                    # A slow answer is no old one: the next is as slow.
                    lasts = timedelta(seconds=2.5 * (self.pause + loop.time() - began) * speed(source.clock))
                    yield Reading(value, at=source.clock.now(), lasts=max(STALE_AFTER, lasts))
                    self._again.clear()
                    await until(self._again, source.sleep(self.pause))
        finally:
            await self.close()
