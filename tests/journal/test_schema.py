"""Journals of every schema that ever was open, and no body of theirs changes."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from journal.facts import FACTS
from journal.make_schema import SCHEMAS, make
from journal.notes import at_once, notes
from warroom.core.entries import Erased
from warroom.core.ports import JournalTrouble
from warroom.journal import schema
from warroom.journal.care import verify
from warroom.journal.chain import COLUMNS
from warroom.journal.schema import VERSION, connect
from warroom.journal.sqlite import SqliteJournal

ALL = sorted(SCHEMAS.glob("*.db"))


def _rows(path: Path) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        return db.execute(f"select {COLUMNS} from entries order by seq").fetchall()
    finally:
        db.close()


def test_a_fixture_is_kept_for_every_schema() -> None:
    assert [path.stem for path in ALL] == [str(version) for version in range(1, VERSION + 1)]


@pytest.mark.parametrize("kept", ALL, ids=lambda path: path.stem)
async def test_a_journal_of_this_schema_opens_and_goes_on(kept: Path, path: Path) -> None:
    shutil.copyfile(kept, path)
    before = _rows(path)
    async with SqliteJournal.open(path, at_once) as journal:
        entries = await journal.read(after=0)
        assert len(entries) == len(before) >= 22
        assert await journal.append(notes("goes on", start=500), after=len(entries))
    assert _rows(path)[: len(before)] == before
    verdict = verify(path)
    assert verdict.entries == len(before) + 1
    # What the fixture says was purged is not in it: it holds an entry of every kind, and no story.
    assert [problem for problem in verdict.problems if "purged" not in problem] == []


async def test_the_newest_fixture_is_what_the_code_writes(tmp_path: Path) -> None:
    await make(tmp_path / "new.db")
    kept = _rows(SCHEMAS / f"{VERSION}.db")  # it was kept before the newest kinds of facts were there
    assert _rows(tmp_path / "new.db")[: len(kept)] == kept
    assert [row[6] for row in _rows(tmp_path / "new.db")] == [fact.__struct_config__.tag for fact in FACTS if not isinstance(fact, Erased)]


async def test_a_schema_that_grows_is_brought_up_to_date_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
    before = _rows(path)
    grown = (*schema.MIGRATIONS, "create table leases (name text primary key);\ncreate index by_incident on entries (incident);")
    monkeypatch.setattr(schema, "MIGRATIONS", grown)
    monkeypatch.setattr(schema, "VERSION", len(grown))
    for _ in range(2):
        async with SqliteJournal.open(path, at_once) as journal:
            ((version,),) = await journal._ours.execute_fetchall("pragma user_version")
            assert version == len(grown)
    assert _rows(path) == before


async def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "create table leases (name text);\nselect no_such_thing();"))
        patch.setattr(schema, "VERSION", VERSION + 1)
        with pytest.raises(JournalTrouble, match="no_such_thing"):
            connect(path)
    async with SqliteJournal.open(path, at_once) as journal:
        assert len(await journal.read(after=0)) == 1
        assert await journal._ours.execute_fetchall("select name from sqlite_master where name = 'leases'") == []
