"""The logs of the simulated cluster, followed: the bad release's failure stands out, and no line is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from feeds.test_logstream import Paper
from warroom.clock import SystemClock, clock_of
from warroom.core.readings import Tally
from warroom.feeds.access import Access
from warroom.feeds.kubernetes import PodsFeed
from warroom.feeds.logs import LogsFeed, Wish
from warroom.feeds.logstream import Beginning, LogStream
from warroom.feeds.source import Source
from warroom.gameday.serve import serve

pytestmark = pytest.mark.timeout(180)


class Listener:
    def __init__(self, home: Path) -> None:
        self.clock = clock_of(home)
        self.source = Source.of(Access(kubeconfig=str(home / "kubeconfig"), environ={}, namespaces=("tensafe",)), self.clock, asyncio.sleep)
        self.tally = Tally()
        self._news = asyncio.Event()

    async def pods(self) -> None:
        async for _ in PodsFeed(self.source).readings():
            self._news.set()

    async def listen(self) -> None:
        async for reading in LogsFeed(self.source, Wish(lambda: ("app.kubernetes.io/name=tensafe",))).readings():
            self.tally = reading.value or self.tally
            self._news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        while not true():
            self._news.clear()
            await self._news.wait()


@asynccontextmanager
async def listener(home: Path) -> AsyncIterator[Listener]:
    shown = Listener(home)
    tasks = [asyncio.create_task(shown.pods()), asyncio.create_task(shown.listen())]
    try:
        yield shown
    finally:
        await gone(*tasks)


async def gone(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


async def test_the_new_failure_comes_from_the_new_revision(tmp_path: Path) -> None:
    async with serve(tmp_path, "bad-release", clock=SystemClock().now, speed=20.0, seed=3), listener(tmp_path) as shown:

        def failing() -> list[Any]:
            return [pattern for pattern in shown.tally.patterns if "dp_epsilon" in pattern.text and pattern.count > 5]

        await shown.until(lambda: bool(failing()))
        pattern = failing()[0]
        hashes = {pod.template_hash for pod in shown.source.pods.reading.value if "server" in pod.name}
        assert len(hashes) == 2
        assert len(pattern.revisions) == 1
        assert "Traceback" in pattern.example
        assert (shown.tally.gaps, shown.tally.failing, shown.tally.dropped) == (0, 0, 0)


async def test_what_was_followed_is_what_the_server_gives_afterwards(tmp_path: Path) -> None:
    async with serve(tmp_path, "bad-release", clock=SystemClock().now, speed=1.0, seed=3), listener(tmp_path) as shown:
        await shown.until(lambda: len(shown.source.pods.reading.value) > 5)
        pod = next(pod for pod in shown.source.pods.reading.value if "server" in pod.name)
        paper = Paper()
        stream = LogStream(shown.source, pod, pod.containers[0].name, paper, Beginning(300))
        for _ in range(3):
            following = asyncio.create_task(stream.run())
            lines = paper.got.count(b"\n")
            await shown.until(lambda lines=lines: paper.got.count(b"\n") > lines + 20)  # type: ignore[misc]
            await gone(following)
        path = f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}/log"
        since = paper.got[:19].decode() + "Z"
        async with shown.source.server as server:
            answer = await server.get(path, {"timestamps": "true", "sinceTime": since}, "get pods/log")
            all_of_it: bytes = await answer.read()
        assert paper.got in all_of_it
        assert paper.gaps == 0
