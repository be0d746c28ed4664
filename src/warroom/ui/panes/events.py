"""The cluster's events: warnings first, repeats as one with a count."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from warroom.core.events import folded, ordered
from warroom.core.readings import ClusterEvent
from warroom.ui.cells import Line, clip
from warroom.ui.look import foreign, g
from warroom.ui.names import kind_word, object_name
from warroom.ui.panes.cluster import ClusterPane
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, number, since, utc

LATELY = timedelta(minutes=30)
KEPT = timedelta(hours=1)
"""For so long a cluster keeps its events, unless told otherwise."""


class EventsPane(ClusterPane[ClusterEvent]):
    """Warnings first, the newest first; what the cluster said stands behind the bar."""

    label, digit, field, noun = "events", "4", "events", "events"

    def __init__(self) -> None:
        super().__init__()
        self._warn = 0
        self._several = False

    def columns(self, width: int) -> Sequence[Column[ClusterEvent]]:
        namespace: Column[ClusterEvent] = Column("namespace", 12, drop=2, by=lambda event: event.namespace)
        return (
            Column("age", 4, ">", by=lambda event: -(event.at.timestamp() if event.at else 0.0)),
            Column("times", 5, ">", by=lambda event: -event.count),
            Column("reason", 19 if width < 90 else 26, by=lambda event: event.reason),
            *([namespace] if self._several else []),
            Column("object", 21, drop=1, by=lambda event: (event.kind, event.object)),
            Column("message", 0, least=20),
        )

    def cells(self, row: ClusterEvent) -> Mapping[str, Cell]:
        ink = "$ink" if row.warning else "$soft"
        return {
            "age": (age(since(row.at, self.now)), "$soft"),
            "times": (f"{g['times']}{number(row.count)}" if row.count > 1 else "", "$ink"),
            "reason": [(f"{g['over']} ", "$soon") if row.warning else (f"{g['na']} ", "$soft"), (foreign(row.reason, 100), ink)],
            "namespace": (foreign(row.namespace, 100), ink),
            "object": lambda size: [(object_name(row.kind, row.object, size), ink)],
            "message": lambda size: [
                (g["bar"], "$outside"),
                (clip(foreign(row.message, 600), size - 1), "$outside" if row.warning else "$soft"),
            ],
        }

    def rows(self) -> Sequence[tuple[str, ClusterEvent]]:
        events = ordered(folded(self.world.events.value))
        self._warn = sum(event.warning for event in events)
        several = len({event.namespace for event in events}) > 1
        if several is not self._several:
            self._several = several
            self.table.fit_again()
        return [(event.key, event) for event in events]

    def telling(self) -> Sequence[Line]:
        events, now = [event for _, event in self._rows], self.now
        if not events:
            return ([("none", "$soft")],) if self.state != "loading" else ()
        late = sum(event.at is not None and now is not None and now - event.at <= LATELY for event in events)
        count: Line = [(f"{number(late)} in 30 min" if late else f"{number(len(events))}, none in 30 min", "$soft")]
        return (count, [(f"{g['over']} {number(self._warn)} warn", "$soon bold")] if self._warn else [("no warnings", "$soft")])

    def news(self) -> Line:
        return [(f"{g['over']}{self._warn}", "$soon")] if self._warn else ()

    def empty_words(self) -> Sequence[Line]:
        since_ = f" since {utc(self.now - KEPT, seconds=False)}" if self.now else ""
        return [[(f"no events{since_}", "$ink")]]

    def text_of(self, row: ClusterEvent) -> str:
        word = "Warning" if row.warning else "Normal"
        return f"{word} {row.reason} {row.namespace} {kind_word(row.kind)}/{row.object} {row.message[:2000]}"

    def copy_of(self, row: ClusterEvent) -> str:
        times = f" x{row.count}" if row.count > 1 else ""
        return f"{utc(row.at)} {row.reason}{times} {kind_word(row.kind)}/{row.object}: {row.message}"
