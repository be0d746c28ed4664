"""All that is known of one thing, over the whole screen."""

from collections.abc import Iterable, Sequence
from typing import Any

from textual.binding import Binding
from textual.widget import Widget

from warroom.core.readings import Pattern, Pod, Reading
from warroom.ui.cells import Line
from warroom.ui.panes.pane import LinesPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.subject import Subject, Telling, field_of, newest, title
from warroom.ui.widgets.rows import Row


class DescribePane(LinesPane):
    """Follows the thing while it lives; of one that went it shows what was last known."""

    label = "describe"

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject, self.gone = subject, False

    @property
    def reading(self) -> Reading[Any] | None:
        return getattr(self.world, field_of(self.subject))  # type: ignore[no-any-return]

    def watch_world(self) -> None:
        if self._ready and self.reading is not self._drawn:
            found = newest(self.subject, self.world, self.incident.alerted)
            self.gone = found is None
            self.subject = found or self.subject
            self.update()

    def shows_nothing(self) -> bool:
        return False

    def lines(self, width: int, height: int) -> Sequence[Row]:
        return Telling(self.world, self.now, self.incident.alerted, self.runbook).rows(self.subject, width, whole=True)

    def facts(self) -> Sequence[Line]:
        return ([(title(self.subject), "$ink")], [("gone, as last seen", "$soon bold")] if self.gone else ())


class DescribeScreen(RoomScreen):
    """Opened by enter or `d`; esc closes it, and everything is as it was."""

    AUTO_FOCUS = "DescribePane Rows"
    BINDINGS = [
        Binding("escape,d,q", "close", "back", key_display="esc", id="describe.close", tooltip="back to where you were"),
        Binding("l", "log", "logs", id="describe.log", tooltip="the log of this pod, or of the one that most of the pattern comes from"),
    ]

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.pane = DescribePane(subject)

    def middle(self) -> Iterable[Widget]:
        yield self.pane.data_bind(RoomScreen.world, RoomScreen.incident, RoomScreen.now)

    def action_close(self) -> None:
        self.dismiss()

    def _pod(self) -> str:
        """Whose log belongs to it; empty: nobody's."""
        match self.pane.subject:
            case Pod() as pod:
                return pod.key
            case Pattern() as pattern if pattern.sources:
                return pattern.sources[0][0]
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._pod()) if action == "log" else True

    def action_log(self) -> None:
        self.pane.console.places.log(self._pod())
