"""What share of the console's time its logs may take, however much they say."""

import asyncio

SLICE = 8 * 1024
"""Bytes that are looked at in one step of the loop."""
AT_ONCE = 4 * 1024 * 1024
"""Bytes that may be looked at between two ticks."""
PATIENCE = 80
"""Ticks in a row that may leave no share over; then what is too much is counted instead of looked at."""


class Share:
    """Streams take turns, one slice at a time, and a key or a frame comes in between.

    A burst waits, and the server keeps it. Logs that say more than can be looked at for a long time would be read later
    and later: then their lines are skipped and counted, so that what is looked at is what happens now.
    """

    def __init__(self, at_once: int = AT_ONCE, patience: int = PATIENCE) -> None:
        self._at_once, self._patience = at_once, patience
        self._left = at_once
        self._full = 0
        self._one = asyncio.Lock()
        self._ticked = asyncio.Event()

    def tick(self) -> None:
        """A while has passed."""
        self._full = self._full + 1 if self._left <= 0 else 0
        self._left = self._at_once
        self._ticked.set()

    async def turn(self, size: int) -> bool:
        """Waits for its turn; whether the bytes may be looked at, rather than counted."""
        async with self._one:
            await asyncio.sleep(0)
            while self._left <= 0:
                if self._full >= self._patience:
                    return False
                self._ticked.clear()
                await self._ticked.wait()
            self._left -= size
            return True
