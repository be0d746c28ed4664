"""Walking a playbook: what a command needs is asked for, it is started, and what it prints is heard."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from warroom.core.acts import Refusal
from warroom.core.acts.arming import armed_until
from warroom.core.entries import StepStarted
from warroom.core.ports import Runner, Running
from warroom.core.prepared import Prepared, Said, Wanted
from warroom.ui.commanded import Commanded

if TYPE_CHECKING:
    from warroom.runbook.classes import Judgement
    from warroom.ui.app import WarRoomApp
    from warroom.ui.cards.card import Card

LOOKED = "looked "
"""How the name of a run begins that has no entry."""
QUICK = 5.0
"""Seconds within which nobody can have read what a command said that failed at once."""
UNASKED = "nothing can be run from this console: it has no cluster"


@dataclass
class Walk:
    """Of one console. `told` is called when something is shown differently, `refused` with why a wish was not done; `here` says
    whether who asked still looks.

    Each method that runs something says whether it went well, so that the next command of a step may follow; they wait for
    cards, so they are a worker's to call.
    """

    console: "WarRoomApp"
    told: Callable[[], None]
    refused: Callable[[str], None]
    waits: Callable[[str], None]
    here: Callable[[], bool]
    live: dict[str, Commanded] = field(default_factory=dict)
    """By the id of its run: what is printed here."""
    under_way: dict[str, Running] = field(default_factory=dict)
    """By the id of its run: what can be stopped here."""
    _judged: "dict[tuple[str, str], Judgement]" = field(default_factory=dict)
    looked: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """Runs that no journal knows, by playbook and step: those of a console that only looks."""

    @property
    def runner(self) -> Runner | None:
        return self.console.runner

    def judge(self, command: str) -> "Judgement | None":
        """What it would do as it is written. It is asked for at every key, so it is kept for as long as the runbook is the same."""
        if self.runner is None:
            return None
        key = (self.console.room.text.sha256, command)
        if key not in self._judged:
            self._judged[key] = self.runner.judge(command)
        return self._judged[key]

    def reads(self, command: str) -> bool:
        judged = self.judge(command)
        return judged is not None and judged.kind == "read"

    # What is asked for.

    async def commands(self, wanted: Sequence[Wanted], *, all_read: bool = False) -> None:
        """One after another, until one is not run or does not do well; where all of them only read, a failure is a finding."""
        for one in wanted:
            well = await self.command(one)
            if well is None or not (well or all_read):
                return

    async def command(self, wanted: Wanted) -> bool | None:
        prepared = await self.prepare(wanted)
        return await self.go(prepared) if prepared is not None else None

    async def edited(self, wanted: Wanted, known: Prepared | None = None) -> None:
        """Changed by hand for this run, and judged as what it is then. What is `known` of it opens at once, for who types ahead."""
        prepared = known or await self.prepare(wanted)
        if prepared is not None and (filled := await self._filled(prepared, edits=True)) is not None:
            await self.go(filled)

    async def dry_run(self, wanted: Wanted) -> None:
        """Shows the blast radius and asks nothing."""
        from warroom.ui.cards.blast import BlastCard

        prepared = await self.prepare(wanted)
        if prepared is None:
            return
        if _unfilled(prepared):
            prepared = await self._filled(prepared)
        if prepared is not None and prepared.refusal:
            self.refused(prepared.refusal)
        elif prepared is not None:
            await self._shown(BlastCard(prepared, only_looks=True))

    async def undo(self, debt: str) -> None:
        await self._of("working out what undoes it", lambda runner: runner.undoing(debt))

    async def check(self, run: str) -> None:
        """Looks how what an unknown run would have changed is now."""
        await self._of("working out how to look", lambda runner: runner.checking(run))

    def stop(self, runs: Sequence[str]) -> bool:
        """Whether one of them runs here."""
        mine = [self.under_way[run] for run in runs if run in self.under_way]
        for running in mine:
            running.stop()
        return bool(mine)

    # On the way to a run.

    async def _shown(self, card: "Card") -> None:
        """Until it is answered. Working out takes its time: who went elsewhere meanwhile is not interrupted, and nothing is run."""
        if self.here():
            await self.console.push_screen_wait(card)
        else:
            self.refused(f"you went elsewhere before the card “{card.name_of_card}” was ready: nothing was run, ask again")

    async def prepare(self, wanted: Wanted) -> Prepared | None:
        if self.runner is None:
            self.refused(UNASKED)
            return None
        self.waits("preparing")
        try:
            return await self.runner.prepare(wanted)
        finally:
            self.waits("")

    async def _of(self, words: str, ask: Callable[[Runner], Awaitable[Prepared | Refusal]]) -> None:
        if self.runner is None:
            self.refused(UNASKED)
            return
        self.waits(words)
        try:
            prepared = await ask(self.runner)
        finally:
            self.waits("")
        if isinstance(prepared, Refusal):
            self.refused(prepared.why)
        else:
            await self.go(prepared)

    async def go(self, prepared: Prepared) -> bool | None:
        """Asks what has to be asked, in this order: values, trust, arms, the blast radius. Whether it did well; None: it was not run."""
        filled = await self._filled(prepared) if _unfilled(prepared) else prepared
        if filled is not None and filled.refusal:
            self.refused(filled.refusal)
            return None
        if filled is None or (filled.untrusted and not await self._trusts()):
            return None
        ready = await self._armed(filled)
        said = await self._consent(ready) if ready is not None else None
        if ready is None or said is None:
            return None
        said = replace(said, trusts=filled.untrusted)
        return await (self._hand_over(ready, said) if ready.interactive else self._start(ready, said))

    async def _filled(self, prepared: Prepared, *, edits: bool = False) -> Prepared | None:
        from warroom.ui.cards.fill import FillCard

        found: Prepared | None = prepared
        while found is not None and (edits or _unfilled(found)):
            card = FillCard(found, edits=edits)
            await self._shown(card)
            found = await self.prepare(card.wanted) if card.wanted is not None else None
            edits = False
        return found

    async def _trusts(self) -> bool:
        from warroom.ui.cards.confirm import ConfirmCard

        answered = list[bool]()
        text = self.console.room.text
        lines = (
            "nobody on this machine has run a command of this runbook yet",
            f"{text.file or 'the runbook'}, sha256 {text.sha256[:12]}: f shows it; what it says is what will run",
            "trusting it is asked once; each change is asked about all the same",
        )
        await self._shown(ConfirmCard(lines, "trust it", lambda: answered.append(True)))
        return bool(answered)

    async def _armed(self, prepared: Prepared) -> Prepared | None:
        """What it would change once somebody armed the console, which may have taken its time."""
        from warroom.ui.cards.arm import ArmCard

        assert self.runner is not None
        if not prepared.changes or armed_until(self.console.room.incident, self.runner.console, self.console.clock.now()):
            return prepared
        if self.console.read_only:
            self.refused(self.console.never_armed)
            return None
        card = ArmCard(prepared.blast.title if prepared.blast else prepared.runs)
        await self._shown(card)
        return await self.prepare(prepared.wanted) if card.armed else None

    async def _consent(self, prepared: Prepared) -> Said | None:
        from warroom.ui.cards.blast import BlastCard

        if prepared.asks == "nothing" and not prepared.changes:
            return Said()
        card = BlastCard(prepared)
        await self._shown(card)
        return card.said

    # Running.

    async def _start(self, prepared: Prepared, said: Said) -> bool | None:
        assert self.runner is not None
        shown = Commanded(prepared.title, prepared.runs, asyncio.get_running_loop().time)
        number, before = shown.begin(), self._starts()
        self.waits("starting")
        try:
            running = await self.runner.start(prepared, said, partial(self._heard, shown, number))
        finally:
            self.waits("")
        if isinstance(running, Refusal):
            self.refused(running.why)
            return None
        shown.running = running
        run = next((id for id in self._starts() if id not in before and id not in self.live), "")
        if not run:  # a console that only looks writes nothing down
            run = f"{LOOKED}{len(self.live)}"
            self.looked.setdefault((prepared.wanted.playbook, prepared.wanted.step), []).append(run)
        self.live[run], self.under_way[run] = shown, running
        self.told()
        try:
            output = await running.output()
        finally:
            self.under_way.pop(run, None)
        if not shown.parts and output.text:
            shown.hear(number, output.text)
        shown.end(number, output)
        self.told()
        return output.ok

    def _starts(self) -> Sequence[str]:
        """The runs that this console has started, by what the journal says."""
        assert self.runner is not None
        mine = self.runner.console
        steps = self.console.room.incident.steps
        return [entry.id for entry in reversed(steps) if isinstance(entry.fact, StepStarted) and entry.fact.console == mine]

    def _heard(self, shown: Commanded, number: int, text: str) -> None:
        if shown.hear(number, text):
            self.told()

    async def _hand_over(self, prepared: Prepared, said: Said) -> bool | None:
        """The terminal is the command's until it ends."""
        from textual.app import SuspendNotSupported

        assert self.runner is not None
        try:
            with self.console.handed_over():
                output = await self.runner.hand_over(prepared, said)
                if not isinstance(output, Refusal) and not output.ok and output.seconds < QUICK:
                    await asyncio.to_thread(_read_on, output.exit_code)
        except SuspendNotSupported:
            self.refused("this terminal cannot be handed over: run it in another one")
            return None
        if isinstance(output, Refusal):
            self.refused(output.why)
            return None
        self.told()
        return output.ok


def _read_on(code: int | None) -> None:
    """What it said before it failed at once would be gone with the terminal."""
    with suppress(EOFError, OSError):
        input(f"\n[it ended at once, exit {code}: enter goes back to the room] ")


def _unfilled(prepared: Prepared) -> bool:
    return any(not place.value or place.trouble for place in prepared.blanks)
