"""The post-mortem while it is being written: its sections, its text, and the meeting about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from warroom.reports.postmortem import TO_WRITE
from warroom.reports.rewritten import ANEW, CELL, END, YOURS
from warroom.reports.sections import Section, blank_lines, sections
from warroom.reports.times import figures
from warroom.runbook.model import AgendaItem
from warroom.ui.cells import Line, Seg, clip, ends, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row
from warroom.ui.words import utc


class SectionsPane(LinesPane):
    """What is whole and what is not; the document follows its cursor."""

    label, digit, ticks = "post-mortem", "0", False

    def __init__(self) -> None:
        super().__init__(id="sections")
        self.sections: tuple[Section, ...] = ()
        self.blanks = 0

    def show(self, text: str) -> None:
        self.sections, self.blanks = sections(text), text.count(TO_WRITE)
        self.update()

    @property
    def at(self) -> Section | None:
        return next((one for one in self.sections if str(one.line) == self.body.cursor), None)

    def facts(self) -> Sequence[Line]:
        return ([(f"{g['over']} {self.blanks}", "$bad bold") if self.blanks else (f"{g['good']} whole", "$good")] if self.sections else (),)

    def shows_nothing(self) -> bool:
        return not self.sections

    def empty_words(self) -> Sequence[Line]:
        return [[("no incident to write about", "$ink")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        return [Row(tuple(self._row(one, width)), str(one.line)) for one in self.sections if one.depth <= 3]

    def _row(self, one: Section, width: int) -> Line:
        if one.conflicts:
            told: Seg = (f"{one.conflicts} to decide", "$bad bold")
        elif one.blanks:
            told = (f"{one.blanks} to fill", "$soon" if one.depth < 3 else "$soft")
        else:
            told = ("whole", "$soft")
        if one.depth >= 3:
            return ends(width, [("    ", ""), (foreign(one.title), "$soft")], [told])
        mark: Seg = (f"{g['over']} ", "$soon") if one.blanks or one.conflicts else (f"{g['good']} ", "$good")
        return ends(width, [mark, (foreign(one.title) if one.depth > 1 else "Header", "$ink")], [told])


class DocumentPane(LinesPane):
    """Markdown as it will be written; what is missing stands out."""

    label, ticks = "document", False

    def __init__(self) -> None:
        super().__init__(id="document")
        self.text = ""
        self.edited = False
        self.blanks: tuple[int, ...] = ()
        self._pending = -1

    def show(self, text: str, *, edited: bool) -> None:
        self.text, self.edited, self.blanks = text, edited, blank_lines(text)
        self.update()

    def go(self, line: int) -> None:
        """Puts a line at the top."""
        self.body.point(str(line))
        self._pending = line
        self.body.redraw()

    def next_blank(self) -> None:
        here = int(self.body.cursor) if self.body.cursor.isdigit() else -1
        if self.blanks:
            self.go(next((line for line in self.blanks if line > here), self.blanks[0]))

    def facts(self) -> Sequence[Line]:
        return ([("edited by people, edits are kept" if self.edited else "as the room writes it", "$soft")] if self.text else (),)

    def shows_nothing(self) -> bool:
        return not self.text

    def empty_words(self) -> Sequence[Line]:
        return [[("the post-mortem is written once an incident is declared", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        rows = [row for n, line in enumerate(self.text.split("\n")) for row in _laid(line, str(n), width)]
        if self._pending >= 0:
            self.body.top = next((n for n, row in enumerate(rows) if row.key == str(self._pending)), 0)
            self._pending = -1
        return rows


def _laid(line: str, key: str, width: int) -> list[Row]:
    if not line.strip():
        return [Row(key=key)]
    style = (
        "$loud bold"
        if line.startswith("#")
        else "$bad bold"
        if line in (YOURS, ANEW, END)
        else "$soft"
        if line.startswith("<!--")
        else "$ink"
    )
    out = []
    for n, part in enumerate(wrap(foreign(line), max(20, width - 2))):
        before, mark, rest = part.partition(TO_WRITE if TO_WRITE in part else CELL.strip())
        told: list[Seg] = [("  " if n else "", ""), (before, style)]
        if mark:
            told += [(f"{g['over']} ", "$bad bold"), (rest.strip(), "$bad underline")]
        out.append(Row(tuple(told), key))
    return out


class AgendaPane(LinesPane):
    """The meeting: which item it is at, and how long that may still take."""

    label = "agenda"

    def __init__(self) -> None:
        super().__init__(id="agenda")
        self.at = -1
        self.since: datetime | None = None

    @property
    def items(self) -> tuple[AgendaItem, ...]:
        return self.runbook.postmortem.agenda

    @property
    def item(self) -> AgendaItem | None:
        return self.items[self.at] if 0 <= self.at < len(self.items) else None

    def go_on(self, now: datetime) -> None:
        """To the next item; after the last one the meeting is over."""
        self.at, self.since = (self.at + 1 if self.at + 1 < len(self.items) else -1), now
        self.update()

    def _left(self, item: AgendaItem) -> float | None:
        """Seconds; None: nobody said how long it may take."""
        if self.since is None or self.now is None or not item.seconds:
            return None
        return (self.since + timedelta(seconds=item.seconds) - self.now).total_seconds()

    def facts(self) -> Sequence[Line]:
        whole = sum(item.seconds or 0 for item in self.items)
        return (
            [(f"{whole / 60:g} min", "$soft")] if whole else (),
            [(f"since {utc(self.since, seconds=False)}", "$soft")] if self.item and self.since else (),
        )

    def shows_nothing(self) -> bool:
        return not self.items

    def empty_words(self) -> Sequence[Line]:
        return [[("the runbook has no agenda for the meeting", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        return [Row(tuple(self._row(n, item, width))) for n, item in enumerate(self.items)]

    def _row(self, n: int, item: AgendaItem, width: int) -> Line:
        title = clip(foreign(item.title), max(10, width - 10))
        if n != self.at:
            done = self.at > n
            length = f"{item.seconds / 60:g} min" if item.seconds else ""
            return ends(width, [(f"{g['good']} " if done else "  ", "$good"), (title, "$soft")], [(length, "$soft")])
        left = self._left(item)
        figure: Seg = ("", "") if left is None else (figures(left), "$bad bold" if left < 0 else "$soon" if left < 60 else "$loud")
        return ends(width, [(f"{g['run']} ", "$ink"), (title, "$loud bold")], [figure])
