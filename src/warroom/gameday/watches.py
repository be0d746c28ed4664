"""A watch as the lines it sends: what it begins with, and what follows."""

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from warroom.gameday import reads, statuses, tables
from warroom.gameday.asks import Ask
from warroom.gameday.resources import Json, stored
from warroom.gameday.world import Change, Stored, World

END = "k8s.io/initial-events-end"


class Watch:
    """Pure: `begin` once, `more` after every change. It has ended when `over` says so."""

    def __init__(self, world: World, ask: Ask, now: Callable[[], datetime]) -> None:
        self._world = world
        self._ask = ask
        self._now = now
        self._test = reads.chosen(ask)
        self._heads = True
        self._cursor = world.version
        self.over = False
        self.bookmarks = ask.flag("allowWatchBookmarks")
        self.version, self.initial = self._wanted()

    def _wanted(self) -> tuple[int | None, bool]:
        """The version to start from, None for now; and whether it is a WatchList."""
        query = self._ask.query
        text = query.get("resourceVersion", "")
        if text and not text.isdigit():
            raise statuses.Refused(500, "InternalError", f'Internal error occurred: strconv.ParseUint: parsing "{text}": invalid syntax')
        initial = self._ask.flag("sendInitialEvents")
        if "sendInitialEvents" in query and query.get("resourceVersionMatch") != "NotOlderThan":
            raise statuses.invalid(
                "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
            )
        if not initial and query.get("resourceVersionMatch"):
            raise statuses.invalid(
                "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
            )
        return (int(text) if text not in ("", "0") else None), initial

    @property
    def ahead(self) -> bool:
        """It asks for a version that is not there yet."""
        return self.version is not None and self.version > self._world.version

    def begin(self) -> Iterator[bytes]:
        """In pieces, since a WatchList of a large cluster is large."""
        if self.version is None or self.initial:
            self._cursor = self._world.version
            for item in self._world.all(self._ask.resource, self._ask.namespace):
                if self._test(item.object):
                    yield self._line("ADDED", item)
            if self.initial and self.bookmarks:
                yield self.bookmark(end=True)
        elif self.version < self._world.forgotten:
            yield self.expire(self.version, self._world.forgotten)
        else:
            self._cursor = self.version

    def more(self) -> Iterator[bytes]:
        if self._cursor < self._world.forgotten:
            yield self.expire(self._cursor, self._world.forgotten)
            return
        kept = stored(self._ask.resource)
        for change in self._world.since(self._cursor):
            self._cursor = change.version
            if change.after.resource is kept and self._ask.namespace in ("", change.after.key[0]):
                word = self._word(change)
                if word:
                    yield self._line(word, change.after)

    def bookmark(self, *, end: bool = False) -> bytes:
        metadata: Json = {"resourceVersion": str(self._world.version), **({"annotations": {END: "true"}} if end else {})}
        object: Json = {
            "kind": self._ask.resource.kind,
            "apiVersion": self._ask.resource.api_version,
            "metadata": metadata,
            "spec": {},
            "status": {},
        }
        if self._ask.resource.kind == "Pod":
            object["spec"] = {"containers": None}
        shown = tables.bookmark(self._ask.resource, object) if self._ask.as_table else object
        return msgspec.json.encode({"type": "BOOKMARK", "object": shown}) + b"\n"

    def expire(self, version: int, oldest: int) -> bytes:
        self.over = True
        return msgspec.json.encode({"type": "ERROR", "object": statuses.too_old(version, oldest)}) + b"\n"

    def _word(self, change: Change) -> str:
        """As a selector sees it: what begins to match is added, what ceases to is deleted."""
        before = change.before is not None and self._test(change.before.object)
        after = change.type != "DELETED" and self._test(change.after.object)
        if before and after:
            return "MODIFIED"
        return "ADDED" if after else "DELETED" if before else ""

    def _line(self, word: str, item: Stored) -> bytes:
        item = item if self._ask.resource is item.resource else reads.shown(self._ask.resource, item)
        if self._ask.as_table:
            metadata = {"resourceVersion": str(item.version)}
            table = tables.table(self._ask.resource, [item], self._now(), self._ask.include, metadata, heads=self._heads)
            self._heads = False
            return msgspec.json.encode({"type": word, "object": table}) + b"\n"
        return b'{"type":"' + word.encode() + b'","object":' + item.whole + b"}\n"
