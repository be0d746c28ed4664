"""The errors in the logs of every pod: one stream per container, tallied as the lines come."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from warroom.core.followed import Candidate, candidates, chosen
from warroom.core.readings import Pod, Reading, Tally
from warroom.core.selectors import BadSelector, Labels, selects
from warroom.core.tally import Source as Voice
from warroom.core.tally import Tallies
from warroom.feeds.heap import give_back
from warroom.feeds.logshare import SLICE, Share
from warroom.feeds.logstream import Beginning, LogStream
from warroom.feeds.source import Since, Source, probe

TICK = 0.25
"""Seconds between two readings."""
IDLE = 1.0
"""The same while there is no log to follow."""
TICKS_TO_GIVE_BACK = 120
"""Of these, logs have left half a minute of holes in the heap."""
QUIET_TICKS = 4
"""Without a new line the tally is asked this seldom: events close, and minutes go by."""
BEGINNING = Beginning(tail=10_000, seconds=3600, run_before=True)
"""What is read of a log that was there before: enough to know what is new."""
PODS_AT_ONCE = 500
"""Pods that are looked through in one step of the loop."""
STREAMS = 100
APART = 0.02
"""Seconds between the first requests of two streams."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which logs are followed, how many at most, and since when a pattern is new."""

    selectors: Callable[[], Sequence[str]] = tuple
    """Pods that one of these selects; when there are none, or no pod was ever selected, all pods. Asked in a thread."""
    most: int = STREAMS
    start: Callable[[], datetime | None] = lambda: None
    """The start of the incident, as it is known now."""


class LogsFeed:
    """The tally of what the containers of the chosen pods write, as far as the feed of the pods reads them."""

    field = "tally"

    def __init__(self, source: Source, wish: Wish) -> None:
        self._source, self.wish = source, wish
        self._listening: Listening | None = None

    def ask_again(self) -> None:
        self._source.server.ask_plugin_again()
        if self._listening is not None:
            for ear in self._listening.ears.values():
                ear.stream.ask_again()

    async def readings(self) -> AsyncIterator[Reading[Tally | None]]:
        source = self._source
        tests = list(_tests(await asyncio.to_thread(self.wish.selectors)))
        async with source.server:
            await source.server.namespaces()  # without a cluster there is nothing to wait for, and it says why
            # Streams begin anew with it, and so do the counts.
            listening = self._listening = Listening(source, self.wish, tests)
            beat = asyncio.create_task(probe(source, lambda: [ear.stream for ear in listening.ears.values()], listening.answered))
            try:
                last: Reading[Tally | None] | None = None
                for tick in count(1):
                    if beat.done():
                        beat.result()
                    await listening.look_for_pods()
                    reading = listening.reading()
                    if last is None or (reading.value, reading.at, reading.trouble) != (last.value, last.at, last.trouble):
                        last = reading
                        yield reading
                    await source.sleep(TICK if listening.ears else IDLE)
                    listening.share.tick()
                    if tick % TICKS_TO_GIVE_BACK == 0:
                        give_back()
            finally:
                await _end([beat, *(ear.task for ear in listening.ears.values() if ear.task is not None)])


@dataclass(eq=False)
class Ear:
    """One container, and what is heard of it."""

    listening: "Listening"
    candidate: Candidate
    stream: LogStream = field(init=False)
    task: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        pod = self.candidate.pod
        self._voice = Voice(pod.key, self.candidate.name, pod.template_hash)
        self.stream = LogStream(self.listening.source, pod, self.candidate.name, self, BEGINNING)

    async def run(self, wait: float) -> None:
        await self.listening.source.sleep(wait)
        await self.stream.run()

    def seen(self, candidate: Candidate) -> None:
        before, now = self.candidate.container, candidate.container
        self.candidate = candidate
        if (before.restarts, before.state) != (now.restarts, now.state):
            self.stream.changed()

    async def turn(self, size: int) -> bool:
        return await self.listening.share.turn(size)

    def read(self, lines: bytes) -> None:
        listening = self.listening
        listening.fresh = True
        now = listening.source.clock.now()
        for begin in range(0, len(lines), SLICE):
            listening.tallies.read(self._voice, lines[begin : begin + SLICE], now)

    def skipped(self, lines: int) -> None:
        self.listening.dropped += lines

    def missed(self) -> None:
        self.listening.gaps += 1

    def ended(self) -> None:
        self.listening.tallies.end(self._voice)


