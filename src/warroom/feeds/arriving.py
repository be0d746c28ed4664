"""A list that is not whole yet: page by page, or as the beginning of a watch."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from warroom.feeds.wire import Change

V = TypeVar("V")
GROWS_BY = 3
"""Whoever shows the rows sorts all of them each time: so only when they have become three times as many."""


class Arriving(Generic[V]):
    """`seen` and `versions` by `namespace/name`; `show` is called now and then with what is there, and how far it is."""

    def __init__(self, translated: Callable[[Any, str], V], show: Callable[[Mapping[str, V], str], None]) -> None:
        self.seen: dict[str, V] = {}
        self.versions: dict[str, str] = {}
        self._translated, self._show = translated, show
        self._shown = 0
        self._all: int | None = None

    def take(self, wire: Any) -> None:
        key = f"{wire.metadata.namespace}/{wire.metadata.name}"
        self.seen[key] = self._translated(wire, key)
        self.versions[key] = wire.metadata.resource_version

    def page_ends(self, left: int | None) -> None:
        """There is another page; `left` objects are on those that follow, if the server knows."""
        self._all = None if left is None else len(self.seen) + left
        self._tell()

    def anew(self) -> None:
        """All of it comes once more, those of the first page too: some of them may be gone by now."""
        self.seen, self.versions = {}, {}

    def change(self, change: Change[Any]) -> None:
        if change.type in ("ADDED", "MODIFIED"):
            self.take(change.object)
            self._tell()
        elif change.type == "DELETED":
            meta = change.object.metadata
            for known in (self.seen, self.versions):
                known.pop(f"{meta.namespace}/{meta.name}", None)

    def _tell(self) -> None:
        if len(self.seen) >= max(1, self._shown * GROWS_BY):
            self._shown = len(self.seen)
            self._show(self.seen, f"{self._shown:,}" if self._all is None else f"{self._shown:,} of {self._all:,}")
