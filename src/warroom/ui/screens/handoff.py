"""Handing over: the brief, the last entries, and two signatures."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from warroom.reports.handoff import handoff_document
from warroom.ui.keep import copy
from warroom.ui.panes.brief import BriefPane, LastPane, SignaturesPane
from warroom.ui.screens.base import RoomScreen

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


class HandoffScreen(RoomScreen):
    """One page that the next shift reads; nothing here is typed but the signatures."""

    AUTO_FOCUS = "#brief Rows"
    BINDINGS = [
        Binding(
            "enter", "sign", "sign", id="handoff.sign", priority=True, tooltip="sign what was handed over to you: its roles are yours then"
        ),
        Binding(
            "h",
            "hand_over",
            "hand over",
            id="handoff.hand_over",
            tooltip="hand over the roles that you hold; they move with the other signature",
        ),
        Binding("c", "copy", "copy", id="handoff.copy", tooltip="the brief as Markdown, to the clipboard and a file"),
        Binding(
            "tab,shift+tab", "turn", "entries", key_display="tab", id="handoff.turn", tooltip="from the brief to the last entries, and back"
        ),
        Binding("escape", "app.back", "back", id="handoff.back", tooltip="back to where you were"),
    ]

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    def middle(self) -> Iterable[Widget]:
        self.brief = BriefPane().data_bind(RoomScreen.incident, RoomScreen.now)
        self.signatures = SignaturesPane().data_bind(RoomScreen.incident, RoomScreen.now)
        self.last = LastPane().data_bind(RoomScreen.incident, RoomScreen.now)
        yield Horizontal(Vertical(self.brief, self.signatures, id="page"), self.last, id="handoff")

    def watch_incident(self) -> None:
        if self.is_mounted:
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "sign":
            return self.is_mounted and bool(self.query(SignaturesPane)) and self.signatures.mine and self.incident.open
        if action == "hand_over":
            return self.incident.open
        return bool(self.incident.id) if action == "copy" else True

    def action_sign(self) -> None:
        from warroom.ui.cards.handover import SignCard

        self.app.push_screen(SignCard())

    def action_hand_over(self) -> None:
        from warroom.ui.cards.handover import HandOverCard

        self.app.push_screen(HandOverCard())

    def action_copy(self) -> None:
        now = self.now or self.console.clock.now()
        copy(self.console, handoff_document(self.incident, self.console.room.runbook, now), "the brief")

    def action_turn(self) -> None:
        (self.last if self.brief.has_focus_within else self.brief).focus()
