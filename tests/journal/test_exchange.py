"""A journal carried to another machine and back."""

import asyncio
import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from hand import T0, HandClock
from warroom.core.acts import Act
from warroom.core.acts.evidence import Pin
from warroom.core.acts.incident import Declare
from warroom.core.acts.people import TakeRole
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Note, Strike
from warroom.core.entries import Entry, Erased, Merged, RunbookText
from warroom.core.incident import Incident
from warroom.core.ports import JournalTrouble
from warroom.journal.care import purge, verify
from warroom.journal.evidence import EvidenceFolder
from warroom.journal.exchange import Taken, backup, take, write_copy
from warroom.journal.sqlite import SqliteJournal
from warroom.library import default_runbook
from warroom.room import Room

TEXT = RunbookText(text=default_runbook()[0], sha256="a" * 64, file="tensafe.md")


class Home:
    """A journal on a machine of its own, and the clock that all of them share."""

    def __init__(self, path: Path, clock: HandClock, who: str) -> None:
        self.path, self.clock, self.who = path, clock, who

    def does(self, *acts: Act) -> None:
        async def run() -> None:
            async with SqliteJournal.open(self.path, asyncio.sleep) as journal:
                room = await Room.open(journal, TEXT, self.clock, self.who, evidence=EvidenceFolder(self.path))
                for act in acts:
                    await self.clock.forward(1)
                    done = await room.do(act)
                    assert isinstance(done, tuple), done

        asyncio.run(run())

    def incident(self) -> Incident:
        async def run() -> Incident:
            async with SqliteJournal.open(self.path, asyncio.sleep) as journal:
                return (await Room.open(journal, TEXT, self.clock, self.who)).incident

        return asyncio.run(run())

    def gives(self, file: Path) -> Path:
        write_copy(self.path, file)
        return file

    def takes(self, file: Path) -> Taken:
        return take(self.path, file, self.who, self.clock.now())


@pytest.fixture
def homes(tmp_path: Path) -> tuple[Home, Home]:
    clock = HandClock()
    return Home(tmp_path / "ada" / "journal.sqlite", clock, "ada"), Home(tmp_path / "kim" / "journal.sqlite", clock, "kim")


def notes(incident: Incident) -> list[str]:
    return [entry.fact.text for entry in incident.entries if entry.kind == "noted" and hasattr(entry.fact, "text")]


def ids(incident: Incident) -> set[str]:
    return {entry.id for entry in incident.entries}


