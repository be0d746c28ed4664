"""What a command printed, line by line and as it comes."""

from collections.abc import Sequence

from textual.binding import Binding

from warroom.ui.cells import Line, clip, wrap
from warroom.ui.commanded import Commanded
from warroom.ui.look import foreign, g
from warroom.ui.panes.searched import SearchedPane
from warroom.ui.printed import MOST, Printed
from warroom.ui.widgets.rows import Row


class OutputPane(SearchedPane):
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
        self._printed: Printed | None = None

    def show(self, shown: Commanded | None) -> None:
        if shown is not self.shown:
            self.shown, self.body.top = shown, 0
            self._printed = Printed(shown) if shown else None
        self.update()

    def called(self) -> str:
        return foreign(clip(self.shown.title or self.shown.command, 40)) if self.shown else self.label

    def facts(self) -> Sequence[Line]:
        if self.shown is None:
            return ()
        output, count = self.shown.output, self._printed.count if self._printed else 0
        return (
            [(f"{count} line{'' if count == 1 else 's'}", "$soft")] if count else (),
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
        return self._printed.rows(width, self.filter) if self._printed else ()
