"""The review: the post-mortem as it stands, what it still lacks, and the meeting about it."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from warroom.core.acts import Refusal
from warroom.core.incident import Incident
from warroom.reports.charts import charts
from warroom.reports.postmortem import postmortem
from warroom.runbook.model import Runbook
from warroom.ui.keep import copy
from warroom.ui.look import foreign
from warroom.ui.panes.review import AgendaPane, DocumentPane, SectionsPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


def drawn(incident: Incident, runbook: Runbook, now: datetime) -> tuple[str, Mapping[str, str]]:
    """The document, and the charts that it shows by the names of their files."""
    found = {f"{incident.id}-{chart.name}.svg": chart for chart in charts(incident)}
    text = postmortem(incident, runbook, now, pictures=[(chart.title, name) for name, chart in found.items()]).text
    return text, {name: chart.svg for name, chart in found.items()}


class ReviewScreen(RoomScreen):
    """The document is written by the room, anew with every entry; what people wrote into its file stays."""

    AUTO_FOCUS = "#sections Rows"
    BINDINGS = [
        Binding("tab", "blank", "next blank", id="review.blank", tooltip="the next place where something is still to be written"),
        Binding("e", "edit", "edit", id="review.edit", tooltip="the document in your editor; what the room learns later is merged into it"),
        Binding("x", "export", "export", id="review.export", tooltip="write the Markdown file; edits in it stay"),
        Binding("+", "app.card('response', 'well')", "went well", id="review.well", tooltip="keep what went well"),
        Binding("-", "app.card('response', 'badly')", "improve", id="review.badly", tooltip="keep what could be better"),
        Binding("a", "agenda", "agenda", id="review.agenda", tooltip="begin the meeting; again: its next item"),
        Binding("n", "note", "note", id="answer.note_review", tooltip="a note; in the meeting into the section that it is at"),
        Binding("c", "copy", "copy", id="review.copy", tooltip="the document as Markdown, to the clipboard and a file"),
        Binding("shift+tab", "turn", "document", show=False, id="review.turn", tooltip="from the sections to the document, and back"),
        Binding("escape", "app.back", "back", id="review.back", tooltip="back to where you were"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._seen = ""
        self._turn = 0
        self._ours = ""
        self._pictures: Mapping[str, str] = {}

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    def middle(self) -> Iterable[Widget]:
        self.list = SectionsPane().data_bind(RoomScreen.incident, RoomScreen.now)
        self.agenda = AgendaPane().data_bind(RoomScreen.incident, RoomScreen.now)
        self.document = DocumentPane().data_bind(RoomScreen.incident, RoomScreen.now)
        yield Horizontal(Vertical(self.list, self.agenda, id="review-list"), self.document, id="review")

    def watch_incident(self) -> None:
        if self.is_mounted and self.query(DocumentPane):
            self._write()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_mounted and self.query(DocumentPane):
            self._write(anew=True)

    def on_mount(self) -> None:
        super().on_mount()
        self._write()

    # The document.

    def _write(self, *, anew: bool = False) -> None:
        """Whenever an entry came; beside the keys, because a long night is a long document."""
        state = f"{self.incident.id} {self.incident.seq}"
        if anew or state != self._seen:
            self._seen = state
            self._turn += 1
            self.run_worker(self._written(self._turn), group="review")

    async def _written(self, turn: int) -> None:
        if not self.incident.id:
            return
        now = self.now or self.console.clock.now()
        ours, pictures = await asyncio.to_thread(drawn, self.incident, self.console.room.runbook, now)
        papers = self.console.papers
        text = await papers.shown(self.incident.id, ours) if papers else ours
        if turn != self._turn:  # a newer one is on its way
            return
        self._ours, self._pictures = ours, pictures
        self.list.show(text)
        self.document.show(text, edited=text != self._ours)
        self.refresh_bindings()

    @on(Rows.Highlighted)
    def follow_cursor(self, message: Rows.Highlighted) -> None:
        if message.rows is self.list.body and (section := self.list.at):
            self.document.go(section.line)

    @on(Rows.Chosen)
    def to_the_document(self, message: Rows.Chosen) -> None:
        if message.rows is self.list.body:
            self.document.focus()

    def action_turn(self) -> None:
        (self.document if self.list.has_focus_within else self.list).focus()

    def action_blank(self) -> None:
        self.document.focus()
        self.document.next_blank()

    def action_copy(self) -> None:
        copy(self.console, self.document.text, "the post-mortem")

    # Its file.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("edit", "export"):
            return bool(self.incident.id) and self.console.papers is not None
        return bool(self.incident.id) if action in ("copy", "blank", "note", "agenda") else True

    async def action_export(self) -> None:
        if (path := await self._kept()) is not None:
            self.notify(foreign(path, 200), title="written", markup=False)

    async def action_edit(self) -> None:
        papers = self.console.papers
        if papers is None or await self._kept() is None:
            return
        with self.console.handed_over():
            trouble = await papers.edited(self.incident.id)
        if trouble is not None:
            self.notify(foreign(trouble.why), severity="warning", markup=False)
        self._write(anew=True)

    async def _kept(self) -> str | None:
        """Where the file is; None: it could not be written, and that was told."""
        papers = self.console.papers
        if papers is None or not self._ours:
            return None
        done = await papers.written(self.incident.id, self._ours, self._pictures)
        if isinstance(done, Refusal):
            self.notify(foreign(done.why), title="not written", severity="warning", markup=False)
            return None
        self._write(anew=True)
        return done

    # The meeting.

    def action_agenda(self) -> None:
        self.agenda.go_on(self.now or self.console.clock.now())

    async def action_note(self) -> None:
        """What is said while an item is talked about goes where it belongs."""
        about = self.agenda.item.title.casefold() if self.agenda.item else ""
        for words, kind in ((r"\bwell\b", "well"), (r"improve|wrong|better", "badly"), (r"action", "action")):
            if re.search(words, about):
                self.console.action_card("response", kind)
                return
        await self.console.places.note()
