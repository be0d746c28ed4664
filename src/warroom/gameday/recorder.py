"""Writes the events of the simulated cluster, in the three shapes that real ones have."""

import random
from datetime import datetime

from warroom.gameday import shapes
from warroom.gameday.agenda import Agenda, micro, stamp
from warroom.gameday.resources import BY_KIND, EVENTS, Json, Key
from warroom.gameday.world import World

LIVES = 3600.0
"""Seconds after its last time an event is gone."""


class Recorder:
    """A repeat of one cause is the same event with a higher count."""

    def __init__(self, world: World, agenda: Agenda, rng: random.Random) -> None:
        self._world = world
        self._agenda = agenda
        self._rng = rng
        self._known: dict[tuple[str, ...], tuple[Key, datetime]] = {}

    def tell(
        self,
        kind: str,
        about: Json,
        type: str,
        reason: str,
        message: str,
        *,
        by: str,
        host: str = "",
        shape: str = "counted",
        container: str = "",
    ) -> None:
        """`by` is the component; `shape` is counted, once or series."""
        now = self._agenda.now
        self._expire(now)
        metadata = about["metadata"]
        cause = (metadata["uid"], type, reason, message, container, by)
        if cause in self._known and shape != "once":
            key, _ = self._known.pop(cause)
            self._again(key, now)
            self._known[cause] = (key, now)
            return
        space = metadata.get("namespace", "") or "default"
        subject = {
            "kind": kind,
            **({"namespace": metadata["namespace"]} if "namespace" in metadata else {}),
            "name": metadata["name"],
            "uid": metadata["uid"],
            "apiVersion": BY_KIND[kind].api_version,
            "resourceVersion": metadata.get("resourceVersion", ""),
            **({"fieldPath": f"spec.containers{{{container}}}"} if container else {}),
        }
        name = f"{metadata['name']}.{self._rng.getrandbits(64):016x}"
        self._world.add(EVENTS, shapes.event(name, space, subject, type, reason, message, at=now, shape=shape, by=by, host=host))
        self._known[(*cause, name) if shape == "once" else cause] = ((space, name), now)

    def _again(self, key: Key, now: datetime) -> None:
        event = self._world.copy(EVENTS, *key)
        if event is None:
            return
        if "series" in event:
            event["series"] = {"count": event["series"]["count"] + 1, "lastObservedTime": micro(now)}
        else:
            event["count"] += 1
            event["lastTimestamp"] = stamp(now)
        self._world.put(EVENTS, event)

    def _expire(self, now: datetime) -> None:
        # Told again moves to the end, so the oldest stands first.
        while self._known:
            cause, (key, last) = next(iter(self._known.items()))
            if now - last < self._agenda.span(LIVES):
                return
            del self._known[cause]
            self._world.remove(EVENTS, *key)
