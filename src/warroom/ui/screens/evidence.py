"""One piece of evidence over the whole screen, as it was when it was pinned."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual.binding import Binding
from textual.widget import Widget

from warroom.core.entries import Entry, Pinned
from warroom.core.output import Output
from warroom.core.ports import JournalTrouble
from warroom.ui.cells import Line
from warroom.ui.commanded import Commanded
from warroom.ui.look import foreign, g
from warroom.ui.panes.output import OutputPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.words import utc

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


class EvidencePane(OutputPane):
    """Its head says who pinned it, when, and the hash that a post-mortem names."""

    label = "evidence"

    def __init__(self, entry: Entry, fact: Pinned) -> None:
        super().__init__()
        self._entry, self._fact = entry, fact
        self.trouble = ""
        """Why it is not whole."""

    def called(self) -> str:
        return f"{g['yes']} {foreign(self._fact.what, 20)} {foreign(self._fact.name, 60)}"

    def facts(self) -> Sequence[Line]:
        return (
            [(f"sha256 {self._fact.sha256[:12]}", "$soft")],
            [(f"{foreign(self._entry.by, 40)} {utc(self._entry.at)}", "$soft")],
            [(f"{g['over']} only its beginning: {foreign(self.trouble, 200)}", "$soon")] if self.trouble else (),
        )


class EvidenceScreen(RoomScreen):
    """Opened by enter on an entry that pins; esc closes it, and everything is as it was."""

    AUTO_FOCUS = "EvidencePane Rows"
    BINDINGS = [Binding("escape,q", "close", "back", key_display="esc", id="evidence.close", tooltip="back to where you were")]

    def __init__(self, entry: Entry, fact: Pinned) -> None:
        super().__init__()
        self._fact = fact
        self.pane = EvidencePane(entry, fact)

    def middle(self) -> Iterable[Widget]:
        yield self.pane.data_bind(RoomScreen.incident, RoomScreen.now)

    def on_mount(self) -> None:
        self._tell(self._fact.text)
        if self._fact.evidence:
            self.run_worker(self._whole(), group="evidence", exclusive=True)

    async def _whole(self) -> None:
        try:
            self._tell(await cast("WarRoomApp", self.app).room.evidence(self._fact))
        except JournalTrouble as trouble:
            self.pane.trouble = str(trouble)
            self.pane.update()

    def _tell(self, text: str) -> None:
        output = Output(command="", ok=True, exit_code=0, text=text, sha256=self._fact.sha256)
        self.pane.show(Commanded(self._fact.name, "", lambda: 0.0, None, output, [text]))

    def action_close(self) -> None:
        self.dismiss()
