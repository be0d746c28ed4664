"""Leaving: who watches the deadlines then."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from warroom.core.deadlines import Deadline, deadlines
from warroom.ui.cards.card import Button, Card
from warroom.ui.cells import Line, cell, clip
from warroom.ui.look import foreign, g
from warroom.ui.widgets.words import Words
from warroom.ui.words import figures

MOST = 8


class QuitCard(Card):
    """Names what nobody will watch; enter leaves."""

    AUTO_FOCUS = "#box"
    name_of_card = "quit"

    def unwatched(self) -> Sequence[Deadline]:
        """What is due or runs."""
        incident = self.console.incident
        found = deadlines(self.runbook, incident, self.moment) if incident.open else ()
        return [one for one in found if one.state in ("due", "running")]

    def fields(self) -> Iterable[Widget]:
        yield Words(self._lines)

    def buttons(self) -> Sequence[Button]:
        return (Button("Quit", "enter", "answer"), Button("Stay", "esc", "cancel"))

    def action_answer(self) -> None:
        self.dismiss()
        self.console.leave()

    def _lines(self, width: int) -> Sequence[Line]:
        found = self.unwatched()
        if not found:
            return [[("nothing is due any more", "$ink")]]
        many = len(found) > 1
        out: list[Line] = [[(f"nobody watches {'these' if many else 'this'} from here when you leave", "$loud bold")], []]
        for one in found[:MOST]:
            late = one.state == "due"
            glyph, style = (g["over"], "$bad bold") if late else (g["soon"], "$soon bold") if one.soon else (g["run"], "$ink")
            owner = f"  {foreign(one.owner)}" if one.owner else ""
            title = clip(foreign(one.title), max(12, width - 12 - len(owner)))
            out.append([*cell((figures(one.left_seconds), style), 8, ">"), (f" {glyph} ", style), (title, "$ink"), (owner, "$soft")])
        if len(found) > MOST:
            out.append([(f"{'':11}and {len(found) - MOST} more", "$soft")])
        return [*out, [], [("everything written is kept; `warroom` opens it again where it was", "$soft")]]
