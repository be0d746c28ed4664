"""What a command printed, line by line and as it comes."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from warroom.ui.cells import Line, clip, head_of, wrap
from warroom.ui.commanded import Commanded
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.panes.filter import Filter, FilterLine
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row

MOST = 20_000
"""Characters of one line that are shown."""


class OutputPane(LinesPane):
    """Of the command under the cursor. Its words are not ours: they stand behind a bar, and nothing of them is interpreted."""

    label = "output"
    BINDINGS = [
        Binding(
            "slash", "filter", "search", key_display="/", id="output.search", tooltip="show the lines that a regex finds; ! hides them"
        ),
    ]

    def __init__(self) -> None:
        super().__init__(id="output")
        self.shown: Commanded | None = None
        self.filter: Filter | None = None
        self._made: tuple[object, ...] = ()
        self._rows: list[Row] = []
        self._count = 0
        """Lines, of which a long one has several rows."""
        self._heard = 0
        self._rest = ""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        self.line = FilterLine()
        yield self.line

    def show(self, shown: Commanded | None) -> None:
        if shown is not self.shown:
            self.shown, self.body.top = shown, 0
        self.update()

    def called(self) -> str:
        return foreign(clip(self.shown.title or self.shown.command, 40)) if self.shown else self.label

    def facts(self) -> Sequence[Line]:
        if self.shown is None:
            return ()
        output = self.shown.output
        return (
            [(f"{self._count} line{'' if self._count == 1 else 's'}", "$soft")] if self._count else (),
            [(f"cut, all of it is in {foreign(output.rest)}" if output.rest else "cut", "$soon")] if output and output.truncated else (),
            [(f"/{foreign(self.filter.words, 60)}", "$focus bold")] if self.filter else (),
            self.shown.mark(),
        )

    def shows_nothing(self) -> bool:
        return self.shown is None or not any(self.shown.parts)

    def empty_words(self) -> Sequence[Line]:
        output = self.shown.output if self.shown else None
        if output is None:
            return [[("nothing yet", "$soft")]]
        room = max(20, self.size.width - 4)
        words = output.trouble or "it printed nothing" + (": the search found nothing" if output.ok and output.exit_code else "")
        ran = [[(f"{g['bar']} ", "$outside"), (part, "$outside")] for part in wrap(foreign(output.command, MOST), room)]
        return [*([(part, "$ink")] for part in wrap(foreign(words, MOST), room)), (), *ran]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        """Grows with what comes; made anew for another width, filter, command or run."""
        shown = self.shown
        if shown is None:
            return ()
        made = (shown, shown.runs, width, self.filter, in_ascii())
        if self._made != made:
            self._made, self._rows, self._count, self._heard, self._rest = made, [], 0, 0, ""
        for part in shown.parts[self._heard :]:
            *whole, self._rest = (self._rest + part).split("\n")
            for line in whole:
                self._add(line, width)
        self._heard = len(shown.parts)
        if shown.output is not None and self._rest:
            self._add(self._rest, width)
            self._rest = ""
        return self._rows

    def _add(self, line: str, width: int) -> None:
        if self.filter is None or self.filter.keeps(line):
            key = str(self._count)
            self._count += 1
            for n, part in enumerate(_cut(foreign(line.expandtabs(8), MOST), max(8, width - 2))):
                self._rows.append(Row(((f"{g['bar']} " if n == 0 else f"{g['mark']} ", "$outside"), (part, "$outside")), key))

    # Searching.

    def action_filter(self) -> None:
        self.line.open()

    @on(FilterLine.Changed)
    def search(self, message: FilterLine.Changed) -> None:
        message.stop()
        self.filter = message.filter
        self.update()

    @on(FilterLine.Left)
    def back_to_text(self, message: FilterLine.Left) -> None:
        message.stop()
        self.body.focus()


def _cut(text: str, room: int) -> list[str]:
    """In rows of the same columns: tables of a command stay readable as far as they can."""
    if cell_len(text) <= room:
        return [text]
    out = list[str]()
    at = 0
    while at < len(text):
        part = head_of(text[at : at + room], room) or text[at]
        out.append(part)
        at += len(part)
    return out
