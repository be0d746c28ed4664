"""The criteria of the runbook and who said that they are met."""

from collections.abc import Sequence

from warroom.core.severity import suggest
from warroom.ui.cells import Line, ends
from warroom.ui.look import chip, foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row


class SeverityPane(LinesPane):
    """Every level with its criteria; ticks come from the incident alone."""

    label, digit, ticks = "severity", "6", False

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        for level in self.runbook.severities:
            met = sum(item.id in self.incident.ticks for item in level.criteria)
            mark = chip(level.rank, foreign(level.level)) if met else (f" {foreign(level.level)} ", "$soft bold")
            name = (f" {foreign(level.name)}", "$loud bold" if met else "$soft")
            out.append(Row((mark, name, (f"  {met} of {len(level.criteria)}", "$ink" if met else "$soft"))))
            for item in level.criteria:
                tick = self.incident.ticks.get(item.id)
                box: Line = [("[", "$soft"), (g["good"] if tick else " ", "$loud bold"), ("]", "$soft")]
                proof: Line = [(foreign(tick.by), "$ink")] if tick else ()
                out.append(Row(tuple(ends(width, [*box, (f" {foreign(item.text)}", "$loud" if tick else "$ink")], proof)), item.id))
        return out

    def shows_nothing(self) -> bool:
        return not self.runbook.severities

    def empty_words(self) -> Sequence[Line]:
        return [[("the runbook has no severity levels", "$ink")]]

    def facts(self) -> Sequence[Line]:
        items = [item.id for level in self.runbook.severities for item in level.criteria]
        worst = suggest(self.runbook, self.incident).level
        met = sum(item in self.incident.ticks for item in items)
        return ([(f"{met} of {len(items)}", "$soft")], [(f"suggests {foreign(worst)}", "$ink")] if worst else ())

    def news(self) -> Line:
        return [(foreign(self.incident.severity), "$ink")] if self.incident.severity else ()
