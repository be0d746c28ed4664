"""The log of one container as it was written: followed, searched, folded at the edge."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from warroom.core.acts.evidence import Pin
from warroom.core.logs import LogLine, LogPart
from warroom.core.ports import RawLogs
from warroom.ui.cells import Line, clip, middle
from warroom.ui.keep import copy, pin
from warroom.ui.look import foreign, g
from warroom.ui.panes.filter import Filter, FilterLine
from warroom.ui.panes.pane import Pane
from warroom.ui.tape import Part, Tape, is_calm
from warroom.ui.widgets.rows import Rows
from warroom.ui.words import lasted, number, since, utc

STAMP = 13
"""Cells of a time and the gap behind it."""
GAP = "GAP: lines may be missing here, the server no longer had them"


class TapeRows(Rows):
    """The rows of a tape: only those in sight are made."""

    def __init__(self) -> None:
        super().__init__(tail=True)
        self.tape = Tape()
        self.stamps = True
        self.hot: re.Pattern[str] | None = None

    @property
    def following(self) -> bool:
        return self._following

    def play(self, tape: Tape) -> None:
        self.tape, self.top, self._following = tape, 0, True
        self.point("")

    def add(self, lines: Sequence[LogLine], *, said: bool = False) -> None:
        gone = self.tape.add(lines, said=said)
        self.top = max(0, self.top - gone)  # what one reads stays where it is

    def gather(self, width: int, height: int) -> None:
        self.tape.fold(max(10, width - 2 - (STAMP if self.stamps else 0)))
        self.settle()

    def settle(self) -> None:
        """The last line while it is followed; else the line itself, or the nearest that is still there."""
        numbers = self.tape.numbers
        if not numbers:
            self.point("")
        elif self._following or not self.cursor:
            self.point(str(numbers[-1]))
        elif self.tape.start(int(self.cursor)) is None:
            self.point(str(self.tape.near(int(self.cursor))))

    def count(self) -> int:
        return self.tape.rows

    def key_of(self, index: int) -> str:
        return str(self.tape.row(index).spot.number)

    def index_of(self, key: str) -> int | None:
        return self.tape.start(int(key)) if key else None

    def stops(self) -> Sequence[str]:
        return [str(each) for each in self.tape.numbers]

    def line_at(self, index: int, width: int) -> Line:
        part = self.tape.row(index)
        if part.spot.said:
            return [(f"{g['over']} ", "$soon"), (part.text, "$soon bold")]
        line = part.spot.line
        style = "$soft" if is_calm(line.text) else "$outside"
        stamp = f"{utc(line.at)}.{line.at.microsecond // 1000:03} " if line.at and part.piece == 0 else " " * STAMP
        lead: Line = [(stamp, "$soft")] if self.stamps else []
        return [*lead, (f"{g['bar'] if part.piece == 0 else g['mark']} ", "$outside"), *self._told(part, style)]

    def _told(self, part: Part, style: str) -> Line:
        """What was searched for stands out."""
        found = self.hot.search(part.text) if self.hot else None
        if found is None or not found[0]:
            return [(part.text, style)]
        return [(part.text[: found.start()], style), (found[0], "$focus bold"), (part.text[found.end() :], style)]


class LogPane(Pane):
    """What it follows is one run of one container; another one is a key away."""

    label = "log"
    BINDINGS = [
        Binding("slash", "filter", "search", key_display="/", id="log.search", tooltip="show the lines that a regex finds; ! hides them"),
        Binding("P", "previous", "previous run", id="log.previous", tooltip="the run before the last restart, and back to this one"),
        Binding("tab", "container(1)", "container", id="log.container", tooltip="the next container of the pod"),
        Binding("shift+tab", "container(-1)", "container", show=False, id="log.container_before", tooltip="the container before"),
        Binding("t", "stamps", "times", show=False, id="log.stamps", tooltip="show or hide when each line was written"),
        Binding(
            "p", "pin", "pin", id="log.pin", tooltip="pin the line under the cursor, with those around it, into the timeline as evidence"
        ),
        Binding("c", "copy", "copy", show=False, id="log.copy", tooltip="copy the line under the cursor"),
        Binding("escape", "all", "all lines", show=False, id="log.all", tooltip="show all lines again"),
    ]
    AROUND = 10
    """Lines before and after the one that is pinned."""

    def __init__(self, logs: RawLogs, pod: str, container: str = "") -> None:
        super().__init__()
        self._logs, self.pod = logs, pod
        self.containers = logs.containers(pod)
        self.container = container if container in self.containers else next(iter(self.containers), "")
        self.previous = False
        self.filter: Filter | None = None
        self.last = LogPart()
        self.last_at: datetime | None = None
        self.opened = False
        """Whether anything came yet."""

    def build(self) -> Rows:
        return TapeRows()

    @property
    def lines(self) -> TapeRows:
        return cast(TapeRows, self.body)

    def compose(self) -> ComposeResult:
        yield from super().compose()
        self.line = FilterLine()
        yield self.line

    def on_mount(self) -> None:
        super().on_mount()
        self.play()

    # What it reads.

    def play(self) -> None:
        """From the beginning of what is wanted now."""
        self.opened, self.last, self.last_at = False, LogPart(), None
        self.lines.play(Tape())
        self._keep_found()
        self.run_worker(self._read(), name="log", group="log", exclusive=True)
        self.update()

    async def _read(self) -> None:
        if not self.container:
            return
        async for part in self._logs.read(self.pod, self.container, previous=self.previous):
            self.take(part)

    def take(self, part: LogPart) -> None:
        rows = self.lines
        if part.gap and self.opened:
            rows.add([LogLine(None, GAP)], said=True)
        rows.add(part.lines)
        self.last_at = next((line.at for line in reversed(part.lines) if line.at), self.last_at)
        if part.cut:
            rows.add([LogLine(None, f"{number(part.cut)} of these lines were longer than is shown")], said=True)
        if part.ended and not self.last.ended:
            rows.add([LogLine(None, "the container ended, this was all of it")], said=True)
        self.opened, self.last = True, part
        self.update()

    # What it shows.

    def called(self) -> str:
        return f"log {middle(foreign(self.pod.rpartition('/')[2], 200), max(20, self.size.width // 3))}"

    def age(self, width: int) -> Line:
        trouble = clip(foreign(self.last.trouble.partition("\n")[0]), 30)
        if trouble:
            return [(f"{g['bad']} {trouble}", "$bad bold")]
        if not self.opened:
            return [(f"{g['wait']} opening", "$soft")]
        if self.last.ended:
            return [(f"{g['todo']} ended", "$soft")]
        return [(g["live"], "$good"), (" following" if self.lines.following else " open, G follows", "$soft")]

    def facts(self) -> Sequence[Line]:
        tape, several = self.lines.tape, len(self.containers) > 1
        place = (
            f", {self.containers.index(self.container) + 1} of {len(self.containers)}"
            if several and self.container in self.containers
            else ""
        )
        quiet = since(self.last_at, self.now)
        count = f"{number(len(tape))} lines" + (f", {number(tape.lost)} older ones let go" if tape.lost else "")
        out: list[Line] = [
            [(count, "$soft")] if len(tape) else (),
            [(f"last {lasted(quiet)} ago", "$soft")] if quiet is not None else (),
            [(f"container {foreign(self.container, 60)}{place}", "$ink")] if self.container else (),
            [("the run before", "$soon bold")] if self.previous else (),
        ]
        if self.filter is not None:
            out.append([(f"/{foreign(self.filter.words, 60)} {number(len(tape.numbers))}", "$focus bold")])
        return out

    def words(self) -> Sequence[Line] | None:
        if self.lines.tape.rows:
            return None
        if self.filter is not None and len(self.lines.tape):
            found = foreign(self.filter.words, 200)
            return [(), [("no line is found by ", "$ink"), (f"/{found}", "$focus bold")], [("esc shows all again", "$soft")]]
        if not self.container:
            return [(), [("this pod is not there any more, and its log went with it", "$ink")], [("what was pinned of it stays", "$soft")]]
        if self.last.trouble:
            return self._trouble(self.last.trouble)
        if not self.opened:
            return [(), [(f"{g['wait']} ", "$soon"), ("opening the log", "$ink")]]
        return [(), [("nothing was logged yet", "$ink")]]

    def _trouble(self, trouble: str) -> Sequence[Line]:
        first, _, rest = trouble.partition("\n")
        told, *more = (rest or first).splitlines()
        return [
            (),
            [(f"{g['bad']} ", "$bad bold"), (foreign(told, 400), "$loud")],
            *([(f"  {foreign(line, 400)}", "$ink")] for line in more),
        ]

    def shows_nothing(self) -> bool:
        return False

    def fill(self) -> None:
        """The rows ask the tape."""

    # Searching.

    def _keep_found(self) -> None:
        wanted = self.filter
        self.lines.tape.keep = None if wanted is None else lambda line: wanted.keeps(line.text)
        self.lines.hot = wanted.pattern if wanted is not None and not wanted.inverse else None
        self.lines.tape.lay_again()

    def action_filter(self) -> None:
        self.line.open()

    @on(FilterLine.Changed)
    def search(self, message: FilterLine.Changed) -> None:
        message.stop()
        self.filter = message.filter
        self._keep_found()
        self.update()

    @on(FilterLine.Left)
    def back_to_lines(self, message: FilterLine.Left) -> None:
        message.stop()
        self.body.focus()

    @on(Rows.Chosen)
    def show_around(self, message: Rows.Chosen) -> None:
        """Where a line that was found stands."""
        message.stop()
        if self.filter is not None:
            self.line.clear()
            self.filter = None
            self._keep_found()
            self.lines.go(message.key)
            self.update()

    @on(Rows.Highlighted)
    def keep_head_true(self) -> None:
        self.top_line.redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "all":
                return self.filter is not None
            case "container":
                return len(self.containers) > 1 and not self.line.has_focus_within
            case "pin":
                return bool(self.console.incident.id)
        return True

    def action_all(self) -> None:
        self.line.clear()
        self.filter = None
        self._keep_found()
        self.update()

    # Other keys.

    def action_previous(self) -> None:
        self.previous = not self.previous
        self.play()

    def action_container(self, by: int) -> None:
        at = self.containers.index(self.container) if self.container in self.containers else 0
        self.container = self.containers[(at + by) % len(self.containers)]
        self.play()

    def action_stamps(self) -> None:
        self.lines.stamps = not self.lines.stamps
        self.body.redraw()

    def _under_cursor(self) -> LogLine | None:
        key = self.lines.cursor
        found = self.lines.tape.spot(int(key)) if key else None
        return found.line if found and not found.said else None

    def action_copy(self) -> None:
        if line := self._under_cursor():
            copy(self.console, line.text, foreign(line.text, 60))

    def action_pin(self) -> None:
        line, key = self._under_cursor(), self.lines.cursor
        if line is None:
            return
        tape, here = self.lines.tape, int(key)
        around = [spot for n in range(here - self.AROUND, here + self.AROUND + 1) if (spot := tape.spot(n)) and not spot.said]
        told = "\n".join(f"{spot.line.at.isoformat() if spot.line.at else ''} {spot.line.text}".strip() for spot in around)
        name = f"{self.pod.rpartition('/')[2]}/{self.container}{', the run before' if self.previous else ''}"
        pin(self.console, Pin("log", name, f"{line.text}\n\n{told}"))
