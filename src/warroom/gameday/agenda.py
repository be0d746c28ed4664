"""What is going to happen in the simulated cluster, and when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count


def stamp(moment: datetime) -> str:
    """RFC 3339 in whole seconds, as most objects carry it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro(moment: datetime) -> str:
    """RFC 3339 in microseconds, as new events carry it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Agenda:
    """Acts in the order of their moments.

    While an act runs, `now` is its own moment, so that a run does not depend on how often somebody looked.

    Delays are seconds of the scenario; moments are real time, in which `speed` scenario seconds fit into one.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self.now = start
        self.speed = speed
        self._to = start
        self._acts: list[tuple[datetime, int, Callable[[], None]]] = []
        self._ids = count()

    def span(self, seconds: float) -> timedelta:
        """How long scenario seconds last in real time."""
        return timedelta(seconds=seconds / self.speed)

    def ago(self, seconds: float) -> datetime:
        """So many scenario seconds before now."""
        return self.now - self.span(seconds)

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        heappush(self._acts, (self.now + self.span(max(seconds, 0.0)), next(self._ids), act))

    def due(self) -> datetime | None:
        """The moment of the next act."""
        return self._acts[0][0] if self._acts else None

    @property
    def behind(self) -> float:
        """Scenario seconds from the act that runs now to the moment to which the agenda is brought."""
        return (self._to - self.now).total_seconds() * self.speed

    def advance(self, to: datetime) -> None:
        self._to = to
        while self._acts and self._acts[0][0] <= to:
            at, _, act = heappop(self._acts)
            self.now = max(self.now, at)
            act()
        self.now = max(self.now, to)
