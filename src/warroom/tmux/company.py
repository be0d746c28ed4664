"""Who is attached to the session that this console runs in, and who of them did what."""

from collections.abc import AsyncIterator, Callable

from warroom.core.company import UNSURE, Client, author
from warroom.core.ports import Clock, Sleep
from warroom.core.readings import Reading
from warroom.tmux.asked import Tmux

EVERY = 3.0
"""Seconds between two looks; whoever acts is looked at then."""


class Company:
    """A feed of the clients of one session, and the author of a key."""

    field = "company"

    def __init__(self, tmux: Tmux, pane: str, title: Callable[[], str], clock: Clock, sleep: Sleep) -> None:
        """`title` is what the window shall be called, so that it is told apart in a list."""
        self._tmux, self._pane, self._title, self._clock, self._sleep = tmux, pane, title, clock, sleep

    async def readings(self) -> AsyncIterator[Reading[tuple[Client, ...]]]:
        told: tuple[Client, ...] = ()
        called = ""
        while True:
            if (title := self._title()) != called:
                called = title
                await self._tmux.ask("rename-window", "-t", self._pane, title)
            found = await self._clients()
            if found != told:
                told = found
                yield Reading(found, self._clock.now())
            await self._sleep(EVERY)

    async def author(self, at: float) -> str:
        """Who pressed the key that came `at` seconds since 1970; empty: nobody else can have."""
        clients = await self._clients()
        return author(clients, at) if len(clients) > 1 else ""

    async def take_over(self, at: float) -> str:
        """Leaves the keys to whoever pressed this one; says who that is, or why not."""
        clients = await self._clients()
        name = author(clients, at)
        if name.startswith(UNSURE):
            return ""
        for one in clients:
            if one.name != name and not one.reads:
                await self._tmux.ask("switch-client", "-r", "-c", one.tty)
        return name

    async def _clients(self) -> tuple[Client, ...]:
        return await self._tmux.clients(self._pane)
