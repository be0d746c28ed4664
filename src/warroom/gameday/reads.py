"""Answers to get and list: whole objects, pages, tables."""

import base64
import binascii
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from warroom.gameday import selectors, shapes, statuses, tables
from warroom.gameday.asks import Ask
from warroom.gameday.resources import NEW_EVENTS, Json, Resource
from warroom.gameday.world import Stored, World

SNAPSHOTS = 64
"""So many first pages are remembered for those who ask for the next."""


def shown(resource: Resource, item: Stored) -> Stored:
    """An event in the shape of the API by which it was asked for."""
    return Stored(NEW_EVENTS, shapes.new_event(item.object), item.version) if resource is NEW_EVENTS else item


def chosen(ask: Ask) -> Callable[[Json], bool]:
    """Whether an object is what the request selects. Raises the 400 of a bad selector."""
    label, field = ask.query.get("labelSelector", ""), ask.query.get("fieldSelector", "")
    try:
        tests = [*([selectors.labels(label)] if label else []), *([selectors.fields(field, ask.resource)] if field else [])]
    except selectors.BadSelector as error:
        kind = f"{ask.resource.group}/{ask.resource.version}" if ask.resource.group else f"/{ask.resource.version}"
        what = f'label selector "{label}", field selector "{field}"'
        said = f'Unable to find "{kind}, Resource={ask.resource.plural}" that match {what}: {error}'
        raise statuses.bad_request(said) from None
    name = ask.name
    return lambda object: (not name or object["metadata"]["name"] == name) and all(test(object) for test in tests)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    version: int
    items: list[Stored]


class Reads:
    def __init__(self, world: World) -> None:
        self._world = world
        self._snapshots: OrderedDict[int, dict[str, _Snapshot]] = OrderedDict()

    def expire(self) -> None:
        self._snapshots.clear()

    def one(self, ask: Ask, now: datetime) -> bytes:
        found = self._world.get(ask.resource, ask.namespace, ask.name)
        if found is None:
            raise statuses.not_found(ask.resource, ask.name)
        if ask.as_table:
            metadata = {"resourceVersion": str(found.version)}
            return msgspec.json.encode(tables.table(ask.resource, [found], now, ask.include, metadata))
        return shown(ask.resource, found).whole

    def many(self, ask: Ask, now: datetime) -> bytes:
        """Pages carry the version of the first one, and its objects, whatever is written meanwhile."""
        limit, token = ask.number("limit"), ask.query.get("continue", "")
        version, items = self._rest(ask, token) if token else self._all(ask)
        metadata: Json = {"resourceVersion": str(version)}
        if limit and len(items) > limit:
            items, left = items[:limit], len(items) - limit
            space, name = items[-1].key
            metadata["continue"] = _token(version, f"{space}/{name}")
            if not ask.query.get("labelSelector") and not ask.query.get("fieldSelector"):
                metadata["remainingItemCount"] = left
        if ask.as_table:
            return msgspec.json.encode(tables.table(ask.resource, items, now, ask.include, metadata))
        return _list(ask.resource, (shown(ask.resource, item) for item in items), metadata)

    def _all(self, ask: Ask) -> tuple[int, list[Stored]]:
        wanted = ask.query.get("resourceVersion", "")
        if wanted and not wanted.isdigit():
            raise statuses.bad_request(f"Invalid value: {wanted!r}: resourceVersion must be a number")
        if wanted and int(wanted) > self._world.version:
            raise statuses.too_large(int(wanted), self._world.version)
        if ask.query.get("resourceVersionMatch") == "Exact" and int(wanted or 0) != self._world.version:
            # The simulation keeps no old states, so every other exact version is as if compacted.
            raise statuses.Refused(410, "Expired", f"The resourceVersion for the provided list is too old: {wanted}")
        test = chosen(ask)
        items = [item for item in self._world.all(ask.resource, ask.namespace) if test(item.object)]
        version = self._world.version
        limit = ask.number("limit")
        if limit and len(items) > limit:
            self._snapshots.setdefault(version, {})[_key(ask)] = _Snapshot(version, items)
            self._snapshots.move_to_end(version)
            while len(self._snapshots) > SNAPSHOTS:
                self._snapshots.popitem(last=False)
        return version, items

    def _rest(self, ask: Ask, token: str) -> tuple[int, list[Stored]]:
        if ask.query.get("resourceVersion"):
            raise statuses.bad_request("specifying resource version is not allowed when using continue")
        version, start = _read_token(token)
        if version == -1:
            test = chosen(ask)
            items = [item for item in self._world.all(ask.resource, ask.namespace) if test(item.object) and "/".join(item.key) > start]
            return self._world.version, items
        snapshot = self._snapshots.get(version, {}).get(_key(ask))
        if snapshot is None:
            raise statuses.expired_list(_token(-1, start))
        space, _, name = start.partition("/")
        return version, [item for item in snapshot.items if item.key > (space, name)]


def _key(ask: Ask) -> str:
    return "\n".join((ask.resource.qualified, ask.namespace, ask.query.get("labelSelector", ""), ask.query.get("fieldSelector", "")))


def _token(version: int, start: str) -> str:
    return base64.urlsafe_b64encode(
        json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": start}, separators=(",", ":")).encode()
    ).decode()


def _read_token(token: str) -> tuple[int, str]:
    try:
        read = json.loads(base64.urlsafe_b64decode(token.encode()))
        return int(read["rv"]), str(read["start"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise statuses.bad_request("continue key is not valid: illegal base64 data") from None


def _list(resource: Resource, items: Iterable[Stored], metadata: Json) -> bytes:
    head = f'{{"kind":"{resource.kind}List","apiVersion":"{resource.api_version}","metadata":'.encode()
    return head + msgspec.json.encode(metadata) + b',"items":[' + b",".join(item.raw for item in items) + b"]}"
