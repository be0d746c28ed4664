"""A feed that plays a script and ends."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from warroom.core.ports import Clock, Sleep
from warroom.core.readings import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ScriptedFeed(Generic[T]):
    """A value is read now, an exception is raised, a number is a pause in seconds."""

    field: str
    script: Sequence[T | Exception | float]
    clock: Clock
    sleep: Sleep

    async def readings(self) -> AsyncIterator[Reading[T]]:
        for step in self.script:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, (int, float)):
                await self.sleep(step)
            else:
                yield Reading(step, at=self.clock.now())
