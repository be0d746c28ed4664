"""The objects of the simulated cluster, their versions, and the log of their changes."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from warroom.gameday.agenda import stamp
from warroom.gameday.resources import Json, Key, Resource, stored

REMEMBERED = 20_000
"""So many changes can be watched again; an older version has expired."""


def copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


@dataclass(slots=True, eq=False)
class Stored:
    """An object at one version; never changed once it is here."""

    resource: Resource
    object: Json
    version: int
    _raw: bytes = field(default=b"", init=False, repr=False)

    @property
    def key(self) -> Key:
        metadata = self.object["metadata"]
        return metadata.get("namespace", ""), metadata["name"]

    @property
    def raw(self) -> bytes:
        """JSON without kind and apiVersion, as it stands in a list."""
        if not self._raw:
            self._raw = msgspec.json.encode(self.object)
        return self._raw

    @property
    def whole(self) -> bytes:
        """JSON with kind and apiVersion."""
        return f'{{"kind":"{self.resource.kind}","apiVersion":"{self.resource.api_version}",'.encode() + self.raw[1:]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    version: int
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    before: Stored | None
    after: Stored
    """Of a deletion: the last state, under the version of the deletion."""


class World:
    """What is in the cluster now. Whoever changes an object takes a copy, and puts it back."""

    def __init__(self, rng: random.Random, now: Callable[[], datetime], version: int = 1000) -> None:
        self.rng = rng
        self.now = now
        self.version = version
        self.forgotten = version
        """Changes up to this version can no longer be watched."""
        self.listeners: list[Callable[[Change], None]] = []
        self._objects: dict[Resource, dict[Key, Stored]] = {}
        self._sorted: dict[Resource, dict[str, list[Key]]] = {}
        self._changes: list[Change] = []

    def get(self, resource: Resource, namespace: str, name: str) -> Stored | None:
        return self._objects.get(stored(resource), {}).get((namespace, name))

    def copy(self, resource: Resource, namespace: str, name: str) -> Json | None:
        found = self.get(resource, namespace, name)
        return None if found is None else copied(found.object)

    def keys(self, resource: Resource, namespace: str = "") -> Sequence[Key]:
        """In order; of one namespace, or of all."""
        kept = stored(resource)
        known = self._sorted.setdefault(kept, {})
        if namespace not in known:
            # Asked for again and again, while thousands of objects of other namespaces stand beside.
            known[namespace] = sorted(key for key in self._objects.get(kept, {}) if not namespace or key[0] == namespace)
        return known[namespace]

    def all(self, resource: Resource, namespace: str = "") -> list[Stored]:
        """In the order of their keys."""
        objects = self._objects.get(stored(resource), {})
        return [objects[key] for key in self.keys(resource, namespace)]

    def owned(self, resource: Resource, owner: Json) -> list[Json]:
        """What an object controls: the objects themselves, not copies."""
        uid = owner["metadata"]["uid"]
        namespace = owner["metadata"].get("namespace", "")
        return [
            item.object
            for item in self.all(resource, namespace)
            if any(reference["uid"] == uid for reference in item.object["metadata"].get("ownerReferences", ()))
        ]

    def add(self, resource: Resource, object: Json) -> Json:
        """Completes its metadata (uid, version, creation) where they are missing."""
        metadata = object["metadata"]
        metadata.setdefault("uid", self.uid())
        metadata.setdefault("creationTimestamp", stamp(self.now()))
        return self._write(resource, object, None)

    def put(self, resource: Resource, object: Json) -> Json:
        """Nothing happens when nothing differs."""
        metadata = object["metadata"]
        before = self.get(resource, metadata.get("namespace", ""), metadata["name"])
        if before is None:
            return object
        metadata["resourceVersion"] = str(before.version)
        if before.object == object:
            return before.object
        return self._write(resource, object, before)

    def remove(self, resource: Resource, namespace: str, name: str) -> Json | None:
        before = self._objects.get(stored(resource), {}).pop((namespace, name), None)
        if before is None:
            return None
        self._sorted.pop(stored(resource), None)
        self.version += 1
        last = copied(before.object)
        last["metadata"]["resourceVersion"] = str(self.version)
        self._log(Change(self.version, "DELETED", before, Stored(before.resource, last, self.version)))
        return before.object

    def uid(self) -> str:
        digits = f"{self.rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def since(self, version: int) -> Iterator[Change]:
        """The changes after a version, oldest first; every change has the next version, so no search is needed."""
        if self._changes:
            start = max(0, version - self._changes[0].version + 1)
            yield from self._changes[start:]

    def forget(self) -> None:
        """As after a restart of the API server: no older version can be watched from."""
        self._changes.clear()
        self.forgotten = self.version

    def _write(self, resource: Resource, object: Json, before: Stored | None) -> Json:
        kept = stored(resource)
        self.version += 1
        object["metadata"]["resourceVersion"] = str(self.version)
        after = Stored(kept, object, self.version)
        self._objects.setdefault(kept, {})[after.key] = after
        if before is None:
            self._sorted.pop(kept, None)
        self._log(Change(self.version, "ADDED" if before is None else "MODIFIED", before, after))
        return object

    def _log(self, change: Change) -> None:
        self._changes.append(change)
        if len(self._changes) > REMEMBERED:
            del self._changes[: REMEMBERED // 2]
            self.forgotten = self._changes[0].version - 1
        for listener in tuple(self.listeners):
            listener(change)
