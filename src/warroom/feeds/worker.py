"""A thread for calls that block; it holds up neither the loop nor the end of the console."""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from warroom.feeds.trouble import Trouble

T = TypeVar("T")
MOST_ABANDONED = 4
"""Threads that hang in a call which nobody waits for any more."""
Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Worker:
    """Does one call after the other. A call that takes too long is given up, and the next one gets a new thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Job | None] | None = None
        self._thread: threading.Thread | None = None
        self._abandoned: list[threading.Thread] = []

    async def do(self, call: Callable[[], T], seconds: float) -> T:
        """What the call gives or raises; Trouble when it takes longer than this, its turn included."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue().put((loop, future, call))
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError as error:
            self._abandon()
            raise Trouble("no answer", f"{self._name} gave none within {seconds:g} s", "check that it is up, and the network") from error

    def close(self) -> None:
        """The thread ends after the call that it is in."""
        if self._jobs is not None:
            self._jobs.put(None)
        self._jobs = None

    def _queue(self) -> "queue.SimpleQueue[Job | None]":
        if self._jobs is None:
            self._abandoned = [thread for thread in self._abandoned if thread.is_alive()]
            if len(self._abandoned) >= MOST_ABANDONED:
                raise Trouble(
                    "no answer", f"{self._name} began {MOST_ABANDONED} answers and ended none", "check what stands at its address"
                )
            self._jobs = queue.SimpleQueue()
            # No executor: those are joined when Python ends, and a hanging server would hold up whoever quits.
            self._thread = threading.Thread(target=_work, args=(self._jobs,), name=self._name, daemon=True)
            self._thread.start()
        return self._jobs

    def _abandon(self) -> None:
        self.close()
        if self._thread is not None and self._thread.is_alive():
            self._abandoned.append(self._thread)


def _work(jobs: "queue.SimpleQueue[Job | None]") -> None:
    while (job := jobs.get()) is not None:
        loop, future, call = job
        if future.cancelled():
            continue
        try:
            result, error = call(), None
        except Exception as raised:  # whoever asked gets it
            result, error = None, raised
        with suppress(RuntimeError):  # the loop is gone, and nobody waits
            loop.call_soon_threadsafe(_settle, future, result, error)


def _settle(future: "asyncio.Future[Any]", result: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
