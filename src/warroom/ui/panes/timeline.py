"""What people did and saw, oldest first."""

from collections.abc import Sequence

from warroom.core.entries import Entry
from warroom.ui.cells import Line, cell, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row
from warroom.ui.words import utc


def said(entry: Entry) -> str:
    """An entry in a few words."""
    fact = entry.fact
    text = next((str(value) for name in ("text", "title", "reason", "level", "person") if (value := getattr(fact, name, ""))), "")
    kind = entry.kind.replace("_", " ")
    return text if entry.kind == "noted" else f"{kind}: {text}" if text else kind


class TimelinePane(LinesPane):
    """The entries of the incident; the newest is in view."""

    label, digit, ticks, tail = "timeline", "7", False, True

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        entries = [entry for entry in self.incident.entries if entry.id not in self.incident.struck]
        for entry in sorted(entries, key=self.incident.at):
            lead: Line = [
                (f"{utc(self.incident.at(entry))} ", "$soft"),
                (f"{g['todo']} ", "$ink"),
                *cell((foreign(entry.by), "$ink bold"), 8),
            ]
            for n, part in enumerate(wrap(foreign(said(entry)), max(10, width - 20))):
                out.append(Row((*(lead if n == 0 else [(" " * 19, "")]), (" ", ""), (part, "$ink")), entry.id))
        return out

    def shows_nothing(self) -> bool:
        return not self.incident.entries

    def empty_words(self) -> Sequence[Line]:
        return [[("no entries", "$ink")], [("it begins when an incident is declared", "$soft")]]

    def facts(self) -> Sequence[Line]:
        count = len(self.incident.entries)
        return ([(f"{count} {'entry' if count == 1 else 'entries'}", "$soft")],) if count else ()
