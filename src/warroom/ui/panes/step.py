"""One step: what it asks, what is measured, the team's words, and its commands as they will really run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warroom.core.acts.arming import armed_until
from warroom.core.conditions import advice
from warroom.core.playbooks import Ranked, StepState
from warroom.core.prepared import Prepared
from warroom.ui.cells import Line, Seg, clip, measure, wrap
from warroom.ui.head import head_line
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.question import question
from warroom.ui.widgets.rows import Row
from warroom.ui.words import age, utc
from warroom.ui.written import labelled, rows, said, wrapped

if TYPE_CHECKING:
    from warroom.runbook.classes import Judgement

KINDS: Mapping[str, tuple[str, str, str]] = {
    "read": ("live", "only reads", "$good"),
    "mutate": ("over", "changes the cluster", "$soon bold"),
    "destroy": ("over", "destroys", "$bad bold"),
    "unknown": ("unknown", "not known what it does", "$soon bold"),
}


class StepPane(LinesPane):
    """Of the step under the cursor. A command is chosen here where a step has several."""

    label = "step"

    def __init__(self) -> None:
        super().__init__(id="step")
        self.book: Ranked | None = None
        self.step: StepState | None = None
        self.prepared: Mapping[int, Prepared] = {}
        """Of its commands, by number, as far as they are known by now."""
        self.waits = ""
        """What is being worked out: `preparing`."""
        self.trouble = ""
        """Why the last wish was not done."""
        self.judge: Callable[[str], Judgement | None] = lambda _: None
        """What a command would do as it is written."""

    @property
    def command(self) -> int:
        """The one under the cursor, from 1; 0: none."""
        return int(self.body.cursor) if self.body.cursor.isdigit() else 0

    def show(self, book: Ranked | None, step: StepState | None, prepared: Mapping[int, Prepared]) -> None:
        other = (book and book.key, step and step.number) != (self.book and self.book.key, self.step and self.step.number)
        self.book, self.step, self.prepared = book, step, prepared
        if other:
            self.trouble, self.body.top = "", 0
            self.body.cursor = ""
        self.update()

    # How it looks.

    def called(self) -> str:
        if self.book is None:
            return self.label
        if self.step is None:
            return clip(foreign(self.book.playbook.title), 60)
        named = f"step {self.step.number} of {len(self.book.playbook.steps)} {g['dot']} {foreign(self.step.step.title)}"
        return clip(named, max(20, self.size.width - 6))

    def facts(self) -> Sequence[Line]:
        if self.book is None:
            return ()
        where = self.step.step.line if self.step else self.book.playbook.line
        file = f"{foreign(self.book.playbook.file, 60)} " if self.book.playbook.file else "runbook "
        return ([(f"{file}line {where}", "$soft")], [(f"{g['wait']} {self.waits}", "$soon")] if self.waits else ())

    def shows_nothing(self) -> bool:
        return self.book is None

    def empty_words(self) -> Sequence[Line]:
        return [[("no step is chosen", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        if self.book is None:
            return ()
        if self.step is None:
            return [*self._of_book(width)]
        out = [*self._trouble(width), *self._stands(width), *self._question(width), *self._prose(width), *self._by_hand(width)]
        if self.step.step.commands:
            out += [*self._commands(width)]
        return out if len(out) <= height else [row for row in out if row.line]

    def needs(self, width: int) -> int:
        """Rows that it would take at this width."""
        return len(self.lines(max(20, width - 1), 99))

    def _of_book(self, width: int) -> Iterator[Row]:
        assert self.book is not None
        if self.book.why:
            yield from rows(f"it fits {self.book.why}", width, "$soon")
            yield Row()
        yield from rows("enter opens or closes it; the keys act on the step under the cursor", width, "$soft")

    def _trouble(self, width: int) -> Iterator[Row]:
        for n, part in enumerate(wrap(foreign(self.trouble), width - 2) if self.trouble else ()):
            yield Row(((f"{g['bad']} " if n == 0 else "  ", "$bad bold"), (part, "$loud")))
        if self.trouble:
            yield Row()

    def _stands(self, width: int) -> Iterator[Row]:
        """What became of it, where that is more than the list says."""
        one = self.step
        assert one is not None
        who = f"{foreign(one.by)} {utc(one.at)}"
        told: Line = ()
        match one.word:
            case "unknown":
                told = [
                    (f"{g['unknown']} outcome unknown: ", "$soon bold"),
                    (f"the console of {who} is gone, and nobody saw it end", "$loud"),
                ]
            case "skipped":
                told = [(f"{g['skip']} skipped by {who}: ", "$soft"), (foreign(one.reason), "$ink")]
            case "ok" if one.reason:
                told = [(f"{g['good']} done by {who}: ", "$good"), (foreign(one.reason), "$ink")]
            case "not applicable":
                told = [(f"{g['na']} not this case, {who}", "$soft"), (f": {foreign(one.reason)}" if one.reason else "", "$ink")]
        if told:
            yield from wrapped(told, width)
            if one.word == "unknown":
                yield Row(
                    (
                        ("  enter", "$focus bold"),
                        (" looks how it is now, changing nothing   ", "$soft"),
                        ("r", "$focus bold"),
                        (" runs it again   ", "$soft"),
                        ("d", "$focus bold"),
                        (" it is done", "$soft"),
                    )
                )
            yield Row()
        if one.ahead and one.word != "todo":
            yield from rows("begun before an earlier step was over", width, "$soft")

    def _question(self, width: int) -> Iterator[Row]:
        one = self.step
        assert one is not None
        if one.step.condition is not None:
            began = self.incident.began or self.incident.detected or self.incident.alerted
            yield from question(one, advice(one.step, self.world, began), width, self.now)

    # The team's words.

    def _prose(self, width: int) -> Iterator[Row]:
        one = self.step
        assert one is not None
        known = [f"owner {one.step.owner}" if one.step.owner else "", f"takes {age(one.step.seconds)}" if one.step.seconds else ""]
        if any(known):
            yield from rows(", ".join(filter(None, known)), width, "$soft")
        for text in one.step.prose.splitlines():
            for n, part in enumerate(wrap(foreign(text), max(10, width - 2)) if text.strip() else ()):
                yield Row(((f"{g['bar']} " if n == 0 else f"{g['mark']} ", "$outside"), (part, "$outside")))
        if one.step.prose.strip():
            yield Row()

    def _by_hand(self, width: int) -> Iterator[Row]:
        one = self.step
        assert one is not None
        if not one.step.commands and one.word == "todo" and not one.asks:
            yield from wrapped(
                [
                    ("nothing of it can be run from here: do it, then ", "$soft"),
                    ("enter", "$focus bold"),
                    (" says what you found", "$soft"),
                ],
                width,
            )

    # Its commands.

    def _commands(self, width: int) -> Iterator[Row]:
        one = self.step
        assert one is not None
        count = len(one.step.commands)
        for number, command in enumerate(one.step.commands, 1):
            key = str(number)
            name = "command" if count == 1 else f"command {number} of {count}"
            yield Row(tuple(head_line(name, (self._ran(one, number),), width)))
            prepared = self.prepared.get(number)
            runs = prepared.runs if prepared else command.command
            if runs != command.command:
                yield from labelled("as written", command.command, width, "$outside", key)
            yield from labelled("will run", runs, width, "$loud bold", key, known=prepared is not None)
            if prepared is not None:
                for n, added in enumerate(prepared.added):
                    yield from said("we added" if n == 0 else "", [(foreign(added), "$ink")], width, key)
                for blank in prepared.blanks:
                    yield from said("to fill", self._blank(blank.spelling[0], blank.value, blank.trouble), width, key)
                if prepared.refusal and not prepared.blanks:
                    yield from said("refused", [(f"{g['bad']} ", "$bad bold"), (foreign(prepared.refusal), "$loud")], width, key)
            yield from said("kind", self._kind(number, command.command, prepared), width, key)
        yield Row()
        yield Row(tuple(self._keys(width)))
        yield Row()

    def _ran(self, one: StepState, number: int) -> Line:
        last = next((run for run in reversed(one.runs) if run.command == number), None)
        words = {
            "ok": (f"{g['good']} ran", "$good"),
            "failed": (f"{g['bad']} failed", "$bad bold"),
            "running": (f"{g['run']} runs", "$ink"),
        }
        return [words.get(last.state, (f"{g['unknown']} unknown", "$soon"))] if last else ()

    def _blank(self, spelling: str, value: str, trouble: str) -> Line:
        if value and not trouble:
            return [(f"{foreign(spelling)} ", "$soft"), (foreign(value), "$loud")]
        why = foreign(trouble) or "enter asks what stands for it"
        return [(f"{g['over']} {foreign(spelling)} ", "$soon bold"), (why, "$soft")]

    def _kind(self, number: int, command: str, prepared: Prepared | None) -> Line:
        judged = prepared or self.judge(command)
        kind, why = (judged.kind, judged.why) if judged else ("", "")
        if not kind:
            return [("nothing can be run from this console", "$soft")]
        glyph, words, style = KINDS[kind]
        told: list[Seg] = [(f"{g[glyph]} {words}", style)]
        if kind == "unknown" and why:
            told.append((f", {foreign(why)}", "$soft"))
        if kind != "read":
            needs = "shows its blast radius and asks" if self.armed() else "needs ARMED (W), then shows its blast radius and asks"
            told.append((f" {g['dot']} {needs}", "$soft"))
        if prepared and prepared.interactive:
            told.append((f" {g['dot']} takes the terminal until you leave it", "$soft"))
        if prepared and prepared.streams:
            told.append((f" {g['dot']} goes on until x stops it", "$soft"))
        if prepared and prepared.secret:
            told.append((f" {g['dot']} may show secrets: nothing of it is kept", "$soon"))
        return told

    def armed(self) -> datetime | None:
        runner = self.console.runner
        return armed_until(self.incident, runner.console, self.now) if runner and self.now else None

    def _keys(self, width: int) -> Line:
        one = self.step
        assert one is not None
        number = self.command or one.next_command or 1
        prepared = self.prepared.get(number)
        changes = prepared.changes if prepared else False
        does = "show the blast radius" if changes else "run"
        keys: tuple[tuple[str, str, Callable[[], bool]], ...] = (
            ("enter", does, lambda: True),
            ("D", "dry run on the server", lambda: changes),
            ("e", "edit for this run", lambda: True),
            ("c", "copy", lambda: True),
            ("S", "skip, say why", lambda: True),
        )
        out = list[Seg]()
        for key, words, shown in keys:
            piece: list[Seg] = [(key, "$focus bold"), (f" {words}   ", "$soft")]
            if shown() and measure(out) + measure(piece) <= width:
                out += piece
        return out
