"""Leaving: who watches the deadlines then."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from warroom.core.deadlines import Deadline, deadlines
from warroom.ui.cards.card import Button, Card
from warroom.ui.cells import Line, cell, clip, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.editor import EditorPane
from warroom.ui.panes.timeline import TimelinePane
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

    def unkept(self) -> str:
        """A note or a correction that was begun and not kept."""
        screens = self.console.every_screen
        begun = [editor.unkept for screen in screens for editor in screen.query(EditorPane)]
        begun += [pane.note.value for screen in screens for pane in screen.query(TimelinePane)]
        return next((text for text in begun if text.strip()), "")

    def asks(self) -> bool:
        """Whether there is anything to ask about."""
        return bool(self.unwatched() or self.unkept())

    def fields(self) -> Iterable[Widget]:
        yield Words(self._lines)

    def buttons(self) -> Sequence[Button]:
        return (Button("Quit", "enter", "answer"), Button("Stay", "esc", "cancel"))

    def action_answer(self) -> None:
        self.dismiss()
        self.console.leave()

    def _who_watches(self, many: int, width: int) -> Sequence[Line]:
        """Of several consoles another one takes the watch; after the last one nobody announces or pages."""
        lease, these = self.console.world.watch.value, "these" if many > 1 else "this"
        if lease is not None and lease.consoles > 1:
            return [[(f"another console goes on watching {these}", "$loud bold")]]
        return [
            [(f"nobody watches {these} from here when you leave", "$loud bold")],
            *([(part, "$soft")] for part in wrap("and nobody is paged; `warroom watch` goes on without a screen", width)),
        ]

    def _lines(self, width: int) -> Sequence[Line]:
        found, unkept, out = self.unwatched(), self.unkept(), list[Line]()
        if unkept:
            out.append([(f"{g['over']} begun and not kept, it goes when you leave", "$soon bold")])
            out += [[(clip(foreign(unkept), width), "$ink")], []]
        if found:
            out += [*self._who_watches(len(found), width), []]
        for one in found[:MOST]:
            late = one.state == "due"
            glyph, style = (g["over"], "$bad bold") if late else (g["soon"], "$soon bold") if one.soon else (g["run"], "$ink")
            owner = f"  {foreign(one.owner)}" if one.owner else ""
            title = clip(foreign(one.title), max(12, width - 12 - len(owner)))
            out.append([*cell((figures(one.left_seconds), style), 8, ">"), (f" {glyph} ", style), (title, "$ink"), (owner, "$soft")])
        if len(found) > MOST:
            out.append([(f"{'':11}and {len(found) - MOST} more", "$soft")])
        return [*out, [], [("everything written is kept; `warroom` opens it again where it was", "$soft")]]
