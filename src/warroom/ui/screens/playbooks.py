"""The runbook's playbooks, step by step: asked, run, answered, skipped and undone from the keyboard."""

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from textual import events, on, work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from warroom.core.acts.evidence import pin_of_output
from warroom.core.acts.ledger import Waive
from warroom.core.acts.playbook import AnswerStep, FinishStep, SkipStep
from warroom.core.entries import StepEnded
from warroom.core.ledger import Debt, owed
from warroom.core.output import Output
from warroom.core.playbooks import Ranked, Run, StepState
from warroom.core.prepared import Prepared, Wanted
from warroom.core.underway import first_open, next_open
from warroom.ui.keep import copy, pin
from warroom.ui.look import foreign
from warroom.ui.messages import Asked
from warroom.ui.panes.ledger import LedgerPane
from warroom.ui.panes.outputs import OutputsPane
from warroom.ui.panes.pane import Pane
from warroom.ui.panes.step import StepPane
from warroom.ui.panes.steps import Place, StepsPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.walk import Walk
from warroom.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp

RESTS = 0.3
"""Seconds that the cursor rests on a step before it is worked out what its commands would really be."""
OUTPUT = 8
"""Rows that the output keeps at least, where there is room for both."""


class PlaybooksScreen(RoomScreen):
    """Enter does what the step under the cursor is for; what changes something shows its blast radius and asks."""

    AUTO_FOCUS = "#steps Rows"
    BINDINGS = [
        Binding("y", "answer('yes')", "yes", id="step.yes", tooltip="the step's condition holds"),
        Binding("N", "answer('no')", "no", id="step.no", tooltip="the step's condition does not hold: it is not this case"),
        Binding("S", "skip", "skip", id="step.skip", tooltip="skip the step, and say why"),
        Binding("d", "done", "done", id="step.done", tooltip="the step was done by hand or elsewhere: say how"),
        Binding("r", "again", "run again", id="step.again", tooltip="run the step once more; what it printed before is kept"),
        Binding("x", "stop", "stop", id="step.stop", tooltip="end what runs of the step, and all that it started"),
        Binding("u", "undo", "undo", id="step.undo", tooltip="what undoes the temporary change: shows it and asks"),
        Binding("D", "dry", "dry run", id="step.dry", tooltip="ask the server what it would do; nothing is changed"),
        Binding("e", "edit", "edit", id="step.edit", tooltip="change the command or its values for this run"),
        Binding("p", "pin", "pin", id="step.pin", tooltip="pin what it printed into the timeline as evidence"),
        Binding("c", "copy", "copy", show=False, id="step.copy", tooltip="copy the command as it would run"),
        Binding("o", "older", "older", show=False, id="step.older", tooltip="show or hide what earlier runs printed"),
        Binding("tab", "turn(1)", "next", show=False, id="step.next", tooltip="steps, step, output, temporary changes"),
        Binding("shift+tab", "turn(-1)", "before", show=False, id="step.before", tooltip="the other way round"),
        Binding("escape", "app.back", "back", show=False, id="step.back", tooltip="back to where you were; what runs goes on"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.prepared: dict[tuple[Any, ...], Prepared] = {}
        """What commands would really be, as it was worked out last."""
        self._wanted: Place | None = None

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    def middle(self) -> Iterable[Widget]:
        follow = (RoomScreen.world, RoomScreen.incident, RoomScreen.now)
        self.steps, self.ledger = StepsPane().data_bind(*follow), LedgerPane().data_bind(*follow)
        self.step, self.outputs = StepPane().data_bind(*follow), OutputsPane().data_bind(*follow)
        yield Horizontal(
            Vertical(self.steps, self.ledger, id="walk"),
            Vertical(self.step, self.outputs, id="about"),
            id="playbooks",
        )

    def on_mount(self) -> None:
        self.walk = Walk(self.console, self.show_step, self.refuse, self.wait_for, lambda: self.console.screen is self)
        self.step.judge = self.walk.judge
        self.call_after_refresh(self._arrived)

    def _arrived(self) -> None:
        self.go(self._wanted or self._first())
        self.show_step()

    def _first(self) -> Place:
        """Where one begins: the next step, where that is one of a playbook, else the first that is open of the likeliest."""
        now = self.now or self.console.clock.now()
        coming = next_open(self.console.room.runbook, self.incident, now)
        if coming is not None:
            return Place(coming.key, coming.step.number)
        book = next(iter(self.steps.books()), None)
        found = first_open(self.console.room.runbook, self.incident, book.key, now) if book else None
        return Place(book.key, found.step.number if found else 0) if book else Place("")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._lay)

    def watch_incident(self) -> None:
        if self.is_mounted and self.query(StepsPane):
            self.call_after_refresh(self.show_step)  # the panes have it by then
            self._work_out()

    # Where one is.

    def go(self, where: Place) -> None:
        """A step, or with number 0 a playbook."""
        self._wanted = where
        if self.is_mounted and self.steps.is_mounted:
            self._wanted = None
            self.steps.go(where)
            self._turn_to(self.steps)
            self.steps.focus()

    @property
    def book(self) -> Ranked | None:
        return self.steps.book(self.steps.at.book)

    @property
    def here(self) -> StepState | None:
        return self.steps.state_at(self.steps.at)

    @property
    def line_under_cursor(self) -> int:
        """Where it stands in the runbook."""
        here, book = self.here, self.book
        return here.step.line if here else book.playbook.line if book else 0

    def show_step(self) -> None:
        if not self.is_mounted or not self.steps.is_mounted:
            return
        here, book = self.here, self.book
        self.steps.update()
        self.step.show(book, here, self._known())
        looked = self.walk.looked.get((self.steps.at.book, here.number), []) if here else []
        self.outputs.show(self.steps.at.book, here, self.walk.live, [self.walk.live[run] for run in looked])
        self._lay()
        self.refresh_bindings()

    def _lay(self) -> None:
        """The step takes what it needs and leaves the output its rows; so do the changes under the steps."""
        if not self.is_mounted or not self.steps.is_mounted:
            return
        height = self.query_one("#playbooks").size.height
        need = self.step.needs(self.step.size.width or self.size.width // 2) + 1
        self.step.styles.height = "1fr" if self.narrow else max(6, min(need, height - OUTPUT))
        need = self.ledger.needs(self.ledger.size.width or 50) + 1
        self.ledger.styles.height = "1fr" if self.narrow else min(need, height // 2)

    @on(Rows.Highlighted)
    def follow_cursor(self, message: Rows.Highlighted) -> None:
        if message.rows is self.steps.body:
            self.show_step()
            self._work_out()
        elif message.rows is self.step.body:
            self.step.update()

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        self._turn_to(next((pane for pane in self._panes() if pane.has_focus_within), self.steps))
        self.refresh_bindings()

    def _panes(self) -> Sequence[Pane]:
        return (self.steps, self.step, self.outputs, self.ledger)

    def _turn_to(self, pane: Pane) -> None:
        """The classes by which a small screen shows one of the four; what is not shown cannot take the focus."""
        for one in self._panes()[1:]:
            self.set_class(one is pane, f"-{one.id}")

    def action_turn(self, by: int) -> None:
        panes = self._panes()
        at = next((n for n, pane in enumerate(panes) if pane.has_focus_within), 0)
        pane = panes[(at + by) % len(panes)]
        self._turn_to(pane)
        pane.focus()

    # What its commands would really be.

    def _key(self, number: int) -> tuple[Any, ...]:
        """Whatever ended since may have changed what it would be."""
        ended = sum(isinstance(entry.fact, StepEnded) for entry in self.incident.steps)
        return (self.steps.at, number, self.incident.id, tuple(self.incident.values.items()), ended)

    def _known(self) -> Mapping[int, Prepared]:
        here = self.here
        numbers = range(1, len(here.step.commands) + 1) if here else ()
        return {number: found for number in numbers if (found := self.prepared.get(self._key(number)))}

    @work(group="prepare", exclusive=True)
    async def _work_out(self) -> None:
        import asyncio

        await asyncio.sleep(RESTS)
        here, where, runner = self.here, self.steps.at, self.console.runner
        if here is None or runner is None or not self.incident.open or here.word == "not applicable":
            return
        for number, _ in enumerate(here.step.commands, 1):
            if self._key(number) not in self.prepared and where == self.steps.at:
                key = self._key(number)
                self.wait_for("preparing")
                try:
                    self.prepared[key] = await runner.prepare(Wanted(playbook=where.book, step=where.step, command=number))
                finally:
                    self.wait_for("")
                self.show_step()

    def wait_for(self, words: str) -> None:
        self.step.waits = words
        self.step.update()

    def refuse(self, why: str) -> None:
        """Said in the step, and for who looks elsewhere by now as a notice."""
        self.step.trouble = why
        self.step.update()
        self._lay()
        self.notify(foreign(why), title="not done", severity="warning", markup=False)

    # Running.

    @on(Rows.Chosen)
    def choose(self, message: Rows.Chosen) -> None:
        """Enter: in the list the step, in the step the command, in the ledger the change under the cursor."""
        if message.rows is self.ledger.body:
            self.action_undo()
        elif message.rows is self.step.body and self.here is not None:
            self._run(self.here, [self.step.command or 1])
        elif message.rows is self.steps.body and self.here is None:
            self.steps.turn(self.steps.at.book)
        elif message.rows is self.steps.body and self.here is not None:
            self._enter(self.here)

    def _enter(self, here: StepState) -> None:
        unknown = next((run for run in reversed(here.runs) if run.state == "unknown"), None)
        if here.word == "unknown" and unknown is not None:
            self._begin(self.walk.check(unknown.id))
        elif here.asks:
            self.refuse(f"answer first: is it so that “{here.step.condition}”? y yes, N no")
        elif here.word == "not applicable":
            self.refuse("it was answered that this is not the case: y says that it is")
        elif here.word == "running":
            self.refuse(f"{here.by} runs it already: x stops what runs here")
        elif not here.step.commands:
            self.action_done()
        elif not here.next_command:
            self.refuse("all of it ran: r runs it again, what it printed before is kept")
        else:
            self._run(here, range(here.next_command, len(here.step.commands) + 1))

    def _run(self, here: StepState, numbers: Iterable[int]) -> None:
        where, pod = self.steps.at, self._pod()
        wanted = [Wanted(playbook=where.book, step=here.number, command=number, selected=pod) for number in numbers]
        self._begin(self.walk.commands(wanted, all_read=all(self.walk.reads(command.command) for command in here.step.commands)))

    def _begin(self, doing: Coroutine[Any, Any, Any]) -> None:
        self.step.trouble = ""
        self.run_worker(doing, group="walk")

    def _pod(self) -> str:
        """The pod that was under the cursor on the live screen."""
        return self.console.places.pod_under_cursor()

    def _one(self, here: StepState) -> Wanted:
        number = self.step.command if self.step.has_focus_within else 0
        return Wanted(playbook=self.steps.at.book, step=here.number, command=number or here.next_command or 1, selected=self._pod())

    def action_again(self) -> None:
        if (here := self.here) is not None:
            chosen = self.step.command if self.step.has_focus_within else 0
            self._run(here, [chosen] if chosen else range(1, len(here.step.commands) + 1))

    def action_edit(self) -> None:
        if (here := self.here) is not None:
            wanted = self._one(here)
            self._begin(self.walk.edited(wanted, self._known().get(wanted.command)))

    def action_dry(self) -> None:
        if (here := self.here) is not None:
            self._begin(self.walk.dry_run(self._one(here)))

    def action_stop(self) -> None:
        here = self.here
        if here is not None and not self.walk.stop([run.id for run in here.runs]):
            self.refuse("what runs of it was started in another console: it is stopped there")

    def action_undo(self) -> None:
        debt = self._debt()
        if debt is None:
            self.refuse("nothing is owed: no temporary change is open")
        elif not debt.runnable:
            self.refuse(f"a part of its inverse was redacted: undo it by hand, then `warroom debt repay {debt.seq}`")
        else:
            self._begin(self.walk.undo(debt.id))

    def _debt(self) -> Debt | None:
        """The change under the cursor, else the newest of the step, else the newest."""
        if self.ledger.has_focus_within and (debt := self.ledger.under_cursor()) is not None:
            return debt
        open, here = owed(self.incident), self.steps.at
        return next((debt for debt in open if (debt.playbook, debt.step) == here), next(iter(open), None))

    # What people say of it.

    def action_answer(self, answer: Literal["yes", "no"]) -> None:
        if (here := self.here) is not None:
            self.console.post_message(Asked(AnswerStep(self.steps.at.book, here.number, answer)))

    def _why(self, about: Iterable[str], yes: str, hint: str, make: Any) -> None:
        from warroom.ui.cards.why import WhyCard

        self.console.push_screen(WhyCard([*about], yes, hint, make))

    def action_skip(self) -> None:
        if (here := self.here) is not None:
            book = self.steps.at.book
            self._why(
                (f"step {here.number}, {here.step.title}", "it is in the post-mortem"),
                "Skip",
                "why it is skipped",
                lambda why: SkipStep(book, here.number, why),
            )

    def action_done(self) -> None:
        if (here := self.here) is not None:
            book = self.steps.at.book
            hint = "how it was done" if here.step.commands else "what you found, if there is something to say"
            self._why((f"step {here.number}, {here.step.title}",), "Done", hint, lambda why: FinishStep(book, here.number, why))

    def action_keep(self) -> None:
        if (debt := self._debt()) is not None:
            told = (debt.object or debt.command, f"it would be undone by {debt.inverse}")
            self._why(told, "Keep it", "why the change stays", lambda why: Waive(debt.id, why))

    # Keeping.

    def _last(self) -> Run | None:
        """The run under the cursor of the output, else the newest of the step that ended."""
        key = self.outputs.body.cursor.rpartition(".")[0] or self.outputs.body.cursor if self.outputs.has_focus_within else ""
        ended = [run for run in (self.here.runs if self.here else ()) if run.ended is not None]
        return next((run for run in ended if run.id == key), max(ended, key=lambda run: run.at, default=None))

    def action_pin(self) -> None:
        if (run := self._last()) is not None and (here := self.here) is not None:
            pin(self.console, pin_of_output(here.step.title, self._output(run)))

    def _output(self, run: Run) -> Output:
        shown = self.walk.live.get(run.id)
        if shown is not None and shown.output is not None:
            return shown.output
        end = run.ended
        assert end is not None
        cut = end.lines > len(end.excerpt.splitlines())
        return Output(
            command=run.started.runs,
            ok=end.ok,
            exit_code=end.exit_code,
            seconds=end.seconds,
            text=end.excerpt,
            truncated=cut,
            trouble=end.trouble,
        )

    def action_copy(self) -> None:
        if (here := self.here) is not None and here.step.commands:
            number = self._one(here).command
            known = self._known().get(number)
            copy(self.console, known.runs if known else here.step.commands[number - 1].command, f"the command of step {here.number}")

    def action_older(self) -> None:
        self.outputs.older = not self.outputs.older
        self.outputs.update()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("answer", "skip", "done", "again", "stop", "undo", "dry", "edit", "pin", "copy", "older", "keep"):
            return True
        here = self.here if self.is_mounted and self.query(StepsPane) and self.steps.is_mounted else None
        open = self.incident.open
        match action:
            case "undo" | "keep":
                return open and bool(owed(self.incident))
            case _ if here is None:
                return False
            case "answer":
                given = here.answer.answer if here.answer and not here.answer.implied else ""
                return open and here.step.condition is not None and given != parameters[0]
            case "skip" | "done":
                return open and here.word != "running"
            case "again":
                return open and bool(here.runs) and here.word != "running"
            case "stop":
                return any(run.state == "running" for run in here.runs)
            case "edit":
                return open and bool(here.step.commands) and here.word != "running"
            case "dry":
                return open and here.word != "running" and any(not self.walk.reads(command.command) for command in here.step.commands)
            case "pin":
                return open and any(run.ended is not None for run in here.runs)
            case "older":
                return self.outputs.hidden() > 0
        return True
