"""The runbook's quick assessment: its commands at once, and what each of them printed."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from warroom.core.acts.evidence import pin_of_output
from warroom.runbook.model import QuickCommand
from warroom.ui.commanded import Commanded
from warroom.ui.keep import pin
from warroom.ui.panes.commands import CommandsPane
from warroom.ui.panes.output import OutputPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


class AssessScreen(RoomScreen):
    """Opening it runs them: they only read. Coming back shows what they said then."""

    AUTO_FOCUS = "#commands Rows"
    BINDINGS = [
        Binding("p", "pin", "pin", id="assess.pin", tooltip="pin what it printed into the timeline as evidence"),
        Binding("r", "again", "run again", id="assess.again", tooltip="run the command under the cursor again"),
        Binding("x", "stop", "stop", id="assess.stop", tooltip="end the command under the cursor, and all that it started"),
        Binding("ctrl+r", "all", "all again", id="assess.all", tooltip="run all of them again; they only read"),
        Binding(
            "tab,shift+tab", "turn", "output", key_display="tab", id="assess.turn", tooltip="from the commands to the output, and back"
        ),
        Binding("escape", "app.back", "back", id="assess.back", tooltip="back to where you were; what runs goes on"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[Commanded] = []
        self._of: tuple[QuickCommand, ...] = ()

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    def middle(self) -> Iterable[Widget]:
        self.list = CommandsPane().data_bind(RoomScreen.incident, RoomScreen.now)
        self.said = OutputPane().data_bind(RoomScreen.incident, RoomScreen.now)
        yield Horizontal(self.list, self.said, id="assessment")

    def on_mount(self) -> None:
        self.follow()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_mounted and self.query(CommandsPane):
            self.follow()

    def follow(self) -> None:
        """The commands of the runbook that holds, where they are others than before."""
        wanted = self.console.room.runbook.oncall.quick_assessment
        self.list.refused = "" if self.console.shell else "no commands can be run from this console"
        if self.console.shell and wanted != self._of:
            for one in self.commands:
                self._stop(one)
            self._of = wanted
            now = asyncio.get_running_loop().time
            self.commands = [Commanded(one.title, one.command, now) for one in wanted]
            self.list.commands = self.commands
            self.action_all()
        self._show()

    # Running.

    def action_all(self) -> None:
        for one in self.commands:
            if one.running is None:
                self._run(one)

    def action_again(self) -> None:
        if (one := self.current()) is not None and one.running is None:
            self._run(one)

    def action_stop(self) -> None:
        if (one := self.current()) is not None:
            self._stop(one)

    def _stop(self, one: Commanded) -> None:
        if one.running is not None:
            one.running.stop()

    def _run(self, one: Commanded) -> None:
        assert self.console.shell is not None
        run = one.begin()
        one.running = self.console.shell.start(one.command, partial(self._heard, one, run))
        self.run_worker(self._ended(one, run), group="assess")
        self._show()

    def _heard(self, one: Commanded, run: int, text: str) -> None:
        if one.hear(run, text) and one is self.current():
            self.said.show(one)

    async def _ended(self, one: Commanded, run: int) -> None:
        assert one.running is not None
        one.end(run, await one.running.output())
        self._show()

    # Showing.

    def current(self) -> Commanded | None:
        return self.commands[self.list.at] if self.commands else None

    def _show(self) -> None:
        self.list.update()
        self.said.show(self.current())
        self.refresh_bindings()

    @on(Rows.Highlighted)
    def follow_cursor(self, message: Rows.Highlighted) -> None:
        if message.rows is self.list.body:
            self._show()

    @on(Rows.Chosen)
    def to_the_output(self, message: Rows.Chosen) -> None:
        if message.rows is self.list.body:
            self.said.focus()

    def action_turn(self) -> None:
        (self.said if self.list.has_focus_within else self.list).focus()

    # Keeping.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        one = self.current() if self.is_mounted and self.query(CommandsPane) else None
        match action:
            case "pin":
                return one is not None and one.output is not None and one.output.ended != "not run"
            case "stop":
                return one is not None and one.running is not None
            case "again":
                return one is not None and one.running is None
        return True

    def action_pin(self) -> None:
        if (one := self.current()) is not None and one.output is not None:
            pin(self.console, pin_of_output(one.title, one.output))
