"""The sender: once, also after a lost answer, a kill, a second console; never elsewhere than it may."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from hand import T0, HandClock
from warroom.channels.outbox import Outbox, Pace
from warroom.core.acts import Refusal
from warroom.core.acts.incident import Declare
from warroom.core.acts.sending import ConfirmByHand, Drop, Retry
from warroom.core.entries import Draft, MessageQueued, PageAsked, RunbookText
from warroom.core.outbox import Intent, Sending, Service, outbox
from warroom.core.ports import Failed, Present, Sent
from warroom.journal.memory import MemoryJournal
from warroom.journal.senders import SideSenders
from warroom.room import Room

BOOK = """# Book
## Communication Channels
| Channel | Purpose |
|---|---|
| PagerDuty | Alerts |
| #incident-active (Slack) | Coordination |
| #incident-comms (Slack) | Updates |
| Status Page | Customers |
"""


@dataclass
class Fake:
    """A service in memory. `answers` are what the next requests meet: an outcome, and whether it is done."""

    service: Service = "slack"
    address: str = "https://slack.example"
    knows: bool = False
    readable: bool = True
    there: list[str] = field(default_factory=list)
    sent: list[Intent] = field(default_factory=list)
    answers: list[tuple[Failed, bool]] = field(default_factory=list)
    looked: int = 0

    def knows_again(self, intent: Intent) -> bool:
        return self.knows

    async def send(self, intent: Intent) -> Sent | Failed:
        self.sent.append(intent)
        failed, done = self.answers.pop(0) if self.answers else (None, True)
        if done and not (self.knows and intent.key in self.there):
            self.there.append(intent.key)
        return failed or Sent(f"ref/{intent.key}")

    async def find(self, intent: Intent) -> Sent | Failed | None:
        self.looked += 1
        if not self.readable:
            return Failed("missing_scope", final=True)
        return Sent(f"ref/{intent.key}") if intent.key in self.there else None


@dataclass(frozen=True)
class Queue:
    facts: tuple[MessageQueued | PageAsked, ...]

    def decide(self, incident: object, runbook: object, now: object, by: str) -> tuple[Draft, ...]:
        return tuple(Draft(fact, now) for fact in self.facts)  # type: ignore[arg-type]


def say(key: str = "k1", channel: str = "#incident-active", **more: object) -> MessageQueued:
    return MessageQueued(name="Update", channel=channel, text=f"text of {key}", key=key, **more)  # type: ignore[arg-type]


PAGE = PageAsked(to="secondary", text="P1", key="page", level=2)


class Stage:
    """One journal, one console on it, time by hand."""

    def __init__(self, tmp_path: Path, hand: HandClock) -> None:
        self.hand, self.journal, self.path = hand, MemoryJournal(), tmp_path / "j.sqlite"
        self.slack = Fake()

    async def room(self, who: str = "ada") -> Room:
        return await Room.open(self.journal, RunbookText(text=BOOK, sha256="a" * 64), self.hand, who)

    async def declared(self, *facts: MessageQueued | PageAsked, drill: bool = False) -> Room:
        room = await self.room()
        own = RunbookText(text=BOOK, sha256="a" * 64)
        assert not isinstance(await room.do(Declare(title="API down", runbook=own, alerted=T0, drill=drill)), Refusal)
        await room.do(Queue(facts))
        return room

    def sender(self, room: Room, *channels: Fake, id: str = "one") -> Outbox:
        found = {channel.service: channel for channel in channels or (self.slack,)}
        return Outbox(room, found, SideSenders(self.path), Present(id, id), self.hand, self.hand, self.hand.sleep, Pace())


@pytest.fixture
def stage(tmp_path: Path, hand: HandClock) -> Stage:
    return Stage(tmp_path, hand)


def states(room: Room) -> list[str]:
    return [one.state for one in outbox(room.incident)]


def first(room: Room) -> Sending:
    return outbox(room.incident)[0]


async def until(stage: Stage, sender: Outbox, done: Callable[[], bool], seconds: float, service: Service = "slack") -> float:
    """Turns, a second each, until it is done; how many seconds that took."""
    for passed in range(int(seconds)):
        if done():
            return passed
        await sender.turn(service)
        await stage.hand.forward(1)
    raise AssertionError(f"not after {seconds} s: {outbox(sender.room.incident)}")


async def test_a_message_is_sent_and_read_back(stage: Stage) -> None:
    room = await stage.declared(say())
    await stage.sender(room).turn("slack")
    assert states(room) == ["confirmed"]
    kinds = [entry.kind for entry in room.incident.sendings]
    assert kinds == ["message_queued", "message_sent", "message_confirmed"]
    assert first(room).reference == f"ref/{first(room).intent.key}"
    assert {entry.by for entry in room.incident.sendings[1:]} == {"outbox"}


async def test_a_lost_answer_is_found_there_and_not_said_again(stage: Stage) -> None:
    room = await stage.declared(say())
    stage.slack.answers = [(Failed("does not answer in time", unsure=True), True)]
    await until(stage, stage.sender(room), lambda: states(room) == ["confirmed"], 30)
    assert len(stage.slack.sent) == 1


async def test_what_may_still_come_is_waited_for_before_it_is_said_again(stage: Stage) -> None:
    room = await stage.declared(say())
    stage.slack.answers = [(Failed("does not answer in time", unsure=True), False)]
    passed = await until(stage, stage.sender(room), lambda: states(room) == ["confirmed"], 90)
    assert passed >= Pace().settles
    assert len(stage.slack.sent) == 2


async def test_a_request_that_comes_late_is_not_doubled(stage: Stage) -> None:
    room = await stage.declared(say())
    stage.slack.answers = [(Failed("does not answer in time", unsure=True), False)]
    sender = stage.sender(room)
    await sender.turn("slack")
    await stage.hand.forward(30)
    stage.slack.there.append(first(room).intent.key)  # only now the service does what it was asked for
    await until(stage, sender, lambda: states(room) == ["confirmed"], 60)
    assert stage.slack.there == [first(room).intent.key]


async def test_who_takes_over_from_a_killed_one_reads_back_first(stage: Stage) -> None:
    room = await stage.declared(say())
    killed = stage.sender(room, id="killed")
    id, key = first(room).intent.id, first(room).intent.key
    assert await killed.senders.hold("slack", killed.me, stage.hand.now())
    await killed.senders.begin(id, stage.hand.now())
    stage.slack.there.append(key)  # it was sent, and nobody wrote that down
    other = await stage.room("grace")
    heir = stage.sender(other, id="heir")
    await heir.turn("slack")
    assert states(other) == ["queued"]  # the killed one might live: its turn lasts until it is silent
    await stage.hand.forward(31)
    await heir.turn("slack")
    assert states(other) == ["confirmed"]
    assert stage.slack.sent == []


async def test_what_cannot_be_read_back_and_may_be_there_is_for_a_person_to_judge(stage: Stage) -> None:
    room = await stage.declared(say())
    stage.slack.readable, stage.slack.answers = False, [(Failed("broke off", unsure=True), True)]
    await until(stage, stage.sender(room), lambda: states(room) == ["failed"], 60)
    assert "may have been sent" in first(room).why
    assert len(stage.slack.sent) == 1


async def test_a_service_that_knows_it_again_is_asked_at_once(stage: Stage) -> None:
    room = await stage.declared(PAGE)
    pager = Fake("pagerduty", "https://pager.example", knows=True, answers=[(Failed("time-out", unsure=True), False)])
    passed = await until(stage, stage.sender(room, pager), lambda: states(room) == ["confirmed"], 10, "pagerduty")
    assert passed <= 4
    assert room.incident.sendings[-1].kind == "page_sent"


async def test_the_wait_that_a_service_asks_for_is_kept(stage: Stage) -> None:
    room = await stage.declared(say())
    stage.slack.answers = [(Failed("asks to wait", after=17.0), False)]
    assert await until(stage, stage.sender(room), lambda: len(stage.slack.sent) == 2, 60) >= 17


async def test_two_consoles_send_once(stage: Stage) -> None:
    room = await stage.declared(*(say(f"k{n}") for n in range(20)))
    other = await stage.room("grace")
    one, two = stage.sender(room, id="one"), stage.sender(other, id="two")
    import asyncio

    await asyncio.gather(one.turn("slack"), two.turn("slack"))
    await until(stage, two, lambda: set(states(other)) == {"confirmed"}, 5)
    assert sorted(stage.slack.there) == sorted(f"{room.incident.id}/k{n}" for n in range(20))


async def test_a_drill_reaches_only_this_machine(stage: Stage) -> None:
    room = await stage.declared(say(), drill=True)
    await stage.sender(room).turn("slack")
    assert states(room) == ["failed"]
    assert "only to this machine" in first(room).why
    assert (stage.slack.sent, stage.slack.looked) == ([], 0)


async def test_what_is_refused_is_not_sent_until_somebody_says_so(stage: Stage) -> None:
    room = await stage.declared(say())
    stage.slack.answers = [(Failed("channel_not_found", final=True), False)]
    sender = stage.sender(room)
    await until(stage, sender, lambda: states(room) == ["failed"], 5)
    await sender.turn("slack")
    assert len(stage.slack.sent) == 1
    assert not isinstance(await room.do(Retry(first(room).intent.id)), Refusal)
    await sender.turn("slack")
    assert states(room) == ["confirmed"]


async def test_a_person_sends_it_or_drops_it(stage: Stage) -> None:
    room = await stage.declared(say(), say("k2"))
    one, two = (sending.intent.id for sending in outbox(room.incident))
    await room.do(ConfirmByHand(one))
    assert isinstance(await room.do(Drop(two, " ")), Refusal)
    await room.do(Drop(two, "said on the bridge"))
    await stage.sender(room).turn("slack")
    assert states(room) == ["sent", "dropped"]
    assert stage.slack.sent == []
    assert isinstance(await room.do(Drop(one, "too late")), Refusal)


async def test_what_is_old_is_not_sent_unasked(stage: Stage) -> None:
    room = await stage.declared(PAGE, say())
    await stage.hand.forward(timedelta(days=120).total_seconds())
    pager = Fake("pagerduty", "https://pager.example", knows=True)
    sender = stage.sender(room, pager, stage.slack)
    await sender.turn("pagerduty")
    await sender.turn("slack")
    assert states(room) == ["failed", "failed"]
    assert (pager.sent, stage.slack.sent) == ([], [])


async def test_while_a_service_is_down_the_text_goes_to_the_next_channel_and_back_when_it_heals(stage: Stage) -> None:
    room = await stage.declared(say())
    down = (Failed("cannot be reached"), False)
    stage.slack.answers = [down] * 8
    pager = Fake("pagerduty", "https://pager.example")
    page = Fake("statuspage", "https://status.example")
    sender = stage.sender(room, stage.slack, pager, page)
    await until(stage, sender, lambda: len(outbox(room.incident)) == 2, 200)
    await sender.turn("pagerduty")
    own, instead = outbox(room.incident)
    assert (instead.intent.channel, instead.state, instead.intent.text) == ("PagerDuty", "confirmed", own.intent.text)
    assert page.sent == []  # what is for the room is not for the public
    await until(stage, sender, lambda: states(room) == ["confirmed", "confirmed"], 400)


async def test_nobody_is_paged_for_what_is_closed(stage: Stage) -> None:
    from warroom.core.acts.incident import Close

    room = await stage.declared(PAGE)
    assert not isinstance(await room.do(Close(not_an_incident=True)), Refusal)
    pager = Fake("pagerduty", "https://pager.example", knows=True)
    await stage.sender(room, pager).turn("pagerduty")
    assert pager.sent == []
    assert states(room) == ["failed"]


async def test_as_a_feed_it_tells_what_it_tried_and_gives_its_turn_back(stage: Stage) -> None:
    room = await stage.declared(say())
    stage.slack.answers = [(Failed("asks to wait", after=60.0), False)]
    sender = stage.sender(room)
    readings = sender.readings()
    reading = await anext(readings)
    assert reading.value.able == {"slack"}
    import asyncio

    following = asyncio.ensure_future(anext(readings))
    while not following.done():
        await asyncio.sleep(0.01)
        await stage.hand.forward(1)
    assert [(tried.attempts, tried.error) for tried in following.result().value.tries] == [(1, "asks to wait")]
    await readings.aclose()  # type: ignore[attr-defined]
    assert await SideSenders(stage.path).hold("slack", Present("two", "two"), stage.hand.now())
