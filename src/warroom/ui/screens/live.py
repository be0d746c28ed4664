"""Left what the cluster says, right what people did."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from textual import events, on
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget

from warroom.core.incident import Incident
from warroom.core.readings import Series
from warroom.core.steps import NextStep
from warroom.ui.cards.describe import DescribeScreen
from warroom.ui.panes.changes import ChangesPane
from warroom.ui.panes.cluster import ClusterPane
from warroom.ui.panes.deadlines import DeadlinesPane
from warroom.ui.panes.errors import ErrorsPane
from warroom.ui.panes.events import EventsPane
from warroom.ui.panes.metrics import MetricsPane
from warroom.ui.panes.pane import Pane
from warroom.ui.panes.peek import PeekPane
from warroom.ui.panes.pods import PodsPane
from warroom.ui.panes.quiet import QuietPane
from warroom.ui.panes.severity import SeverityPane
from warroom.ui.panes.strip import PaneStrip
from warroom.ui.panes.timeline import TimelinePane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.screens.grid import HEAD, cluster, differs
from warroom.ui.size import size_class
from warroom.ui.subject import Subject
from warroom.ui.widgets.rows import Rows


class LiveScreen(RoomScreen):
    """All panes where there is room; one of them, and a strip that names the rest, where there is not."""

    AUTO_FOCUS = "#pods Rows"
    BINDINGS = [
        Binding("tab", "turn(1)", "next pane", show=False, id="live.next", tooltip="the next pane"),
        Binding("shift+tab", "turn(-1)", "previous pane", show=False, id="live.previous", tooltip="the pane before"),
        Binding("n", "note", "note", id="answer.note", tooltip="write what happened; a time may stand in front: -7m, 02:41"),
        Binding("z", "zoom", "zoom", id="live.zoom", tooltip="give the pane the whole screen, and back"),
        Binding("escape", "unzoom", "back", show=False, id="live.back", tooltip="out of the zoom"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.current = "pods"
        self._laid: tuple[tuple[str, int, str], Mapping[str, int]] = (("", 0, ""), {})

    def middle(self) -> Iterable[Widget]:
        follow = (RoomScreen.world, RoomScreen.incident, RoomScreen.now)

        def panes(*kinds: type[Pane], id: str) -> Vertical:
            made = [kind().data_bind(*follow) for kind in kinds]
            for pane in made:
                pane.set_class(pane.id == self.current, "-current")
            return Vertical(*made, id=id, classes="-holds" if any(pane.id == self.current for pane in made) else None)

        yield PaneStrip()
        yield Vertical(
            Vertical(
                panes(MetricsPane, PodsPane, PeekPane, id="cluster-a"),
                panes(ErrorsPane, ChangesPane, EventsPane, id="cluster-b"),
                id="cluster",
                classes="-holds",  # it begins among the pods
            ),
            panes(DeadlinesPane, SeverityPane, QuietPane, TimelinePane, id="people"),
            id="panes",
        )

    def on_mount(self) -> None:
        self._mark()

    @cached_property
    def _tables(self) -> Sequence[ClusterPane[Any]]:
        """They stay as long as the screen: asked for at every reading, they are looked for once."""
        return list(self.query(ClusterPane).results(ClusterPane))

    @cached_property
    def _peeks(self) -> PeekPane:
        return self.query_one(PeekPane)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._mark()

    def pane(self, name: str) -> Pane:
        return self.query_one(f"#{name}", Pane)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self.app.incident.id) if action == "note" else True  # type: ignore[attr-defined]

    def action_note(self) -> None:
        self.action_pane("timeline")
        self.query_one(TimelinePane).write()

    def open_step(self, step: NextStep) -> None:
        """Goes to where it is ticked; what is an act of the room has its card offered."""
        if step.item is not None:
            self.action_pane("severity")
            self.query_one(SeverityPane).open_step(step.item)
        elif self.app.incident.severity is None:  # type: ignore[attr-defined]
            self.app.action_card("severity")  # type: ignore[attr-defined]
        else:
            self.app.action_card("response", "next")  # type: ignore[attr-defined]

    def action_pane(self, name: str) -> None:
        self.current = name
        self._mark()
        self.pane(name).focus()

    def action_turn(self, by: int) -> None:
        single = self.has_class("-single")
        panes = [pane.id or "" for pane in self.query(Pane) if (pane.digit or pane.id == "changes") and (single or pane.display)]
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
        self.query_one(QuietPane).set_class(self.current == "severity", "-beside")
        self._strip()

    def _lay(self) -> None:
        """Gives the panes of the cluster their rows, where their needs or the room have become others."""
        single, (width, height) = self.has_class("-single"), self.size
        size = "-single" if single else size_class(width, height)
        rows = height - (3 if self.narrow else 4) - (2 if single else 1)
        needs = {pane.id or "": pane.wants + HEAD for pane in self._tables} | {"peek": self._peeks.wants + 1}
        at = (size, rows, self.current if single or self.current == "changes" else "")
        if at == self._laid[0] and not differs(self._laid[1], needs):
            return
        self._laid = (at, needs)
        for name, given in cluster(size, rows, needs, self.current).items():
            pane = self.pane(name)
            pane.styles.height = given or "1fr"
            pane.set_class(not given, "-out")
            pane.set_class(single and name == "peek" and given > 0, "-beside")
        self.query_one("#cluster-a").set_class(single and self.current in ("errors", "events", "changes"), "-foot")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        pane = next((node for node in event.widget.ancestors if isinstance(node, Pane)), None)
        if pane is not None and pane.id and pane.id != self.current:
            self.current = pane.id
            self._mark()
        if isinstance(pane, ClusterPane):
            self._peek(pane)

    @on(Rows.Highlighted)
    def follow_cursor(self, message: Rows.Highlighted) -> None:
        pane = next((node for node in message.rows.ancestors if isinstance(node, ClusterPane)), None)
        if pane is not None and pane.id == self.current:
            self._peek(pane)

    @on(Rows.Chosen)
    def describe(self, message: Rows.Chosen) -> None:
        pane = next((node for node in message.rows.ancestors if isinstance(node, ClusterPane)), None)
        if pane is not None and (subject := pane.table.value(message.key)) is not None:
            self.app.push_screen(self._about(subject))

    def _about(self, subject: Subject) -> RoomScreen:
        """A figure is drawn, all else is told."""
        if isinstance(subject, Series):
            from warroom.ui.screens.plot import PlotScreen

            return PlotScreen(subject)
        return DescribeScreen(subject)

    def _peek(self, pane: ClusterPane[Any]) -> None:
        self._peeks.look_at(pane.table.under_cursor)
        self._lay()

    def watch_world(self) -> None:
        if self.is_mounted:
            self.call_later(self._strip)
            if isinstance(pane := self.pane(self.current), ClusterPane):
                self.call_later(self._peek, pane)
            else:
                self.call_later(self._lay)

    def watch_incident(self, incident: Incident) -> None:
        self.set_class(not incident.id, "-quiet")
        if self.is_mounted:
            self.call_later(self._strip)

    def watch_now(self, before: datetime | None, now: datetime | None) -> None:
        if self.is_mounted and now and (before is None or int(before.timestamp()) != int(now.timestamp())):
            self._strip()

    def _strip(self) -> None:
        if self.has_class("-single"):
            self.query_one(PaneStrip).redraw()
