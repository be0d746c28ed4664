"""What all feeds said last, in one world, for what looks at several of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from warroom.core.ports import AnyFeed
from warroom.core.readings import Reading, World


class View:
    """Grows while somebody reads the feeds that were shown to it."""

    def __init__(self) -> None:
        self.world = World()

    def shown(self, feed: AnyFeed) -> "Shown":
        return Shown(feed, self)

    def take(self, field: str, reading: Reading[Any]) -> None:
        self.world = replace(self.world, **{field: reading})

    @property
    def sees(self) -> bool:
        """Whether anything of a cluster, or of its figures, is read well."""
        readings: tuple[Reading[Any], ...] = (self.world.pods, self.world.deployments, self.world.metrics)
        return any(reading.at is not None and not reading.trouble for reading in readings)


class Shown:
    """A feed whose readings the view takes on their way."""

    def __init__(self, feed: AnyFeed, view: View) -> None:
        self._feed, self._view, self.field = feed, view, feed.field

    def ask_again(self) -> None:
        if again := getattr(self._feed, "ask_again", None):
            again()

    async def readings(self) -> AsyncIterator[Reading[Any]]:
        async for reading in self._feed.readings():
            self._view.take(self.field, reading)
            yield reading
