"""Notices that somebody comes back to the console, and tells what changed meanwhile."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from warroom.core.away import changes
from warroom.core.incident import Incident
from warroom.ui.look import foreign

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp

AWAY = timedelta(minutes=5)
"""Without a key for so long one was away."""
SHOWN = 30.0
"""Seconds; it can be asked for again."""


class Away:
    """What was last seen, and by key what changed since then."""

    def __init__(self, app: "WarRoomApp") -> None:
        self._app = app
        self._seen: tuple[Incident, datetime] | None = None
        """The incident as it was at the last key before somebody went, and when that was."""
        self._last: tuple[Incident, datetime] | None = None

    def key(self) -> None:
        """A key came: whoever pressed it is here."""
        app = self._app
        if app.now is None:
            return
        now = app.clock.now()
        last, self._last = self._last, (app.incident, now)
        if last is not None and app.clock.real(now) - app.clock.real(last[1]) >= AWAY:
            self._seen = last
            self.tell(only_news=True)

    def tell(self, *, only_news: bool = False) -> None:
        app = self._app
        if self._seen is None:
            app.notify("nobody was away from this console for five minutes yet", title="while you were away", markup=False)
            return
        before, then = self._seen
        if before.id != app.incident.id:
            before = Incident()
        now = app.clock.now()
        lines = changes(before, then, app.incident, now, app.room.runbook, app.room.who)
        if lines or not only_news:
            text = "\n".join(foreign(line, 300) for line in lines) or "nothing changed"
            app.notify(text, title=f"while you were away, since {then:%H:%M}", timeout=SHOWN, markup=False)
