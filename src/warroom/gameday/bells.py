"""Wakes every stream that is open, when something was done to the server."""

import asyncio
import contextlib
from collections.abc import Iterator


class Bells:
    def __init__(self) -> None:
        self._hung: set[asyncio.Event] = set()

    @contextlib.contextmanager
    def hung(self) -> Iterator[asyncio.Event]:
        """A bell for as long as its stream is open."""
        bell = asyncio.Event()
        self._hung.add(bell)
        try:
            yield bell
        finally:
            self._hung.discard(bell)

    def ring(self) -> None:
        for bell in tuple(self._hung):
            bell.set()


async def rung(bell: asyncio.Event, within: float | None) -> None:
    """Until it rings, or the time is over."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            await bell.wait()
    bell.clear()
