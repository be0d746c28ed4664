"""Real files: compare-and-append, four rooms, and what each sees of the others."""

import asyncio
import os
import sqlite3
import stat
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from hand import HandClock
from journal.notes import ITEMS, OWN, at_once, entry, notes, texts
from warroom.core.acts import Refusal
from warroom.core.acts.checklists import Tick
from warroom.core.acts.timeline import Note
from warroom.core.entries import Erased, Noted
from warroom.core.ports import JournalTrouble
from warroom.journal.care import verify
from warroom.journal.sqlite import PAGE, POLL, SqliteJournal
from warroom.room import Room


async def test_what_is_appended_is_read_back_numbered_and_chained(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a", "b"), after=0)
        first, second = await journal.read(after=0)
        assert (first.seq, second.seq, first.prev, second.prev) == (1, 2, "", first.hash)
        assert texts([first, second]) == ["a", "b"]
        assert first == replace(notes("a")[0], seq=1, hash=first.hash)
        assert await journal.read(after=1) == [second]


async def test_an_appended_number_is_never_taken_twice_and_leaves_no_gap(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a", "b"), after=0)
        assert not await journal.append(notes("c", start=2), after=1)
        assert not await journal.append(notes("c", start=2), after=0)
        assert not await journal.append(notes("c", start=2), after=3)
        assert texts(await journal.read(after=0)) == ["a", "b"]
    assert verify(path).entries == 2


async def test_the_primary_key_compares_when_another_was_first_in_between(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as ours, SqliteJournal.open(path, at_once) as theirs:
        head = ours._head

        async def slow() -> tuple[int, str]:
            before = await head()
            assert await theirs.append(notes("theirs", start=5), after=0)
            return before

        ours._head = slow  # type: ignore[method-assign]
        assert not await ours.append(notes("a", "b"), after=0)
        assert texts(await ours.read(after=0)) == ["theirs"]
    assert verify(path).ok


async def test_an_id_is_never_written_twice(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
        with pytest.raises(JournalTrouble, match="UNIQUE"):
            await journal.append(notes("b", "a"), after=1)
        assert texts(await journal.read(after=0)) == ["a"]


async def test_many_rows_are_one_append(path: Path) -> None:
    many = notes(*(str(n) for n in range(2 * PAGE + 3)))
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(many, after=0)
        assert texts(await journal.read(after=0)) == texts(many)
        assert not await journal.append(many, after=7)
        with pytest.raises(JournalTrouble):
            await journal.append([*notes("new", start=9000), many[3]], after=len(many))
        assert len(await journal.read(after=0)) == len(many)
        with pytest.raises(ValueError, match="3000 is the most"):
            await journal.append(notes(*["x"] * 3001), after=len(many))
    assert verify(path).ok


async def test_an_append_of_nothing_compares_too(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append([], after=0)
        assert not await journal.append([], after=1)


async def test_a_body_that_was_purged_reads_as_erased_under_its_first_kind(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
        with sqlite3.connect(path) as db:
            db.execute("""update entries set body = '{"kind":"erased","sha256":"77"}'""")
        db.close()
        (read,) = await journal.read(after=0)
        assert (read.kind, read.fact) == ("noted", Erased(sha256="77"))


async def test_two_writers_race_and_every_append_wins_once(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as ours, SqliteJournal.open(path, at_once) as theirs:

        async def write(journal: SqliteJournal, who: int) -> None:
            for n in range(25):
                while not await journal.append([entry(Noted(text=f"{who} {n}"), 100 * who + n)], after=len(await journal.read(after=0))):
                    pass

        await asyncio.gather(write(ours, 1), write(theirs, 2))
        written = texts(await ours.read(after=0))
    assert sorted(written) == sorted(f"{who} {n}" for who in (1, 2) for n in range(25))
    assert [text for text in written if text.startswith("1")] == [f"1 {n}" for n in range(25)]
    assert verify(path).ok


async def test_of_four_rooms_one_ticks(path: Path, rooms: list[Room]) -> None:
    decisions = await asyncio.gather(*(room.do(Tick(ITEMS[0])) for room in rooms for _ in range(3)))
    assert sum(isinstance(decision, Refusal) for decision in decisions) == 11
    assert verify(path).entries == 2


async def test_every_note_of_every_room_is_kept(path: Path, rooms: list[Room]) -> None:
    done = await asyncio.gather(*(room.do(Note(f"{room.who} {n}")) for room in rooms for n in range(5)))
    incident = await anext(rooms[0].follow())
    assert incident.seq == len(incident.entries) == 21
    kept = {entry.id: entry for entry in incident.entries}
    assert len({entry.id for entries in done if not isinstance(entries, Refusal) for entry in entries}) == 20
    assert all(kept[entry.id] == entry for entries in done if not isinstance(entries, Refusal) for entry in entries)
    assert verify(path) == type(verify(path))(True, 21, incident.entries[-1].hash, ())


async def test_both_rooms_follow_what_one_does(rooms: list[Room]) -> None:
    ours, theirs = rooms[0].follow(), rooms[1].follow()
    assert [(await anext(ours)).seq, (await anext(theirs)).seq] == [1, 1]
    await rooms[0].do(Tick(ITEMS[0]))
    assert len((await anext(ours)).ticks) == len((await anext(theirs)).ticks) == 1


async def test_others_are_looked_for_five_times_a_second(path: Path, hand: HandClock) -> None:
    asleep, seen = asyncio.Event(), asyncio.Queue[int]()

    async def sleep(seconds: float) -> None:
        asleep.set()
        await hand.sleep(seconds)

    async with SqliteJournal.open(path, sleep) as ours, SqliteJournal.open(path, at_once) as theirs:

        async def watch() -> None:
            async for newest in ours.follow():
                seen.put_nowait(newest)

        watching = asyncio.create_task(watch())
        assert await seen.get() == 0
        await asleep.wait()
        assert await theirs.append(notes("a"), after=0)
        await hand.forward(POLL * 0.9)
        assert seen.empty()
        await hand.forward(POLL * 0.2)
        assert await seen.get() == 1
        watching.cancel()
    assert POLL <= 0.2


async def test_our_own_entries_are_followed_at_once(path: Path, hand: HandClock) -> None:
    async with SqliteJournal.open(path, hand.sleep) as journal:
        following = journal.follow()
        assert await anext(following) == 0
        coming = asyncio.ensure_future(anext(following))
        assert await journal.append(notes("a"), after=0)
        assert await coming == 1
        await following.aclose()  # type: ignore[attr-defined]


async def test_two_followers_of_one_console_both_hear_of_it(path: Path, hand: HandClock) -> None:
    async with SqliteJournal.open(path, hand.sleep) as journal:
        followings = [journal.follow() for _ in range(2)]
        assert [await anext(following) for following in followings] == [0, 0]
        coming = [asyncio.ensure_future(anext(following)) for following in followings]
        assert await journal.append(notes("a"), after=0)
        assert await asyncio.gather(*coming) == [1, 1]
        for following in followings:
            await following.aclose()  # type: ignore[attr-defined]


async def test_nobody_waits_for_a_journal_that_is_read(path: Path) -> None:
    """A reader with an open look does not hold up a writer, nor the other way round."""
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("begin")
        assert reader.execute("select count(*) from entries").fetchone() == (1,)
        assert await journal.append(notes("b", start=1), after=1)
        assert reader.execute("select count(*) from entries").fetchone() == (1,)
        reader.execute("rollback")
        reader.close()


async def test_it_is_durable_and_leaves_no_copies(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        found: dict[str, object] = {}
        for name in ("journal_mode", "synchronous", "secure_delete", "busy_timeout"):
            ((found[name],),) = await journal._ours.execute_fetchall(f"pragma {name}")
        assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "busy_timeout": 5000}


@pytest.mark.parametrize(("shared", "mode"), [(False, 0o600), (True, 0o660)])
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
async def test_the_file_is_its_owners_or_a_groups(tmp_path: Path, shared: bool, mode: int, umask: int) -> None:
    directory = tmp_path / "room"
    directory.mkdir()
    if shared:
        directory.chmod(0o2770)
    before = os.umask(umask)
    try:
        async with SqliteJournal.open(directory / "room.db", at_once) as journal:
            assert await journal.append(notes("a"), after=0)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"room.db": mode, "room.db-wal": mode, "room.db-shm": mode}


async def test_a_missing_directory_is_made_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "home" / "journals" / "room.db"
    async with SqliteJournal.open(path, at_once) as journal:
        assert journal.writable
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_many_who_open_a_new_journal_at_once_make_one(path: Path, hand: HandClock) -> None:
    async with AsyncExitStack() as stack:
        journals = await asyncio.gather(*(stack.enter_async_context(SqliteJournal.open(path, at_once)) for _ in range(8)))
        rooms = [await Room.open(journal, OWN, hand, "ana") for journal in journals]
        assert {room.seq for room in rooms} == {0}
    assert verify(path) == type(verify(path))(True, 0, "", ())


async def test_a_name_with_signs_of_its_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "what? 100% #1 é.db"
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
    assert verify(path).entries == 1
    assert path.exists()


async def test_entries_are_neither_deleted_nor_changed_by_a_slip(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
    db = sqlite3.connect(path)
    for slip in ("delete from entries", "update entries set at = 'x'", "replace into entries select * from entries"):
        with pytest.raises(sqlite3.IntegrityError, match="entries are never"):
            db.execute("pragma recursive_triggers = on").connection.execute(slip)
    db.close()


async def test_a_text_of_any_kind_comes_back(path: Path) -> None:
    odd = "a\x00b \x1b[31m [/x] \u202e 漢字 \U0001f525 'quoted' \"--; drop table entries"
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append([entry(Noted(text=odd), by="an'a\x00")], after=0)
        (read,) = await journal.read(after=0)
        assert (texts([read]), read.by) == ([odd], "an'a\x00")
    assert verify(path).ok
