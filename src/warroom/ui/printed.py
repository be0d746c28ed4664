"""What a command printed, as rows that grow with what comes. Its words are not ours: they stand behind a bar."""

from rich.cells import cell_len

from warroom.ui.cells import head_of
from warroom.ui.commanded import Commanded
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.panes.filter import Filter
from warroom.ui.widgets.rows import Row

MOST = 20_000
"""Characters of one line that are shown."""


class Printed:
    """Of one command; made anew for another width, filter or run. Keys of rows begin with `prefix`."""

    def __init__(self, shown: Commanded, prefix: str = "") -> None:
        self.shown, self._prefix = shown, prefix
        self.count = 0
        """Lines, of which a long one has several rows."""
        self._made: tuple[object, ...] = ()
        self._rows: list[Row] = []
        self._heard = 0
        self._rest = ""

    def rows(self, width: int, filter: Filter | None = None) -> list[Row]:
        shown = self.shown
        made = (shown.runs, width, filter, in_ascii())
        if self._made != made:
            self._made, self._rows, self.count, self._heard, self._rest = made, [], 0, 0, ""
        for part in shown.parts[self._heard :]:
            *whole, self._rest = (self._rest + part).split("\n")
            for line in whole:
                self._add(line, width, filter)
        self._heard = len(shown.parts)
        if shown.output is not None and self._rest:
            self._add(self._rest, width, filter)
            self._rest = ""
        return self._rows

    def _add(self, line: str, width: int, filter: Filter | None) -> None:
        if filter is None or filter.keeps(line):
            key = f"{self._prefix}{self.count}"
            self.count += 1
            for n, part in enumerate(_cut(foreign(line.expandtabs(8), MOST), max(8, width - 2))):
                self._rows.append(Row(((f"{g['bar']} " if n == 0 else f"{g['mark']} ", "$outside"), (part, "$outside")), key))


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
