"""Where the timeline is written: a note, or a correction that becomes an entry of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import var
from textual.widgets import TextArea

from warroom.core.acts import Act, Refusal
from warroom.core.acts.timeline import Amend, Move, Note, Strike
from warroom.core.entries import Entry
from warroom.core.incident import Incident
from warroom.core.timeline import text_of
from warroom.reports.times import TimeTrouble, editor_prefix, parse_moment
from warroom.ui.cells import Line
from warroom.ui.head import head_line
from warroom.ui.look import foreign, g
from warroom.ui.messages import Asked
from warroom.ui.widgets.painted import Painted
from warroom.ui.words import utc

Doing = Literal["note", "amend", "strike", "move"]


def _key(keys: str, action: str, does: str, tooltip: str) -> Binding:
    """It acts although a field has the focus."""
    shown = {"escape": "esc"}.get(keys, keys.partition(",")[0])
    return Binding(keys, action, does, key_display=shown, id=f"editor.{action}", priority=True, tooltip=tooltip)


class Words(TextArea):
    """The field. Enter keeps, so that a note costs one key."""

    BINDINGS = [
        _key("enter", "keep", "keep", "write it into the timeline"),
        _key("alt+enter,ctrl+j", "line", "new line", "a second line of the same entry"),
        _key("ctrl+t", "time", "time", "put the time of now in front, to change it"),
        _key("alt+p", "progress", "progress", "count this as progress, or not"),
        _key("escape", "leave", "leave", "back to the list; what was typed stays"),
    ]

    class Did(Message):
        """A key that is the editor's to answer."""

        def __init__(self, what: Literal["keep", "time", "progress", "leave"]) -> None:
            super().__init__()
            self.what = what

    def __init__(self) -> None:
        super().__init__(id="words", compact=True, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        self.cursor_blink = False

    def action_keep(self) -> None:
        self.post_message(self.Did("keep"))

    def action_line(self) -> None:
        self.insert("\n")

    def action_time(self) -> None:
        self.post_message(self.Did("time"))

    def action_progress(self) -> None:
        self.post_message(self.Did("progress"))

    def action_leave(self) -> None:
        self.post_message(self.Did("leave"))


class EditorPane(Vertical):
    """Says what will be written before it is; a refusal is told here, and nothing that was typed is lost."""

    incident: var[Incident] = var(Incident(), init=False)
    now: var[datetime | None] = var[datetime | None](None, init=False)

    class Left(Message):
        """Whoever wrote is done, or left."""

    def __init__(self) -> None:
        super().__init__(id="editor")
        self.doing: Doing = "note"
        self.target: Entry | None = None
        self.progress = False
        self.unkept = ""
        """Something that was typed and not kept; empty: nothing was."""
        self._trouble = ""
        self._drafts = dict[tuple[Doing, str], str]()
        """What was typed and not kept, by what it was to become; it comes back with it."""
        self._second = -1

    def compose(self) -> ComposeResult:
        self.top_line = Lines(self._head, classes="head")
        self.what = Lines(self._what)
        self.words = Words()
        self.told = Lines(self._told)
        yield self.top_line
        yield self.what
        yield self.words
        yield self.told

    def begin(self, doing: Doing, target: Entry | None = None) -> None:
        """Turns to a note, or to the correction of an entry; what was typed for it before is there again."""
        self._save()
        self.doing, self.target, self._trouble = doing, target, ""
        self.words.load_text(self._drafts.get(self._subject, self._first()))
        self.words.move_cursor(self.words.document.end)
        self.words.focus()
        self._redraw()

    @property
    def _subject(self) -> tuple[Doing, str]:
        return self.doing, self.target.id if self.target else ""

    def _first(self) -> str:
        """What stands in the field before anything is typed."""
        if self.target is None or self.doing in ("note", "strike"):
            return ""
        if self.doing == "move":
            return f"{self.incident.at(self.target):%Y-%m-%dT%H:%M:%SZ}"
        last = self.incident.amended.get(self.target.id, self.target).fact
        return str(last.text) if hasattr(last, "text") else text_of(last)

    def _save(self) -> None:
        text = self.words.text
        if text.strip() and text != self._first():
            self._drafts[self._subject] = text
        else:
            self._drafts.pop(self._subject, None)
        self.unkept = next((each for each in self._drafts.values()), "")

    def act(self) -> Act | Refusal:
        """What would be asked for now."""
        text = self.words.text.strip()
        if self.now is None:
            return Refusal("the clock is not there yet: try again")
        if self.doing == "note" or self.target is None:
            at, rest = editor_prefix(text, self.now)
            return Note(rest, progress=self.progress, at=at)
        if self.doing == "amend":
            return Amend(self.target.id, text)
        if self.doing == "strike":
            return Strike(self.target.id, text) if text else Refusal("say why it is struck: whoever reads it will ask")
        try:
            return Move(self.target.id, parse_moment(text, self.now))
        except TimeTrouble as trouble:
            return Refusal(str(trouble))

    @on(Words.Did)
    def answer_key(self, message: Words.Did) -> None:
        message.stop()
        if self.words.read_only:  # it is being written down: a refusal would have nowhere to go
            return
        match message.what:
            case "keep":
                self._keep()
            case "time":
                self.words.load_text(f"{utc(self.now, seconds=False)} {self.words.text}")
                self.words.move_cursor((0, 5))
            case "progress":
                self.progress = not self.progress
            case "leave":
                if self.doing == "note":
                    self._save()
                else:
                    self.begin("note")
                self.post_message(self.Left())
        self._redraw()

    def _keep(self) -> None:
        act = self.act()
        if isinstance(act, Refusal):
            self._hear(act)
            return
        self.words.read_only = True  # until it is durable: a second enter must not write it twice
        self.post_message(Asked(act, self._hear))

    def _hear(self, answer: tuple[Entry, ...] | Refusal) -> None:
        self.words.read_only = False
        if isinstance(answer, Refusal):
            self._trouble = answer.why
        else:
            if self.doing == "note":
                self.progress = False
            self._drafts.pop(self._subject, None)
            self.words.load_text(self._first())
            self.begin("note")
            self.post_message(self.Left())
        self._redraw()

    @on(TextArea.Changed)
    def retell(self) -> None:
        self._trouble = ""
        self._save()
        self._redraw()

    def on_descendant_focus(self) -> None:
        self.set_class(self.has_focus_within, "-focus")
        self._redraw()

    def on_descendant_blur(self) -> None:
        self.set_class(self.has_focus_within, "-focus")
        self._redraw()

    def watch_incident(self) -> None:
        if self.is_mounted:
            self._redraw()

    def watch_now(self) -> None:
        if self.is_mounted and self.now and int(self.now.timestamp()) != self._second:
            self._second = int(self.now.timestamp())
            self.told.redraw()

    def _redraw(self) -> None:
        for line in (self.top_line, self.what, self.told):
            line.redraw()

    def _head(self, width: int) -> Line:
        return head_line("editor", (), width, focused=self.has_class("-focus"))

    def _what(self, width: int) -> Line:
        if self.target is None or self.doing == "note":
            return [("note", "$ink bold"), ("   a time may stand in front: -7m, 02:41", "$soft")]
        target = self.target
        who = f"{self.doing} {target.seq}, {foreign(target.by)} {utc(self.incident.at(target))}"
        promise = {
            "amend": "the first text stays readable, this becomes an entry of its own",
            "strike": "say why; it stays readable and counts for nothing",
            "move": "its new time, UTC; it was recorded when it was recorded",
        }[self.doing]
        return [(who, "$ink bold"), (f"   {promise}", "$soft")]

    def _told(self, width: int) -> Line:
        if self._trouble:
            return [(f"{g['bad']} ", "$bad bold"), (foreign(self._trouble), "$loud")]
        if self.words.read_only:
            return [(f"{g['wait']} ", "$soon"), ("writing it down", "$ink")]
        if self.doing != "note":
            return ()
        act = self.act()
        at = act.at if isinstance(act, Note) else None
        box = f"[{g['good'] if self.progress else ' '}]"
        tone = "$loud" if self.progress else "$soft"
        left: Line = [("at ", "$soft"), (utc(at or self.now), "$ink"), ("  counts as progress ", "$soft"), (box, tone)]
        if self.words.text.strip() and not self.has_focus_within:
            return [*left, ("   not kept yet: ", "$soon"), ("n", "$focus bold"), (" goes on with it", "$soft")]
        return left


class Lines(Painted):
    """One line of the editor."""

    def __init__(self, line: Callable[[int], Line], *, classes: str = "line") -> None:
        super().__init__(classes=classes)
        self._line = line

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return [self._line(width)]
