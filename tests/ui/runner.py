"""The runner of steps, driven by hand: it prepares what a test gives it, and writes into the room what a real one would."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec.structs import replace

from warroom.core.acts import Refusal
from warroom.core.acts.playbook import EndStep, StartStep
from warroom.core.entries import StepEnded, StepStarted
from warroom.core.ledger import find_debt
from warroom.core.output import Ended, Output
from warroom.core.playbooks import find_playbook, run_of
from warroom.core.prepared import Blast, Prepared, Said, Wanted
from warroom.runbook.classes import Judgement, classify

if TYPE_CHECKING:
    from warroom.room import Room


@dataclass
class HandRun:
    """A run that prints and ends when a test says so."""

    prepared: Prepared
    said: Said
    id: str
    room: "Room"
    heard: Callable[[str], None]
    stopped: bool = False
    ended: "asyncio.Future[Output]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def stop(self) -> None:
        self.stopped = True

    async def output(self) -> Output:
        return await self.ended

    async def ends(
        self, text: str = "", code: int = 0, *, ok: bool = True, ended: Ended = "exited", trouble: str = "", inverse: str | None = None
    ) -> None:
        """The end is in the journal before anybody hears of it."""
        wanted, hash = self.prepared.wanted, sha256(text.encode()).hexdigest()
        fact = StepEnded(
            playbook=wanted.playbook,
            step=wanted.step,
            title=self.prepared.title,
            run=self.id,
            ended=ended,
            ok=ok,
            exit_code=code,
            seconds=0.4,
            sha256=hash,
            excerpt=text[:400],
            lines=len(text.splitlines()),
            trouble=trouble,
            inverse=(self.prepared.inverse if inverse is None else inverse) if ok else "",
        )
        decision = await self.room.do(EndStep(fact))
        assert not isinstance(decision, Refusal), decision.why
        self.ended.set_result(
            Output(command=self.prepared.runs, ended=ended, ok=ok, exit_code=code, seconds=0.4, text=text, sha256=hash, trouble=trouble)
        )


class HandRunner:
    """`changes` is what a command turns out to be, by a word that stands in it; all else is what the text says."""

    console = "console-1"

    def __init__(self, room: "Room", **changes: Prepared) -> None:
        self.room, self.changes = room, changes
        self.asked: list[Wanted] = []
        self.runs: list[HandRun] = []
        self.handed: list[Prepared] = []
        self.refusal = ""
        """Why a start is refused."""
        self.looked = 0
        self.free = asyncio.Event()
        """Cleared, preparing takes until it is set."""
        self.free.set()

    def judge(self, command: str) -> Judgement:
        return classify(command, ("api.tensafe.dev",))

    async def prepare(self, wanted: Wanted) -> Prepared:
        self.asked.append(wanted)
        await self.free.wait()
        playbook = find_playbook(self.room.runbook, wanted.playbook)
        assert playbook is not None
        step = playbook.steps[wanted.step - 1]
        written = step.commands[wanted.command - 1].command
        return self._prepared(wanted, written, wanted.text or written, step.title)

    def _prepared(self, wanted: Wanted, written: str, runs: str, title: str) -> Prepared:
        known = next((given for word, given in self.changes.items() if word in written), None)
        judged = self.judge(runs)
        if known is None:
            return Prepared(wanted=wanted, written=written, runs=runs, kind=judged.kind, why=judged.why, title=title)
        values = dict(wanted.values)
        blanks = tuple(replace(blank, value=values.get(blank.name, blank.value)) for blank in known.blanks)
        runs = known.runs or runs
        for blank in blanks:
            runs = runs.replace(blank.spelling[0], blank.value or blank.spelling[0])
        return replace(known, wanted=wanted, written=written, runs=wanted.text or runs, blanks=blanks, title=title)

    async def undoing(self, debt: str) -> Prepared | Refusal:
        found = find_debt(self.room.incident, debt)
        if found is None:
            return Refusal("there is no such change")
        wanted = Wanted(playbook=found.playbook, step=found.step, command=0, pays=found.id)
        title = f"Take back {found.object}"
        return Prepared(
            wanted=wanted,
            written=found.inverse,
            runs=found.inverse,
            kind="mutate",
            why="it changes the cluster",
            title=title,
            asks="yes",
            blast=Blast(title=title, object=found.object),
        )

    async def checking(self, run: str) -> Prepared | Refusal:
        found = run_of(self.room.incident, run, self.room._clock.now())
        assert found is not None
        wanted = Wanted(playbook=found.started.playbook, step=found.started.step, command=0)
        return Prepared(wanted=wanted, written="", runs="kubectl get pods", kind="read", why="it only reads", title="how it is now")

    async def start(self, prepared: Prepared, said: Said, heard: Callable[[str], None] = lambda _: None) -> HandRun | Refusal:
        if self.refusal:
            return Refusal(self.refusal)
        wanted = prepared.wanted
        fact = StepStarted(
            playbook=wanted.playbook,
            step=wanted.step,
            title=prepared.title,
            command=wanted.command,
            runs=prepared.runs,
            judged=prepared.kind,
            object=prepared.blast.object if prepared.blast else "",
            inverse=prepared.inverse,
            limit=20.0,
            console=self.console,
            pays=wanted.pays,
        )
        decision = await self.room.do(StartStep(fact))
        if isinstance(decision, Refusal):
            return decision
        self.runs.append(HandRun(prepared, said, decision[0].id, self.room, heard))
        return self.runs[-1]

    async def hand_over(self, prepared: Prepared, said: Said) -> Output | Refusal:
        self.handed.append(prepared)
        return Output(command=prepared.runs, ok=True, exit_code=0)

    async def find_lost(self) -> None:
        self.looked += 1
