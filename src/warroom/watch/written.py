"""Notices that the runbook's file is no longer what the incident goes by."""

import asyncio
from collections.abc import AsyncIterator, Callable

from warroom.core.adoption import Written, written
from warroom.core.entries import RunbookText
from warroom.core.ports import Clock, Sleep
from warroom.core.readings import Reading
from warroom.library import LibraryTrouble
from warroom.room import Room

EVERY = 3.0
"""Seconds between two looks at the file."""


class WrittenFeed:
    """`stamp` tells whether the file may have been written, `load` gives its text; both are asked in a thread."""

    field = "written"

    def __init__(self, room: Room, stamp: Callable[[], object], load: Callable[[], RunbookText], clock: Clock, sleep: Sleep) -> None:
        self._room, self._stamp, self._load, self._clock, self._sleep = room, stamp, load, clock, sleep

    async def readings(self) -> AsyncIterator[Reading[Written | None]]:
        seen: object = None
        while True:
            look = (await asyncio.to_thread(self._stamp), self._room.incident.id, self._room.text.sha256)
            if look != seen:
                seen = look
                found, trouble = None, ""
                try:
                    found = await asyncio.to_thread(self._found)
                except LibraryTrouble as told:  # somebody is writing it, or took it away: what holds goes on to hold
                    trouble = f"runbook\n{told}"
                yield Reading(found, self._clock.now(), trouble)
            await self._sleep(EVERY)

    def _found(self) -> Written | None:
        room = self._room
        if not room.incident.open:
            return None  # the next incident is declared with the text of the file as it was when the console opened
        text, holds = room.kept(self._load()), room.text
        if text.sha256 == holds.sha256:
            return None
        return written(text, room.read(holds), room.read(text), holds.text)