class Listening:
    """All ears, and what they have heard together."""

    def __init__(self, source: Source, wish: Wish, tests: Sequence[Callable[[Labels], bool]]) -> None:
        self.source, self.share = source, Share()
        self.tallies = Tallies(of=source.clock.of)
        self.ears: dict[tuple[str, str], Ear] = {}
        self.gaps = self.dropped = 0
        self.fresh = False
        """Lines came since the tally was asked last."""
        self.wish, self._tests = wish, tests
        self._selected = False
        """Whether a pod was ever selected."""
        self._pods: Reading[tuple[Pod, ...]] | None = None
        self._left_out = 0
        self._quiet = 0
        self._counted = self._tally = Tally()
        self._proven: datetime | None = None
        self._at: datetime | None = None
        self._failing = Since(source.clock)

    def answered(self, proven: datetime | None) -> None:
        self._proven = proven or self._proven

    # Which pods

    async def look_for_pods(self) -> None:
        """Begins with those that came, and lets those end that are gone."""
        pods = self.source.pods.reading
        # Those of a list that is still coming can wait: each log is a connection, and the list wants all there is.
        if pods is not self._pods and pods.at is not None:
            if self._pods is None or pods.value is not self._pods.value:
                await self._follow(pods.value)
            self._pods = pods
        for place, ear in list(self.ears.items()):
            if ear.task is not None and ear.task.done():
                del self.ears[place]
                if not ear.task.cancelled():
                    ear.task.result()  # a defect of ours: the supervisor tells it

    async def _follow(self, pods: tuple[Pod, ...]) -> None:
        start, those = self.wish.start(), list[Candidate]()
        for begin in range(0, len(pods), PODS_AT_ONCE):
            those += candidates(pods[begin : begin + PODS_AT_ONCE], start)
            await asyncio.sleep(0)
        wanted = await self._fitting(those)
        follow = chosen(wanted, self.wish.most, self.ears)
        self._left_out = len(wanted) - len(follow)
        wait = 0.0
        for each in follow:
            if (known := self.ears.get(each.place)) is not None:
                known.seen(each)
                continue
            ear = self.ears[each.place] = Ear(self, each)
            ear.task = asyncio.create_task(ear.run(wait))
            wait += APART
        for place in self.ears.keys() - {each.place for each in follow}:
            self.ears[place].stream.changed()  # it sees by itself that its pod is gone, when the last line was read

    async def _fitting(self, those: list[Candidate]) -> list[Candidate]:
        if not self._tests:
            return those
        known: dict[str, bool] = {}
        for place, each in enumerate(those):
            if each.pod.uid not in known:
                labels = dict(each.pod.labels)
                known[each.pod.uid] = any(test(labels) for test in self._tests)
            if place % PODS_AT_ONCE == PODS_AT_ONCE - 1:
                await asyncio.sleep(0)
        fitting = [each for each in those if known[each.pod.uid]]
        if fitting and not self._selected:
            self._selected = True
            for ear in self.ears.values():
                if ear.task is not None and not known.get(ear.candidate.pod.uid):
                    ear.task.cancel()
        return fitting if self._selected else those

    # What is told

    def reading(self) -> Reading[Tally | None]:
        pods = self.source.pods.reading
        if pods.at is None:
            return Reading(None, trouble=pods.trouble, progress=pods.progress)
        active = [ear.stream for ear in self.ears.values() if not ear.stream.over]
        failing = [stream for stream in active if stream.trouble is not None]
        if not active or any(stream.opened for stream in active if stream.trouble is None):
            self._at = self._proven or self._at
            self._failing.ended()
            trouble = "" if active else pods.trouble
        else:
            trouble = self._failing.told(failing[0].trouble, failing[0].waits) if failing and failing[0].trouble else ""
        return Reading(self._told(failing), at=self._at, trouble=trouble)

    def _told(self, failing: Sequence[LogStream]) -> Tally:
        """The same value as long as nothing changed."""
        self._quiet = 0 if self.fresh else self._quiet + 1
        if self.fresh or self._quiet % QUIET_TICKS == 0:
            self.tallies.since = self.wish.start()
            self.fresh, self._counted = False, self.tallies.snapshot(self.source.clock.now())
        trouble = failing[0].trouble if failing else None
        tally = msgspec.structs.replace(
            self._counted,
            dropped=self._counted.dropped + self.dropped,
            gaps=self.gaps,
            streams=len(self.ears),
            left_out=self._left_out,
            failing=len(failing),
            why="; ".join([trouble.word, *trouble.lines[:1]]) if trouble else "",
        )
        if tally != self._tally:
            self._tally = tally
        return self._tally


def _tests(selectors: Iterable[str]) -> Iterator[Callable[[Labels], bool]]:
    for each in selectors:
        with suppress(BadSelector):  # a runbook's command that kubectl would not take either
            yield selects(each)


async def _end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
