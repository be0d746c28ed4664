"""The text of a document, line by line and as it is written."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len
from textual import on
from textual.binding import Binding
from textual.message import Message

from warroom.ui.cells import Line, Seg, cell, clip, head_of, wrap
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.page import Page, Spot
from warroom.ui.panes.searched import SearchedPane
from warroom.ui.widgets.rows import Row, Rows

MOST = 20_000
"""Characters of one line that are shown."""
LEAST = 8
"""Cells that a column of a table has at least."""
_PIPE = re.compile(r"(?<!\\)\|")
STYLES = {"heading": "$outside bold", "fence": "$soft", "file": "$ink bold"}


class ProsePane(SearchedPane):
    """Nothing of it is interpreted: what the console did not understand stands here, too."""

    label, ticks = "text", False
    BINDINGS = [
        Binding("slash", "filter", "search", key_display="/", id="prose.search", tooltip="show the lines that a regex finds; ! hides them"),
        Binding("escape", "all", "all lines", show=False, id="prose.all", tooltip="show all lines again"),
    ]

    class Followed(Message):
        """Enter on a line with a link to another document."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self) -> None:
        super().__init__(id="prose")
        self.page = Page("")
        self.at = 0
        self.aged: Line = ()
        """How old it is, for the head."""
        self._pending = False
        self._made: tuple[object, ...] = ()
        self._rows: list[Row] = []

    # What it shows.

    def called(self) -> str:
        return foreign(clip(self.page.name, 40)) or self.label

    def facts(self) -> Sequence[Line]:
        spots = self.page.spots
        if not spots:
            return ()
        section = foreign(clip(self.page.section(self.at), 40))
        line: Line = [(f"line {spots[self.at].number} of {len(spots)}", "$soft")]
        turn: Line = [("tab ", "$focus bold"), ("contents", "$soft")] if self.screen.has_class("-narrow") else ()
        facts = [[(section, "$ink")] if section and section != self.page.name else (), line, self.aged, turn]
        if self.filter is not None:
            facts.append([(f"/{foreign(self.filter.words, 60)}", "$focus bold")])
        return facts

    def shows_nothing(self) -> bool:
        return not self.page.spots

    def empty_words(self) -> Sequence[Line]:
        return [[("this document is empty", "$ink")]]

    def words(self) -> Sequence[Line] | None:
        if self.filter is not None and self.page.spots and not any(self._kept()):
            found: Seg = (f"/{foreign(self.filter.words, 200)}", "$focus bold")
            return [(), [("no line is found by ", "$ink"), found], [("esc shows all again", "$soft")]]
        return super().words()

    def _kept(self) -> Iterator[int]:
        for n, spot in enumerate(self.page.spots):
            if self.filter is None or self.filter.keeps(spot.text):
                yield n

    def lines(self, width: int, height: int) -> Sequence[Row]:
        made = (self.page, width, self.filter, in_ascii())
        if self._made != made:
            self._made, self._rows = made, self._laid(width)
        here = str(self.at)
        first = next((n for n, row in enumerate(self._rows) if row.key == here), None)
        if first is None:
            return self._rows
        if self._pending:  # what was jumped to stands at the top
            self.body.top, self._pending = first, False
        row = self._rows[first]
        return [*self._rows[:first], Row(((row.line[0][0], "$focus bold"), *row.line[1:]), row.key), *self._rows[first + 1 :]]

    def _laid(self, width: int) -> list[Row]:
        out, digits = list[Row](), max(3, len(str(len(self.page.spots))))
        room = max(8, width - digits - 4)
        for is_table, group in groupby(self._kept(), lambda n: self.page.spots[n].kind == "table"):
            indices = list(group)
            spots = [self.page.spots[n] for n in indices]
            for n, spot, told in zip(indices, spots, aligned(spots, room) if is_table else (None,) * len(spots), strict=True):
                style = STYLES.get(spot.kind, "$outside")
                bar = g["bar"] * 2 if spot.kind == "code" else f"{g['bar']} "
                for m, part in enumerate(folded(spot, room) if told is None else told):
                    number = "" if not spot.number else str(spot.number) if m == 0 else g["mark"]
                    out.append(Row((*cell((number, "$soft"), digits, ">"), (" ", ""), (bar, "$outside"), (part, style)), str(n)))
        return out

    # Where it is.

    def show(self, page: Page, at: int = 0) -> None:
        self.page, self.filter = page, None
        self.line.clear()
        self.go(at)

    def go(self, index: int) -> None:
        """Puts a line at the top."""
        self.at = max(0, min(index, len(self.page.spots) - 1))
        self.body.point(str(self.at))
        self._pending = True
        self.update()

    @on(Rows.Highlighted)
    def follow_cursor(self, message: Rows.Highlighted) -> None:
        message.stop()
        # A cursor that was set by a jump tells of it late; what holds is where it is now.
        if (key := self.body.cursor).isdigit() and int(key) < len(self.page.spots):
            self.at = int(key)
            self.body.redraw()
            self.top_line.redraw()

    @on(Rows.Chosen)
    def follow_link(self, message: Rows.Chosen) -> None:
        message.stop()
        at = int(message.key)
        target = self.page.target(at)
        if self.filter is not None:
            self.line.clear()
            self.go(at)
        elif target.startswith("#"):
            found = self.page.anchor(target)
            if found is None:
                self.notify(f"no heading is called {foreign(target, 80)}", severity="warning", markup=False)
            else:
                self.go(found)
        elif target:
            self.post_message(self.Followed(target))

    # Searching.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.filter is not None if action == "all" else True

    def action_all(self) -> None:
        at = self.at
        self.line.clear()
        self.go(at)


