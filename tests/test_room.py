"""Acts become entries once, in order, for everyone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import warroom.room
from hand import T0, HandClock, turns
from journal.notes import ITEMS, OWN, declare, texts
from warroom.core.acts import Decision, Refusal
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.acts.incident import Close, Declare, Reopen, Resolve
from warroom.core.acts.timeline import Note
from warroom.core.entries import Declared, Draft, Entry, Noted, Purged, RunbookText
from warroom.core.incident import Incident
from warroom.core.ports import JournalTrouble
from warroom.journal.memory import MemoryJournal
from warroom.room import Room
from warroom.runbook.model import Runbook

SLIP = "hunter2-" + "Zz9"


class SlowJournal(MemoryJournal):
    """Lets others go first, as often as the list says."""

    def __init__(self, delays: list[int]) -> None:
        super().__init__()
        self._delays = iter(delays)

    async def read(self, after: int) -> Sequence[Entry]:
        entries = list(await super().read(after))
        await turns(next(self._delays, 0))
        return entries

    async def append(self, entries: Sequence[Entry], after: int) -> bool:
        await turns(next(self._delays, 0))
        return await super().append(entries, after)


class FullJournal(MemoryJournal):
    """Full once it holds so many entries; `blind` it cannot be read any more, either."""

    def __init__(self, most: int = 0) -> None:
        super().__init__()
        self.most, self.blind = most, False

    async def append(self, entries: Sequence[Entry], after: int) -> bool:
        if after + len(entries) > self.most:
            raise JournalTrouble("the disk is full")
        return await super().append(entries, after)

    async def read(self, after: int) -> Sequence[Entry]:
        if self.blind:
            raise JournalTrouble("the disk is gone")
        return await super().read(after)


@dataclass(frozen=True, slots=True)
class Nothing:
    """An act that finds nothing to do."""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        return ()


@dataclass(frozen=True, slots=True)
class Write:
    """Writes whatever it is given."""

    fact: Noted | Purged

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        return (Draft(self.fact, now),)


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
async def room(journal: MemoryJournal, hand: HandClock) -> Room:
    room = await Room.open(journal, OWN, hand, "ana")
    await declare(room)
    return room


async def also(journal: MemoryJournal, hand: HandClock, who: str = "ben", wanted: str = "") -> Room:
    return await Room.open(journal, OWN, hand, who, wanted)


async def close(room: Room) -> None:
    assert not isinstance(await room.do(Resolve()), Refusal)
    assert not isinstance(await room.do(Close()), Refusal)


async def test_an_act_becomes_an_entry(room: Room) -> None:
    done = await room.do(Tick(ITEMS[0]))
    assert not isinstance(done, Refusal)
    (tick,) = done
    assert (tick.seq, tick.kind, tick.by, tick.at, tick.recorded_at, tick.incident) == (2, "ticked", "ana", T0, T0, room.incident.id)
    assert tick == room.incident.entries[-1]
    assert await room.do(Tick(ITEMS[0])) == Refusal("'Open the bridge' was ticked by ana at 02:52:18 UTC", mistake=False)
    assert room.seq == room.incident.seq == 2


async def test_before_an_incident_there_is_none_and_the_own_runbook_holds(journal: MemoryJournal, hand: HandClock) -> None:
    room = await also(journal, hand)
    assert (room.incident, room.incidents, room.seq) == (Incident(), {}, 0)
    assert [item.text for item in room.runbook.items()] == list(ITEMS)
    assert isinstance(await room.do(Note("x")), Refusal)


async def test_an_incident_brings_its_own_runbook(journal: MemoryJournal, hand: HandClock) -> None:
    room = await also(journal, hand)
    other = RunbookText(text="# Other\n\n## On-call checklist\n\n- [ ] Water the plants\n", sha256="1" * 64)
    await room.do(Declare("API down", other))
    assert [item.text for item in room.runbook.items()] == ["Water the plants"]
    assert room.text == other
    await close(room)
    assert [item.text for item in room.runbook.items()] == ["Water the plants"]


async def test_a_second_room_sees_it(room: Room, journal: MemoryJournal, hand: HandClock) -> None:
    await room.do(Tick(ITEMS[0]))
    other = await also(journal, hand)
    ((id, tick),) = other.incident.ticks.items()
    assert tick.by == "ana"
    following = other.follow()
    assert (await anext(following)).seq == 2
    await room.do(Untick(id))
    assert (await anext(following)).ticks == {}


async def test_a_failed_append_changes_nothing(hand: HandClock) -> None:
    room = await Room.open(FullJournal(1), OWN, hand, "ana")
    await declare(room)
    before = room.incident
    with pytest.raises(JournalTrouble, match="the disk is full"):
        await room.do(Note("rolled back"))
    assert room.incident is before


async def test_what_is_durable_is_handed_back_even_when_it_cannot_be_read(hand: HandClock) -> None:
    journal = FullJournal(9)
    room = await Room.open(journal, OWN, hand, "ana")
    await declare(room)
    append = journal.append

    async def then_blind(entries: Sequence[Entry], after: int) -> bool:
        done = await append(entries, after)
        journal.blind = True
        return done

    journal.append = then_blind  # type: ignore[method-assign]
    done = await room.do(Note("rolled back"))
    assert not isinstance(done, Refusal)
    assert [(entry.seq, entry.kind) for entry in done] == [(2, "noted")]
    journal.blind = False
    assert texts((await anext(room.follow())).entries) == ["rolled back"]


async def test_an_act_that_finds_nothing_to_do_writes_nothing(room: Room) -> None:
    assert await room.do(Nothing()) == ()
    assert room.seq == 1


async def test_only_ones_own_entries_are_handed_back(hand: HandClock) -> None:
    journal = SlowJournal([])
    ana, ben = await also(journal, hand, "ana"), await also(journal, hand, "ben")
    await declare(ana)
    append = journal.append

    async def and_ben(entries: Sequence[Entry], after: int) -> bool:
        done = await append(entries, after)
        if entries[0].by == "ana":
            await ben.do(Note("bens"))
        return done

    journal.append = and_ben  # type: ignore[method-assign]
    done = await ana.do(Note("anas"))
    assert not isinstance(done, Refusal)
    assert texts(done) == ["anas"]
    assert texts(ana.incident.entries) == ["anas", "bens"]


@given(st.lists(st.integers(0, 3), max_size=20), st.lists(st.sampled_from(["down", "loss"]), max_size=3))
def test_two_rooms_never_both_succeed_with_the_same_tick(delays: list[int], earlier: list[str]) -> None:
    async def race() -> None:
        journal, hand = SlowJournal(delays), HandClock()
        rooms = [Room(journal, OWN, hand, who) for who in ("ana", "ben")]
        await declare(rooms[0])
        await asyncio.gather(*(room.do(Note(text)) for room in rooms for text in earlier))
        decisions = await asyncio.gather(*(room.do(Tick(ITEMS[0])) for room in rooms))
        assert sum(isinstance(decision, Refusal) for decision in decisions) == 1
        assert len(await journal.read(after=0)) == 2 * len(earlier) + 2

    asyncio.run(race())


@given(st.lists(st.integers(0, 3), max_size=20), st.integers(2, 4))
def test_of_rooms_that_declare_at_once_one_does(delays: list[int], consoles: int) -> None:
    async def race() -> None:
        journal, hand = SlowJournal(delays), HandClock()
        rooms = [Room(journal, OWN, hand, f"console {n}") for n in range(consoles)]
        decisions = await asyncio.gather(*(room.do(Declare("API down", OWN)) for room in rooms))
        assert sum(isinstance(decision, Refusal) for decision in decisions) == consoles - 1
        assert len({room.incident.id for room in rooms}) == 1

    asyncio.run(race())


@given(st.lists(st.integers(0, 3), max_size=40))
def test_what_followers_see_never_goes_back_and_ends_with_everything(delays: list[int]) -> None:
    async def follow() -> None:
        journal, hand, seen = SlowJournal(delays), HandClock(), list[int]()
        ana, ben = (Room(journal, OWN, hand, who) for who in ("ana", "ben"))
        await declare(ana)
        done = asyncio.Event()

        async def watch() -> None:
            async for incident in ana.follow():
                assert len(incident.entries) == incident.seq <= ana.seq
                seen.append(incident.seq)
                if incident.seq == 9:
                    done.set()

        watching = asyncio.create_task(watch())
        await asyncio.gather(*(room.do(Note(str(n))) for n in range(4) for room in (ana, ben)))
        await done.wait()
        watching.cancel()
        assert seen == sorted(set(seen))

    asyncio.run(follow())


@given(st.lists(st.integers(0, 3), max_size=40))
def test_every_note_of_every_room_is_kept_once_and_handed_to_its_author(delays: list[int]) -> None:
    async def write() -> None:
        journal, hand = SlowJournal(delays), HandClock()
        rooms = [Room(journal, OWN, hand, who) for who in ("ana", "ben", "cai")]
        await declare(rooms[0])
        done = await asyncio.gather(*(room.do(Note(f"{room.who} {n}")) for room in rooms for n in range(3)))
        handed = [entry for entries in done if not isinstance(entries, Refusal) for entry in entries]
        kept = list(await journal.read(after=0))
        assert sorted(texts(handed)) == sorted(texts(kept)) == sorted(f"{room.who} {n}" for room in rooms for n in range(3))
        assert [entry.seq for entry in kept] == list(range(1, 11))
        assert all(entry in kept for entry in handed)

    asyncio.run(write())


async def test_a_quiet_room_joins_the_incident_that_another_declares(journal: MemoryJournal, hand: HandClock) -> None:
    watching, other = await also(journal, hand, "ana"), await also(journal, hand)
    following = watching.follow()
    assert await anext(following) == Incident()
    id = await declare(other)
    assert (await anext(following)).id == watching.incident.id == id


async def test_an_open_incident_is_not_left_for_another(room: Room, journal: MemoryJournal, hand: HandClock) -> None:
    other = await also(journal, hand)
    ours, theirs = room.incident.id, await declare(other, "Disk full", another=True)
    await room.do(Note("still here"))
    assert room.incident.id == ours
    assert other.incident.id == theirs != ours
    assert room.incidents.keys() == {ours, theirs}
    assert [incident.number for incident in room.incidents.values()] == [1, 2]


async def test_a_closed_incident_is_stayed_with_until_another_is_declared(room: Room, journal: MemoryJournal, hand: HandClock) -> None:
    ours = room.incident.id
    other = await also(journal, hand)
    earlier = await declare(other, "Disk full", another=True)
    await close(room)
    assert (room.incident.id, room.incident.state) == (ours, "closed")
    await room.do(Note("what we learned"))
    await other.do(Note("theirs"))
    following = room.follow()
    assert (await anext(following)).id == ours
    assert texts(room.incident.entries) == ["what we learned"]
    await room.do(Reopen("it came back"))
    assert (room.incident.id, room.incident.open) == (ours, True)
    await close(room)
    newer = await declare(await also(journal, hand, "cai", wanted=earlier), "Login down", another=True)
    assert (await anext(following)).id == room.incident.id == newer


async def test_an_incident_that_was_none_is_not_joined(room: Room, journal: MemoryJournal, hand: HandClock) -> None:
    await close(room)
    ours = room.incident.id
    other = await also(journal, hand)
    await other.do(Declare("a false alarm", OWN, watch_only=True))
    await room.do(Note("x"))
    assert room.incident.id == ours


async def test_a_room_that_is_opened_takes_the_open_incident(room: Room, journal: MemoryJournal, hand: HandClock) -> None:
    first = room.incident.id
    second = await declare(room, "Disk full", another=True)
    assert (await also(journal, hand)).incident.id == second
    await close(room)
    assert (await also(journal, hand)).incident.id == first
    await close(await also(journal, hand))
    assert (await also(journal, hand)).incident == Incident()


async def test_who_declares_is_in_it(room: Room) -> None:
    first = room.incident.id
    second = await declare(room, "Disk full", another=True)
    assert room.incident.id == second != first


async def test_the_wanted_incident_is_never_left(room: Room, journal: MemoryJournal, hand: HandClock) -> None:
    first = room.incident.id
    wanting = await also(journal, hand, wanted=first)
    await close(room)
    await declare(room, "Disk full", another=True)
    for note in ("a", "b"):
        await wanting.do(Note(note))
        assert wanting.incident.id == first
    assert (await anext(wanting.follow())).id == first


async def test_a_note_on_a_closed_incident_does_not_leave_the_one_that_was_declared_meanwhile(hand: HandClock) -> None:
    journal = MemoryJournal()
    ana, ben = await also(journal, hand, "ana"), await also(journal, hand, "ben")
    await declare(ana)
    await close(ana)
    append = journal.append

    async def and_ben(entries: Sequence[Entry], after: int) -> bool:
        done = await append(entries, after)
        if entries[0].by == "ana":
            await declare(ben, "Disk full", another=True)
        return done

    journal.append = and_ben  # type: ignore[method-assign]
    done = await ana.do(Note("learned"))
    assert not isinstance(done, Refusal)
    assert texts(done) == ["learned"]
    assert ana.incident.title == "Disk full"


async def test_what_was_purged_elsewhere_is_read_again(room: Room, journal: MemoryJournal, hand: HandClock) -> None:
    done = await room.do(Note("slipped"))
    assert not isinstance(done, Refusal)
    other = await also(journal, hand)
    kept = list(await journal.read(after=0))
    assert done[0] == kept[1]
    journal._entries[1] = Entry(**{**{name: getattr(kept[1], name) for name in kept[1].__struct_fields__}, "fact": Noted(text="")})
    await other.do(Write(Purged(purged=done[0].id, reason="x")))
    await anext(room.follow())
    assert texts(room.incident.entries) == [""]
    assert room.incidents == other.incidents


async def test_redaction_stands_before_every_append(room: Room, journal: MemoryJournal) -> None:
    await room.do(Note(f"db password={SLIP}, restarted"))
    await room.do(Write(Noted(text=f"token: {SLIP}")))
    assert SLIP not in repr(await journal.read(after=0))
    assert texts(room.incident.entries) == ["db password=[redacted], restarted", "token: [redacted]"]


async def test_a_runbook_with_a_secret_keeps_its_items_and_lines(journal: MemoryJournal, hand: HandClock) -> None:
    text = f"# Incidents\n\n## On-call checklist\n\n- [ ] Log in with password={SLIP}\n- [ ] Tell support\n"
    own = RunbookText(text=text, sha256="2" * 64, file="own.md")
    room = await Room.open(journal, own, hand, "ana")
    before = [(item.id, item.line) for item in room.runbook.items()]
    done = await room.do(Declare("API down", own, ticks=(before[0][0],), symptoms=f"secret={SLIP}"))
    assert not isinstance(done, Refusal)
    assert [(item.id, item.line) for item in room.runbook.items()] == before
    assert list(room.incident.ticks) == [before[0][0]]
    assert SLIP not in repr(await journal.read(after=0))
    (declared, _) = done
    assert isinstance(declared.fact, Declared)
    assert declared.fact.runbook.sha256 == "2" * 64


async def test_entries_are_in_the_order_of_the_clock_and_named_apart(room: Room, hand: HandClock) -> None:
    for _ in range(3):
        await hand.forward(1)
        await room.do(Note("x"))
    ids = [entry.id for entry in room.incident.entries]
    assert ids == sorted(set(ids))
    assert room.incident.entries[-1].recorded_at == T0 + timedelta(seconds=3)


OTHER = RunbookText(text="# Another team's\n\n## On-call checklist\n\n- [ ] Wake the cat\n", sha256="1" * 64, file="other.md")


async def test_the_next_incident_has_the_configured_runbook_whatever_the_last_one_carried() -> None:
    journal = MemoryJournal()
    room = await Room.open(journal, OTHER, HandClock(), "ana")
    await declare(room)
    await room.do(Close(not_an_incident=True))
    assert (room.text.file, room.own.file) == ("small.md", "other.md")


async def test_a_runbook_is_read_only_by_the_acts_that_look_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[RunbookText] = []

    def read(text: RunbookText) -> Runbook:
        asked.append(text)
        return read_cached(text)

    read_cached = warroom.room.read_cached
    room = await Room.open(MemoryJournal(), OWN, HandClock(), "ana")
    await declare(room)
    monkeypatch.setattr(Room, "runbook", property(lambda self: read(self.text)))
    await room.do(Note("a note needs none"))
    assert not asked
    await room.do(Tick(ITEMS[0]))
    assert asked


async def test_the_next_incident_is_judged_by_the_configured_runbook(journal: MemoryJournal, hand: HandClock) -> None:
    theirs = RunbookText(text="# Theirs\n\n## Severity levels\n\n- SEV1: all is down\n- SEV2: some is down\n", sha256="b" * 64)
    ours = RunbookText(text="# Ours\n", sha256="c" * 64)
    first = await Room.open(journal, theirs, hand, "ana")
    await first.do(Declare("down", theirs))
    await first.do(Close(not_an_incident=True))
    room = await Room.open(journal, ours, hand, "ben", wanted=first.incident.id)
    assert room.runbook.title == "Theirs"
    assert room.next_runbook.title == "Ours"
