"""The world for a command: the feed that it needs is asked until it has told enough."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

from warroom.cli.given import Flags
from warroom.cli.opened import Opened
from warroom.cli.out import Failure
from warroom.core.ports import AnyFeed
from warroom.core.readings import World

PATIENCE = 15.0
"""Seconds for a cluster to tell."""


async def glance(flags: Flags, desk: Opened, field: str, enough: Callable[[World], bool] = lambda _: True) -> World:
    """One field of the world as it is now; what is not `enough` yet has time to become so. A Failure says why it cannot be had."""
    from warroom.cli.furnish import cluster_feeds

    feed = next((feed for feed in cluster_feeds(flags, desk.room, desk.clock) if feed.field == field), None)
    if feed is None:
        raise Failure(f"nothing tells of {field} here: see `warroom doctor`")
    return await _first(feed, enough)


async def _first(feed: AnyFeed, enough: Callable[[World], bool]) -> World:
    """The first that is whole and enough, else the last."""
    last: World | None = None
    try:
        async with asyncio.timeout(PATIENCE), aclosing(cast(Any, feed.readings())) as readings:
            async for reading in readings:
                if reading.trouble and reading.at is None:
                    raise Failure("; ".join(reading.trouble.splitlines()[1:]) or reading.trouble)
                if reading.at is not None and not reading.progress:
                    last = replace(World(), **{feed.field: reading})
                    if enough(last):
                        return last
    except TimeoutError:
        pass
    if last is None:
        raise Failure(f"nothing was told of {feed.field} within {PATIENCE:.0f} s: see `warroom doctor`")
    return last
