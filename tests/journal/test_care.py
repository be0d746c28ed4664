"""A journal that was tampered with is found out, and what must go is gone from its bytes."""

import asyncio
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from hand import T0, HandClock
from journal.notes import OWN, at_once, declare, entry, notes, texts
from warroom.core.acts import Refusal
from warroom.core.acts.timeline import Note
from warroom.core.entries import Entry, Erased, Noted, Purged
from warroom.core.ports import JournalTrouble
from warroom.journal.care import Verdict, purge, verify
from warroom.journal.memory import MemoryJournal
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room

SLIP = "xyzzy-slipped-through-xyzzy"


@pytest.fixture
async def kept(path: Path) -> Path:
    """A journal of nine notes."""
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes(*(f"note {n}" for n in range(1, 10))), after=0)
    return path


def tamper(path: Path, *statements: str) -> None:
    """As somebody would who knows SQLite."""
    db = sqlite3.connect(path)
    for statement in ("drop trigger entries_stay", "drop trigger only_bodies_are_purged", *statements):
        db.execute(statement)
    db.commit()
    db.close()


async def test_what_was_written_is_verified(kept: Path) -> None:
    async with SqliteJournal.open(kept, at_once) as journal:
        head = (await journal.read(after=8))[0].hash
        assert verify(kept) == Verdict(True, 9, head, ())
    assert verify(kept) == Verdict(True, 9, head, ())


async def test_an_empty_journal_is_verified(path: Path) -> None:
    async with SqliteJournal.open(path, at_once):
        assert verify(path) == Verdict(True, 0, "", ())


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("update entries set body = replace(body, 'note 4', 'note X') where seq = 4", "entry 4 is not what was written"),
        ("update entries set at = '2026-02-03T02:52:19.000000Z' where seq = 4", "entry 4 is not what was written"),
        ("update entries set recorded_at = '2026-02-03T02:52:19.000000Z' where seq = 4", "entry 4 is not what was written"),
        ("""update entries set "by" = 'ben' where seq = 4""", "entry 4 is not what was written"),
        ("update entries set kind = 'well' where seq = 4", "entry 4 is not what was written"),
        ("update entries set incident = 'inc-260203-bbbbb' where seq = 4", "entry 4 is not what was written"),
        ("update entries set id = 'other' where seq = 4", "entry 4 is not what was written"),
        ("update entries set hash = 'f' || substr(hash, 2) where seq = 4 and hash not like 'f%'", "entry 4 is not what was written"),
        ("update entries set prev = hash where seq = 4", "entry 4 does not follow the entry before it"),
        ("update entries set body = 'x' where seq = 4", "entry 4 is not what was written"),
        ("update entries set body = null where seq = 4", ""),
        ("delete from entries where seq = 4", "entry 4 is missing"),
        ("delete from entries where seq = 1", "entry 1 is missing"),
        ("delete from entries where seq in (4, 5)", "entries 4 to 5 are missing"),
    ],
)
def test_the_first_entry_that_does_not_fit_is_named(kept: Path, statement: str, first: str) -> None:
    if not first:
        with pytest.raises(sqlite3.IntegrityError):
            tamper(kept, statement)
        return
    tamper(kept, statement)
    verdict = verify(kept)
    assert not verdict.ok
    assert verdict.problems[0].startswith(first)


def test_a_removed_row_is_found_when_the_others_close_up(kept: Path) -> None:
    tamper(kept, "delete from entries where seq = 4", "update entries set seq = seq - 1 where seq > 4")
    assert verify(kept).problems[0].startswith("entry 4 does not follow the entry before it: one was removed, changed or put elsewhere")


def test_entries_in_another_order_are_found(kept: Path) -> None:
    tamper(
        kept,
        "update entries set seq = 100 where seq = 4",
        "update entries set seq = 4 where seq = 5",
        "update entries set seq = 5 where seq = 100",
    )
    assert verify(kept).problems[0].startswith("entry 4 does not follow the entry before it")


def test_a_cut_off_end_shows_in_the_head(kept: Path) -> None:
    head = verify(kept).head
    tamper(kept, "delete from entries where seq = 9")
    verdict = verify(kept)
    assert (verdict.ok, verdict.entries) == (True, 8)
    assert verdict.head != head


