"""Follows the log of one container through cuts, restarts and the end of its pod."""

import asyncio
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

import msgspec

from warroom.core.readings import Container, Pod
from warroom.feeds import translate
from warroom.feeds.logcursor import Cursor
from warroom.feeds.logshare import SLICE
from warroom.feeds.server import garbled
from warroom.feeds.source import Source
from warroom.feeds.supervise import Backoff, until
from warroom.feeds.trouble import Trouble, classify
from warroom.feeds.wire import Page, PodWire

SILENT_SECONDS = 60.0
"""A log may be silent for ever and a dead connection too: after this long it is asked anew."""
HEALTHY_SECONDS = 30.0
OPEN_SECONDS = 4.0
"""A node sends nothing, not even a head, before the first line; a request that was not refused for this long is open."""
NOTHING_THERE = "error 400"
"""The answer for a container that has not started, and for a run before that was none."""
_PODS = msgspec.json.Decoder(Page[PodWire])


class Reader(Protocol):
    """Who gets the lines. Nothing of what it was given comes again."""

    async def turn(self, size: int) -> bool:
        """Waits until so many bytes may be read; whether they will be looked at."""
        ...

    def read(self, lines: bytes) -> None:
        """Whole lines, each with the kubelet's stamp and its end."""
        ...

    def skipped(self, lines: int) -> None:
        """So many that `turn` would not have looked at."""
        ...

    def missed(self) -> None:
        """Here lines may be missing, and nobody can know."""
        ...

    def ended(self) -> None:
        """This run of the container is over, and all of it was read."""
        ...


@dataclass(frozen=True, slots=True)
class Beginning:
    """How much of a log is read that was there before."""

    tail: int
    seconds: int | None = None
    run_before: bool = False
    """Whether that belongs to it too, where there was one: it says why there was a restart."""

    def query(self) -> dict[str, str]:
        return {"tailLines": str(self.tail)} | ({"sinceSeconds": str(self.seconds)} if self.seconds else {})


