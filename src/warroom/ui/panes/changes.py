"""What was rolled out lately: the first thing to ask when something broke."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from warroom.core.changes import Change, recent_changes
from warroom.ui.cells import Line, middle
from warroom.ui.look import foreign, g
from warroom.ui.names import object_name
from warroom.ui.panes.cluster import ClusterPane
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, lasted, number, since, utc


def change_words(change: Change, room: int) -> str:
    """Where room is short the revision stays."""
    told = foreign(change.what, 300).replace("→", g["to"])
    return told if cell_len(told) <= room else middle(told.removeprefix("first seen: "), room)


class ChangesPane(ClusterPane[Change]):
    """Rollouts, newest first; those around the start of the incident are loud."""

    label, field, noun = "recent changes", "deployments", "rollouts"

    def __init__(self) -> None:
        super().__init__()
        self._has_cause = False

    def columns(self, width: int) -> Sequence[Column[Change]]:
        cause: Column[Change] = Column("cause", 28, drop=1)
        return (
            Column("age", 4, ">", by=lambda change: -change.at.timestamp()),
            Column("kind", 7, drop=2),
            Column("object", 22, by=lambda change: change.object),
            Column("change", 0, least=20),
            *([cause] if self._has_cause else []),
        )

    def cells(self, row: Change) -> Mapping[str, Cell]:
        ink = "$loud" if row.recent else "$soft"
        return {
            "age": (age(since(row.at, self.now)), ink),
            "kind": (row.kind, "$ink" if row.recent else "$soft"),
            "object": lambda size: [(object_name("Deployment", row.object, size), "$ink" if row.recent else "$soft")],
            "change": lambda size: [(change_words(row, size), ink)],
            "cause": [(g["bar"], "$outside"), (foreign(row.cause, 200), "$outside" if row.recent else "$soft")] if row.cause else ("", ""),
        }

    def rows(self) -> Sequence[tuple[str, Change]]:
        changes = recent_changes(self.world.deployments.value, self.incident.alerted)
        told = any(change.cause for change in changes)
        if told is not self._has_cause:
            self._has_cause = told
            self.table.fit_again()
        return [(change.key, change) for change in changes]

    def telling(self) -> Sequence[Line]:
        changes, start = [change for _, change in self._rows], self.incident.alerted
        if not changes:
            return ()
        if start is None:
            return ([(f"newest {lasted(since(changes[0].at, self.now) or 0)} ago", "$soft")],)
        before = sum(change.recent and change.at <= start for change in changes)
        after = sum(change.at > start for change in changes)
        none: Line = [("none within 2 h before the start", "$soft")]
        told: Line = [(f"{number(before)} within 2 h before the start", "$loud bold")] if before else none
        return (told, [(f"{number(after)} since", "$loud bold")] if after else ())

    def empty_words(self) -> Sequence[Line]:
        return [[("no rollouts are known", "$ink")]]

    def text_of(self, row: Change) -> str:
        return f"{row.kind} {row.namespace}/{row.object} {row.what} {row.cause}"

    def copy_of(self, row: Change) -> str:
        return f"{utc(row.at)} {row.kind} {row.namespace}/{row.object}: {row.what}"
