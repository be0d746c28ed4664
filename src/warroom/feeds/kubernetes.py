"""The cluster live: pods, deployments and events of the pinned namespaces, and which cluster it is."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from warroom.core import events
from warroom.core.ports import AnyFeed, Clock, Sleep
from warroom.core.readings import Cluster, ClusterEvent, Deployment, Pod, Reading
from warroom.feeds import translate
from warroom.feeds.access import Access
from warroom.feeds.source import Pace, Since, Source, probe
from warroom.feeds.stream import Kind, Stream
from warroom.feeds.supervise import until
from warroom.feeds.trouble import Trouble
from warroom.feeds.wire import DeploymentWire, EventWire, PodWire, ReplicaSetWire

T = TypeVar("T")
SHOWN_A_SECOND = 20_000
"""Objects that may be shown anew in a second."""


def feeds(access: Access, clock: Clock, sleep: Sleep, chance: Callable[[], float] = random.random) -> tuple[AnyFeed, ...]:
    """The feeds of the fields `cluster`, `pods`, `events` and `deployments`, on one session. Nothing is read or loaded yet."""
    return feeds_of(Source.of(access, clock, sleep, chance))


def feeds_of(source: Source) -> tuple[AnyFeed, ...]:
    return (ClusterFeed(source), PodsFeed(source), EventsFeed(source), DeploymentsFeed(source))


class ClusterFeed:
    """Which cluster this is, proven every few seconds."""

    field = "cluster"

    def __init__(self, source: Source) -> None:
        self._source = source
        self._again = asyncio.Event()

    def ask_again(self) -> None:
        self._again.set()

    async def readings(self) -> AsyncIterator[Reading[Cluster | None]]:
        source = self._source
        last: Reading[Cluster | None] = Reading(None)
        failing = Since(source.clock)
        async with source.server as server:
            pace = Pace(source)
            while True:
                try:
                    at = await server.prove()
                    value = last.value if last.value == server.cluster else server.cluster
                    last = Reading(value, at=at)
                    failing.ended()
                except Trouble as trouble:
                    last = replace(last, trouble=failing.told(trouble, source.beat))
                yield last
                self._again.clear()
                await until(self._again, pace.beat())


class StreamsFeed(ABC, Generic[T]):
    """A feed made of streams: their news at most ten times a second, and a young reading while the server answers."""

    field: str
    pause = 0.1

    def __init__(self, source: Source) -> None:
        self._source = source
        self._changed = asyncio.Event()
        self._streams: list[Stream[Any]] = []
        self._proven: datetime | None = None

    @abstractmethod
    def _open(self, namespaces: Sequence[str]) -> list[Stream[Any]]: ...

    @abstractmethod
    def _value(self) -> T: ...

    @property
    def _empty(self) -> T:
        return ()  # type: ignore[return-value]

    def ask_again(self) -> None:
        self._source.server.ask_plugin_again()
        for stream in self._streams:
            stream.ask_again()

    async def readings(self) -> AsyncGenerator[Reading[T]]:
        source = self._source
        async with source.server:
            self._streams = self._open(await source.server.namespaces())
            tasks = [asyncio.create_task(stream.run()) for stream in self._streams]
            tasks.append(asyncio.create_task(probe(source, lambda: self._streams, self._answered)))
            try:
                async for reading in self._merged(tasks):
                    yield reading
            finally:
                for task in tasks:
                    task.cancel()
                for task in tasks:
                    with suppress(asyncio.CancelledError, Exception):
                        await task
                self._streams = []

    async def _merged(self, tasks: Sequence[asyncio.Task[None]]) -> AsyncIterator[Reading[T]]:
        value, edition, watched = self._empty, -1, False
        last: Reading[T] | None = None
        at: datetime | None = None
        failing = Since(self._source.clock)
        while True:
            await self._changed.wait()
            self._changed.clear()
            for task in tasks:
                if task.done():
                    task.result()  # a defect of ours: the supervisor tells it
            now, watching = sum(stream.edition for stream in self._streams), all(stream.watching for stream in self._streams)
            # News of a watch proves it, as its opening does, and a probe.
            if watching and (now != edition or not watched):
                at = self._source.clock.now()
            elif watching and self._proven is not None and at is not None:
                at = max(at, self._proven)
            self._proven, watched = None, watching
            if now != edition:
                value, edition = self._value(), now
            reading = Reading(value, at=at, trouble=self._trouble(failing), progress=self._progress())
            if last is None or not reading.repeats(last):
                last = reading
                yield reading
                # Whoever shows them looks through all of them: at ten thousand, twice a second is enough.
                await self._source.sleep(max(self.pause, sum(len(stream.kept) for stream in self._streams) / SHOWN_A_SECOND))

    def _trouble(self, failing: Since) -> str:
        for stream in self._streams:
            if stream.trouble is not None:
                return failing.told(stream.trouble, stream.waits)
        failing.ended()
        return ""

    def _progress(self) -> str:
        return next((stream.progress for stream in self._streams if stream.progress), "")

    def _answered(self, proven: datetime | None) -> None:
        self._proven = proven or self._proven
        self._changed.set()


class PodsFeed(StreamsFeed[tuple[Pod, ...]]):
    field = "pods"

    def _open(self, namespaces: Sequence[str]) -> list[Stream[Any]]:
        of, shared = self._source.clock.of, translate.Shared()
        kind = Kind("/api/v1", "pods", PodWire, lambda wire: translate.pod(wire, of, shared))
        return [_stream(self._source, kind, namespace, self._changed) for namespace in namespaces]

    def _value(self) -> tuple[Pod, ...]:
        return tuple(pod for stream in self._streams for pod in stream.kept.values())

    async def readings(self) -> AsyncGenerator[Reading[tuple[Pod, ...]]]:
        async with aclosing(super().readings()) as readings:
            async for reading in readings:
                self._source.pods.reading = reading
                yield reading


class EventsFeed(StreamsFeed[tuple[ClusterEvent, ...]]):
    """Repeats folded, warnings first, then the newest."""

    field = "events"
    pause = 0.5

    def _open(self, namespaces: Sequence[str]) -> list[Stream[Any]]:
        of, shared = self._source.clock.of, translate.Shared()
        kind = Kind("/api/v1", "events", EventWire, lambda wire: translate.event(wire, of, shared), labelled=False)
        return [_stream(self._source, kind, namespace, self._changed) for namespace in namespaces]

    def _value(self) -> tuple[ClusterEvent, ...]:
        return events.ordered(events.folded(event for stream in self._streams for event in stream.kept.values()))


class DeploymentsFeed(StreamsFeed[tuple[Deployment, ...]]):
    """Each with its replica sets, newest first."""

    field = "deployments"

    def _open(self, namespaces: Sequence[str]) -> list[Stream[Any]]:
        of, shared = self._source.clock.of, translate.Shared()
        bare = Kind("/apis/apps/v1", "deployments", DeploymentWire, lambda wire: translate.deployment(wire, of, shared))
        owned = Kind("/apis/apps/v1", "replicasets", ReplicaSetWire, lambda wire: translate.replica_set(wire, of, shared))
        self._bare = [_stream(self._source, bare, namespace, self._changed) for namespace in namespaces]
        self._owned = [_stream(self._source, owned, namespace, self._changed) for namespace in namespaces]
        return [*self._bare, *self._owned]

    def _value(self) -> tuple[Deployment, ...]:
        owned: dict[str, list[translate.Owned]] = {}
        for stream in self._owned:
            for one in stream.kept.values():
                owned.setdefault(one.deployment, []).append(one)
        return tuple(translate.joined(bare, owned.get(bare.uid, ())) for stream in self._bare for bare in stream.kept.values())


def _stream(source: Source, kind: Kind[T], namespace: str, changed: asyncio.Event) -> Stream[T]:
    return Stream(source.server, kind, namespace, source.access.selector, changed, source.sleep, source.chance)
