"""Hears who acknowledges in the paging service, whoever pressed it and wherever."""

from contextlib import suppress
from datetime import timedelta

from warroom.channels.pagerduty import Pagerduty
from warroom.core.acts.paging import AnswerThere
from warroom.core.deadlines import deadlines
from warroom.core.outbox import linked, outbox
from warroom.core.ports import Clock, Failed, JournalTrouble, Present, Senders, Sleep
from warroom.room import Room

EVERY = 15.0
"""Seconds between two questions, of the incident's time; at most one a second is asked."""
TURN = "acknowledgements"


class Acknowledgements:
    """One process of all asks, and only while somebody is waited for."""

    def __init__(self, room: Room, pager: Pagerduty, senders: Senders, me: Present, clock: Clock, real: Clock, sleep: Sleep) -> None:
        self._room, self._pager, self._senders, self._me = room, pager, senders, me
        self._clock, self._real, self._sleep = clock, real, sleep

    async def listen(self) -> None:
        while True:
            with suppress(JournalTrouble):  # the sender tells of it; it is asked again
                await self.ask()
            await self._sleep(self._pause())

    async def ask(self) -> None:
        incident = self._room.incident
        id = linked(incident, outbox(incident)).get("pagerduty", "")
        if not id or not incident.open or not self._waited_for():
            return
        if not await self._senders.hold(TURN, self._me, self._real.now()):
            return
        found = await self._pager.acknowledged(id)
        for who, at in [] if isinstance(found, Failed) else found:
            await self._room.do(AnswerThere(who, self._clock.of(at)), by=who)

    def _waited_for(self) -> bool:
        incident, now = self._room.incident, self._clock.now()
        if incident.acknowledged is None:
            return True
        found = deadlines(self._room.runbook, incident, now)
        return any(one.id.startswith("contact:") and one.state in ("running", "due") for one in found)

    def _pause(self) -> float:
        now = self._real.now()
        speed = (self._clock.of(now + timedelta(seconds=1)) - self._clock.of(now)).total_seconds()
        return max(1.0, EVERY / max(1.0, speed))
