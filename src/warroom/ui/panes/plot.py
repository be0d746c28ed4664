"""One figure over the whole incident, and what happened meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, repeat
from string import ascii_lowercase
from typing import Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from warroom.core import timeline
from warroom.core.acts.evidence import Pin
from warroom.core.changes import recent_changes
from warroom.core.figures import spelled
from warroom.core.history import points_of, span_of
from warroom.core.ranges import limit, told_of
from warroom.core.readings import Reading, Series
from warroom.runbook.measures import thresholds
from warroom.ui.amounts import bound_words, times_normal, title_of
from warroom.ui.cells import Line, cell, clip, ends
from warroom.ui.keep import pin
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.panes.changes import change_words
from warroom.ui.panes.pane import LinesPane
from warroom.ui.pinned import pin_of
from warroom.ui.plot import LABEL, Frame, Plot, ceiling, times, value_at
from warroom.ui.subject import Telling
from warroom.ui.widgets.painted import Painted
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.words import utc


class Moment(NamedTuple):
    """Something that happened while the figure ran, and the letter that marks it."""

    letter: str
    key: str
    at: datetime
    glyph: str
    who: str
    text: str


class Picture(Painted):
    """The plot itself."""

    def __init__(self, pane: "PlotPane") -> None:
        super().__init__(classes="picture")
        self._pane = pane

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return self._pane.picture(width, height)


class PlotPane(LinesPane):
    """The area is the figure, the letters are the moments below it; the cursor's one is lit in both."""

    label = "plot"
    BINDINGS = [
        Binding("p", "pin", "pin", id="plot.pin", tooltip="pin the figure with its numbers into the timeline as evidence"),
    ]

    def __init__(self, series: Series) -> None:
        super().__init__()
        self.series = series
        self.gone = False
        self._pictured: tuple[tuple[object, ...], tuple[object, ...], Sequence[Line]] = ((), (), ())

    def compose(self) -> ComposeResult:
        head, body = super().compose()
        self.drawn = Picture(self)
        yield head
        yield self.drawn
        yield body

    @property
    def reading(self) -> Reading[Any] | None:
        return self.world.metrics

    def watch_world(self) -> None:
        if self._ready and self.reading is not self._drawn:
            found = next((one for one in self.world.metrics.value if one.id == self.series.id), None)
            self.series, self.gone = found or self.series, found is None
            self.update()

    def update(self) -> None:
        super().update()
        self.drawn.redraw()

    def tick(self) -> None:
        super().tick()
        self.drawn.redraw()

    def shows_nothing(self) -> bool:
        return False

    def called(self) -> str:
        return foreign(title_of(self.series), 40)

    def facts(self) -> Sequence[Line]:
        series, factor = self.series, times_normal(self.series)
        told = told_of(series, thresholds(self.runbook, series.id))
        normal: Line = [(f"normal {spelled(series.baseline, series.unit)}", "$soft")] if series.baseline is not None else ()
        value: Line = [(f"{g['unknown']} {foreign(series.why or 'no data', 60)}", "$soon bold")]
        if series.value is not None:
            value = [(spelled(series.value, series.unit) + (f", {factor}" if factor else ""), "$loud bold")]
        gone: Line = [("no longer measured", "$soon bold")] if self.gone else ()
        return ([(foreign(series.source, 40), "$soft")], normal, [(bound_words(series, told), "$ink")] if told else (), value, gone)

    # What happened meanwhile.

    def moments(self) -> Sequence[Moment]:
        """Entries of people and of the watch, and rollouts, by time."""
        begin, end = self.span()
        found = [
            Moment("", f"entry {line.id}", line.at, line.glyph, line.who, line.text)
            for line in timeline.lines(self.incident)
            if not line.is_struck and begin <= line.at <= end
        ]
        watched = any(entry.key.startswith("rollout ") for entry in found)
        for change in recent_changes(self.world.deployments.value, self.incident.alerted):
            if begin <= change.at <= end and not watched:
                found.append(Moment("", f"rollout {change.key}", change.at, "live", "", f"{change.object} {change_words(change, 300)}"))
        if self.incident.alerted and begin <= self.incident.alerted <= end:
            found.append(Moment("", "alerted", self.incident.alerted, "over", "", "the alert fired"))
        found.sort(key=lambda moment: moment.at)
        return [moment._replace(letter=letter) for moment, letter in zip(found, chain(ascii_lowercase, repeat("+")), strict=False)]

    def span(self) -> tuple[datetime, datetime]:
        assert self.now is not None
        return span_of(points_of(self.series, self.incident), self.incident, self.now)

    def picture(self, width: int, height: int) -> Sequence[Line]:
        """Drawn anew when a column is over, not at every second."""
        if self.now is None or width < LABEL + 20 or height < 5:
            return ()
        begin, end = self.span()
        column = int(end.timestamp() // Frame(begin, end, width - LABEL).step)
        seen = (self.series, self.incident, self.world.deployments.value)
        drawn = (column, width, height, self.body.cursor, in_ascii())
        before, how, _ = self._pictured
        if how != drawn or any(a is not b for a, b in zip(seen, before, strict=True)):
            self._pictured = seen, drawn, self._draw(width, height)
        return self._pictured[2]

    def _draw(self, width: int, height: int) -> Sequence[Line]:
        series, points = self.series, points_of(self.series, self.incident)
        frame = Frame(*self.span(), width - LABEL)
        values, told = frame.values(points), told_of(series, thresholds(self.runbook, series.id))
        least = limit(series, told)
        most = max([value for value in values if value is not None], default=0.0)
        top = ceiling(max(most, series.baseline or 0.0, least if least is not None and least <= 2 * most else 0.0) * 1.05)
        scale = 100.0 if series.unit == "ratio" else 1000.0 if series.unit == "s" else 1.0
        top = ceiling(top * scale) / scale
        named = f"{spelled(least, series.unit)} {told.level}" if least is not None and told else ""
        levels = [(least, foreign(clip(named, LABEL - 1)))] if least is not None and least <= top else []
        levels += [(top, spelled(top, series.unit)), (top / 2, spelled(top / 2, series.unit)), (0.0, spelled(0.0, series.unit))]
        marks, chosen = dict[int, str](), None
        for moment in self.moments():
            column = frame.column(moment.at)
            if column is not None:
                marks[column] = moment.letter if column not in marks else "*"
                chosen = column if moment.key == self.body.cursor else chosen
        releases = [frame.column(change.at) for change in recent_changes(self.world.deployments.value, self.incident.alerted)]
        release = next((column for column in releases if column is not None), None)
        plot = Plot(values, top, least, release, levels, marks, chosen)
        return [*plot.lines(height - 2), times(frame)]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        if self.now is None:
            return ()
        points, out = points_of(self.series, self.incident), list[Row]()
        for moment in self.moments():
            value = value_at(points, moment.at)
            told: Line = [(spelled(value, self.series.unit) if value is not None else "unknown", "$ink" if value is not None else "$soft")]
            left: Line = [
                (f"{moment.letter} ", "$focus bold"),
                (f"{utc(moment.at)} ", "$soft"),
                (f"{g[moment.glyph]} ", "$ink"),
                *cell((foreign(clip(moment.who, 8)), "$ink bold"), 9),
                (foreign(moment.text, 400), "$ink"),
            ]
            out.append(Row(tuple(ends(width, left, told)), moment.key))
        return out

    @on(Rows.Highlighted)
    def light(self) -> None:
        self.drawn.redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self.console.incident.id) if action == "pin" else True

    def action_pin(self) -> None:
        telling = Telling(self.world, self.now, self.incident.alerted, self.runbook)
        act: Pin = pin_of(self.series, telling)
        pin(self.console, act)
