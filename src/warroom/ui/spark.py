"""Sparklines: all of one screen span the same minutes, with one mark for the release."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import fmean

from warroom.core.changes import Change
from warroom.ui.cells import Line, Seg, cell
from warroom.ui.look import g, spark_steps
from warroom.ui.words import utc

MINUTES = 30
Point = tuple[datetime, float | None]


@dataclass(frozen=True, slots=True)
class Past:
    """The half hour that ends with the minute of `end`, in cells of whole minutes."""

    end: datetime
    cells: int
    release: Change | None = None

    @property
    def step(self) -> float:
        """Seconds of a cell."""
        return MINUTES * 60 / self.cells

    def place(self, at: datetime) -> int:
        """The cell of a moment; outside of 0 and `cells` it is out of sight."""
        return int(at.timestamp() // self.step - self.end.timestamp() // self.step) + self.cells - 1

    @property
    def mark(self) -> int | None:
        """The cell of the release."""
        at = self.place(self.release.at) if self.release else -1
        return at if 0 <= at < self.cells else None

    def bins(self, points: Iterable[Point]) -> list[float | None]:
        """The mean for each cell, None where nothing is known."""
        found: list[list[float]] = [[] for _ in range(self.cells)]
        for at, value in points:
            if value is not None and 0 <= (n := self.place(at)) < self.cells:
                found[n].append(value)
        return [fmean(values) if values else None for values in found]

    def rates(self, minutes: Sequence[int], at: datetime) -> list[float | None]:
        """Events a minute, of counts by minute whose newest is that of `at`.

        That minute is not over: what lies before the last sixty seconds counts by its share, or each minute would begin as a recovery.
        """
        shown = [float(count) for count in minutes[-MINUTES:]]
        if len(shown) > 1:
            shown[-1] += shown[-2] * (1 - at.timestamp() % 60 / 60)
        return self.bins((at - timedelta(minutes=n), count) for n, count in enumerate(reversed(shown)))

    def axis(self) -> Line:
        """`-30m     ┆02:31 r42      now`, as far as there is room."""
        first, mark = f"-{MINUTES}m", self.mark
        if mark is None or self.release is None:
            return [*cell((first, "$soft"), self.cells - 4), (" now", "$soft")]
        time = utc(self.release.at, seconds=False)
        for told in (f"{time} r{self.release.revision}", time, ""):
            if mark + 1 + len(told) <= self.cells - 4:
                lead = cell((first if mark >= len(first) else "", "$soft"), mark)
                return [*lead, *cell((g["mark"] + told, "$ink"), self.cells - 4 - mark), (" now", "$soft")]
            if told and len(told) + len(first) < mark:
                return [*cell((first, "$soft"), mark - len(told)), (told + g["mark"], "$ink")]
        return [*cell((first, "$soft"), mark), (g["mark"], "$ink")]


def newest_release(changes: Iterable[Change], end: datetime) -> Change | None:
    """The one to mark in the half hour before `end`; changes come newest first."""
    return next((change for change in changes if end - timedelta(minutes=MINUTES) < change.at <= end), None)


def never(_: float) -> bool:
    return False


def spark(values: Sequence[float | None], mark: int | None = None, beyond: Callable[[float], bool] = never, top: float = 0.0) -> Line:
    """A cell for each value: faint before the mark, lighter after it, `ink` beyond a threshold, blank where nothing is known.

    The highest value, or `top` where that is higher, fills its cell.
    """
    steps, most = spark_steps(), max([top, *(value for value in values if value is not None)])

    def drawn(n: int, value: float | None) -> Seg:
        if value is None:
            return " ", ""
        height = int(value / most * len(steps)) if most > 0 else 0
        style = "$ink" if beyond(value) else "$rule" if mark is not None and n < mark else "$trace"
        return steps[max(0, min(len(steps) - 1, height))], style

    cells = [drawn(n, value) for n, value in enumerate(values)]
    return [("".join(text for text, _ in run), style) for style, run in groupby(cells, key=lambda each: each[1])]
