"""The timeline alone, with its editor."""

from collections.abc import Iterable

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from warroom.core.acts import Refusal
from warroom.core.acts.timeline import find_entry
from warroom.core.entries import Pinned
from warroom.ui.look import foreign
from warroom.ui.panes.editor import Doing, EditorPane
from warroom.ui.panes.history import HistoryPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.widgets.rows import Rows


class TimelineScreen(RoomScreen):
    """Every entry, and one place to write, reword, strike or move."""

    AUTO_FOCUS = "#history Rows"
    BINDINGS = [
        Binding("n", "write('note')", "note", id="answer.note_here", tooltip="write what happened; a time may stand in front: -7m, 02:41"),
        Binding(
            "a", "write('amend')", "amend", id="timeline.amend", tooltip="reword the entry under the cursor; the first text stays readable"
        ),
        Binding(
            "X",
            "write('strike')",
            "strike",
            id="timeline.strike",
            tooltip="strike the entry under the cursor; it stays readable and counts for nothing",
        ),
        Binding("M", "write('move')", "move", id="timeline.move", tooltip="move the entry under the cursor in time"),
        Binding("escape", "app.back", "back", show=False, id="timeline.back", tooltip="back to the live screen as you left it"),
    ]

    def middle(self) -> Iterable[Widget]:
        self.history = HistoryPane().data_bind(RoomScreen.world, RoomScreen.incident, RoomScreen.now)
        self.editor = EditorPane().data_bind(RoomScreen.incident, RoomScreen.now)
        yield self.history
        yield self.editor

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self.incident.id) if action == "write" else True

    def action_write(self, doing: Doing) -> None:
        target = self.history.under_cursor() if doing != "note" else None
        if target is not None:
            found = find_entry(self.incident, target.id)
            if isinstance(found, Refusal):
                self.notify(foreign(found.why), severity="warning", markup=False)
                return
            target = found
        if doing != "note" and target is None:
            return
        self.editor.begin(doing, target)

    @on(Rows.Chosen)
    def open_evidence(self, message: Rows.Chosen) -> None:
        found = self.history.under_cursor() if message.rows is self.history.body else None
        if found is not None and isinstance(found.fact, Pinned):
            from warroom.ui.screens.evidence import EvidenceScreen

            self.app.push_screen(EvidenceScreen(found, found.fact))

    @on(EditorPane.Left)
    def back_to_the_list(self) -> None:
        self.history.query_one(Rows).focus()
