"""What every screen has: the header, the keys, and the three truths of the App."""

from collections.abc import Iterable
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from warroom.core.incident import Incident
from warroom.core.readings import World
from warroom.ui.panes.header import Header
from warroom.ui.panes.keybar import KeyBar
from warroom.ui.size import SIZES, size_class


class RoomScreen(Screen[None]):
    """Follows the App while it is seen; one that comes back catches up. A kind of it gives its `middle`."""

    FOLLOWS = ("world", "incident", "now")
    world: var[World] = var(World())
    incident: var[Incident] = var(Incident())
    now: var[datetime | None] = var[datetime | None](None)

    def middle(self) -> Iterable[Widget]:
        """What is between the header and the keys."""
        return ()

    def compose(self) -> ComposeResult:
        # Before there are children, whose styles would all be applied anew.
        self._fit(*self.app.size)
        self._follow()
        yield Header().data_bind(RoomScreen.world, RoomScreen.incident, RoomScreen.now)
        yield from self.middle()
        yield KeyBar()

    @property
    def narrow(self) -> bool:
        return self.has_class("-narrow")

    def on_mount(self) -> None:
        for name in self.FOLLOWS:
            self.watch(self.app, name, self.catch_up)

    def on_resize(self, event: events.Resize) -> None:
        self._fit(*event.size)

    def _fit(self, width: int, height: int) -> None:
        size = size_class(width, height)
        for _, name in SIZES:
            self.set_class(name == size, name)

    def on_screen_resume(self) -> None:
        self.catch_up()

    @property
    def seen(self) -> bool:
        """Whether it is on top, or only cards are above it."""
        stack = self.app.screen_stack
        return self in stack and all(screen.is_modal for screen in stack[stack.index(self) + 1 :])

    def catch_up(self) -> None:
        if self.seen:
            self._follow()

    def _follow(self) -> None:
        for name in self.FOLLOWS:
            setattr(self, name, getattr(self.app, name))
