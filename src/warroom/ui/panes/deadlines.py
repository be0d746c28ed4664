"""What must happen by when, who owns it, and what missing it costs."""

from collections.abc import Sequence

from warroom.core.deadlines import Deadline, deadlines
from warroom.ui.cells import Line, cell, ends
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row
from warroom.ui.words import figures, utc

OPEN = ("running", "paused", "due", "fired")


class DeadlinesPane(LinesPane):
    """Two lines a deadline: time left, title, owner and due time; then the consequence."""

    label, digit = "deadlines", "5"

    def deadlines(self) -> Sequence[Deadline]:
        return [one for one in deadlines(self.runbook, self.incident, self.now) if one.state in OPEN] if self.now else ()

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        for one in self.deadlines():
            late, soon = one.left_seconds < 0, one.left_seconds < 180
            glyph, word, style = (
                (g["over"], "overdue", "$bad bold") if late else (g["soon"], "soon", "$soon bold") if soon else (g["run"], "", "$ink")
            )
            title, owner = foreign(one.title), foreign(one.owner)
            left: Line = [
                *cell((figures(one.left_seconds), style), 8, ">"),
                (f" {glyph} ", style),
                (title, "$loud bold" if soon else "$ink"),
            ]
            out.append(Row(tuple(ends(width, left, [(owner, "$ink"), (f" {utc(one.due, seconds=False)}", "$soft")])), one.id))
            cost: Line = [
                *cell((word, style), 8, ">"),
                ("   ", ""),
                ("so " if late else "else ", "$soft"),
                (foreign(one.consequence), "$soft"),
            ]
            out.append(Row(tuple(cell(cost, width)), one.id))
        return out

    def shows_nothing(self) -> bool:
        return not self.deadlines()

    def empty_words(self) -> Sequence[Line]:
        return [[("nothing is due", "$soft")]]

    def facts(self) -> Sequence[Line]:
        late = sum(one.left_seconds < 0 for one in self.deadlines())
        running = len(self.deadlines()) - late
        return ([(f"{running} running", "$soft")] if running else (), [(f"{g['over']} {late} overdue", "$bad bold")] if late else ())

    def news(self) -> Line:
        late = sum(one.left_seconds < 0 for one in self.deadlines())
        return [(f"{g['over']}{late}", "$bad bold")] if late else ()