def test_a_body_that_is_gone_needs_an_entry_that_says_so(kept: Path) -> None:
    db = sqlite3.connect(kept)
    (body,) = db.execute("select body from entries where seq = 4").fetchone()
    db.close()
    tamper(kept, f"""update entries set body = '{{"kind":"erased","sha256":"{sha256(body).hexdigest()}"}}' where seq = 4""")
    assert verify(kept).problems == ("the body of entry 4 is gone, and no entry says who purged it and why",)


async def test_a_purge_that_is_only_said_is_found(path: Path) -> None:
    note = notes("a")[0]
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append([note, entry(Purged(purged=note.id, reason="x"), 1)], after=0)
    assert verify(path).problems == ("entry 2 says that entry 1 was purged, but its body is still there",)


def test_a_changed_byte_anywhere_in_a_body_is_found(kept: Path) -> None:
    whole = kept.read_bytes()
    assert whole.count(b"note 7") == 1
    kept.write_bytes(whole.replace(b"note 7", b"note 8"))
    assert verify(kept).problems[0].startswith("entry 7 is not what was written")


def test_a_damaged_file_names_how_far_it_reads(kept: Path) -> None:
    whole = bytearray(kept.read_bytes())
    at = whole.index(b"note 7") - 200
    whole[at : at + 300] = b"\xff" * 300
    kept.write_bytes(whole)
    verdict = verify(kept)
    assert not verdict.ok
    assert all("\n" not in problem for problem in verdict.problems)


def test_a_torn_chain_does_not_fill_the_screen(kept: Path) -> None:
    tamper(kept, "update entries set prev = 'x', hash = 'y'")
    assert 9 <= len(verify(kept).problems) <= 21


async def test_a_journal_in_use_is_verified(path: Path, rooms: list[Room]) -> None:
    writing = asyncio.gather(*(room.do(Note(f"{room.who} {n}")) for room in rooms for n in range(10)))
    verdicts = [await asyncio.to_thread(verify, path) for _ in range(10)]
    await writing
    assert all(verdict.ok for verdict in verdicts)
    assert verify(path).entries == 41


@pytest.fixture
async def slipped(path: Path, rooms: list[Room]) -> Path:
    """A journal in use by four rooms, with many notes around one that must go."""
    for n in range(30):
        await rooms[n % 4].do(Note(f"note {n} " + "words " * 40))
    await rooms[1].do(Note(f"look: {SLIP} " * 300))
    for n in range(30):
        await rooms[n % 4].do(Note(f"later {n} " + "words " * 40))
    return path


def files_with(path: Path, text: str) -> set[str]:
    return {file.name for file in path.parent.iterdir() if file.is_file() and text.encode() in file.read_bytes()}


async def test_a_purged_body_is_gone_from_the_bytes_and_the_chain_holds(slipped: Path, rooms: list[Room]) -> None:
    assert files_with(slipped, SLIP)
    head = verify(slipped).head
    (gone,) = [entry for entry in rooms[1].incident.entries if SLIP in repr(entry.fact)]
    told = await asyncio.to_thread(purge, slipped, gone.id, "a customer's name", "ana", T0)
    assert isinstance(told, Entry)
    assert (told.kind, told.fact) == ("purged", Purged(purged=gone.id, reason="a customer's name"))
    assert (told.seq, told.prev, told.incident, told.by) == (63, head, gone.incident, "ana")
    assert files_with(slipped, SLIP) == set()
    assert verify(slipped) == Verdict(True, 63, told.hash, ())
    async with SqliteJournal.open(slipped, at_once) as journal:
        read = (await journal.read(after=gone.seq - 1))[0]
        assert (read.id, read.kind, read.hash) == (gone.id, "noted", gone.hash)
        assert isinstance(read.fact, Erased)
    assert not isinstance(await rooms[0].do(Note("and on")), Refusal)
    assert verify(slipped).ok


async def test_what_was_purged_goes_from_the_other_consoles(slipped: Path, rooms: list[Room]) -> None:
    following = rooms[2].follow()
    before = await anext(following)
    assert SLIP in repr(before)
    (gone,) = [entry for entry in before.entries if SLIP in repr(entry.fact)]
    await asyncio.to_thread(purge, slipped, str(gone.seq), "a customer's name", "ana", T0)
    after = await anext(following)
    assert SLIP not in repr(after)
    assert len(after.entries) == len(before.entries) + 1
    assert after.seq == before.seq + 1