class LogStream:
    """`run` ends when the pod is gone and its last line was read."""

    def __init__(self, source: Source, pod: Pod, container: str, reader: Reader, beginning: Beginning) -> None:
        self.trouble: Trouble | None = None
        self.opened = False
        """Whether the log could ever be read."""
        self.waits = 0.0
        """Seconds until it asks again, as last decided."""
        self.over = False
        """This run of the container has ended and was read; only a restart brings more."""
        self._source, self._pod, self._container = source, pod, container
        self._reader, self._beginning = reader, beginning
        self._cursor = Cursor()
        self._attempt: int | None = None
        """How often the container had restarted when what we read last began."""
        self._before = False
        """The run before is still to be read."""
        self._late = False
        """A run has begun since we read; of that we want all, not only its tail."""
        self._whole = False
        """Of the run that the cursor knows, the last line was read."""
        self._doubted = False
        """The log went on without our last line, and it is not known yet why."""
        self._cut = False
        """The last connection broke, so there may have been more."""
        self._got = False
        self._following = False
        self._lasted = 0.0
        self._again = asyncio.Event()
        self._news = asyncio.Event()

    # What others tell it

    def ask_again(self) -> None:
        self._again.set()
        self._news.set()

    def changed(self) -> None:
        """The container or its pod is not what it was: an end to waiting."""
        self._news.set()

    def resume(self) -> None:
        self._news.set()

    def lost(self, trouble: Trouble) -> None:
        """The server does not answer a probe, so an open log proves nothing."""
        if self._following:
            self.trouble = trouble
            self._again.set()

    def beat(self, seconds: float) -> None:
        if self._following:
            self._lasted += seconds
            if self._lasted >= OPEN_SECONDS:
                self._open()

    # Following

    async def run(self) -> None:
        backoff = Backoff(self._source.chance)
        while True:
            self._again.clear()
            self._news.clear()
            self._lasted, self._got, wish = 0.0, False, 0.0
            try:
                now = await self._now()
                if now is None:
                    self._leave()
                    return
                await until(self._again, self._read_on(now))
                if self._cursor.lost and not self._doubted:
                    continue
            except Exception as error:  # whatever the server or the network does, it goes on from the last line
                trouble = classify(error, self._source.server.where)
                wish = trouble.retry_after
                if trouble.word == NOTHING_THERE:
                    self._open()
                else:
                    self.trouble = trouble
            finally:
                self._following = False
            if self._got or self._lasted > HEALTHY_SECONDS:
                backoff.rest()
            if self.over:
                await self._news.wait()
                continue
            self.waits = max(backoff.next(), wish)
            if not await until(self._news, self._source.sleep(self.waits)):
                backoff.rest()

    async def run_before(self) -> None:
        """Reads the run before the last restart to its end, and no further."""
        backoff = Backoff(self._source.chance)
        while not self.over:
            self._news.clear()
            try:
                if await self._stream(self._query(previous="true")):
                    self._hand_over(self._cursor.finish())
                    self.over = True
            except Exception as error:  # whatever the server or the network does, it goes on from the last line
                self.trouble = classify(error, self._source.server.where)
                if self.trouble.word == NOTHING_THERE:
                    pod, name = self._pod.key, self._container
                    why = f"{name} of {pod} has not restarted, or its node has thrown that log away"
                    self.trouble, self.over = Trouble("no previous log", why, "read the log of now"), True
            if not self.over:
                self.waits = backoff.next()
                await until(self._news, self._source.sleep(self.waits))
        self._reader.ended()

    async def _now(self) -> Container | None:
        """The container as the server has it; None: its pod is gone. The watch of the pods may be behind."""
        pod = self._pod
        query = {"fieldSelector": f"metadata.name={pod.name}"}
        path, wish = f"/api/v1/namespaces/{quote(pod.namespace, safe='')}/pods", f"list pods in namespace {pod.namespace}"
        response = await self._source.server.get(path, query, wish)
        try:
            page = _PODS.decode(await response.read())
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise garbled(self._source.server.where) from error
        for wire in page.items or ():
            if wire.metadata.uid == pod.uid:
                found = translate.pod(wire, self._source.clock.of, translate.Shared())
                return next((each for each in found.containers if each.name == self._container), None)
        return None

    async def _read_on(self, now: Container) -> None:
        """All that came since, and what comes until the stream ends."""
        runs = now.state == "Running"
        if self._attempt is None:
            self._attempt = now.restarts
            self._before = runs and now.restarts > 0 and self._beginning.run_before
        elif self._cursor.lost or (runs and now.restarts > self._attempt):
            await self._next_run(now.restarts - self._attempt, runs)
            if self._doubted:
                return
        elif self.over and not runs and now.restarts == self._attempt:
            self.trouble = None
            return
        self.over = False
        if self._before:
            await self._previous()
            self._next_log(fresh=True)
            self._before = False
        if await self._stream(self._query(follow="true")) and not runs and not self._cursor.lost:
            self._hand_over(self._cursor.finish())
            self.over = self._whole = True
            self._reader.ended()

    async def _next_run(self, restarts: int, runs: bool) -> None:
        """The log that is there is another than the one that was read, whose end may be in the previous log."""
        whole = self._whole
        if not whole and runs and restarts <= 1 and self._cursor.since:
            await self._previous()
            whole = self._cursor.met
            restarts = max(restarts, int(whole))
        if not whole and restarts <= 0 and not self._doubted:
            # A restart is in the logs a moment before the pod tells of it.
            self._doubted = self._cursor.lost = True
            return
        self._doubted = False
        if (not whole and self._cursor.since) or restarts > (2 if runs else 1):
            self._reader.missed()
        self._next_log(fresh=whole)
        self._late = True
        self._before = runs and (not whole or restarts > 1)
        self._attempt = (self._attempt or 0) + max(restarts, 0)

    def _next_log(self, *, fresh: bool) -> None:
        if not self._whole:
            self._reader.ended()
        self._whole = False
        self._cursor.forget(fresh=fresh)

    async def _previous(self) -> None:
        """The run before, as far as it was not read."""
        try:
            if await self._stream(self._query(previous="true")):
                self._hand_over(self._cursor.finish())
        except Trouble as trouble:
            if trouble.word != NOTHING_THERE:
                raise

    def _query(self, **how: str) -> dict[str, str]:
        since = {} if self._late else self._beginning.query()
        if self._cursor.since:
            since = {"sinceTime": self._cursor.since}
        return {"container": self._container, "timestamps": "true", **since, **how}

    async def _stream(self, query: dict[str, str]) -> bool:
        """Whether it came to its end, rather than fell silent or went on without us."""
        from aiohttp import SocketTimeoutError  # loaded by then

        pod, cursor = self._pod, self._cursor
        path = f"/api/v1/namespaces/{quote(pod.namespace, safe='')}/pods/{quote(pod.name, safe='')}/log"
        cursor.open()
        self._following = "follow" in query
        self._cut = True
        response = None
        try:
            response = await self._source.server.get(path, query, f"get pods/log in namespace {pod.namespace}", read=self._patience())
            self._open()
            async for chunk in response.content.iter_any():
                for begin in range(0, len(chunk), SLICE):
                    await self._take(chunk[begin : begin + SLICE])
                    if cursor.lost:
                        return False
        except SocketTimeoutError:
            self._lasted += SILENT_SECONDS
            self._open()
            return False
        finally:
            if response is not None:
                response.close()
        self._cut = False
        return True

    def _open(self) -> None:
        self.opened, self.trouble = True, None

    def _patience(self) -> float:
        return SILENT_SECONDS * (1 + self._source.chance() / 2)

    async def _take(self, chunk: bytes) -> None:
        look = await self._reader.turn(len(chunk))
        # Nothing may come between: what the cursor gives is not given again.
        self._hand_over(self._cursor.take(chunk), look)

    def _hand_over(self, lines: bytes, look: bool = True) -> None:
        if not lines:
            return
        self._got, self._whole = True, False
        if look:
            self._reader.read(lines)
        else:
            self._reader.skipped(lines.count(b"\n"))

    def _leave(self) -> None:
        if not self._cut:
            self._hand_over(self._cursor.finish())
        elif self._cursor.since:
            self._reader.missed()
        self.over, self.trouble = True, None
        self._reader.ended()
