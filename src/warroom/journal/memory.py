"""A journal that forgets, for tests."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from warroom.core.entries import Entry
from warroom.journal.chain import entry, seal


class MemoryJournal:
    """Numbers, chains and compares as the real one does; what it is given is stored as bytes and read back."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._grew = asyncio.Condition()

    async def read(self, after: int) -> Sequence[Entry]:
        return self._entries[after:]

    async def append(self, entries: Sequence[Entry], after: int) -> bool:
        if after != len(self._entries):
            return False
        prev = self._entries[-1].hash if self._entries else ""
        self._entries += [entry(row) for row in seal(entries, after, prev)]
        async with self._grew:
            self._grew.notify_all()
        return True

    async def follow(self) -> AsyncIterator[int]:
        seen = -1
        while True:
            async with self._grew:
                while len(self._entries) <= seen:
                    await self._grew.wait()
                seen = len(self._entries)
            yield seen
