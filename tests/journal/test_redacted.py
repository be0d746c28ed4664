"""No planted secret reaches the bytes of the journal, its log or its index."""

from pathlib import Path

from core.secrets_corpus import PLAIN, PLANTED
from hand import HandClock
from journal.notes import OWN, at_once, texts
from warroom.core.acts import Act, Refusal
from warroom.core.acts.incident import Close, Declare, Reopen, Resolve, Restore
from warroom.core.acts.timeline import AddAction, Amend, Badly, Note, Strike, Well
from warroom.core.entries import RunbookText
from warroom.core.redact import GONE
from warroom.journal.care import purge, verify
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room


def planted_in(path: Path) -> list[str]:
    whole = b"".join(Path(f"{path}{suffix}").read_bytes() for suffix in ("", "-wal", "-shm"))
    assert b"began" in whole, "the notes are not in these bytes: the search shows nothing"
    return [secret for _, secret in PLANTED if secret.encode() in whole or secret.encode("unicode_escape") in whole]


async def test_a_secret_in_a_note_never_reaches_the_file(path: Path, hand: HandClock) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        room = await Room.open(journal, OWN, hand, "ana")
        await room.do(Declare("it began", OWN))
        for text, _ in PLANTED:
            assert not isinstance(await room.do(Note(f"look: {text}\nand on")), Refusal)
        assert planted_in(path) == []
        written = texts(room.incident.entries)
        assert len(written) == len(PLANTED)
        assert all(text.startswith("look: ") and GONE in text for text in written)
    assert verify(path).ok


async def test_what_is_no_secret_is_in_the_file_word_for_word(path: Path, hand: HandClock) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        room = await Room.open(journal, OWN, hand, "ana")
        await room.do(Declare("it began", OWN))
        for text in PLAIN:
            await room.do(Note(text))
        assert texts(await journal.read(after=0)) == PLAIN


async def test_whatever_the_act_a_secret_never_reaches_the_file(path: Path, hand: HandClock) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        room = await Room.open(journal, OWN, hand, "ana")
        for text, _ in PLANTED[::5]:
            runbook = RunbookText(text=f"{OWN.text}\n{text}\n", sha256=OWN.sha256, file="own.md")
            declare = Declare(f"it began {text}", runbook, symptoms=text, pagerduty=text, another=True)
            assert not isinstance(await room.do(declare), Refusal)
            assert (room.text.sha256, room.text.file) == (OWN.sha256, "own.md")
            note = await room.do(Note("a first wording"))
            assert not isinstance(note, Refusal)
            acts: list[Act] = [
                Amend(note[0].id, text),
                Strike(note[0].id, text),
                Well(text),
                Badly(text),
                AddAction(text, owner=text, priority=text),
                Restore(text),
                Resolve(text),
                Reopen(text),
                Close(not_an_incident=True),
            ]
            for act in acts:
                assert not isinstance(await room.do(act), Refusal), act
            assert planted_in(path) == []
    assert verify(path).ok


async def test_a_secret_in_the_reason_of_a_purge_never_reaches_the_file(path: Path, hand: HandClock) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        room = await Room.open(journal, OWN, hand, "ana")
        await room.do(Declare("it began", OWN))
        for n, (text, _) in enumerate(PLANTED[::7]):
            await room.do(Note("slipped"))
            assert not isinstance(purge(path, str(2 + 2 * n), text, "ana", hand.now()), Refusal)
        await room.do(Note("it began"))
        assert planted_in(path) == []
