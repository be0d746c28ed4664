"""One figure over the whole screen and the whole incident."""

from collections.abc import Iterable

from textual.binding import Binding
from textual.widget import Widget

from warroom.core.readings import Series
from warroom.ui.panes.plot import PlotPane
from warroom.ui.screens.base import RoomScreen


class PlotScreen(RoomScreen):
    """Opened by enter on a figure; esc closes it, and everything is as it was."""

    AUTO_FOCUS = "PlotPane Rows"
    BINDINGS = [Binding("escape,q", "close", "back", key_display="esc", id="plot.close", tooltip="back to where you were")]

    def __init__(self, series: Series) -> None:
        super().__init__()
        self.pane = PlotPane(series)

    def middle(self) -> Iterable[Widget]:
        yield self.pane.data_bind(RoomScreen.world, RoomScreen.incident, RoomScreen.now)

    def action_close(self) -> None:
        self.dismiss()
