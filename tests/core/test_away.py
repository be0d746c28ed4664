"""What changed while somebody was away: by others, the gravest first, in five lines at most."""

from datetime import timedelta

from hand import HandClock
from warroom.core.acts import Act
from warroom.core.acts.incident import Declare
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Note
from warroom.core.away import MOST, changes
from warroom.core.entries import RunbookText
from warroom.core.incident import Incident
from warroom.journal.memory import MemoryJournal
from warroom.library import default_runbook
from warroom.room import Room


class Night:
    async def begin(self) -> "Night":
        self.clock, self.journal = HandClock(), MemoryJournal()
        text, file = default_runbook()
        self.text = RunbookText(text=text, sha256="0" * 64, file=file)
        self.room = await Room.open(self.journal, self.text, self.clock, "ada")
        await self.room.do(Declare(title="api down", runbook=self.text, severity="P2"))
        self.before: Incident = self.room.incident
        self.then = self.clock.now()
        return self

    async def does(self, act: Act, by: str) -> None:
        await self.room.do(act, by=by)

    def told(self) -> tuple[str, ...]:
        return changes(self.before, self.then, self.room.incident, self.clock.now(), self.room.runbook, "ada")


async def test_nothing_is_no_line() -> None:
    assert (await Night().begin()).told() == ()


async def test_what_one_did_oneself_is_no_news() -> None:
    night = await Night().begin()
    await night.does(Note("I look at the pods"), "ada")
    assert night.told() == ()


async def test_the_gravest_comes_first_and_five_lines_are_enough() -> None:
    night = await Night().begin()
    await night.does(SetSeverity("P1", "everything is down"), "bo")
    await night.does(TakeRole("Incident Commander", "bo"), "bo")
    await night.does(SetPhase(2), "bo")
    for text in ("pods crash", "rolled back"):
        await night.does(Note(text), "eve")
    night.clock._now += timedelta(minutes=20)
    told = night.told()
    assert len(told) <= MOST
    assert told[0].startswith("severity P2 → P1, by bo; phase 2")
    assert told[1].startswith("overdue now: Acknowledge the alert")
    assert told[2] == "Incident Commander: nobody → bo"
    assert told[-1] == "2 notes, last by eve: rolled back"


async def test_one_note_is_one_note() -> None:
    night = await Night().begin()
    await night.does(Note("x"), "bo")
    assert night.told() == ("1 note, last by bo: x",)
