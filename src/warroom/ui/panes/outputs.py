"""What the commands of a step printed, run by run: as it comes where this console runs it, else what was kept."""

from collections.abc import Mapping, Sequence

from textual.binding import Binding

from warroom.core.output import Output
from warroom.core.playbooks import Run, StepState
from warroom.ui.cells import Line, Seg, clip, joined
from warroom.ui.commanded import Commanded
from warroom.ui.look import foreign, g
from warroom.ui.panes.searched import SearchedPane
from warroom.ui.printed import Printed
from warroom.ui.widgets.rows import Row
from warroom.ui.words import lasted, utc
from warroom.ui.written import wrapped


class OutputsPane(SearchedPane):
    """The newest run of each command; the ones before are a key away. Their words are not ours: they stand behind a bar."""

    label = "output"
    BINDINGS = [
        Binding(
            "slash",
            "filter",
            "search",
            show=False,
            key_display="/",
            id="outputs.search",
            tooltip="show the lines that a regex finds; ! hides them",
        ),
    ]

    def __init__(self) -> None:
        super().__init__(id="outputs")
        self.step: StepState | None = None
        self.live: Mapping[str, Commanded] = {}
        """What this console runs or ran, by the id of the run."""
        self.older = False
        self.looked: Sequence[Commanded] = ()
        """What only looked, and was written down nowhere."""
        self._printed: dict[str, Printed] = {}
        self._book = ""

    def show(self, book: str, step: StepState | None, live: Mapping[str, Commanded], looked: Sequence[Commanded] = ()) -> None:
        if (step and step.number, book) != (self.step and self.step.number, self._book):
            self.body.top, self.older, self._printed = 0, False, {}
        self._book, self.step, self.live, self.looked = book, step, live, looked
        self.update()

    # What it shows.

    def runs(self) -> Sequence[Run]:
        """In the order of the commands, and of one command the newest last."""
        if self.step is None:
            return ()
        last = {run.command: run for run in self.step.runs}
        shown = self.step.runs if self.older else tuple(last.values())
        return sorted(shown, key=lambda run: (run.command or 99, run.at))

    def hidden(self) -> int:
        return len(self.step.runs) - len({run.command for run in self.step.runs}) if self.step else 0

    def printed(self, run: Run) -> Printed:
        """What is printed while it runs is there until the console is left; then the beginning that the journal keeps."""
        shown = self.live.get(run.id)
        known = self._printed.get(run.id)
        if (
            known is None
            or (shown is not None and known.shown is not shown)
            or (shown is None and known.shown.runs != (run.ended is not None))
        ):
            self._printed[run.id] = Printed(shown or _kept(run), f"{run.id}.")
        return self._printed[run.id]

    # How it looks.

    def called(self) -> str:
        return f"output of step {self.step.number}" if self.step else self.label

    def facts(self) -> Sequence[Line]:
        hidden = self.hidden()
        keys: Line = ()
        if hidden:
            keys = [("o", "$focus bold"), (f" hides {hidden} older" if self.older else f" {hidden} older", "$soft")]
        return (keys, [(f"/{foreign(self.filter.words, 60)}", "$focus bold")] if self.filter else ())

    def shows_nothing(self) -> bool:
        return not self.runs() and not self.looked

    def empty_words(self) -> Sequence[Line]:
        if self.step is None:
            return [[("no step is chosen", "$soft")]]
        if not self.step.step.commands:
            return [[("there is nothing to run in this step", "$soft")]]
        return [[("nothing of it was run yet", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        for run in self.runs():
            out.append(Row(tuple(self._head(run, width)), run.id))
            mine = self.printed(run).rows(width, self.filter)
            out += mine
            if not mine and run.ended is not None and run.state != "unknown":
                out.append(Row(((f"{g['bar']} ", "$outside"), (self._nothing(run), "$soft")), run.id))
            if run.ended and run.ended.trouble:
                out += wrapped([("  ", ""), (foreign(run.ended.trouble), "$loud")], width)
        for n, shown in enumerate(self.looked):
            out.append(Row(tuple(joined([shown.mark(), [("not written down: this console only looks", "$soft")]])), f"{n}"))
            out += self._printed.setdefault(f"looked {n}", Printed(shown, f"{n}.")).rows(width, self.filter)
        return out

    def _nothing(self, run: Run) -> str:
        assert run.ended is not None
        if run.started.by_hand:
            return "it had the terminal: what it said was for whoever sat there"
        return "its output was not kept" if run.ended.lines else "it printed nothing"

    def _head(self, run: Run, width: int) -> Line:
        state, program = self._ending(run), foreign(run.started.runs.split(maxsplit=1)[0] if run.started.runs.split() else "")
        ended = run.ended
        facts: list[Line] = [[*state[:1], (f"{program} ", state[0][1]), *state[1:]]]
        if ended is not None and ended.ended != "lost":
            facts.append([(f"{ended.seconds:.1f} s", "$soft")])
            facts.append([(f"{ended.lines} line{'' if ended.lines == 1 else 's'}", "$soft")])
        facts.append([(f"{foreign(clip(run.by, 12))} {utc(run.at)}", "$soft")])
        if run.started.pays:
            facts.append([("undoes a change", "$soft")])
        if ended is not None and ended.sha256:
            facts.append([(f"sha {ended.sha256[:4]}", "$soft")])
        while len(facts) > 1 and sum(len(text) for fact in facts for text, _ in fact) + 3 * len(facts) > width:
            facts.pop()
        return joined(facts)

    def _ending(self, run: Run) -> list[Seg]:
        match run.state:
            case "running":
                spent = lasted((self.now - run.at).total_seconds()) if self.now else ""
                return [(f"{g['run']} ", "$ink"), (f"running {spent}", "$loud")]
            case "unknown":
                return [(f"{g['unknown']} ", "$soon bold"), ("outcome unknown", "$soon bold")]
        assert run.ended is not None
        word = f"exit {run.ended.exit_code}" if run.ended.ended == "exited" and run.ended.exit_code is not None else run.ended.ended
        if run.state == "ok":
            return [(f"{g['good']} ", "$good"), (word, "$good")]
        return [(f"{g['bad']} ", "$bad bold"), (word, "$bad bold")]


def _kept(run: Run) -> Commanded:
    """A run that this console does not have live: what the journal kept of it."""
    shown = Commanded(run.started.title, run.started.runs, lambda: 0.0)
    if run.ended is not None:
        shown.runs = 1
        cut = run.ended.lines - len(run.ended.excerpt.splitlines())
        rest = f"\n({cut} more lines were not kept)" if cut > 0 and run.ended.excerpt else ""
        shown.parts = [run.ended.excerpt.rstrip("\n") + rest] if run.ended.excerpt else []
        shown.output = Output(command=run.started.runs, ok=run.ended.ok, exit_code=run.ended.exit_code, text=run.ended.excerpt)
    return shown