def folded(spot: Spot, room: int) -> list[str]:
    """The line in rows: words stay whole in prose, every space stays in code."""
    text = foreign(spot.text.expandtabs(4), MOST)
    if cell_len(text) <= room:
        return [text]
    if spot.kind in ("code", "table", "fence"):
        out = list[str]()
        at = 0
        while at < len(text):
            cut = head_of(text[at : at + room], room) or text[at]
            out.append(cut)
            at += len(cut)
        return out
    indent = " " * min(len(text) - len(text.lstrip()), room // 2)
    return [indent + part for part in wrap(text, room - len(indent))]


def aligned(spots: Sequence[Spot], room: int) -> Sequence[list[str] | None]:
    """Each row of a table with its columns under each other, the words of a cell wrapped; None where that cannot be read."""
    rows = [_cells(spot.text) for spot in spots]
    columns = max(map(len, rows))
    if columns * (LEAST + 3) + 1 > room:
        return [None] * len(rows)
    widths = [min(room, max(cell_len(row[n]) if n < len(row) and not _rules(row) else 0 for row in rows)) for n in range(columns)]
    for _ in range(sum(widths) + 3 * columns + 1 - room):
        widths[widths.index(max(widths))] -= 1  # the widest gives way
    out = list[list[str] | None]()
    for row in rows:
        parts = [["-" * wide] if _rules(row) else wrap(row[n], wide) if n < len(row) else [""] for n, wide in enumerate(widths)]
        out.append([_row([part[n] if n < len(part) else "" for part in parts], widths) for n in range(max(map(len, parts)))])
    return out


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    filled = (text + " " * (wide - cell_len(text)) for text, wide in zip(cells, widths, strict=True))
    return f"| {' | '.join(filled)} |"


def _cells(text: str) -> list[str]:
    inner = text.strip().removeprefix("|").removesuffix("|")
    return [foreign(each.strip(), MOST) for each in _PIPE.split(inner)]


def _rules(row: Sequence[str]) -> bool:
    return bool(row) and all(each and not each.strip("-: ") for each in row)
