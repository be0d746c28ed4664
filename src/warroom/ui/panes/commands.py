"""Commands that were run at once, each with its state."""

from collections import Counter
from collections.abc import Sequence

from warroom.ui.cells import Line, Seg, cell, ends
from warroom.ui.commanded import Commanded
from warroom.ui.look import foreign
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row


class CommandsPane(LinesPane):
    """The output of the one under the cursor stands beside it."""

    label = "quick assessment"

    def __init__(self) -> None:
        super().__init__(id="commands")
        self.commands: Sequence[Commanded] = ()
        self.refused = ""
        """Why nothing can be run here at all."""

    @property
    def at(self) -> int:
        return int(self.body.cursor) if self.body.cursor.isdigit() and int(self.body.cursor) < len(self.commands) else 0

    def facts(self) -> Sequence[Line]:
        running = sum(one.running is not None for one in self.commands)
        wrong = sum(one.output is not None and not one.output.ok for one in self.commands)
        return (
            [(f"{len(self.commands)} commands", "$soft")],
            [(f"{wrong} failed", "$bad bold")] if wrong else (),
            [(f"{running} running", "$ink")] if running else (),
        )

    def shows_nothing(self) -> bool:
        return not self.commands

    def empty_words(self) -> Sequence[Line]:
        if self.refused:
            return [[(self.refused, "$ink")]]
        return [[("this runbook has no quick assessment", "$ink")], [("give it a shell fence below a heading `Quick assessment`", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        """Two lines for each where there is room, its title and its text; else the title alone."""
        out, both = list[Row](), height >= 2 * len(self.commands)
        titles = Counter(one.title for one in self.commands)
        for n, one in enumerate(self.commands):
            command: Seg = (foreign(" ".join(one.command.split())), "$outside")
            alike: Line = () if both or titles[one.title] == 1 else [(": ", "$soft"), command]
            name: Line = [(foreign(one.title), "$loud"), *alike] if one.title else [command]
            out.append(Row(tuple(ends(width, name, one.mark())), str(n)))
            if both:
                out.append(Row(tuple(cell([("  ", ""), command], width)), str(n)))
        return out
