"""Walking a playbook: what a command needs is asked for, it is started, and what it prints is heard."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
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
    from warroom.ui.app import WarRoomApp

UNASKED = "nothing can be run from this console: it has no cluster"


@dataclass
class Walk:
    """Of one console. `told` is called when something is shown differently, `refused` with why a wish was not done.

    Each method that runs something says whether it went well, so that the next command of a step may follow; they wait for
    cards, so they are a worker's to call.
    """

    console: "WarRoomApp"
    told: Callable[[], None]
    refused: Callable[[str], None]
    waits: Callable[[str], None]
    live: dict[str, Commanded] = field(default_factory=dict)
    """By the id of its run: what is printed here."""
    under_way: dict[str, Running] = field(default_factory=dict)
    """By the id of its run: what can be stopped here."""

    @property
    def runner(self) -> Runner | None:
        return self.console.runner

    # What is asked for.

    async def commands(self, wanted: Sequence[Wanted]) -> bool:
        """One after another, until one does not do well."""
        for one in wanted:
            if not await self.command(one):
                return False
        return True

    async def command(self, wanted: Wanted) -> bool:
        prepared = await self.prepare(wanted)
        return prepared is not None and await self.go(prepared)

    async def edited(self, wanted: Wanted) -> bool:
        """Changed by hand for this run, and judged as what it is then."""
        prepared = await self.prepare(wanted)
        filled = await self._filled(prepared, edits=True) if prepared else None
        return filled is not None and await self.go(filled)

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
            await self.console.push_screen_wait(BlastCard(prepared, only_looks=True))

    async def undo(self, debt: str) -> bool:
        return await self._of("working out what undoes it", lambda runner: runner.undoing(debt))

    async def check(self, run: str) -> bool:
        """Looks how what an unknown run would have changed is now."""
        return await self._of("working out how to look", lambda runner: runner.checking(run))

    def stop(self, runs: Sequence[str]) -> bool:
        """Whether one of them runs here."""
        mine = [self.under_way[run] for run in runs if run in self.under_way]
        for running in mine:
            running.stop()
        return bool(mine)

    # On the way to a run.

    async def prepare(self, wanted: Wanted) -> Prepared | None:
        if self.runner is None:
            self.refused(UNASKED)
            return None
        self.waits("preparing")
        try:
            return await self.runner.prepare(wanted)
        finally:
            self.waits("")

    async def _of(self, words: str, ask: Callable[[Runner], Awaitable[Prepared | Refusal]]) -> bool:
        if self.runner is None:
            self.refused(UNASKED)
            return False
        self.waits(words)
        try:
            prepared = await ask(self.runner)
        finally:
            self.waits("")
        if isinstance(prepared, Refusal):
            self.refused(prepared.why)
            return False
        return await self.go(prepared)

    async def go(self, prepared: Prepared) -> bool:
        """Asks what has to be asked, in this order: values, trust, arms, the blast radius."""
        filled = await self._filled(prepared) if _unfilled(prepared) else prepared
        if filled is None:
            return False
        if filled.refusal:
            self.refused(filled.refusal)
            return False
        trusts = not filled.untrusted or await self._trusts()
        if not trusts or not await self._armed(filled):
            return False
        said = await self._consent(filled)
        if said is None:
            return False
        said = replace(said, trusts=filled.untrusted)
        return await (self._hand_over(filled, said) if filled.interactive else self._start(filled, said))

    async def _filled(self, prepared: Prepared, *, edits: bool = False) -> Prepared | None:
        from warroom.ui.cards.fill import FillCard

        found: Prepared | None = prepared
        while found is not None and (edits or _unfilled(found)):
            card = FillCard(found, edits=edits)
            await self.console.push_screen_wait(card)
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
        await self.console.push_screen_wait(ConfirmCard(lines, "trust it", lambda: answered.append(True)))
        return bool(answered)

    async def _armed(self, prepared: Prepared) -> bool:
        from warroom.ui.cards.arm import ArmCard

        if not prepared.changes:
            return True
        assert self.runner is not None
        if armed_until(self.console.room.incident, self.runner.console, self.console.clock.now()):
            return True
        if self.console.read_only:
            self.refused(self.console.never_armed)
            return False
        card = ArmCard(prepared.blast.title if prepared.blast else prepared.runs)
        await self.console.push_screen_wait(card)
        return card.armed

    async def _consent(self, prepared: Prepared) -> Said | None:
        from warroom.ui.cards.blast import BlastCard

        if prepared.asks == "nothing" and not prepared.changes:
            return Said()
        card = BlastCard(prepared)
        await self.console.push_screen_wait(card)
        return card.said

    # Running.

    async def _start(self, prepared: Prepared, said: Said) -> bool:
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
            return False
        shown.running = running
        run = next((id for id in self._starts() if id not in before and id not in self.live), "")
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

    async def _hand_over(self, prepared: Prepared, said: Said) -> bool:
        """The terminal is the command's until it ends."""
        from textual.app import SuspendNotSupported

        assert self.runner is not None
        try:
            with self.console.handed_over():
                output = await self.runner.hand_over(prepared, said)
        except SuspendNotSupported:
            self.refused("this terminal cannot be handed over: run it in another one")
            return False
        if isinstance(output, Refusal):
            self.refused(output.why)
            return False
        self.told()
        return output.ok


def _unfilled(prepared: Prepared) -> bool:
    return any(not place.value or place.trouble for place in prepared.blanks)
