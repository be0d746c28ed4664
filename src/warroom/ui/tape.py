"""The last lines of a log, folded to a width; the oldest fall off."""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from warroom.core.logs import LogLine
from warroom.core.tally.looks import look
from warroom.core.tally.roles import Role
from warroom.ui.cells import head_of
from warroom.ui.look import foreign, in_ascii

MOST = 10_000
"""Lines that are kept."""
CHARACTERS = 4_000_000
"""Of all of them together."""
LONGEST = 4000
"""Characters of one line that are shown."""
COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
"""What a terminal would colour by; any other sequence is shown as what it is."""


class Spot(NamedTuple):
    """A line under its number. `said`: words of ours, and no line of the log."""

    number: int
    line: LogLine
    said: bool = False


class Part(NamedTuple):
    """What one row shows: the line, and which piece of it."""

    spot: Spot
    piece: int
    text: str


class Tape:
    """`keep`: which lines are shown; None: all. Rows are counted from the first one that is still there."""

    def __init__(self, *, most: int = MOST, characters: int = CHARACTERS) -> None:
        self._most, self._room = most, characters
        self._spots = deque[Spot]()
        self._size = 0
        self._next = 0
        self.keep: Callable[[LogLine], bool] | None = None
        self._width, self._ascii = 0, False
        self._rows: list[Part] = []
        self._numbers: list[int] = []
        """Of the lines that are shown; with the row that each begins at."""
        self._starts: list[int] = []
        self.lost = 0
        """Lines that fell off."""

    def __len__(self) -> int:
        return len(self._spots)

    @property
    def rows(self) -> int:
        return len(self._rows)

    @property
    def numbers(self) -> list[int]:
        return self._numbers

    def row(self, index: int) -> Part:
        return self._rows[index]

    def spot(self, number: int) -> Spot | None:
        found = bisect_left(self._spots, number, key=lambda spot: spot.number)
        return self._spots[found] if found < len(self._spots) and self._spots[found].number == number else None

    def start(self, number: int) -> int | None:
        """The first row of a line."""
        at = bisect_left(self._numbers, number)
        return self._starts[at] if at < len(self._numbers) and self._numbers[at] == number else None

    def near(self, number: int) -> int | None:
        """The line that is shown and nearest before it, else the first one."""
        at = bisect_right(self._numbers, number) - 1
        return self._numbers[max(0, at)] if self._numbers else None

    def add(self, lines: Iterable[LogLine], *, said: bool = False) -> int:
        """Takes the next lines; says how many rows fell off at the top."""
        for line in lines:
            spot = Spot(self._next, line, said)
            self._next += 1
            self._size += len(line.text)
            self._spots.append(spot)
            self._lay(spot)
        return self._trim()

    def _trim(self) -> int:
        before = self.lost
        while len(self._spots) > self._most or (self._size > self._room and len(self._spots) > 1):
            self._size -= len(self._spots.popleft().line.text)
            self.lost += 1
        if self.lost == before:
            return 0
        gone = bisect_left(self._numbers, self._spots[0].number)
        rows = self._starts[gone] if gone < len(self._starts) else len(self._rows)
        del self._rows[:rows], self._numbers[:gone], self._starts[:gone]
        self._starts = [start - rows for start in self._starts]
        return rows

    def fold(self, width: int) -> None:
        """Lays all lines anew where the width is another."""
        if (width, in_ascii()) != (self._width, self._ascii):
            self._width, self._ascii = width, in_ascii()
            self.lay_again()

    def lay_again(self) -> None:
        self._rows, self._numbers, self._starts = [], [], []
        for spot in self._spots:
            self._lay(spot)

    def _lay(self, spot: Spot) -> None:
        if self.keep is not None and (spot.said or not self.keep(spot.line)):
            return
        self._numbers.append(spot.number)
        self._starts.append(len(self._rows))
        self._rows += [Part(spot, n, text) for n, text in enumerate(pieces(spot.line.text, self._width or 80))]


def shown(text: str) -> str:
    """A line of a log as it may stand on the screen: without its colours."""
    return foreign(COLOURS.sub("", text[: 2 * LONGEST]).expandtabs(8), LONGEST)


def pieces(text: str, width: int) -> list[str]:
    text = shown(text)
    if cell_len(text) <= width:
        return [text]
    out = list[str]()
    while text:
        part = head_of(text[: width + 1], width) or text[0]
        out.append(part)
        text = text[len(part) :]
    return out


@lru_cache(maxsize=4096)
def is_calm(text: str) -> bool:
    """Whether it says by its structure that nothing is wrong."""
    bare = COLOURS.sub("", text[:LONGEST])
    found = look(bare)
    if found.role is not Role.PLAIN:
        return False
    return found.check is None or found.check.search(bare.encode(errors="replace")) is None