def test_the_same_incident_goes_on_elsewhere(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, kim = homes
    ada.does(Declare("API down", TEXT, severity="P1"), Note("one"), Pin("output", "logs", "x" * 5000))
    taken = kim.takes(ada.gives(tmp_path / "night.journal"))
    assert (taken.added, taken.known, taken.merged) == (4, 0, ())
    assert kim.incident() == ada.incident()
    assert verify(kim.path) == verify(ada.path)  # an empty journal takes it over link by link
    assert EvidenceFolder(kim.path).is_whole(sha256(b"x" * 5000).hexdigest())


def test_two_copies_that_both_went_on_become_one(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, kim = homes
    ada.does(Declare("API down", TEXT, severity="P1"), Note("together"), TakeRole("ic", "ada"))
    kim.takes(ada.gives(tmp_path / "1"))
    ada.does(Note("ada alone"), SetSeverity("P2", "milder"))
    kim.does(Note("kim alone"), TakeRole("ic", "kim"), SetSeverity("P3", "much milder"))
    heads = verify(ada.path).head, verify(kim.path).head
    taken = ada.takes(kim.gives(tmp_path / "2"))
    assert (taken.ours, taken.theirs, taken.added) == (*heads, 3)
    (told,) = taken.merged
    assert told.fact == Merged(
        ours=heads[0], theirs=heads[1], entries=3, differences=("severity: P2 by ada 02:52:23 here, P3 by kim 02:52:26 there, P3 counts",)
    )
    kim.takes(ada.gives(tmp_path / "3"))
    for home in homes:
        assert verify(home.path).ok
        assert notes(home.incident()) == (["together", "ada alone", "kim alone"] if home is ada else ["together", "kim alone", "ada alone"])
    one, other = ada.incident(), kim.incident()
    assert ids(one) <= ids(other)
    assert (one.severity, dict(one.roles)) == (other.severity, dict(other.roles)) == ("P3", {"Incident Commander": "kim"})


def test_merging_comes_to_rest(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, kim = homes
    ada.does(Declare("API down", TEXT))
    kim.takes(ada.gives(tmp_path / "1"))
    ada.does(Note("a"))
    kim.does(Note("b"))
    for step in range(3):
        ada.takes(kim.gives(tmp_path / f"k{step}"))
        kim.takes(ada.gives(tmp_path / f"a{step}"))
    assert ids(ada.incident()) == ids(kim.incident())
    assert ada.takes(kim.gives(tmp_path / "again")).added == 0


def test_a_correction_reaches_an_entry_of_the_other_side(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, kim = homes
    ada.does(Declare("API down", TEXT), Note("wrong"))
    kim.takes(ada.gives(tmp_path / "1"))
    ada.does(Note("ada alone"))
    kim.does(Strike("2", "another cluster"))
    ada.takes(kim.gives(tmp_path / "2"))
    incident = ada.incident()
    assert [entry.seq for entry in incident.entries if entry.id in incident.struck] == [2]


def test_what_one_side_purged_is_gone_from_both(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, kim = homes
    ada.does(Declare("API down", TEXT), Note("the word is swordfish"))
    kim.takes(ada.gives(tmp_path / "1"))
    assert isinstance(purge(ada.path, "2", "a password", "ada", T0 + timedelta(minutes=5)), Entry)
    kim.takes(ada.gives(tmp_path / "2"))
    assert verify(kim.path).ok
    assert isinstance(kim.incident().entries[1].fact, Erased)
    assert not any(b"swordfish" in file.read_bytes() for file in kim.path.parent.iterdir() if file.is_file())


def broken(file: Path, change: tuple[bytes, bytes]) -> Path:
    """Changed, and its first line made to fit: what remains is the chain."""
    head, _, rest = file.read_bytes().partition(b"\n")
    assert change[0] in rest
    rest = rest.replace(*change, 1)
    first = {**json.loads(head), "sha256": sha256(rest).hexdigest()}
    file.write_bytes(json.dumps(first).encode() + b"\n" + rest)
    return file


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"xyzzy", b"xyzzx"), "entry 2 is not what was written"),
        ((b"[2,", b"[3,"), "entry 3 is not what was written"),
        ((b"\n[3,", b"\nxx"), "a line of it cannot be read"),
    ],
)
def test_the_first_thing_that_does_not_fit_is_named(
    homes: tuple[Home, Home], tmp_path: Path, change: tuple[bytes, bytes], says: str
) -> None:
    ada, kim = homes
    ada.does(Declare("API down", TEXT), Note("xyzzy"), Note("three"))
    with pytest.raises(JournalTrouble, match=says):
        kim.takes(broken(ada.gives(tmp_path / "1"), change))
    assert not kim.path.exists()


def test_a_file_that_was_cut_off_or_is_none(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, kim = homes
    ada.does(Declare("API down", TEXT), Note("one"))
    file = ada.gives(tmp_path / "1")
    whole = file.read_bytes()
    for cut in (len(whole) - 1, len(whole) // 2):
        file.write_bytes(whole[:cut])
        with pytest.raises(JournalTrouble, match="not whole"):
            kim.takes(file)
    file.write_text("a letter to grandmother\n")
    with pytest.raises(JournalTrouble, match="no journal that warroom exported"):
        kim.takes(file)
    with pytest.raises(JournalTrouble, match="cannot be read"):
        kim.takes(tmp_path / "missing")


def test_an_entry_that_is_another_one_here_stops_it_all(homes: tuple[Home, Home], tmp_path: Path) -> None:
    import sqlite3

    ada, kim = homes
    ada.does(Declare("API down", TEXT), Note("one"))
    kim.takes(ada.gives(tmp_path / "1"))
    ada.does(Note("two"))
    file = ada.gives(tmp_path / "2")
    with sqlite3.connect(kim.path) as db:
        db.execute("update entries set body = replace(body, 'one', 'won') where seq = 2")
    before = len(kim.incident().entries)
    with pytest.raises(JournalTrouble, match=r"entry 2 of .* is another one here"):
        kim.takes(file)
    assert len(kim.incident().entries) == before


def test_one_incident_alone(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, kim = homes
    ada.does(Declare("first", TEXT), Declare("second", TEXT, another=True), Note("of the second"))
    incident = ada.incident()
    copy = write_copy(ada.path, tmp_path / "1", incident.id)
    assert {row[2] for row in copy.rows} == {incident.id}
    kim.takes(tmp_path / "1")
    assert verify(kim.path).ok
    assert ids(kim.incident()) == ids(incident)


def test_a_backup_is_a_journal(homes: tuple[Home, Home], tmp_path: Path) -> None:
    ada, _ = homes
    ada.does(Declare("API down", TEXT), Pin("output", "logs", "y" * 5000))

    async def while_open() -> None:
        async with SqliteJournal.open(ada.path, asyncio.sleep) as journal:
            room = await Room.open(journal, TEXT, ada.clock, "ada")
            await room.do(Note("not yet checkpointed"))
            assert backup(ada.path, tmp_path / "kept.sqlite") == 3

    asyncio.run(while_open())
    assert verify(tmp_path / "kept.sqlite") == verify(ada.path)
    with pytest.raises(JournalTrouble, match="overwrites nothing"):
        backup(ada.path, tmp_path / "kept.sqlite")
