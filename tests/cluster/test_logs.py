"""Logs of a real API server against the files that the node wrote: each line once, through kills and crashes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from cluster.conftest import RealCluster
from warroom.clock import SystemClock
from warroom.core.ports import AnyFeed
from warroom.core.readings import Pod, Reading, Tally
from warroom.feeds.access import Access
from warroom.feeds.kubernetes import PodsFeed
from warroom.feeds.logs import LogsFeed, Wish
from warroom.feeds.logstream import Beginning, LogStream
from warroom.feeds.rawlogs import RawLogs
from warroom.feeds.source import Source
from warroom.feeds.supervise import Supervised

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster"), pytest.mark.timeout(1500)]
SERVER = "app.kubernetes.io/name=tensafe"


class Paper:
    """Writes down what it is given."""

    def __init__(self) -> None:
        self.got = b""
        self.gaps = self.ends = 0

    async def turn(self, size: int) -> bool:
        return True

    def read(self, lines: bytes) -> None:
        self.got += lines

    def skipped(self, lines: int) -> None:
        raise AssertionError("turn never says so")

    def missed(self) -> None:
        self.gaps += 1

    def ended(self) -> None:
        self.ends += 1


class Console:
    """The newest readings, in real time."""

    def __init__(self, kubeconfig: Path) -> None:
        self.clock = SystemClock()
        self.source = Source.of(Access(kubeconfig=str(kubeconfig), environ={}, namespaces=("tensafe",)), self.clock, asyncio.sleep)
        made: list[AnyFeed] = [PodsFeed(self.source), LogsFeed(self.source, Wish(selectors=lambda: (SERVER,)))]
        first: list[Reading[Any]] = [Reading(()), Reading(None)]
        self.supervised = [Supervised(feed, one, self.clock, asyncio.sleep) for feed, one in zip(made, first, strict=True)]
        self.readings: dict[str, Reading[Any]] = {}
        self._news = asyncio.Event()

    async def collect(self, feed: Supervised[Any]) -> None:
        async for reading in feed.readings():
            self.readings[feed.field] = reading
            self._news.set()

    @property
    def tally(self) -> Tally:
        reading = self.readings.get("tally")
        return (reading.value if reading else None) or Tally()

    @property
    def servers(self) -> list[Pod]:
        return [pod for pod in self.source.pods.reading.value if pod.name.startswith("tensafe-server")]

    async def until(self, true: Callable[[], bool], seconds: float = 60.0) -> None:
        end = asyncio.get_running_loop().time() + seconds
        while not true():
            assert asyncio.get_running_loop().time() < end, self.readings
            self._news.clear()
            # Files and streams change without a reading.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), 0.2)


@asynccontextmanager
async def console(kubeconfig: Path) -> AsyncIterator[Console]:
    shown = Console(kubeconfig)
    tasks = [asyncio.create_task(shown.collect(feed)) for feed in shown.supervised]
    try:
        yield shown
    finally:
        await ended(tasks)


async def ended(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def followed(shown: Console, pod: Pod) -> AsyncIterator[tuple[LogStream, Paper]]:
    paper = Paper()
    stream = LogStream(shown.source, pod, "server", paper, Beginning(1_000_000, run_before=True))
    task = asyncio.create_task(stream.run())
    try:
        yield stream, paper
    finally:
        await ended([task])


def folder(cluster: RealCluster, pod: Pod) -> Path:
    return cluster.of_user("nobody").parent / "logs" / "tensafe" / pod.name / "server"


def written(file: Path) -> bytes:
    """The file of a container runtime, as the node gives it."""
    lines = file.read_bytes().splitlines(keepends=True) if file.exists() else []
    return b"".join(b" ".join((stamp, text)) for stamp, _, _, text in (line.split(b" ", 3) for line in lines))


async def annotate(cluster: RealCluster, pod: Pod, *what: str) -> None:
    await asyncio.to_thread(cluster.kubectl, "annotate", "pod", pod.name, "-n", "tensafe", "--overwrite", *what)


async def test_every_log_is_tallied(cluster: RealCluster) -> None:
    async with console(cluster.kubeconfig) as shown:
        await shown.until(lambda: shown.tally.streams == 5 and shown.tally.events > 0)
        assert (shown.tally.gaps, shown.tally.failing, shown.tally.left_out) == (0, 0, 0)
        pod = shown.servers[0]
        assert {name for pattern in shown.tally.patterns for name, _ in pattern.revisions} <= {each.template_hash for each in shown.servers}
        current = folder(cluster, pod) / "current.log"
        with current.open("a") as file:
            file.write(f"{shown.clock.now():%Y-%m-%dT%H:%M:%S.%f}000Z stdout F ERROR the brand new failure of the night\n")
        await shown.until(lambda: any("brand new failure" in pattern.text for pattern in shown.tally.patterns))


async def test_a_busy_log_over_a_killed_api_server(cluster: RealCluster) -> None:
    async with console(cluster.kubeconfig) as shown:
        await shown.until(lambda: len(shown.servers) == 5)
        pod = shown.servers[1]
        current = folder(cluster, pod) / "current.log"
        await annotate(cluster, pod, "logs.warroom.test/lines-per-second=300", "logs.warroom.test/error-share=0.3")
        try:
            async with followed(shown, pod) as (stream, paper):
                await shown.until(lambda: paper.got.count(b"\n") > 600)
                for _ in range(2):
                    await asyncio.to_thread(cluster.kill_api_server)
                    await shown.until(lambda: stream.trouble is not None)
                    await asyncio.to_thread(cluster.up)
                    before = len(paper.got)
                    await shown.until(lambda before=before: stream.trouble is None and len(paper.got) > before + 20_000)  # type: ignore[misc]
                await annotate(cluster, pod, "logs.warroom.test/lines-per-second=0")
                await shown.until(lambda: paper.got == written(current), seconds=90)
                assert paper.gaps == 0
        finally:
            await annotate(cluster, pod, "logs.warroom.test/lines-per-second-", "logs.warroom.test/error-share-")


async def test_a_crash_loop(cluster: RealCluster) -> None:
    async with console(cluster.kubeconfig) as shown:
        await shown.until(lambda: len(shown.servers) == 5)
        pod = shown.servers[2]
        name, seen = pod.name, folder(cluster, pod)

        def now() -> Pod:
            return next(each for each in shown.servers if each.name == name)

        async with followed(shown, pod) as (stream, paper):
            seen_last = now()

            def told(true: Callable[[], bool]) -> Callable[[], bool]:
                """The stream hears of each change of its pod, as from the feed."""

                def look() -> bool:
                    nonlocal seen_last
                    if now() is not seen_last:
                        seen_last = now()
                        stream.changed()
                    return true()

                return look

            await shown.until(lambda: bool(paper.got))
            await annotate(cluster, pod, "pods.warroom.test/crash=true")
            try:
                await shown.until(told(lambda: now().containers[0].restarts >= 2))
            finally:
                await annotate(cluster, pod, "pods.warroom.test/crash-")
            # Nothing makes it crash now, so once it runs the files stay which they are.
            await shown.until(told(lambda: now().containers[0].state == "Running"))
            files = (seen / "previous.log", seen / "current.log")
            await shown.until(told(lambda: paper.got.endswith(b"".join(map(written, files)))), seconds=90)
            assert paper.gaps == 0

        # The node renames the files a moment after the container runs again.
        def ends() -> list[bytes]:
            return [line.split(b" ", 1)[1] for line in written(seen / "previous.log").splitlines()[-10:]]

        before = ends()
        lines = [line async for part in RawLogs(shown.source).read(pod.key, "server", previous=True, tail=10) for line in part.lines]
        assert [line.text.encode() for line in lines] in (before, ends())


async def test_nobody_may_read_logs(cluster: RealCluster) -> None:
    async with console(cluster.of_user("nobody")) as shown:
        await shown.until(lambda: bool(shown.readings.get("tally", Reading(None)).trouble))
        assert shown.readings["tally"].trouble.startswith("forbidden\nuser nobody may not list pods in namespace tensafe\n")
