"""The verdicts as a feed of their own, from what the other feeds said."""

from collections.abc import AsyncIterator
from datetime import timedelta

from warroom.core.holds import GAP
from warroom.core.observations import frozen
from warroom.core.ports import Clock, Sleep
from warroom.core.readings import Reading, Verdict
from warroom.core.verdicts import Runs, judge
from warroom.room import Room
from warroom.watch.view import View

EVERY = 1.0
"""Seconds between two looks."""
ANYWAY = 5
"""Looks after which it judges also when nothing is new: that nothing is new has to be told, too."""
SECOND = timedelta(seconds=1)


class VerdictsFeed:
    """Judges by the runbook that holds now; what must hold is counted by the room's clock."""

    field = "verdicts"

    def __init__(self, view: View, room: Room, clock: Clock, sleep: Sleep) -> None:
        self._view, self._room, self._clock, self._sleep = view, room, clock, sleep

    async def readings(self) -> AsyncIterator[Reading[tuple[Verdict, ...]]]:
        runs: Runs = {}
        known: tuple[Verdict, ...] = ()
        heard: tuple[object, ...] = ()
        quiet = 0
        while True:
            world, incident = self._view.world, self._room.incident
            news = (world.metrics, world.deployments, world.pods, incident.observed, incident.runbook)
            quiet = quiet + 1 if len(heard) == len(news) and all(one is two for one, two in zip(heard, news, strict=True)) else 0
            if quiet % ANYWAY == 0:
                heard, now = news, self._clock.now()
                runs, verdicts = judge(self._room.runbook, world, frozen(incident), runs, now, gap(self._clock))
                # The same words are the same value, so that nobody draws them again.
                known = known if verdicts == known else verdicts
                reading = Reading(known, now)
                self._view.take(self.field, reading)
                yield reading
            await self._sleep(EVERY)


def gap(clock: Clock) -> timedelta:
    """What leaves a gap: samples come in real time, and the clock's may be faster."""
    now = clock.now()
    return GAP * max(1.0, (clock.of(now + SECOND) - clock.of(now)) / SECOND)
