"""The log of one pod over the whole screen."""

from collections.abc import Iterable

from textual.binding import Binding
from textual.widget import Widget

from warroom.core.ports import RawLogs
from warroom.ui.panes.log import LogPane
from warroom.ui.screens.base import RoomScreen


class LogScreen(RoomScreen):
    """Opened by `l`; esc closes it, and everything is as it was."""

    AUTO_FOCUS = "LogPane Rows"
    BINDINGS = [Binding("escape,l,q", "close", "back", key_display="esc", id="log.close", tooltip="back to where you were")]

    def __init__(self, logs: RawLogs, pod: str, container: str = "") -> None:
        super().__init__()
        self.pane = LogPane(logs, pod, container)

    def middle(self) -> Iterable[Widget]:
        yield self.pane.data_bind(RoomScreen.world, RoomScreen.incident, RoomScreen.now)

    def action_close(self) -> None:
        self.dismiss()
