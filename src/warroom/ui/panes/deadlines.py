"""What must happen by when, who owns it, and what missing it costs."""

from collections.abc import Sequence

from textual import on

from warroom.core.deadlines import Deadline, Waiting, waiting
from warroom.ui.cells import Line, cell, clip, ends, measure, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.words import figures, utc

LEFT, GLYPH = 8, 3
"""Cells of the time left, and of the glyph with its gaps."""


class DeadlinesPane(LinesPane):
    """Two lines a deadline: what is overdue first, then what runs, what is paused, and what an upgrade would start."""

    label, digit = "deadlines", "5"

    def deadlines(self) -> Sequence[Deadline]:
        """Those that are open or wait."""
        if self.now is None:
            return ()
        return [one for one in self.console.due.at(self.runbook, self.incident, self.now) if one.state in ("due", "running", "paused")]

    def under_cursor(self) -> Deadline | None:
        return next((one for one in self.deadlines() if one.id == self.body.cursor), None)

    @on(Rows.Chosen)
    def open_card(self, message: Rows.Chosen) -> None:
        message.stop()
        if message.key:
            self.console.action_card("deadline", message.key)

    def lines(self, width: int, height: int) -> Sequence[Row]:
        found = self.deadlines()
        out = [row for one in found for row in self._two(one, width)]
        return [*out, *self._if_worse(waiting(self.runbook, self.incident), width, height - len(out))]

    def _two(self, one: Deadline, width: int) -> list[Row]:
        if one.state == "due":
            glyph, word, style, title, lead, told = g["over"], "overdue", "$bad bold", "$loud bold", "so ", "$ink"
        elif one.soon:
            glyph, word, style, title, lead, told = g["soon"], "soon", "$soon bold", "$loud bold", "else ", "$ink"
        elif one.state == "paused":
            glyph, word, style, title, lead, told = g["skip"], "paused", "$soft", "$soft", "", "$soft"
        else:
            glyph, word, style, title, lead, told = g["run"], "", "$ink", "$ink", "else ", "$soft"
        today = self.now is None or one.due.date() == self.now.date()
        when = utc(one.due, seconds=False) if today else f"{one.due:%d %b}"
        due: Line = [(f" {when}", "$soft")] if one.state != "paused" else ()
        spare = width - LEFT - GLYPH - measure([(foreign(one.title), "")]) - measure(due) - 1
        owner = foreign(one.owner)
        if measure([(owner, "")]) > spare:  # a role that nobody holds is known by its initials, too
            role = next((role for role in self.runbook.roles if role.name == one.owner), None)
            owner = foreign(role.abbreviation or "".join(word[0] for word in role.name.split())) if role else clip(owner, max(8, spare))
        left: Line = [*cell((figures(one.left_seconds), style), LEFT, ">"), (f" {glyph} ", style), (foreign(one.title), title)]
        right: Line = [(owner, "$soft" if one.state == "paused" else "$ink"), *due]
        says = one.why if one.state == "paused" else one.consequence
        second: Line = [*cell((word, style), LEFT, ">"), (" " * GLYPH, ""), (lead, "$soft"), (foreign(says), told)]
        return [Row(tuple(ends(width, left, right)), one.id), Row(tuple(cell(second, width)), one.id)]

    def _if_worse(self, those: Sequence[Waiting], width: int, room: int) -> list[Row]:
        """All of them where they have room, else one line, else nothing."""
        if not those:
            return []
        level, gap = foreign(those[0].level), " " * (LEFT + GLYPH)
        if room >= len(those) + 2:
            rows = [Row(), Row(((f"{gap}if this becomes {level}, these start", "$soft"),))]
            for one in those:
                lead = [*cell((f"+{figures(one.seconds)}", "$soft"), LEFT, ">"), (f" {g['todo']} ", "$soft")]
                to = f" {g['to']} {', '.join(map(foreign, one.to))}" if one.to else ""
                rows.append(Row(tuple(cell([*lead, (foreign(one.title), "$soft"), (to, "$soft")], width))))
            return rows
        first = f"if {level}: {len(those)} more clock{'s' if len(those) > 1 else ''}, first at {figures(those[0].seconds)}"
        return [Row(((f"{gap}{first}", "$soft"),))] if room >= 1 else []

    def shows_nothing(self) -> bool:
        return not self.deadlines()

    def empty_words(self) -> Sequence[Line]:
        word = "nothing is due any more" if self.incident.id else "nothing is due: the clocks start when an incident is declared"
        return [[(part, "$soft")] for part in wrap(word, max(20, self.size.width - 2))]

    def facts(self) -> Sequence[Line]:
        found = self.deadlines()
        counts = {state: sum(one.state == state for one in found) for state in ("due", "running", "paused")}
        return (
            [(f"{counts['paused']} paused", "$soft")] if counts["paused"] else (),
            [(f"{counts['running']} running", "$soft")] if counts["running"] else (),
            [(f"{g['over']} {counts['due']} overdue", "$bad bold")] if counts["due"] else (),
        )

    def news(self) -> Line:
        found = self.deadlines()
        if late := sum(one.state == "due" for one in found):
            return [(f"{g['over']}{late}", "$bad bold")]
        soon = sum(one.soon for one in found)
        return [(f"{g['soon']}{soon}", "$soon bold")] if soon else ()
