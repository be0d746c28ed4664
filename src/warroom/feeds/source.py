"""What the feeds of one cluster share: the session, the clock, the beat of probes and the newest pods."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, Self

from warroom.core.ports import Clock, Sleep
from warroom.core.readings import Pod, Reading
from warroom.feeds.access import Access
from warroom.feeds.server import Server
from warroom.feeds.supervise import asked_again
from warroom.feeds.trouble import Trouble

BEAT_SECONDS = 2.0
"""Between two probes of the server, whose answer makes a quiet reading young again."""
FAST_BEAT = timedelta(seconds=5)
"""A scenario's clock that goes further than this in one beat gets shorter beats, or all would look stale."""


@dataclass
class Pods:
    """What the feed of the pods read last, for the feeds that follow pods: one watch serves all."""

    reading: Reading[tuple[Pod, ...]] = field(default_factory=lambda: Reading(()))


@dataclass(frozen=True, slots=True)
class Source:
    server: Server
    access: Access
    clock: Clock
    sleep: Sleep
    chance: Callable[[], float] = random.random
    beat: float = BEAT_SECONDS
    pods: Pods = field(default_factory=Pods)

    @classmethod
    def of(cls, access: Access, clock: Clock, sleep: Sleep, chance: Callable[[], float] = random.random) -> Self:
        """Nothing is read or loaded yet."""
        return cls(Server(access, clock), access, clock, sleep, chance)


class Beaten(Protocol):
    """A connection that stays open, which by itself proves nothing."""

    def beat(self, seconds: float) -> None:
        """Real time passed."""
        ...

    def resume(self) -> None:
        """The server is back: an end to waiting."""
        ...

    def lost(self, trouble: Trouble) -> None:
        """The server does not answer a probe."""
        ...


async def probe(source: Source, connections: Callable[[], Iterable[Beaten]], answered: Callable[[datetime | None], None]) -> None:
    """Asks the server at every beat, tells the connections, and says when it last answered (None: it did not). Never ends."""
    failed = 0
    pace = Pace(source)
    while True:
        await pace.beat()
        for each in connections():
            each.beat(source.beat)
        try:
            proven = await source.server.prove()
            if failed:
                for each in connections():
                    each.resume()
            failed = 0
            answered(proven)
        except Trouble as trouble:
            failed += 1
            # One lost answer is no outage; a refusal or a second one is.
            if failed > 1 or trouble.word == "other cluster":
                for each in connections():
                    each.lost(trouble)
            answered(None)


class Since:
    """Since when something fails, for `no answer, 2 min`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began: datetime | None = None

    def ended(self) -> None:
        self._began = None

    def told(self, trouble: Trouble, wait: float) -> str:
        now = self._clock.now()
        self._began = self._began or now
        minutes = int((now - self._began).total_seconds() // 60)
        word = f"{trouble.word}, {minutes} min" if minutes and trouble.word == "no answer" else trouble.word
        return "\n".join([word, *trouble.lines, asked_again(wait)])


class Pace:
    """The beat of the probes: shorter where the clock runs faster than the machine's."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seconds = source.beat

    async def beat(self) -> None:
        before = self._source.clock.now()
        await self._source.sleep(self._seconds)
        moved = self._source.clock.now() - before
        if moved > FAST_BEAT and self._seconds > 0.2:
            self._seconds = max(0.2, self._seconds * (FAST_BEAT / moved))