async def test_an_incident_whose_declaration_was_purged_goes_on(path: Path, rooms: list[Room]) -> None:
    id = rooms[0].incident.id
    await rooms[0].do(Note("before"))
    await asyncio.to_thread(purge, path, "1", "a customer's name in the title", "ana", T0)
    assert files_with(path, "API down") == set()
    for room in rooms:
        assert not isinstance(await room.do(Note(f"after, {room.who}")), Refusal)
    assert {(room.incident.id, room.incident.title, room.incident.open) for room in rooms} == {(id, "(purged)", True)}
    assert rooms[0].text == OWN
    assert verify(path).ok


async def test_an_early_body_is_gone_after_the_file_has_grown(path: Path) -> None:
    """Pages that were split or moved may hold a copy."""
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes(SLIP, "b"), after=0)
        for n in range(2, 60):
            assert await journal.append(notes("words " * 400, start=n), after=n)
    assert isinstance(purge(path, "1", "slipped", "ana", T0), Entry)
    assert files_with(path, SLIP) == set()
    assert verify(path).ok


async def test_a_secret_in_the_reason_is_not_written_either(kept: Path) -> None:
    purge(kept, "4", "had password=hunter2", "ana", T0)
    assert files_with(kept, "hunter2") == set()


async def test_what_cannot_be_purged_says_why(kept: Path) -> None:
    def ask(reference: str, reason: str = "slipped") -> Entry | Refusal:
        return purge(kept, reference, reason, "ana", T0)

    assert ask("77") == Refusal("the journal has no entry '77': see `warroom timeline --all`")
    assert ask("nonsense") == Refusal("the journal has no entry 'nonsense': see `warroom timeline --all`")
    assert ask("9" * 40) == Refusal(f"the journal has no entry '{'9' * 40}': see `warroom timeline --all`")
    assert ask("4", " ") == Refusal("say why the entry must go (`--reason`)")
    assert verify(kept).entries == 9
    assert isinstance(ask("4"), Entry)
    assert ask("4") == Refusal("entry 4 was purged already", mistake=False)
    assert ask("10") == Refusal("entry 10 says what was purged and why: it stays")
    assert verify(kept).entries == 10


async def test_a_purge_while_somebody_writes_waits_for_nobody_half_way(kept: Path) -> None:
    holder = sqlite3.connect(kept, isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(JournalTrouble, match="is locked by another process"):
        purge(kept, "4", "slipped", "ana", T0, patience=0.05)
    holder.execute("rollback")
    holder.close()
    assert verify(kept).entries == 9
    assert files_with(kept, "note 4")


async def test_a_reader_that_stays_is_told_and_asked_again(kept: Path) -> None:
    reader = sqlite3.connect(kept, isolation_level=None)
    reader.execute("begin")
    reader.execute("select * from entries").fetchone()
    with pytest.raises(JournalTrouble, match=r"entry 4 was purged, but the files of .* may still hold a copy .*: close the other consoles"):
        purge(kept, "4", "slipped", "ana", T0, patience=0.05)
    reader.execute("rollback")
    reader.close()
    assert purge(kept, "4", "slipped", "ana", T0) == Refusal("entry 4 was purged already", mistake=False)
    assert files_with(kept, "note 4") == set()
    assert verify(kept).ok


async def test_the_memory_journal_chains_as_the_file_does(path: Path, hand: HandClock) -> None:
    memory = MemoryJournal()
    async with SqliteJournal.open(path, at_once) as journal:
        for given in (notes("a", "b"), [entry(Noted(text="c"), 2)]):
            after = len(await memory.read(after=0))
            assert await memory.append(given, after)
            assert await journal.append(given, after)
        assert not await memory.append(notes("d", start=3), after=1)
        assert not await memory.append(notes("d", start=3), after=4)
        assert await memory.read(after=0) == await journal.read(after=0)
        assert texts(await memory.read(after=2)) == ["c"]


async def test_a_room_of_the_memory_journal_follows(hand: HandClock) -> None:
    memory = MemoryJournal()
    room = await Room.open(memory, OWN, hand, "ana")
    await declare(room)
    following = room.follow()
    assert (await anext(following)).seq == 1
    await room.do(Note("a"))
    assert (await anext(following)).seq == 2
