"""The runbook as it holds now: its contents, its text, what is wrong with it, and the documents it leads to."""

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from warroom.core.acts import Refusal
from warroom.core.entries import RunbookText
from warroom.runbook.lint import check
from warroom.runbook.model import Finding, Related
from warroom.ui.cells import Line
from warroom.ui.look import foreign, g
from warroom.ui.page import Page, page
from warroom.ui.panes.contents import FINDING, HEADING, RELATED, ContentsPane
from warroom.ui.panes.prose import ProsePane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.size import size_class
from warroom.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp

OLD = 90
"""Days after which a runbook is no longer trusted without a word."""
MOST = 40
"""Related documents that are looked for."""
NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Shown:
    """A document, and the line to come back to."""

    page: Page
    at: int = 0


class RunbookScreen(RoomScreen):
    """Contents at the left, text at the right; on a small screen one of them. A related document lies upon the runbook."""

    AUTO_FOCUS = ""
    BINDINGS = [
        Binding(
            "tab,shift+tab", "turn", "contents", key_display="tab", id="runbook.turn", tooltip="from the contents to the text, and back"
        ),
        Binding("escape", "back", "back", id="runbook.back", tooltip="from a related document to the runbook, from that to where you were"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.under: Shown | None = None
        """The runbook, while a related document lies upon it."""
        self._text: RunbookText | None = None
        self._texts = dict[int, str]()
        self._wanted = ""
        """The target of the document to open as soon as it is read."""

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    def middle(self) -> Iterable[Widget]:
        self.contents = ContentsPane().data_bind(RoomScreen.incident, RoomScreen.now)
        self.prose = ProsePane().data_bind(RoomScreen.incident, RoomScreen.now)
        yield Horizontal(self.contents, self.prose, id="pages")

    def on_mount(self) -> None:
        self.follow()
        (self.prose if size_class(*self.app.size) == "-narrow" else self.contents).focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_mounted and self.query(ProsePane):
            self.follow()

    def watch_incident(self) -> None:
        if self.is_mounted and self.query(ProsePane):
            self.follow()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(self.contents.has_focus_within, "-listing")

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        self.set_class(self.contents.has_focus_within, "-listing")

    # What it shows.

    def follow(self) -> None:
        """The runbook that holds, where it is another one than before."""
        text = self.console.room.text
        if text is self._text:
            return
        self._text, self.under, self._texts = text, None, {}
        self._turn_to(self._runbook(), 0)
        self.run_worker(self._look_up(), group="related", exclusive=True)

    def _runbook(self) -> Page:
        room = self.console.room
        return page(room.runbook.title or room.text.file, room.text.text, room.runbook.headings)

    def findings(self) -> tuple[Finding, ...]:
        room = self.console.room
        found = room.runbook.findings or check(room.runbook, room.text.file)
        return tuple(sorted(found, key=lambda one: ("error", "warning", "note").index(one.level)))

    def _turn_to(self, shown: Page, at: int) -> None:
        """The runbook has findings and related documents, another document has its headings alone."""
        contents, ours = self.contents, self.under is None
        contents.page = shown
        contents.about = self._about() if ours else [[(f"{g['flat']} a related document, esc: the runbook", "$soft")]]
        contents.findings = self.findings() if ours else ()
        contents.related = self.console.room.runbook.related if ours else ()
        contents.update()
        self.prose.aged = self._age() if ours else ()
        self.prose.show(shown, at)

    def _about(self) -> Sequence[Line]:
        room = self.console.room
        runbook = room.runbook
        told = [
            f"version {runbook.version}" if runbook.version else "no version",
            f"of {runbook.updated}" if runbook.updated else "",
            f"owner {runbook.owner}" if runbook.owner else "no owner",
        ]
        return [
            [(foreign(" · ".join(filter(None, told)).replace(" · ", f" {g['dot']} ")), "$ink")],
            [(f"sha256 {foreign(room.text.sha256[:12])}", "$soft")],
            self._age(),
        ]

    def _age(self) -> Line:
        """It is not its own date that makes a runbook doubtful, but what has happened since."""
        try:
            updated = date.fromisoformat(self.console.room.runbook.updated or "")
        except ValueError:
            return [(f"{g['unknown']} age unknown: it has no date", "$soon")]
        days = (self.console.clock.now().date() - updated).days
        if days > OLD:
            return [(f"{g['over']} {days} days old", "$soon bold")]
        return [(f"{days} days old" if days >= 0 else "dated ahead of today", "$soft")]

    # The documents it leads to.

    async def _look_up(self) -> None:
        for n, related in enumerate(self.console.room.runbook.related):
            refused = NOT_FOUND
            if "://" in related.target or related.target.startswith("mailto:"):
                refused = f"an address, open it elsewhere: {related.target}"
            elif self.console.read_document is not None and n < MOST:
                found = await self.console.read_document(self._beside(related))
                refused = found.why if isinstance(found, Refusal) else ""
                if not isinstance(found, Refusal):
                    self._texts[n] = found
            self.contents.refused = {**({} if n == 0 else self.contents.refused), n: refused}
            self.contents.update()
            if related.target == self._wanted:
                self.open_document(n)

    def _beside(self, related: Related) -> str:
        """As it is seen from the folder of the runbook."""
        return posixpath.join(posixpath.dirname(related.file), related.target.partition("#")[0].partition("?")[0])

    def open_document(self, number: int) -> None:
        self._wanted = ""
        related, text = self.console.room.runbook.related[number], self._texts.get(number)
        if text is None:
            why = self.contents.refused.get(number) or NOT_FOUND
            self.notify(f"{foreign(related.title, 100)}: {foreign(why, 300)}", markup=False, timeout=4)
            return
        if self.under is None:
            self.under = Shown(self.prose.page, self.prose.at)
        found = page(related.title or related.target, text)
        self._turn_to(found, found.anchor(related.target.partition("#")[2]) or 0)
        self.prose.focus()

    @on(ProsePane.Followed)
    def follow_link(self, message: ProsePane.Followed) -> None:
        related = self.console.room.runbook.related
        number = next((n for n, one in enumerate(related) if one.target == message.target), None) if self.under is None else None
        if number is not None:
            self.open_document(number)
        else:
            self.notify(f"this link leads to {foreign(message.target, 300)}: open it elsewhere", markup=False, timeout=4)

    # Moving.

    def open_at(self, line: int, file: str = "") -> None:
        """A line of the runbook."""
        self.action_home()
        found = self.prose.page.index(line, file)
        if found is not None:
            self.prose.go(found)
        self.prose.focus()

    def open_findings(self) -> None:
        self.action_home()
        if self.contents.findings:
            self.contents.body.gather(max(20, self.contents.size.width - 2), self.contents.size.height)
            self.contents.body.go(f"{FINDING}0")
            self._jump(f"{FINDING}0")
        self.contents.focus()
        self.add_class("-listing")

    def open_target(self, target: str) -> None:
        """A related document by where its link leads; one that is still being read opens when it is there."""
        self.action_home()
        number = next((n for n, one in enumerate(self.console.room.runbook.related) if one.target == target), None)
        if number is not None and number in self.contents.refused:
            self.open_document(number)
        else:
            self._wanted = target

    def action_home(self) -> None:
        if self.under is not None:
            shown, self.under = self.under, None
            self._turn_to(shown.page, shown.at)

    async def action_back(self) -> None:
        if self.under is not None:
            self.action_home()
            self.prose.focus()
        else:
            await self.console.action_back()

    def action_turn(self) -> None:
        listing = not self.contents.has_focus_within
        self.set_class(listing, "-listing")
        (self.contents if listing else self.prose).focus()

    @on(Rows.Highlighted)
    def jump(self, message: Rows.Highlighted) -> None:
        """Only what somebody moved: a list that was just drawn says where its cursor is, too."""
        if message.rows is self.contents.body and message.rows.has_focus:
            self._jump(message.rows.cursor)

    @on(Rows.Chosen)
    def choose(self, message: Rows.Chosen) -> None:
        if message.key.startswith(RELATED):
            self.open_document(int(message.key.removeprefix(RELATED)))
        elif self._jump(message.key):
            self.prose.focus()

    def _jump(self, key: str) -> bool:
        shown = self.prose.page
        found: int | None = None
        if key.startswith(HEADING):
            found = shown.headings[int(key.removeprefix(HEADING))][0]
        elif key.startswith(FINDING):
            finding = self.contents.findings[int(key.removeprefix(FINDING))]
            found = shown.index(finding.line, finding.file)
        elif key.startswith(RELATED):
            related = self.contents.related[int(key.removeprefix(RELATED))]
            found = shown.index(related.line, related.file)
        if found is not None:
            self.prose.go(found)
        return found is not None
