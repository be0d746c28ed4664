"""Going from place to place: the panes of the live screen, and the screens beside it."""

from typing import TYPE_CHECKING

from warroom.ui.screens.live import LiveScreen
from warroom.ui.screens.timeline import TimelineScreen
from warroom.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.app import App


class Places:
    """Where one is and where one was. A digit pressed again shows what more its place has, then returns."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._before = ""

    @property
    def live(self) -> LiveScreen | None:
        return self._app.screen if isinstance(self._app.screen, LiveScreen) else None

    async def go(self, name: str) -> None:
        live = self.live
        if live is None:
            if name == self._app.current_mode:
                await self.back(home=True)
            else:
                await self.back()
                self.turn_to(name)
        elif name != live.current or not live.pane(name).has_focus_within:
            self.turn_to(name)
        elif live.pane(name).again():
            return
        elif name in self._app.MODES:
            await self._app.switch_mode(name)
        elif self._before:
            self.turn_to(self._before)

    async def back(self, *, home: bool = False) -> None:
        """To the live screen as it was left; `home`: to the pane before the one that led away."""
        await self._app.switch_mode("live")
        if home and self._before:
            self.turn_to(self._before)

    async def live_again(self) -> LiveScreen | None:
        if self.live is None:
            await self.back()
        return self.live

    def turn_to(self, name: str) -> None:
        if (live := self.live) is None:
            return
        if live.current != name:
            self._before = live.current
        live.action_pane(name)
        live.call_after_refresh(self._make_room, live, name)

    def _make_room(self, live: LiveScreen, name: str) -> None:
        """A pane that this size has no room for gets the whole screen."""
        if live.current == name and not live.pane(name).display:
            live.action_zoom()
            live.pane(name).focus()

    async def pod(self, key: str) -> None:
        if (live := await self.live_again()) is not None:
            self.turn_to("pods")
            live.query_one("#pods Rows", Rows).go(key)

    async def note(self) -> None:
        await self._app.switch_mode("timeline")
        if isinstance(self._app.screen, TimelineScreen):
            self._app.screen.action_write("note")
