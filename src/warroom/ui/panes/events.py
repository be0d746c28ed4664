"""The cluster's events: warnings first, repeats as one with a count."""

from collections.abc import Mapping, Sequence

from warroom.core.readings import ClusterEvent
from warroom.ui.cells import Line, clip, middle
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import TablePane
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, number, since


class EventsPane(TablePane[ClusterEvent]):
    """Follows `world.events`."""

    label, digit, field = "events", "4", "events"

    def columns(self, width: int) -> Sequence[Column[ClusterEvent]]:
        return (
            Column("age", 4, ">", by=lambda event: -(event.at.timestamp() if event.at else 0.0)),
            Column("times", 5, ">", by=lambda event: -event.count),
            Column("reason", 19, by=lambda event: event.reason),
            Column("object", 21, drop=1, by=lambda event: event.object),
            Column("message", 0, least=20),
        )

    def cells(self, row: ClusterEvent) -> Mapping[str, Cell]:
        ink = "$ink" if row.warning else "$soft"
        return {
            "age": (age(since(row.at, self.now)), "$soft"),
            "times": (f"{g['times']}{number(row.count)}" if row.count > 1 else "", "$ink"),
            "reason": [(f"{g['over']} ", "$soon") if row.warning else (f"{g['na']} ", "$soft"), (foreign(row.reason), ink)],
            "object": lambda size: [(middle(foreign(f"{row.kind.lower()}/{row.object}"), size), ink)],
            "message": lambda size: [
                (g["bar"], "$outside"),
                (clip(foreign(row.message), size - 1), "$outside" if row.warning else "$soft"),
            ],
        }

    def rows(self) -> Sequence[tuple[str, ClusterEvent]]:
        events = sorted(self.world.events.value, key=lambda event: event.at.timestamp() if event.at else 0.0, reverse=True)
        return [(event.key, event) for event in sorted(events, key=lambda event: not event.warning)]

    def facts(self) -> Sequence[Line]:
        events = self.world.events.value
        warn = sum(event.warning for event in events)
        count: Line = [(number(len(events)), "$soft")] if events else [("none", "$soft")]
        return (count, [(f"{g['over']} {warn} warn", "$soon bold")] if warn else ())

    def news(self) -> Line:
        warn = sum(event.warning for event in self.world.events.value)
        return [(f"{g['over']}{warn}", "$soon")] if warn else ()

    def empty_words(self) -> Sequence[Line]:
        return [[("no events", "$ink")]]
