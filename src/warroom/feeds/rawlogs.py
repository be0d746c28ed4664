"""The log of one container as it was written, for whoever wants to read it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

from warroom.core.logs import LogLine, LogPart
from warroom.core.readings import Pod
from warroom.feeds.logcursor import moment, stamp_of
from warroom.feeds.logstream import Beginning, LogStream
from warroom.feeds.source import Since, Source, probe

PAUSE = 0.1
"""Seconds between two parts."""
AT_ONCE = 1_000
"""Lines in a part."""
WAITING = 20_000
"""Lines that wait to be taken. A log that says more meanwhile is read later: the server keeps it."""


class RawLogs:
    """Of the pods that the feed of the pods reads; see `core.ports.RawLogs`."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def containers(self, pod: str) -> tuple[str, ...]:
        found = self._pod(pod)
        if found is None:
            return ()
        return tuple(each.name for each in sorted(found.containers, key=lambda each: each.init))

    def _pod(self, key: str) -> Pod | None:
        return next((each for each in self._source.pods.reading.value if each.key == key), None)

    async def read(self, pod: str, container: str, *, previous: bool = False, tail: int = 1000) -> AsyncIterator[LogPart]:
        found = self._pod(pod)
        if found is None or container not in self.containers(pod):
            yield LogPart(trouble=f"gone\n{pod} is not there any more, or has no container {container}\nchoose another pod", ended=True)
            return
        source = self._source
        page = _Page(source)
        stream = LogStream(source, found, container, page, Beginning(tail))
        async with source.server:
            tasks = [
                asyncio.create_task(stream.run_before() if previous else stream.run()),
                asyncio.create_task(probe(source, lambda: [stream], lambda _: page.news.set())),
            ]
            try:
                async for part in self._parts(found, stream, page, tasks[0]):
                    yield part
            finally:
                for task in tasks:
                    task.cancel()
                for task in tasks:
                    with suppress(asyncio.CancelledError, Exception):
                        await task

    async def _parts(self, pod: Pod, stream: LogStream, page: "_Page", running: asyncio.Task[None]) -> AsyncIterator[LogPart]:
        failing, last = Since(self._source.clock), LogPart()
        running.add_done_callback(lambda _: page.news.set())
        while True:
            page.news.clear()
            if (now := self._pod(pod.key)) is not None and now is not pod:
                pod = now
                stream.changed()
            done = running.done()
            if done:
                running.result()  # a defect of ours
            lines, gap = page.take()
            part = LogPart(lines, gap, _told(stream, failing), ended=stream.over and not page.waiting)
            if part.lines or part != last:
                last = LogPart(trouble=part.trouble, ended=part.ended)
                yield part
            if done and not page.waiting:
                return
            await self._source.sleep(PAUSE)
            if not page.waiting:
                await page.news.wait()


class _Page:
    """The lines that wait to be taken; None stands where some may be missing."""

    def __init__(self, source: Source) -> None:
        self.waiting: deque[bytes | None] = deque()
        self.news = asyncio.Event()
        self._source = source
        self._room = asyncio.Event()

    def take(self) -> tuple[tuple[LogLine, ...], bool]:
        """The next of them, and whether others may be missing before."""
        gap, lines = False, list[LogLine]()
        while self.waiting and len(lines) < AT_ONCE:
            line = self.waiting[0]
            if line is None and lines:
                break
            self.waiting.popleft()
            if line is None:
                gap = True
            else:
                lines.append(self._line(line))
        self._room.set()
        return tuple(lines), gap

    def _line(self, line: bytes) -> LogLine:
        stamp = stamp_of(line)
        text = line.partition(b" ")[2] if stamp else line
        return LogLine(self._source.clock.of(moment(stamp)) if stamp else None, text.decode("utf-8", "replace").removesuffix("\r"))

    async def turn(self, size: int) -> bool:
        await asyncio.sleep(0)
        while len(self.waiting) > WAITING:
            self._room.clear()
            await self._room.wait()
        return True

    def read(self, lines: bytes) -> None:
        self.waiting.extend(lines[:-1].split(b"\n"))
        self.news.set()

    def skipped(self, lines: int) -> None:
        self.missed()

    def missed(self) -> None:
        self.waiting.append(None)
        self.news.set()

    def ended(self) -> None:
        self.news.set()


def _told(stream: LogStream, failing: Since) -> str:
    trouble = stream.trouble
    if trouble is None:
        failing.ended()
        return ""
    if stream.over:
        return "\n".join([trouble.word, *trouble.lines])
    return failing.told(trouble, stream.waits)
