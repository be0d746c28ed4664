"""The error events of all logs as patterns: how many, since when, of which release."""

from collections.abc import Mapping, Sequence

from textual.binding import Binding

from warroom.core.readings import Pattern, Tally
from warroom.core.releases import Releases
from warroom.ui.amounts import per_cent
from warroom.ui.cells import Line, clip, middle
from warroom.ui.look import foreign, g
from warroom.ui.measured import lacks
from warroom.ui.panes.sparked import SparkPane
from warroom.ui.spark import spark
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, lasted, number, since, utc

ROOMY = 220
"""Columns of a terminal from which on an example stands below each pattern."""


def short_count(count: int) -> str:
    """`2k`, for the strip."""
    return f"{count / 1_000_000:.0f}M" if count >= 1_000_000 else f"{count / 1000:.0f}k" if count >= 1000 else str(count)


class ErrorsPane(SparkPane[Pattern]):
    """The fastest on top; what the logs said stands behind the bar."""

    label, digit, field, noun = "error logs", "3", "tally", "patterns"
    reads = ("tally", "deployments")
    BINDINGS = [Binding("l", "log", "logs", id="errors.log", tooltip="the log of the pod that most of it comes from")]

    def __init__(self) -> None:
        super().__init__()
        self._releases = Releases()

    @property
    def tally(self) -> Tally:
        return self.world.tally.value or Tally()

    def columns(self, width: int) -> Sequence[Column[Pattern]]:
        self.past_cells = 30 if width >= 90 else 15
        return (
            Column("count", 6, ">", by=lambda pattern: -pattern.count),
            Column("share", 5, ">", drop=1),
            Column("new", 4, by=lambda pattern: not pattern.new),
            Column("from", 13 if width >= 90 else 8, drop=2, by=self._origin_text),
            Column("per minute", self.past_cells, drop=3, by=lambda pattern: -sum(pattern.minutes[-5:])),
            Column("pattern", 0, least=22, by=lambda pattern: pattern.text),
        )

    def cells(self, row: Pattern) -> Mapping[str, Cell]:
        loud = "$loud bold" if row.new else "$ink"
        return {
            "count": (number(row.count) if row.count < 1_000_000 else short_count(row.count), loud),
            "share": (per_cent(row.count / total) if (total := self._total()) else "", "$soft"),
            "new": ("NEW" if row.new else "", "$soon bold"),
            "from": lambda size: self._origin(row, size),
            "per minute": lambda size: self._spark(row),
            "pattern": lambda size: [(g["bar"], "$outside"), (clip(foreign(row.text, 600), size - 1), "$outside")],
        }

    def _total(self) -> int:
        return self.tally.events or sum(pattern.count for pattern in self.tally.patterns)

    def _spark(self, row: Pattern) -> Line:
        past, at = self.past(), self.world.tally.at
        return spark(past.rates(row.minutes, at), past.mark) if past and at and row.minutes else ()

    def _origin_text(self, row: Pattern) -> str:
        return "".join(text for text, _ in self._origin(row, 99))

    def _origin(self, row: Pattern, size: int) -> Line:
        """The release that most of it comes from, else the pod or file."""
        most = self._releases.most(row)
        if most is not None:
            told, new = f"r{most[0]} {'all' if most[1] >= 1 else per_cent(most[1])}", most[0] in self._releases_new()
            return [(told, "$ink" if new else "$soft")]
        if not row.sources:
            return ()
        source, _ = row.sources[0]
        more = f" +{len(row.sources) - 1}" if len(row.sources) > 1 else ""
        return [(middle(foreign(source.rpartition("/")[2], 200), size - len(more)) + more, "$soft")]

    def _releases_new(self) -> frozenset[int]:
        return frozenset(self._releases.numbers[hash] for hash in self._releases.new)

    def _example(self, row: Pattern) -> Cell:
        lines = [line for line in row.example.splitlines() if line.strip()]
        text = f"eg  {foreign(lines[0] if lines else '', 600)}"
        return lambda size: [(g["bar"], "$outside"), (clip(text, size - 1), "$soft")]

    # What it shows.

    def sources(self) -> tuple[object, ...]:
        return (self.world.tally.value, self.world.deployments.value, self.incident.alerted)

    def rows(self) -> Sequence[tuple[str, Pattern]]:
        self._releases = Releases.of(self.world.deployments.value, self.incident.alerted)
        return [(pattern.id, pattern) for pattern in self.tally.patterns]

    def on_resize(self) -> None:
        self.table.below = self._example if self.console.size.width >= ROOMY else None

    @property
    def wants(self) -> int:
        return len(self._rows) * self.table.tall or 5

    def shows_nothing(self) -> bool:
        return not self.tally.patterns

    def telling(self) -> Sequence[Line]:
        tally = self.tally
        if self.state == "loading" or self.world.tally.at is None:
            return ()
        begun = since(min((pattern.first for pattern in tally.patterns if pattern.first), default=None), self.now)
        over = f" in {lasted(begun)}" if begun is not None and begun >= 1 else ""
        count: Line = [(f"{number(tally.events)}{over}" if tally.events else "none", "$soft")]
        return (count, self._from_new(), self._faults())

    def _from_new(self) -> Line:
        share, numbers = self._releases.from_new(self.tally.patterns)
        if not numbers:
            return ()
        whose = f"r{min(numbers)}, new" if len(numbers) == 1 else "new releases"
        return [(f"{per_cent(share)} from {whose}", "$loud bold")]

    def _faults(self) -> Line:
        """What the counts lack; in little room that they lack something, what tells the description of each pattern."""
        told = lacks(self.tally)
        return [(f"{g['over']} {told if len(told) < self.size.width - 52 else 'incomplete'}", "$soon bold")] if told else ()

    def news(self) -> Line:
        if not self.tally.events:
            return ()
        return [(short_count(self.tally.events), "$loud" if any(pattern.new for pattern in self.tally.patterns) else "$ink")]

    def empty_words(self) -> Sequence[Line]:
        tally = self.tally
        if not tally.streams and not tally.lines:
            return [[("no log is followed", "$ink")]]
        when = f" since {utc(tally.since, seconds=False)}" if tally.since else ""
        lines = f"{number(tally.lines)} line{'' if tally.lines == 1 else 's'}"
        logs = f"{number(tally.streams)} log{'' if tally.streams == 1 else 's'}"
        return [[(f"no errors in {lines} of {logs}{when}", "$ink")]]

    def text_of(self, row: Pattern) -> str:
        pods = " ".join(source for source, _ in row.sources)
        return f"{'NEW ' if row.new else ''}{self._origin_text(row)} {row.text} {pods}"

    def action_log(self) -> None:
        if (pattern := self.table.under_cursor) is not None and pattern.sources:
            self.console.places.log(pattern.sources[0][0])

    def copy_of(self, row: Pattern) -> str:
        when = f", last {age(since(row.last, self.now))} ago" if row.last else ""
        return f"{number(row.count)}{g['times']} {self._origin_text(row)}{when}: {row.text}"
