"""A figure over time as an area of blocks, with its threshold, its normal value and marked moments."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean, median

from warroom.ui.cells import Line, Seg, cell
from warroom.ui.look import g, in_ascii
from warroom.ui.words import utc

Point = tuple[datetime, float | None]
EIGHTHS = {False: " ▁▂▃▄▅▆▇█", True: " ..::--=#"}
LABEL = 10
"""Cells of the scale at the left."""
TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)
"""Minutes between two times below the plot."""
BETWEEN = 12
"""Cells between two of them, at the least."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The time that `width` columns stand for."""

    begin: datetime
    end: datetime
    width: int

    @property
    def step(self) -> float:
        return max(1.0, (self.end - self.begin).total_seconds()) / self.width

    def column(self, at: datetime) -> int | None:
        n = int((at - self.begin).total_seconds() // self.step)
        return min(n, self.width - 1) if self.begin <= at <= self.end else None

    def values(self, points: Sequence[Point]) -> list[float | None]:
        """The mean of a column's points; between two points the earlier one holds, but not over a gap."""
        found: list[list[float]] = [[] for _ in range(self.width)]
        for at, value in points:
            n = self.column(at)
            if n is not None and value is not None:
                found[n].append(value)
        return [fmean(values) if values else value_at(points, self._end_of(n)) for n, values in enumerate(found)]

    def _end_of(self, column: int) -> datetime:
        """The last moment of a column."""
        return self.begin + timedelta(seconds=self.step * (column + 1), microseconds=-1)


def value_at(points: Sequence[Point], at: datetime) -> float | None:
    """What was known then; None also where the next point is too far away to say."""
    n = bisect_right(points, at, key=lambda point: point[0]) - 1
    if n < 0 or at - points[n][0] > _reach(points):
        return None
    return points[n][1]


def _reach(points: Sequence[Point]) -> timedelta:
    gaps = [(after[0] - before[0]).total_seconds() for before, after in zip(points[-20:], points[-19:], strict=False)]
    return timedelta(seconds=max(120.0, median(gaps) * 2.5 if gaps else 0.0))


def ceiling(most: float) -> float:
    """A round number that is not less."""
    if most <= 0:
        return 1.0
    size = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 10.0 ** -len(f"{1 / most:.0f}")
    return next(size * n for n in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20, 50, 100) if size * n >= most)


@dataclass(frozen=True, slots=True)
class Plot:
    """`levels` are heights to draw a line at, with their words; `marks` are columns with their letter, one of them chosen."""

    values: Sequence[float | None]
    top: float
    limit: float | None
    release: int | None
    levels: Sequence[tuple[float, str]]
    marks: Mapping[int, str]
    chosen: int | None = None

    def lines(self, height: int) -> list[Line]:
        """The letters, then the area; the scale at the left."""
        letters = [(self.marks.get(n, " "), self._mark_style(n)) for n in range(len(self.values))]
        return [[(" " * LABEL, ""), *_runs(letters)], *(self._row(row, height) for row in range(height - 1, -1, -1))]

    def _mark_style(self, column: int) -> str:
        return "$focus bold" if column == self.chosen else "$ink"

    def _row(self, row: int, height: int) -> Line:
        level = self._level_of(row, height)
        label: Seg = (level[1], "$ink") if level is not None else ("", "")
        cells = [self._cell(n, row, height, level is not None) for n in range(len(self.values))]
        return [*cell(label, LABEL - 1, ">"), (" ", ""), *_runs(cells)]

    def _level_of(self, row: int, height: int) -> tuple[float, str] | None:
        return next((level for level in self.levels if min(height - 1, int(level[0] / self.top * height)) == row), None)

    def _cell(self, n: int, row: int, height: int, line: bool) -> Seg:
        value = self.values[n]
        if value is None:
            if row == 0:
                return g["unknown"], "$soon"
            filled = 0
        else:
            filled = max(1 if row == 0 else 0, min(8, round(value / self.top * height * 8) - row * 8))
        if filled > 0:
            return EIGHTHS[in_ascii()][filled], self._style(n, row, height)
        if n in self.marks:
            return g["mark"], "$focus" if n == self.chosen else "$soft"
        return (g["rule"], "$rule") if line else (" ", "")

    def _style(self, n: int, row: int, height: int) -> str:
        if n == self.chosen:
            return "$focus"
        if self.limit is not None and (row + 0.5) / height * self.top > self.limit:
            return "$ink"
        return "$rule" if self.release is not None and n < self.release else "$trace"


def _runs(cells: Sequence[Seg]) -> list[Seg]:
    out = list[Seg]()
    for text, style in cells:
        if out and out[-1][1] == style:
            out[-1] = (out[-1][0] + text, style)
        else:
            out.append((text, style))
    return out


def times(frame: Frame) -> Line:
    """The clock below the plot, at round times."""
    every = next((minutes for minutes in TICKS if minutes * 60 / frame.step >= BETWEEN), TICKS[-1])
    at = datetime.fromtimestamp((frame.begin.timestamp() // (every * 60) + 1) * every * 60, UTC)
    out, text = "", " " * LABEL
    while at <= frame.end:
        column = frame.column(at)
        told = f"{g['mark']}{utc(at, seconds=False)}"
        if column is not None and column >= len(out) and column + len(told) <= frame.width:
            out = out.ljust(column) + told
        at += timedelta(minutes=every)
    return [(text + out.ljust(frame.width), "$soft")]
