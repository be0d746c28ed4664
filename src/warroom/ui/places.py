"""Going from place to place: the panes of the live screen, and the screens beside it."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from warroom.core.readings import Pod
from warroom.runbook.model import Related
from warroom.ui.look import foreign
from warroom.ui.panes.deadlines import DeadlinesPane
from warroom.ui.panes.severity import SeverityPane
from warroom.ui.screens.live import LiveScreen
from warroom.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.app import App

    from warroom.ui.app import WarRoomApp
    from warroom.ui.screens.runbook import RunbookScreen

SEEN = 6.0
"""Seconds that it is told: it covers the line in which one writes."""
OFFER = 30.0
"""Seconds for which `f` opens a document that was offered."""
_WORD = re.compile(r"[^\W_]+")
_EVERYWHERE = {"incident", "incidents", "alert", "alerts", "issue", "issues", "common", "runbook", "guide", "service", "response"}
"""Words that stand in the name of any document, and so tell nothing."""


class Places:
    """Where one is and where one was. A digit pressed again shows what more its place has, then returns."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._before = ""
        self._offered = ""
        self._told = ""

    @property
    def _console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self._app)

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

    def log(self, pod: str, container: str = "") -> None:
        """The log of a pod, by its key."""
        console = self._console
        if console.logs is None:
            console.notify("this console reads no logs: it has no cluster", severity="warning", markup=False)
            return
        from warroom.ui.screens.log import LogScreen

        console.push_screen(LogScreen(console.logs, pod, container))

    async def note(self) -> None:
        from warroom.ui.screens.timeline import TimelineScreen

        await self._app.switch_mode("timeline")
        if isinstance(self._app.screen, TimelineScreen):
            self._app.screen.action_write("note")

    async def turn(self, mode: str) -> None:
        """To a screen beside the live one; from it back to where one was."""
        if self._app.current_mode == mode:
            await self.back()
        else:
            await self._app.switch_mode(mode)

    # Messages.

    async def tell(self, title: str) -> None:
        """That message, ready to be filled; nothing is sent."""
        from warroom.ui.screens.messages import MessagesScreen

        self._told = ""
        await self._app.switch_mode("messages")
        if isinstance(self._app.screen, MessagesScreen):
            self._app.screen.open(title)

    async def messages(self) -> None:
        """The one that was offered, else as they were left; from them back to where one was."""
        if self._told and self._app.current_mode != "messages":
            await self.tell(self._told)
        else:
            await self.turn("messages")

    def offer_message(self, title: str, why: str) -> None:
        """Says which message tells what just changed, and that 9 opens it."""
        self._told = title
        self._app.notify(f"9 opens {foreign(title, 60)}, filled anew", title=why, timeout=SEEN, markup=False)
        self._app.set_timer(OFFER, lambda: setattr(self, "_told", ""))

    async def assess(self) -> None:
        """The quick assessment, which runs when it is first opened; from it back to where one was."""
        if self._app.current_mode == "assess":
            await self.back()
        else:
            await self._app.switch_mode("assess")

    # Playbooks.

    async def playbooks(self) -> None:
        """From them back to where one was."""
        if self._app.current_mode == "playbooks":
            await self.back()
        else:
            await self._app.switch_mode("playbooks")

    async def step(self, playbook: str, number: int = 0) -> None:
        """A step of a playbook, by its key; without a number the playbook itself. It runs nothing."""
        from warroom.ui.panes.steps import Place
        from warroom.ui.screens.playbooks import PlaybooksScreen

        await self._app.switch_mode("playbooks")
        if isinstance(self._app.screen, PlaybooksScreen):
            self._app.screen.go(Place(playbook, number))

    def pod_under_cursor(self) -> str:
        """Of the live screen, as it was left: the one that is meant when a step asks for a pod."""
        found = next((screen for screen in self._console.every_screen if isinstance(screen, LiveScreen)), None)
        table = getattr(found.pane("pods"), "table", None) if found is not None and found.current == "pods" else None
        return table.under_cursor.name if table is not None and isinstance(table.under_cursor, Pod) else ""

    async def lost(self) -> None:
        """Runs whose console died: written down, and told with where one looks how it is now."""
        from warroom.core.playbooks import unknown_runs

        console = self._console
        if console.runner is None or not console.incident.id:
            return
        if not console.read_only:
            await console.runner.find_lost()
        if unknown := unknown_runs(console.room.incident, console.clock.now()):
            run = unknown[0]
            more = f", and {len(unknown) - 1} more" if len(unknown) > 1 else ""
            told = (
                f"{run.started.playbook}, step {run.started.step}{more}: the console that ran it is gone; . opens it, enter looks how it is"
            )
            console.notify(foreign(told), title="its outcome is unknown", severity="warning", timeout=OFFER, markup=False)

    # The runbook.

    def offer_document(self, words: str) -> None:
        """Says which related document is about what was just ticked, and that `f` opens it."""
        related = about(words, self._console.room.runbook.related)
        if related is None:
            return
        self._offered = related.target
        self._app.notify(f"f opens {foreign(related.title, 100)}", title="there is a document about this", timeout=OFFER, markup=False)
        self._app.set_timer(OFFER, self._offer_ends)

    def _offer_ends(self) -> None:
        self._offered = ""

    async def runbook(self) -> None:
        """Where one is in it; from an item or a deadline its line; after an offer that document; from it back to where one was."""
        if self._app.current_mode == "runbook":
            await self.back()
            return
        line = self._line_under_cursor()
        screen = await self._to_runbook()
        if screen is not None and self._offered:
            screen.open_target(self._offered)
            self._offered = ""
        elif screen is not None and line:
            screen.open_at(line)

    async def playbook(self, line: int, file: str) -> None:
        """Its place in the runbook."""
        if (screen := await self._to_runbook()) is not None:
            screen.open_at(line, file)

    async def findings(self) -> None:
        if (screen := await self._to_runbook()) is not None:
            screen.open_findings()

    async def _to_runbook(self) -> "RunbookScreen | None":
        from warroom.ui.screens.runbook import RunbookScreen

        await self._app.switch_mode("runbook")
        return self._app.screen if isinstance(self._app.screen, RunbookScreen) else None

    def _line_under_cursor(self) -> int:
        """0: what is under the cursor is not of the runbook."""
        if self._app.current_mode == "playbooks":
            return getattr(self._app.screen, "line_under_cursor", 0)
        if self.live is None:
            return 0
        match self.live.pane(self.live.current):
            case SeverityPane() | DeadlinesPane() as pane:
                return one.line if (one := pane.under_cursor()) else 0
        return 0


def about(words: str, documents: Iterable[Related]) -> Related | None:
    """The document whose name has a word of these that tells something."""
    said = {word for word in _WORD.findall(words.casefold()) if len(word) > 4 and word not in _EVERYWHERE}
    return next((one for one in documents if said & set(_WORD.findall(one.target.rpartition("/")[2].casefold()))), None)
