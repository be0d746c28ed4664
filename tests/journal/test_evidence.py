"""Long evidence beside the journal: whole, redacted, and gone when its entry is purged."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from core.secrets_corpus import PLANTED
from hand import HandClock
from journal.notes import OWN, at_once
from warroom.core.acts import Refusal
from warroom.core.acts.evidence import Pin
from warroom.core.acts.incident import Declare
from warroom.core.entries import Entry, Pinned
from warroom.core.ports import JournalTrouble
from warroom.journal.care import purge, verify
from warroom.journal.evidence import EvidenceFolder, folder_of
from warroom.journal.sqlite import SqliteJournal
from warroom.room import SHORT, Room

LONG = "kubectl said\n" + "".join(f"line {n}\n" for n in range(2_000))


async def pinned(path: Path, hand: HandClock, *texts: str) -> list[Entry]:
    async with SqliteJournal.open(path, at_once) as journal:
        room = await Room.open(journal, OWN, hand, "ana", evidence=EvidenceFolder(path))
        await room.do(Declare("it began", OWN))
        for text in texts:
            assert not isinstance(await room.do(Pin("output", "logs", text)), Refusal)
        return list(room.incident.pinned)


def fact_of(entry: Entry) -> Pinned:
    assert isinstance(entry.fact, Pinned)
    return entry.fact


async def test_a_short_text_is_in_its_entry(path: Path, hand: HandClock) -> None:
    (entry,) = await pinned(path, hand, "exit 1\nKeyError")
    fact = fact_of(entry)
    assert (fact.text, fact.evidence) == ("exit 1\nKeyError", "")
    assert fact.sha256 == sha256(fact.text.encode()).hexdigest()
    assert not folder_of(path).exists()


async def test_a_long_text_is_whole_beside_the_journal(path: Path, hand: HandClock) -> None:
    (entry,) = await pinned(path, hand, LONG)
    fact, kept = fact_of(entry), folder_of(path)
    assert fact.text == LONG[:SHORT]
    assert await EvidenceFolder(path).read(fact.evidence) == LONG.rstrip()
    assert fact.sha256 == fact.evidence == sha256(LONG.rstrip().encode()).hexdigest()
    assert [(kept / name).stat().st_mode & 0o777 for name in os.listdir(kept)] == [0o600]
    assert verify(path).ok


async def test_it_is_durable_before_the_entry(path: Path, hand: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    sync, append = os.fsync, SqliteJournal.append

    def synced(file: int) -> None:
        order.append("evidence")
        sync(file)

    async def appended(self: SqliteJournal, entries: list[Entry], after: int) -> bool:
        order.append(entries[0].kind)
        return await append(self, entries, after)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(SqliteJournal, "append", appended)
    await pinned(path, hand, LONG)
    assert order[-3:] == ["evidence", "evidence", "pinned"]


async def test_a_folder_that_cannot_be_written_pins_nothing(path: Path, hand: HandClock) -> None:
    folder_of(path).write_text("in the way")
    async with SqliteJournal.open(path, at_once) as journal:
        room = await Room.open(journal, OWN, hand, "ana", evidence=EvidenceFolder(path))
        await room.do(Declare("it began", OWN))
        with pytest.raises(JournalTrouble, match="nothing was pinned"):
            await room.do(Pin("output", "logs", LONG))
        assert not room.incident.pinned


async def test_no_planted_secret_is_in_the_files(path: Path, hand: HandClock) -> None:
    await pinned(path, hand, *[f"{LONG}{text}\n" for text, _ in PLANTED])
    whole = b"".join(file.read_bytes() for file in folder_of(path).iterdir())
    assert len(list(folder_of(path).iterdir())) > 1
    assert [secret for _, secret in PLANTED if secret.encode() in whole] == []


async def test_what_was_changed_or_lost_is_found(path: Path, hand: HandClock) -> None:
    first, second = map(fact_of, await pinned(path, hand, LONG, LONG + "more"))
    (folder_of(path) / first.evidence).write_text("forged")
    (folder_of(path) / second.evidence).unlink()
    assert [problem.partition(":")[0] for problem in verify(path).problems] == [
        "the evidence of entry 2 is gone or was changed",
        "the evidence of entry 3 is gone or was changed",
    ]
    for fact, why in ((first, "its hash differs"), (second, "cannot be read")):
        with pytest.raises(JournalTrouble, match=why):
            await EvidenceFolder(path).read(fact.evidence)


async def test_a_purge_takes_the_evidence_along_unless_another_entry_names_it(path: Path, hand: HandClock) -> None:
    name = fact_of((await pinned(path, hand, LONG, LONG))[0]).evidence
    assert not isinstance(purge(path, "2", "a name in it", "ana", hand.now()), Refusal)
    assert (folder_of(path) / name).exists()
    assert not isinstance(purge(path, "3", "a name in it", "ana", hand.now()), Refusal)
    assert not (folder_of(path) / name).exists()
    assert verify(path).ok
