"""Counters that run: what the service as a whole has done, and each of its pods since it started."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime

from warroom.gameday.figures import Figures, Load
from warroom.gameday.resources import PODS, Json
from warroom.gameday.world import Change, World


class Outage:
    """When nobody served."""

    def __init__(self) -> None:
        self._turns: list[datetime] = []
        """Down, up, down, ...; in order."""

    def turn(self, at: datetime, down: bool) -> None:
        if down is not bool(len(self._turns) % 2):
            self._turns.append(at)

    def at(self, moment: datetime) -> bool:
        return bool(bisect_right(self._turns, moment) % 2)


class Meters:
    """Ready pods share the work equally; a container that starts again counts from 0."""

    def __init__(self, world: World, figures: Figures, namespace: str, mine: Callable[[Json], bool], outage: Outage) -> None:
        self.whole = Load()
        self._world = world
        self._figures = figures
        self._namespace = namespace
        self._mine = mine
        self._outage = outage
        self._until = world.now()
        self._loads: dict[str, tuple[str, Load]] = {}
        self._serving = self._ready()
        world.listeners.append(self._changed)

    def of(self, pod: Json, now: datetime) -> Load:
        """Since its container started."""
        self.settle(now)
        _, load = self._loads.get(pod["metadata"]["uid"], ("", Load()))
        return load

    @property
    def serving(self) -> int:
        """So many pods answer."""
        return len(self._serving)

    def settle(self, now: datetime) -> None:
        """Counts what was done until now by those who served."""
        if now <= self._until:
            return
        done = self._figures.between(self._until, now)
        self._until = now
        self.whole.add(done)
        if self._serving:
            part = done.of_one(len(self._serving))
            for uid in self._serving:
                self._loads[uid][1].add(part)

    def _changed(self, change: Change) -> None:
        if change.after.resource is PODS and change.after.key[0] == self._namespace and self._mine(change.after.object):
            self.settle(self._world.now())
            self._serving = self._ready()
            self._outage.turn(self._world.now(), down=not self._serving)

    def _ready(self) -> tuple[str, ...]:
        known, self._loads = self._loads, {}
        ready = []
        for pod in [item.object for item in self._world.all(PODS, self._namespace) if self._mine(item.object)]:
            uid, status = pod["metadata"]["uid"], (pod["status"].get("containerStatuses") or [{}])[0]
            run = str(status.get("containerID", ""))
            same = uid in known and known[uid][0] == run
            self._loads[uid] = known[uid] if same else (run, Load())
            if status.get("ready"):
                ready.append(uid)
        return tuple(ready)
