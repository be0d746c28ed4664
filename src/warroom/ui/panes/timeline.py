"""What people did and saw, and the line to write the next of it."""

from collections.abc import Sequence
from functools import lru_cache

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from warroom.core import timeline
from warroom.core.acts import Refusal
from warroom.core.acts.timeline import Note
from warroom.core.entries import Entry
from warroom.reports.times import editor_prefix
from warroom.ui.cells import Line, Seg, cell, measure, wrap
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.messages import Asked
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.painted import Painted
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.words import utc

TEXT = 20
"""Where the words begin: time 8, glyph 2, who 8, and gaps."""
TONES = {"good": "$good", "over": "$soon", "unknown": "$soon", "yes": "$focus", "live": "$ink", "todo": "$ink"}


@lru_cache(maxsize=4096)
def rows_of(line: timeline.Line, width: int, ascii: bool) -> tuple[Row, ...]:
    """An entry as rows; an incident of hours has hundreds, and few of them change."""
    tone = "$soft" if line.is_struck else TONES.get(line.glyph, "$soft")
    lead: list[Seg] = [
        (f"{utc(line.at)} ", "$soft"),
        *cell((f"{g[line.glyph]} ", tone), 2),
        *cell((foreign(line.who), "$soft" if line.is_struck else "$ink bold"), 8),
        (" ", ""),
    ]
    room = max(12, width - TEXT)
    body: list[list[Seg]] = [[(part, "$soft strike" if line.is_struck else "$ink")] for part in wrap(foreign(line.text), room)]
    notes = f" {g['dot']} ".join(foreign(note) for note in line.notes)
    if notes and measure(body[-1]) + 2 + measure([(notes, "")]) <= room:
        body[-1] += [("  ", ""), (notes, "$soon")]
    elif notes:
        body += [[(part, "$soon")] for part in wrap(notes, room)]
    return tuple(Row((*(lead if n == 0 else [(" " * TEXT, "")]), *part), line.id) for n, part in enumerate(body))


class NoteBlank(Blank):
    """Enter keeps what was typed, esc leaves it there for later."""

    BINDINGS = [
        Binding("escape", "leave", "leave", id="note.leave", tooltip="back to the list; what was typed stays"),
        Binding("alt+p", "progress", "counts as progress", id="note.progress", tooltip="it winds up the clock of no progress"),
    ]

    class Left(Message):
        """Whoever wrote is done for now."""

    class Marked(Message):
        """It is to count as progress, or not."""

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def action_progress(self) -> None:
        self.post_message(self.Marked())


class Piece(Painted):
    """A part of the entry line that is not typed."""

    def __init__(self, pane: "TimelinePane", *, id: str) -> None:
        super().__init__(id=id)
        self._pane = pane

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return [self._pane.lead() if self.id == "note-key" else self._pane.mark()]


class TimelinePane(LinesPane):
    """The last entries, and one line to write on; a note that could not be kept comes back."""

    label, digit, ticks, tail = "timeline", "7", False, True

    def __init__(self) -> None:
        super().__init__()
        self.progress = False
        self._back = list[tuple[str, bool]]()
        """Notes that were not kept, until the line is free for them."""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        self.key, self.told = Piece(self, id="note-key"), Piece(self, id="note-mark")
        self.note = NoteBlank(hint="type what happened, enter keeps it", id="note", keep=True)
        self.entry = Horizontal(self.key, self.note, self.told, id="entry")
        self.entry.display = False
        yield self.entry

    def fill(self) -> None:
        self.entry.display = bool(self.incident.id)
        self._retell()

    def write(self) -> None:
        """Takes the focus for a note."""
        self.note.focus()

    @on(Rows.Chosen)
    def open_screen(self, message: Rows.Chosen) -> None:
        message.stop()
        self.app.switch_mode("timeline")

    @on(Input.Submitted)
    def keep(self, message: Input.Submitted) -> None:
        message.stop()
        text, progress = self.note.value, self.progress
        if not text.strip() or self.now is None:
            return
        at, words = editor_prefix(text, self.console.clock.now())
        self.progress = False
        self.note.fill("")
        self._next_back()

        def hear(answer: tuple[Entry, ...] | Refusal) -> None:
            if isinstance(answer, Refusal):
                self.notify(f"{foreign(answer.why)}: the note is back in its line", title="not kept", severity="error", markup=False)
                self._back.append((text, progress))
                self._next_back()

        self.post_message(Asked(Note(words, progress=progress, at=at), hear))
        self._retell()

    def _next_back(self) -> None:
        """What was being typed meanwhile is not touched."""
        if self._back and not self.note.value:
            text, self.progress = self._back.pop(0)
            self.note.fill(text)
        self.top_line.redraw()
        self._retell()

    @on(NoteBlank.Left)
    def leave(self) -> None:
        self.body.focus()

    @on(NoteBlank.Marked)
    def turn_progress(self) -> None:
        self.progress = not self.progress
        self._retell()

    @on(Input.Changed)
    def _retell(self) -> None:
        self.told.display = bool(self.mark())
        self.key.redraw()
        self.told.redraw()

    def on_descendant_focus(self) -> None:
        super().on_descendant_focus()
        self.call_after_refresh(self._retell)

    def on_descendant_blur(self) -> None:
        super().on_descendant_blur()
        self.call_after_refresh(self._retell)

    def lead(self) -> Line:
        return [("n", "$focus bold"), (f" {g['bar']}", "$focus" if self.note.has_focus else "$rule")]

    def mark(self) -> Line:
        """When it will have happened, if the words begin with a time, and whether it counts as progress."""
        at, _ = editor_prefix(self.note.value, self.now) if self.now else (None, "")
        if self.progress:
            said: Seg = (f"[{g['good']}] progress", "$loud bold")
        elif self.note.has_focus:
            said = ("[ ] alt+p", "$soft")
        else:
            return [(f"at {utc(at)}", "$ink")] if at else ()
        return [*([(f"{utc(at, seconds=False)} ", "$ink")] if at else []), said]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out, day = list[Row](), None
        for line in timeline.lines(self.incident):
            if day is not None and line.at.date() != day:
                out.append(Row(((f"{line.at:%a %d %b %Y} ".lower(), "$soft"), (g["rule"] * 6, "$rule"))))
            day = line.at.date()
            out += rows_of(line, width, in_ascii())
        return out

    def shows_nothing(self) -> bool:
        return not self.incident.entries

    def empty_words(self) -> Sequence[Line]:
        return [[("no entries", "$ink")], [("it begins when an incident is declared", "$soft")]]

    def facts(self) -> Sequence[Line]:
        found = timeline.lines(self.incident)
        if not found:
            return ()
        pinned = sum(line.pinned for line in found)
        back: Line = [(f"{g['bad']} {len(self._back)} not kept", "$bad bold")] if self._back else ()
        return (
            [(f"{len(found)} {'entry' if len(found) == 1 else 'entries'}", "$soft")],
            [(f"{g['yes']} {pinned} pinned", "$ink")] if pinned else (),
            back,
        )

    def news(self) -> Line:
        return [(f"{len(self._back)} back", "$bad bold")] if self._back else ()
