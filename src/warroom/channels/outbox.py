"""The sender: takes what is queued to its service, once, and writes down how it went."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from msgspec.structs import replace

from warroom.channels.answers import LONGEST_WAIT
from warroom.channels.loopback import is_loopback
from warroom.core.acts import Act, Refusal
from warroom.core.acts.sending import RecordFailed, RecordSent, SayInstead
from warroom.core.entries import Entry
from warroom.core.outbox import Intent, Sending, Service, other_channel, outbox
from warroom.core.ports import Channel, Clock, Failed, JournalTrouble, Present, Senders, Sent, Sleep
from warroom.core.readings import Posted, Reading, Tried
from warroom.room import Room

AT_ONCE = 20
"""So many, then from the oldest on again: what has waited must not wait for all that came after it."""
BY = "outbox"
"""Who has written how it went."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, of the world's time."""

    look: float = 1.0
    first: float = 2.0
    """Before the second try; it doubles from try to try."""
    longest: float = 60.0
    settles: float = 45.0
    """So long a request whose answer was lost may still come to be: before that nothing is said again."""
    down: float = 60.0
    """A service that fails for so long is down: its texts go to another channel."""
    stale: float = 30 * 60.0
    """What nobody could send for so long is not sent unasked any more."""


@dataclass
class Outbox:
    """A feed of what was tried. For each service one process of all on this journal has the turn."""

    room: Room
    channels: Mapping[Service, Channel]
    senders: Senders
    me: Present
    clock: Clock
    real: Clock
    sleep: Sleep
    pace: Pace = Pace()
    tell: Callable[[Entry], None] = lambda _: None
    """Hears of everything that it writes down."""
    listening: Sequence[Callable[[], Coroutine[None, None, None]]] = ()
    """What runs beside it: those who hear what comes back."""
    field = "outbox"

    def __post_init__(self) -> None:
        self._tries: dict[str, Tried] = {}
        self._trouble = ""

    @property
    def able(self) -> frozenset[Service]:
        return frozenset(self.channels)

    async def readings(self) -> AsyncIterator[Reading[Posted]]:
        told: tuple[object, ...] = ()
        tasks = [asyncio.create_task(self.serve(service)) for service in self.channels]
        tasks += [asyncio.create_task(listen()) for listen in self.listening]
        try:
            while True:
                posted = Posted(frozenset(self.able), tuple(self._tries.values()))
                if told != (now_told := (posted, self._trouble)):
                    told = now_told
                    yield Reading(posted, self.clock.now(), self._trouble)
                await self.sleep(self.pace.look)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(JournalTrouble):
                await self.senders.release(self.me)

    async def serve(self, service: Service) -> None:
        while True:
            try:
                await self.turn(service)
                self._trouble = ""
            except JournalTrouble as failed:  # it is tried again in a second, and told meanwhile
                self._trouble = f"not sent\n{failed}"
            await self.sleep(self.pace.look)

    async def turn(self, service: Service) -> None:
        """Everything of this service that is queued and may be tried now; pages first."""
        if not self._queued(service):
            return
        if not await self.senders.hold(service, self.me, self.real.now()):
            self._tries = await self.senders.tries()
            return
        try:
            await self.room.catch_up()  # whoever had the turn before may have sent it
            await self._send_all(service)
        finally:
            await self.senders.release(self.me, service)

    def _queued(self, service: Service) -> list[Sending]:
        found = [one for one in outbox(self.room.incident) if one.state == "queued" and one.intent.service == service]
        return sorted(found, key=lambda one: (not one.intent.page, one.created))

    async def _send_all(self, service: Service) -> None:
        self._tries, now = await self.senders.tries(), self.real.now().timestamp()
        ready = [one for one in self._queued(service) if not self._waits(one.intent.id, now)]
        for one in ready[:AT_ONCE]:
            # Each takes seconds, and the turn ends when we fall silent for half a minute.
            if not await self.senders.hold(service, self.me, self.real.now()):
                return
            self._tries = await self.senders.tries()
            await self._send(one)

    def _waits(self, id: str, now: float) -> bool:
        """What lies farther ahead was written by a clock that went wrong."""
        tried = self._tries.get(id)
        return tried is not None and now < tried.next <= now + LONGEST_WAIT

    async def _send(self, one: Sending) -> None:
        queued = self.clock.real(one.intent.queued).timestamp()
        intent = replace(one.intent, since=self.clock.real(one.created).timestamp())
        channel, tried = self.channels[intent.service], self._tries.get(intent.id, Tried(intent.id))
        now = self.real.now().timestamp()
        if intent.drill and not is_loopback(channel.address):
            await self._failed(tried, f"a drill sends only to this machine, not to {channel.address}")
        elif intent.page and not self.room.incident.open:
            await self._failed(tried, "the incident was closed before anybody was paged")
        elif self._waits(intent.id, now):
            return
        elif now - queued > self.pace.stale:
            await self._late(channel, intent, tried)
        elif await self._is_new(channel, intent, tried):
            await self._try(channel, one, intent, queued)

    async def _late(self, channel: Channel, intent: Intent, tried: Tried) -> None:
        """What nobody could send for so long may be wrong by now, or wake somebody for nothing."""
        found = await channel.find(intent) if tried.unsure else None
        if isinstance(found, Sent):
            await self._sent(channel, intent, found)
            return
        words = f"it could not be sent for {self.pace.stale / 60:g} min{f' ({tried.error})' if tried.error else ''}"
        perhaps = ", and it may be there all the same" if tried.unsure else ""
        await self._failed(tried, f"{words}{perhaps}: send it again if it still matters, or drop it")

    async def _is_new(self, channel: Channel, intent: Intent, tried: Tried) -> bool:
        """Whether it may be sent: it is not there, and no earlier try can still come to be."""
        again = channel.knows_again(intent)
        if again and not tried.unsure:
            return True
        found, now = await channel.find(intent), self.real.now().timestamp()
        if isinstance(found, Sent):
            await self._sent(channel, intent, found)
            return False
        if again:
            return True
        if isinstance(found, Failed) and not found.final:
            await self._later(tried, found, unsure=tried.unsure)
            return False
        if not tried.unsure:  # also where it cannot be read back: it was never begun
            return True
        if isinstance(found, Failed):
            await self._failed(tried, f"it may have been sent, and that cannot be looked up ({found.why}): look there yourself")
            return False
        settled = tried.begun + self.pace.settles
        if now < settled <= now + self.pace.settles:
            await self._note(replace(tried, next=min(settled, now + self.backoff(tried))))
            return False
        return True

    async def _try(self, channel: Channel, one: Sending, intent: Intent, queued: float) -> None:
        if not await self.senders.hold(intent.service, self.me, self.real.now()):  # looking it up took its time
            return
        await self.senders.begin(intent.id, self.real.now())
        begun = (await self.senders.tries())[intent.id]
        outcome = await channel.send(intent)
        if isinstance(outcome, Sent):
            await self._sent(channel, intent, outcome)
        elif outcome.final:
            await self._failed(replace(begun, unsure=False, error=outcome.why), outcome.why)
        else:
            await self._later(begun, outcome, unsure=outcome.unsure)
            if self.real.now().timestamp() - queued > self.pace.down:
                await self._elsewhere(one)

    async def _sent(self, channel: Channel, intent: Intent, sent: Sent) -> None:
        """Written down at once, then read back."""
        await self._write(RecordSent(intent.id, sent))
        tried = (await self.senders.tries()).get(intent.id, Tried(intent.id))
        await self._note(replace(tried, unsure=False, next=0.0, error=""))
        found = await channel.find(replace(intent, linked=intent.linked or sent.reference))
        if isinstance(found, Sent):
            await self._write(RecordSent(intent.id, replace(sent, reference=found.reference or sent.reference), confirmed=True))

    async def _failed(self, tried: Tried, why: str) -> None:
        await self._write(RecordFailed(tried.id, why))
        await self._note(replace(tried, next=0.0, error=why))

    async def _later(self, tried: Tried, failed: Failed, *, unsure: bool) -> None:
        wait = max(failed.after, self.backoff(tried))
        await self._note(replace(tried, next=self.real.now().timestamp() + wait, unsure=unsure, error=failed.why))

    async def _write(self, act: Act) -> None:
        written = await self.room.do(act, by=BY)
        for entry in () if isinstance(written, Refusal) else written:
            self.tell(entry)

    async def _note(self, tried: Tried) -> None:
        self._tries[tried.id] = tried
        await self.senders.note(tried)

    def backoff(self, tried: Tried) -> float:
        return float(min(self.pace.longest, self.pace.first * 2 ** min(20, max(0, tried.attempts - 1))))

    async def _elsewhere(self, one: Sending) -> None:
        """While its own channel is down; when that heals, the text is said there too, where people look for it."""
        if one.intent.page or one.instead or one.instead_of:
            return
        if other := other_channel(self.room.runbook, one, self.able):
            await self._write(SayInstead(one.intent.id, other))
