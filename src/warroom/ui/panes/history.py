"""The whole timeline, numbered, with every correction beside what it corrects."""

from collections.abc import Sequence

from textual.app import ComposeResult

from warroom.core import timeline
from warroom.core.entries import Entry, Pinned
from warroom.ui.cells import Line, Seg, cell, clip, measure, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.painted import Painted
from warroom.ui.widgets.rows import Row
from warroom.ui.words import utc

NUMBER, TIME, WHO = 5, 8, 8
TEXT = NUMBER + 2 + TIME + 1 + 2 + WHO + 1
"""Where the words begin."""
TONES = {"good": "$good", "over": "$soon", "unknown": "$soon", "yes": "$focus", "live": "$ink", "todo": "$ink"}


class Heads(Painted):
    """The names of the columns."""

    def draw(self, width: int, height: int) -> Sequence[Line]:
        lead = [*cell(("", ""), NUMBER + 2), *cell(("UTC", "$soft"), TIME + 3), *cell(("who", "$soft"), WHO + 1)]
        return [[(" ", ""), *lead, ("what", "$soft")]]


class HistoryPane(LinesPane):
    """What was amended, struck or moved stays readable; the newest entry is in view."""

    label, digit, ticks, tail = "timeline", "7", False, True

    def compose(self) -> ComposeResult:
        head, body = super().compose()
        yield head
        yield Heads(classes="heads")
        yield body

    def under_cursor(self) -> Entry | None:
        return self.incident.entry(self.body.cursor) if self.body.cursor else None

    def facts(self) -> Sequence[Line]:
        incident = self.incident
        lines = timeline.lines(incident)
        corrected = [(len(incident.amended), "amended"), (len(incident.struck), "struck"), (len(incident.moved), "moved")]
        told = ", ".join(f"{count} {word}" for count, word in corrected if count)
        return (
            [(f"{len(lines)} {'entry' if len(lines) == 1 else 'entries'}", "$soft")] if lines else (),
            [(told, "$soft")] if told else (),
        )

    def shows_nothing(self) -> bool:
        return not self.incident.entries

    def empty_words(self) -> Sequence[Line]:
        return [[("no entries", "$ink")], [("the timeline begins when an incident is declared", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out, day = list[Row](), ""
        for line in timeline.lines(self.incident):
            if (today := f"{line.at:%a %d %b %Y}".lower()) != day:
                day = today
                out.append(Row(((f" {day} ", "$soft"), (g["rule"] * 6, "$rule"))))
            out += self._rows(line, width)
        return out

    def _below(self, line: timeline.Line) -> str:
        """What evidence says on its second line; enter shows all of it."""
        entry = self.incident.entry(line.id)
        lines = entry.fact.text.splitlines() if entry is not None and isinstance(entry.fact, Pinned) else []
        return foreign(next((line for line in lines[1:] if line.strip()), ""))

    def _rows(self, line: timeline.Line, width: int) -> list[Row]:
        tone = "$soft" if line.is_struck else TONES.get(line.glyph, "$soft")
        lead: list[Seg] = [
            *cell((str(line.seq), "$soft"), NUMBER, ">"),
            (f"  {utc(line.at)} ", "$soft"),
            *cell((f"{g[line.glyph]} ", tone), 2),
            *cell((foreign(line.who), "$soft" if line.is_struck else "$ink bold"), WHO),
            (" ", ""),
        ]
        words = "$soft strike" if line.is_struck else "$ink"
        body = [[(part, words)] for part in wrap(foreign(line.text), max(12, width - TEXT - 1))]
        notes = "  ".join(foreign(note) for note in line.notes)
        if notes:
            if measure(body[-1]) + measure([(notes, "")]) + 2 <= width - TEXT:
                body[-1] += [("  ", ""), (notes, "$soon")]
            else:
                body += [[(part, "$soon")] for part in wrap(notes, max(12, width - TEXT - 1))]
        if line.pinned and not line.is_struck and (more := self._below(line)):
            body.append([(f"{g['bar']} ", "$outside"), (clip(more, max(12, width - TEXT - 3)), "$outside")])
        return [Row((*(lead if n == 0 else [(" " * TEXT, "")]), *part), line.id) for n, part in enumerate(body)]
