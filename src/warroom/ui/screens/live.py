"""Left what the cluster says, right what people did."""

from collections.abc import Iterable
from datetime import datetime

from textual import events, on
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget

from warroom.core.incident import Incident
from warroom.ui.panes.changes import ChangesPane
from warroom.ui.panes.deadlines import DeadlinesPane
from warroom.ui.panes.events import EventsPane
from warroom.ui.panes.pane import Pane, TablePane
from warroom.ui.panes.peek import PeekPane
from warroom.ui.panes.pods import PodsPane
from warroom.ui.panes.severity import SeverityPane
from warroom.ui.panes.strip import PaneStrip
from warroom.ui.panes.timeline import TimelinePane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.widgets.rows import Rows


class LiveScreen(RoomScreen):
    """All panes where there is room; one of them, and a strip that names the rest, where there is not."""

    AUTO_FOCUS = "#pods Rows"
    BINDINGS = [
        Binding("2", "pane('pods')", "pods", show=False, id="live.pods"),
        Binding("4", "pane('events')", "events", show=False, id="live.events"),
        Binding("5", "pane('deadlines')", "deadlines", show=False, id="live.deadlines"),
        Binding("6", "pane('severity')", "severity", show=False, id="live.severity"),
        Binding("7", "pane('timeline')", "timeline", show=False, id="live.timeline"),
        Binding("tab", "turn(1)", "next pane", show=False, id="live.next"),
        Binding("shift+tab", "turn(-1)", "previous pane", show=False, id="live.previous"),
        Binding("z", "zoom", "zoom", id="live.zoom", tooltip="give the pane the whole screen, and back"),
        Binding("escape", "unzoom", "back", show=False, id="live.back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.current = "pods"

    def middle(self) -> Iterable[Widget]:
        follow = (RoomScreen.world, RoomScreen.incident, RoomScreen.now)
        pods, events_, deadlines, severity, timeline, peek, changes = (
            pane.data_bind(*follow)
            for pane in (PodsPane(), EventsPane(), DeadlinesPane(), SeverityPane(), TimelinePane(), PeekPane(), ChangesPane())
        )
        yield PaneStrip()
        yield Vertical(
            Vertical(Vertical(pods, peek, id="cluster-a"), Vertical(changes, events_, id="cluster-b"), id="cluster"),
            Vertical(deadlines, severity, timeline, id="people"),
            id="panes",
        )

    def on_mount(self) -> None:
        self._mark()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._mark()

    def pane(self, name: str) -> Pane:
        return self.query_one(f"#{name}", Pane)

    def action_pane(self, name: str) -> None:
        self.current = name
        self._mark()
        self.pane(name).focus()

    def action_turn(self, by: int) -> None:
        panes = [pane.id or "" for pane in self.query(Pane) if pane.digit and (self.has_class("-single") or pane.display)]
        at = panes.index(self.current) if self.current in panes else 0
        self.action_pane(panes[(at + by) % len(panes)])

    def action_zoom(self) -> None:
        self.toggle_class("-zoomed")
        self._mark()

    def action_unzoom(self) -> None:
        if self.has_class("-zoomed"):
            self.action_zoom()

    def _mark(self) -> None:
        """The classes that the sheet shows one pane by."""
        self.set_class(self.narrow or self.has_class("-zoomed"), "-single")
        for pane in self.query(Pane):
            pane.set_class(pane.id == self.current, "-current")
        for box in self.query("#cluster, #cluster-a, #cluster-b, #people"):
            box.set_class(bool(box.query(f"#{self.current}")), "-holds")
        self.query_one(PeekPane).set_class(self.current == "pods" and self.narrow, "-beside")
        self._strip()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        pane = next((node for node in event.widget.ancestors if isinstance(node, Pane)), None)
        if pane is not None and pane.id and pane.digit and pane.id != self.current:
            self.current = pane.id
            self._mark()
        if pane is not None and isinstance(pane, TablePane):
            self._peek(pane)

    @on(Rows.Highlighted)
    def follow_cursor(self, message: Rows.Highlighted) -> None:
        pane = next((node for node in message.rows.ancestors if isinstance(node, TablePane)), None)
        if pane is not None and pane.id == self.current:
            self._peek(pane)

    def _peek(self, pane: TablePane[object]) -> None:
        subject = pane.table.under_cursor
        self.query_one(PeekPane).look_at(subject)  # type: ignore[arg-type]

    def watch_world(self) -> None:
        if self.is_mounted:
            self.call_later(self._strip)
            if isinstance(pane := self.pane(self.current), TablePane):
                self.call_later(self._peek, pane)

    def watch_incident(self, _: Incident) -> None:
        if self.is_mounted:
            self.call_later(self._strip)

    def watch_now(self, before: datetime | None, now: datetime | None) -> None:
        if self.is_mounted and now and (before is None or int(before.timestamp()) != int(now.timestamp())):
            self._strip()

    def _strip(self) -> None:
        self.query_one(PaneStrip).redraw()
