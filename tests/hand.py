"""What the tests share: a clock driven by hand."""

import asyncio
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

T0 = datetime(2026, 2, 3, 2, 52, 18, tzinfo=UTC)


async def turns(n: int) -> None:
    """Lets every other task run n times."""
    for _ in range(n):
        await asyncio.sleep(0)


class HandClock:
    """Time that moves only when a test moves it, waking sleepers in the order of their alarms."""

    def __init__(self, now: datetime = T0) -> None:
        self._now = now
        self._alarms: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._ids = count()

    def now(self) -> datetime:
        return self._now

    def of(self, real: datetime) -> datetime:
        """The world's stamps are this clock's own."""
        return real

    def real(self, moment: datetime) -> datetime:
        return moment

    async def sleep(self, seconds: float) -> None:
        alarm = asyncio.get_running_loop().create_future()
        heappush(self._alarms, (self._now + timedelta(seconds=seconds), next(self._ids), alarm))
        await alarm

    async def forward(self, seconds: float) -> None:
        until = self._now + timedelta(seconds=seconds)
        await turns(20)
        while self._alarms and self._alarms[0][0] <= until:
            self._now, _, alarm = heappop(self._alarms)
            if not alarm.done():
                alarm.set_result(None)
            await turns(20)
        self._now = until
