"""Runs the steps of playbooks: what is about to happen is in the journal before it does, and how it ended after."""

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from warroom.core.acts import Refusal
from warroom.core.acts.playbook import EndStep, SetValue, StartStep, step_state
from warroom.core.consent import refusal_of
from warroom.core.entries import StepEnded, StepStarted
from warroom.core.output import Output, answered
from warroom.core.playbooks import find_playbook, run_of
from warroom.core.ports import Clock, JournalTrouble
from warroom.core.prepared import Prepared, Said, Wanted
from warroom.core.readings import World
from warroom.room import Room
from warroom.runner.alive import Alive
from warroom.runner.endings import ended, lost, way_back
from warroom.runner.pin import READ_LIMIT, Order, PinnedShell
from warroom.runner.shell import Running, ignored
from warroom.runner.trust import Trust

if TYPE_CHECKING:
    from warroom.runbook.classes import Judgement
    from warroom.runbook.model import Step
    from warroom.runner.preparing import Preparing, Ready

CHANGE_LIMIT = 120.0
"""Seconds that a command which changes something may take."""
_WAITS = re.compile(r"\b(?:rollout status|wait)\b")
LEAVES = 10.0
"""Seconds for writing down how the last runs ended, when the console closes."""


class StepRunner:
    """Of one console. `world` is what its feeds know; `looks`: it only looks, so it runs reads and writes nothing down."""

    def __init__(
        self,
        room: Room,
        shell: PinnedShell,
        clock: Clock,
        alive: Alive,
        trust: Trust,
        world: Callable[[], World] = World,
        *,
        looks: bool = False,
        follows: bool = True,
    ) -> None:
        """`follows`: what streams goes on until it is stopped, as somebody is there to stop it."""
        self._room, self._shell, self._clock, self._alive, self._trust = room, shell, clock, alive, trust
        self._world, self._looks, self._follows = world, looks, follows
        self._secrets: dict[str, dict[str, str]] = {}
        """By playbook: variables that no journal holds, since they look like secrets."""
        self._ending: set[asyncio.Task[Any]] = set()
        self._running: set[Running] = set()
        self._made: Preparing | None = None

    @property
    def console(self) -> str:
        return self._alive.name

    def judge(self, command: str) -> "Judgement":
        return self._shell.judge(command)

    async def prepare(self, wanted: Wanted) -> Prepared:
        return (await self._ready(wanted)).prepared

    async def undoing(self, debt: str) -> Prepared | Refusal:
        from warroom.core.acts.ledger import open_debt

        found = open_debt(self._room.incident, debt)
        if isinstance(found, Refusal):
            return found
        if not found.runnable:
            return Refusal(f"what undoes {found.object} had a secret in it, which is not kept: undo it by hand and say how", mistake=False)
        ready = await self._ready(Wanted(playbook=found.playbook, step=found.step, command=0, text=found.inverse, pays=found.id))
        if ready.idle:
            how = f"`warroom debt repay {found.seq} --reason …`"
            return Refusal(f"{found.object} is already as it was: nothing is to be run, say what brought it back ({how})", mistake=False)
        return ready.prepared

    async def checking(self, run: str) -> Prepared | Refusal:
        found = run_of(self._room.incident, run, self._clock.now())
        if found is None:
            return Refusal(f"no run of this incident is {run}")
        if not found.started.object:
            return Refusal("it is not known what that would have changed: look by hand, then mark the step done, or skip it", mistake=False)
        kind, _, name = found.started.object.partition("/")
        history = f"kubectl rollout history {kind} {name} && " if kind == "deployment" else ""
        text = f"{history}kubectl get {kind} {name} -o wide"
        return await self.prepare(Wanted(playbook=found.started.playbook, step=found.started.step, command=0, text=text))

    async def start(self, prepared: Prepared, said: Said, heard: Callable[[str], None] = ignored) -> "Journalled | Refusal":
        return await self._begin(prepared, said, heard, terminal=False)

    async def hand_over(self, prepared: Prepared, said: Said) -> Output | Refusal:
        begun = await self._begin(prepared, said, ignored, terminal=True)
        return begun if isinstance(begun, Refusal) else await begun.output()

    async def find_lost(self) -> None:
        if self._looks or not self._room.incident.open:
            return
        ended = {entry.fact.run for entry in self._room.incident.steps if isinstance(entry.fact, StepEnded)}
        for entry in self._room.incident.steps:
            fact = entry.fact
            if isinstance(fact, StepStarted) and entry.id not in ended and await asyncio.to_thread(self._alive.is_gone, fact.console):
                await self._lost(entry.id, fact)

    async def close(self) -> None:
        """Ends what runs, and writes down that it was stopped."""
        for running in self._running:
            running.stop()
        if self._ending:
            await asyncio.wait(self._ending, timeout=LEAVES)
        self._alive.end()

    # -- before -------------------------------------------------------------------------------------------------------------

    async def _ready(self, wanted: Wanted) -> "Ready":
        made = await self._preparing()
        step = await asyncio.to_thread(self._step, wanted)
        if isinstance(step, Refusal):
            from warroom.runner.preparing import Ready

            nothing = Prepared(wanted=wanted, written=wanted.text, runs=wanted.text, kind="unknown", why=step.why, refusal=step.why)
            return Ready(nothing)
        found = await made.ready(wanted, step, self._room.incident.values, self._variables(wanted.playbook))
        untrusted = not await asyncio.to_thread(self._trust.trusts, self._room.text.text)
        return replace(found, prepared=msgspec.structs.replace(found.prepared, untrusted=untrusted))

    async def _preparing(self) -> "Preparing":
        """What reads commands is loaded when the first is prepared."""
        if self._made is None:
            parts = await asyncio.to_thread(import_module, "warroom.runner.preparing")
            self._made = parts.Preparing(self._shell, self._clock, self._world)
        return self._made

    def _step(self, wanted: Wanted) -> "Step | Refusal":
        incident, runbook = self._room.incident, self._room.runbook
        if incident.open:
            state = step_state(incident, runbook, wanted.playbook, wanted.step, self._clock.now())
            if isinstance(state, Refusal):
                return state
            step = state.step
        else:
            playbook = find_playbook(runbook, wanted.playbook)
            if playbook is None or not 1 <= wanted.step <= len(playbook.steps):
                return Refusal(f"the runbook has no step {wanted.step} of {wanted.playbook}")
            step = playbook.steps[wanted.step - 1]
        if not wanted.text and not 1 <= wanted.command <= len(step.commands):
            return Refusal(
                f"step {wanted.step} ({step.title}) has {len(step.commands)} commands, and none with the number {wanted.command}"
            )
        return step

    def _variables(self, playbook: str) -> Mapping[str, str]:
        """What earlier blocks of the playbook set."""
        found = {
            name: value
            for entry in self._room.incident.steps
            if isinstance(entry.fact, StepEnded) and entry.fact.playbook == playbook
            for name, value in entry.fact.sets
        }
        return {**found, **self._secrets.get(playbook, {})}

    # -- the run ------------------------------------------------------------------------------------------------------------

    async def _begin(self, prepared: Prepared, said: Said, heard: Callable[[str], None], *, terminal: bool) -> "Journalled | Refusal":
        ready = await self._ready(prepared.wanted)
        now = ready.prepared
        if refusal := self._unable(now, terminal=terminal) or refusal_of(prepared, now, said):
            return refusal
        limit = self._limit(now, terminal=terminal)
        try:
            if now.untrusted:
                await asyncio.to_thread(self._trust.add, self._room.text.text)
            started = await self._started(now, said, limit, terminal=terminal)
        except (JournalTrouble, OSError) as trouble:
            return Refusal(f"it was not run: {trouble}", mistake=False)
        if isinstance(started, Refusal):
            return started
        running = self._shell.begin(
            Order(
                runs=ready.runs,
                shown=now.runs,
                variables=ready.variables,
                keeps=ready.keeps,
                limit=limit,
                record=self._alive.record(started) if started else None,
                terminal=terminal,
                secret=now.secret,
            ),
            heard,
        )
        return self._followed(running, ready, started)

    def _unable(self, now: Prepared, *, terminal: bool) -> Refusal | None:
        """Why this console cannot run it, whatever is said."""
        if now.interactive and not terminal:
            return Refusal("it waits for somebody at a terminal: run it from the console, which hands its own over", mistake=False)
        if now.changes and self._looks:
            return Refusal("this console was opened with --read-only: it changes nothing", mistake=False)
        if now.changes and not self._room.incident.open:
            return Refusal("no incident is open: declare one first (`!`, or `warroom declare TITLE`), so that the change is written down")
        return None

    async def _started(self, now: Prepared, said: Said, limit: float | None, *, terminal: bool) -> str | Refusal:
        """The id of the run; empty where nothing is written down, as before an incident."""
        if self._looks or not self._room.incident.open:
            return ""
        await asyncio.to_thread(self._alive.begin)
        for blank in now.blanks:
            await self._room.do(SetValue(blank.name, blank.value))
        fact = StepStarted(
            playbook=now.wanted.playbook,
            step=now.wanted.step,
            title=now.title,
            command=now.wanted.command,
            runs=now.runs,
            judged=now.kind,
            why=now.why,
            object=now.blast.object if now.blast else "",
            warnings=now.blast.warnings if now.blast else (),
            inverse="" if now.wanted.pays else now.inverse,
            limit=limit or 0.0,
            console=self.console,
            pays=now.wanted.pays,
            by_hand=terminal,
        )
        done = await self._room.do(StartStep(fact, arms=said.arms))
        return done if isinstance(done, Refusal) else done[0].id

    def _followed(self, running: Running, ready: "Ready", started: str) -> "Journalled":
        self._running.add(running)
        ending = asyncio.create_task(self._ended(running, ready, started))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        return Journalled(running, ending)

    async def _ended(self, running: Running, ready: "Ready", started: str) -> Output:
        """Waits for its end, and writes that down."""
        try:
            output = await running.output()
        finally:
            self._running.discard(running)
        now = ready.prepared
        if now.streams and output.ended in ("stopped", "too long"):
            output = msgspec.structs.replace(output, ok=True)
        if output.ok and (status := answered(now.runs, output.text)) and status >= 400:
            output = msgspec.structs.replace(output, ok=False, trouble=f"curl answered {status}")
        if not started:
            return output
        inverse = await way_back(self._shell, ready, output) if now.changes else ""
        fact, secrets = ended(started, output, ready, inverse, running.sets)
        self._secrets.setdefault(now.wanted.playbook, {}).update(secrets)
        try:
            await self._room.do(EndStep(fact))
        except JournalTrouble as trouble:  # the next console finds a run without an end, and tells that
            return msgspec.structs.replace(output, trouble=f"{output.trouble} how it ended could not be written down: {trouble}".strip())
        await self._forget(started)
        return output

    async def _lost(self, run: str, fact: StepStarted) -> None:
        record = ""
        with suppress(OSError):
            record = await asyncio.to_thread(self._alive.record(run).read_text)
        with suppress(JournalTrouble):  # another console may tell it
            await self._room.do(EndStep(lost(run, fact, record)))
            await self._forget(run)

    async def _forget(self, run: str) -> None:
        with suppress(OSError):
            await asyncio.to_thread(self._alive.record(run).unlink, missing_ok=True)

    def _limit(self, now: Prepared, *, terminal: bool) -> float | None:
        """Seconds. What waits for something has the time of a change."""
        if terminal or (now.streams and self._follows):
            return None
        return CHANGE_LIMIT if now.changes or _WAITS.search(now.runs) else READ_LIMIT


class Journalled:
    """A run whose end is in the journal when its output is there."""

    def __init__(self, running: Running, ending: "asyncio.Task[Output]") -> None:
        self._running, self._ending = running, ending

    def stop(self) -> None:
        self._running.stop()

    async def output(self) -> Output:
        return await asyncio.shield(self._ending)
