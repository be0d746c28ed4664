"""The figures of a scenario: they leave their normal value while a fault is there, and come back after."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from warroom.gameday.plans import SeriesPlan
from warroom.gameday.shapes import hash_of

GRAIN = 15.0
"""Scenario seconds for which the noise stays the same."""


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    unit: str
    value: float
    normal: float


@dataclass(slots=True)
class Course:
    """When a fault came and went, and how far the figures had followed by then."""

    speed: float
    turns: list[tuple[datetime, bool]] = field(default_factory=list)
    """In order; before the first one there is no fault."""

    def turn(self, at: datetime, there: bool) -> None:
        if there != self.there:
            self.turns.append((at, there))

    @property
    def there(self) -> bool:
        return bool(self.turns) and self.turns[-1][1]

    @property
    def since(self) -> datetime | None:
        """When the fault that is there now began."""
        return self.turns[-1][0] if self.there else None

    def followed(self, at: datetime, over: float, back: float) -> float:
        """0 normal, 1 worst: how far a figure has gone that needs `over` scenario seconds there and `back` seconds home."""
        level = 0.0
        for n, (since, there) in enumerate(self.turns):
            if since >= at:
                break
            until = min(at, self.turns[n + 1][0]) if n + 1 < len(self.turns) else at
            seconds = (until - since).total_seconds() * self.speed
            level = min(1.0, level + seconds / max(over, 1e-9)) if there else max(0.0, level - seconds / max(back, 1e-9))
        return level


def sample(plan: SeriesPlan, course: Course, at: datetime, epoch: datetime, seed: int) -> Sample:
    """The same moment always has the same value, so that a history can be asked for later."""
    level = course.followed(at, plan.over.seconds, plan.back.seconds)
    noise = _noise(seed, plan.name, int((at - epoch).total_seconds() * course.speed // GRAIN))
    return Sample(plan.name, plan.unit, (plan.normal + (plan.worst - plan.normal) * level) * (1 + noise * plan.noise), plan.normal)


@lru_cache(maxsize=8192)
def _noise(seed: int, name: str, grain: int) -> float:
    """From -1 to 1."""
    return hash_of(f"{seed}/{name}/{grain}") / 2**63 - 1.0
