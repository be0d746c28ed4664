"""The figures of the service: how they are, where they go, what the runbook says of them."""

from collections.abc import Mapping, Sequence

from warroom.core.checks import Check, checks, worst
from warroom.core.figures import spelled
from warroom.core.ranges import limit, reached, told_of
from warroom.core.readings import Series
from warroom.core.series import trend
from warroom.runbook.measures import Threshold, thresholds
from warroom.runbook.model import Runbook
from warroom.ui.amounts import bound_words, parted, times_normal, title_of
from warroom.ui.cells import Line, Seg, clip, measure
from warroom.ui.look import chip, foreign, g
from warroom.ui.panes.sparked import SparkPane
from warroom.ui.spark import never, spark
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, minus, number, since

Figure = Series | Check
NAME, VALUE, UNIT = 14, 6, 4
CALM = 1000
"""Behind every rank."""


class MetricsPane(SparkPane[Figure]):
    """What was asked for, in its order; then how the health endpoints answer. What is not known is told as that, never as 0."""

    label, digit, field, noun = "metrics", "1", "metrics", "figures"
    reads = ("metrics", "health", "deployments")

    def __init__(self) -> None:
        super().__init__()
        self._thresholds: tuple[Runbook | None, dict[str, Sequence[Threshold]]] = (None, {})

    def columns(self, width: int) -> Sequence[Column[Figure]]:
        self.past_cells = 30 if width >= 70 else 15
        return (
            Column("name", NAME, title="", by=title_of),
            Column("value", VALUE + 1 + UNIT, title=""),
            Column("level", 4, title=""),
            Column("past", self.past_cells, title=self._axis),
            Column("trend", 10, drop=2),
            Column("threshold", 0, drop=3, least=12),
            Column("age", 4, ">", drop=1),
        )

    def _axis(self) -> Line:
        past = self.past()
        return past.axis() if past else ()

    def thresholds(self, series: Series) -> Sequence[Threshold]:
        """What the runbook of this moment says of it, read once."""
        if self._thresholds[0] is not self.runbook:
            self._thresholds = self.runbook, {}
        read = self._thresholds[1]
        if series.id not in read:
            read[series.id] = thresholds(self.runbook, series.id)
        return read[series.id]

    def cells(self, row: Figure) -> Mapping[str, Cell]:
        return self._check(row) if isinstance(row, Check) else self._series(row)

    # A figure.

    def _series(self, row: Series) -> Mapping[str, Cell]:
        bounds = self.thresholds(row)
        found, told = reached(row, bounds), told_of(row, bounds)
        hot = found is not None and found.rank > 0
        return {
            "name": (clip(foreign(title_of(row), 100), NAME), "$ink"),
            "value": self._value(row, hot),
            "level": chip(found.rank, found.level) if found and hot else ("", ""),
            "past": lambda _: self._spark(row, told),
            "trend": self._trend(row),
            "threshold": lambda size: self._bound(row, told, size),
            "age": (age(since(row.at, self.now)) if row.at else "", "$soft"),
        }

    def _value(self, row: Series, hot: bool) -> Line:
        if row.value is None:
            return [(f"{clip(foreign(row.why or 'no data', 40), VALUE + 1 + UNIT):>{VALUE + 1 + UNIT}}", "$soon")]
        return self._amount(*parted(row.value, row.unit), "$loud bold" if hot else "$ink")

    def _amount(self, value: str, unit: str, style: str) -> Line:
        """The figure stays whole; a unit that is somebody's own word may be long."""
        room = VALUE + UNIT - max(VALUE, len(value))
        return [(f"{value:>{VALUE}}", style), (f" {clip(foreign(unit, 40), room)}", "$soft")]

    def _spark(self, row: Series, told: Threshold | None) -> Line:
        past, least = self.past(), limit(row, told)
        if past is None:
            return ()
        return spark(past.bins(row.points), past.mark, never if least is None else lambda value: value > least)

    def _bound(self, row: Series, told: Threshold | None, room: int) -> Line:
        """What the runbook says, and where there is room how many times its normal value it is."""
        words, factor = bound_words(row, told), times_normal(row)
        whole: list[Seg] = [(words, "$soft"), *([(f"{', ' if words else ''}{factor}", "$ink")] if factor else [])]
        return whole if measure(whole) <= room else whole[:1]

    def _trend(self, row: Series) -> Seg:
        found = trend(row)
        if found is None or row.value is None:
            return "", ""
        if found.direction == "steady":
            return g["flat"], "$soft"
        value, _ = parted(abs(found.a_minute), row.unit)
        told = f"{g[found.direction]} {'+' if found.a_minute > 0 else minus()}{value}"
        return (f"{told}/min" if len(told) <= 6 else f"{told}/m"), "$ink"

    # A health endpoint.

    def _check(self, row: Check) -> Mapping[str, Cell]:
        well, asked, slowest = row.well, len(row.answers), row.slowest
        style = "$ink" if well == asked else "$loud bold" if well else "$bad bold"
        status = row.answers[0].status
        value, unit = (str(well), f"/{asked}") if asked > 1 else ("none" if status is None else str(status), "")
        return {
            "name": (clip(foreign(title_of(row), 100), NAME), "$ink"),
            "value": self._amount(value, unit, style),
            "past": lambda size: self._worst(row, size),
            "threshold": (f"{'slowest ' if asked > 1 else ''}{spelled(slowest, 's')}" if slowest is not None else "", "$soft"),
            "age": (age(since(row.at, self.now)), "$soft"),
        }

    def _worst(self, row: Check, size: int) -> Line:
        told = worst(row)
        if not told:
            return [(f"{g['live']} ", "$good"), ("answers" if len(row.answers) == 1 else "all answer", "$soft")]
        whose = "" if row.public else f" {row.answers[0].target.rpartition('-')[2]}"
        return [
            (f"{g['bad']} ", "$bad bold"),
            (clip(foreign(told, 200), max(4, size - 2 - len(whose))), "$ink"),
            (foreign(whose, 60), "$soft"),
        ]

    # What it shows.

    def sources(self) -> tuple[object, ...]:
        world = self.world
        return (world.metrics.value, world.health.value, world.deployments.value, self.incident.alerted, self.runbook)

    def rows(self) -> Sequence[tuple[str, Figure]]:
        figures: list[Figure] = [*self.world.metrics.value, *checks(self.world.health.value)]
        return [(one.key if isinstance(one, Check) else one.id, one) for one in sorted(figures, key=self._rank)]

    def _rank(self, figure: Figure) -> int:
        """What is in a level's range first, then what does not answer or is not known; there may not be room for all."""
        if isinstance(figure, Check):
            return CALM if figure.well == len(figure.answers) else CALM - 1
        found = reached(figure, self.thresholds(figure))
        return found.rank if found and found.rank else CALM - 1 if figure.value is None else CALM

    def shows_nothing(self) -> bool:
        return not self.world.metrics.value and not self.world.health.value

    def telling(self) -> Sequence[Line]:
        figures = [one for _, one in self._rows if isinstance(one, Series)]
        found = [over for one in figures if (over := reached(one, self.thresholds(one))) and over.rank]
        unwell = sum(isinstance(one, Check) and one.well < len(one.answers) for _, one in self._rows)
        unknown = sum(one.value is None for one in figures)
        source = next((one.source for one in figures if one.source), "")
        out: list[Line] = [[(foreign(source, 40), "$soft")] if source else ()]
        if unknown:
            out.append([(f"{g['unknown']} {number(unknown)} unknown", "$soon")])
        if unwell:
            out.append([(f"{g['bad']} health", "$bad bold")])
        if found:
            worst_ = min(found, key=lambda one: one.rank)
            count = sum(one.rank == worst_.rank for one in found)
            out.append([(f"{count} in {foreign(worst_.level, 20)} range", "$loud bold")])
        elif figures and not unknown:
            out.append([("none in a level's range", "$soft")])
        return out

    def news(self) -> Line:
        found = [over for _, one in self._rows if isinstance(one, Series) and (over := reached(one, self.thresholds(one))) and over.rank]
        if found:
            return [(foreign(min(found, key=lambda one: one.rank).level, 8), "$loud")]
        return [(g["unknown"], "$soon")] if any(isinstance(one, Series) and one.value is None for _, one in self._rows) else ()

    def empty_words(self) -> Sequence[Line]:
        return [[("no figure is measured", "$ink")], [("name a Prometheus with --prometheus URL, or let the pods serve /metrics", "$soft")]]

    def text_of(self, row: Figure) -> str:
        if isinstance(row, Check):
            return f"{title_of(row)} {worst(row)} " + " ".join(answer.target for answer in row.answers)
        return f"{row.id} {row.title} {row.why} {row.source}"

    def copy_of(self, row: Figure) -> str:
        if isinstance(row, Check):
            return f"{title_of(row)}: {row.well} of {len(row.answers)} answer{f', worst {worst(row)}' if worst(row) else ''}"
        value = spelled(row.value, row.unit) if row.value is not None else row.why or "no data"
        return f"{title_of(row)}: {value}"
