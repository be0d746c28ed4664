"""What must happen by when, who owns it, and what missing it costs."""

from collections.abc import Sequence

from textual import on

from warroom.core.deadlines import Deadline, Waiting, waiting
from warroom.core.paging import pending
from warroom.ui.cells import Line, cell, clip, ends, measure, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.words import figures, utc

LEFT, GLYPH = 8, 3
"""Cells of the time left, and of the glyph with its gaps."""


class DeadlinesPane(LinesPane):
    """What is overdue first, then what runs and what is paused; where there is room what an upgrade would start, and what is settled."""

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
        wrapped = [row for one in found for row in self._two(one, width, wraps=True)]
        out = wrapped if len(wrapped) < height else [row for one in found for row in self._two(one, width)]
        out += self._if_worse(waiting(self.runbook, self.incident), width, height - len(out))
        settled = self._settled(width)
        room = height - len(out) - 1
        return [*out, Row(), *settled[-room:]] if settled and room > 0 else out

    def _settled(self, width: int) -> list[Row]:
        """One line each: what was answered, met or missed, and how."""
        if self.now is None:
            return []
        rows = list[Row]()
        for one in self.console.due.at(self.runbook, self.incident, self.now):
            if one.state in ("fired", "met", "missed"):
                glyph = g["bad"] if one.state == "missed" else g["good"]
                left: Line = [(" " * LEFT, ""), (f" {glyph} {foreign(one.title)}", "$soft")]
                told = foreign(f"missed, {one.why}" if one.state == "missed" and one.why else one.why or one.state)
                said = clip(told, max(8, width - measure(left) - 2))
                rows.append(Row(tuple(ends(width, left, [(said, "$soft")]))))
        return rows

    def _two(self, one: Deadline, width: int, *, wraps: bool = False) -> list[Row]:
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
        says = foreign(one.why if one.state == "paused" else one.consequence)
        if announced := self._announced(one):
            lead, says, told = "", announced, "$bad bold"
        if measure(left) + measure(right) >= width:  # the name goes before the hour, and the owner below it before the name
            right = [(owner, "$ink")]
            if measure(left) + measure(right) >= width:
                right, says = (), f"{says}, {owner}" if owner else says
        room = max(8, width - LEFT - GLYPH - len(lead))
        parts = wrap(says, room) if wraps else [says]
        rows = [Row(tuple(ends(width, left, right)), one.id)]
        for n, part in enumerate(parts):
            head: Line = [
                *cell((word if n == 0 else "", style), LEFT, ">"),
                (" " * GLYPH, ""),
                (lead if n == 0 else " " * len(lead), "$soft"),
            ]
            rows.append(Row(tuple(cell([*head, (part, told)], width)), one.id))
        return rows

    def _announced(self, one: Deadline) -> str:
        """What the console on watch is about to do; another one only tells of it."""
        found = pending(self.incident, one) if one.to else None
        if found is None or self.now is None:
            return ""
        to, lease = foreign(", ".join(found.to)), self.world.watch.value
        if found.fires is None:
            return f"page {to}? nobody does before you say so: , asks"
        left = figures((found.fires - self.now).total_seconds())
        return f"pages {to} in {left}, , cancels" if lease and lease.mine else f"would page {to} in {left}: the console on watch does"

    def _if_worse(self, those: Sequence[Waiting], width: int, room: int) -> list[Row]:
        """All of them where they have room, else one line, else nothing."""
        if not those:
            return []
        level, gap = foreign(those[0].level), " " * (LEFT + GLYPH)
        for wraps in (True, False):
            rows = [Row(), Row(((f"{gap}if this becomes {level}, these start", "$soft"),))]
            rows += [row for one in those for row in self._waits(one, width, wraps)]
            if room >= len(rows):
                return rows
        first = f"if {level}: {len(those)} more clock{'s' if len(those) > 1 else ''}, first at {figures(those[0].seconds)}"
        return [Row(((f"{gap}{first}", "$soft"),))] if room >= 1 else []

    def _waits(self, one: Waiting, width: int, wraps: bool) -> list[Row]:
        room, title = max(8, width - LEFT - GLYPH), foreign(one.title)
        to = f"{g['to']} {', '.join(map(foreign, one.to))}" if one.to else ""
        parts = wrap(f"{title} {to}".strip(), room)
        if not wraps:
            parts = [clip(f"{title} {to}".strip(), room)]
        elif len(parts) > 1 and to and measure([(title, "")]) <= room:  # whom it calls stays together
            parts = [title, *wrap(to, room)]
        lead: Line = [*cell((f"+{figures(one.seconds)}", "$soft"), LEFT, ">"), (f" {g['todo']} ", "$soft")]
        gap: Line = [(" " * (LEFT + GLYPH), "")]
        return [Row((*(gap if n else lead), (part, "$soft"))) for n, part in enumerate(parts)]

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
