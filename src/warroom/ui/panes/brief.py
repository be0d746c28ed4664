"""The handoff brief on one page, and who has signed it."""

from collections.abc import Iterator, Sequence

from warroom.core import timeline
from warroom.core.acts.handover import keeps
from warroom.core.entries import HandedOver
from warroom.reports.brief import Part, Said, brief
from warroom.ui.cells import Line, Seg, cell, measure, wrap
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.panes.pane import LinesPane
from warroom.ui.panes.timeline import rows_of
from warroom.ui.widgets.rows import Row
from warroom.ui.words import utc

LABEL = 13
TONES = {
    "good": "$good",
    "over": "$soon",
    "unknown": "$soon",
    "yes": "$focus",
    "live": "$ink",
    "todo": "$soft",
    "skip": "$soft",
    "na": "$soft",
}


class BriefPane(LinesPane):
    """Written by the room out of entries and clocks, anew each second."""

    label, digit = "handoff brief", "H"

    def facts(self) -> Sequence[Line]:
        return ([("one page", "$soft")], [(f"written by the room at {utc(self.now)}", "$soft")] if self.now else ())

    def shows_nothing(self) -> bool:
        return not self.incident.id

    def empty_words(self) -> Sequence[Line]:
        return [[("nothing to hand over", "$ink")], [("the brief is written once an incident is declared", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        if self.now is None:
            return ()
        parts = brief(self.incident, self.runbook, self.now)
        rows = [[*self._part(part, width)] for part in parts]
        gaps = sum(map(len, rows)) + len(rows) - 1 <= height  # air between the parts, where the page has room for it
        return [row for n, part in enumerate(rows) for row in ([Row()] if gaps and n else []) + part]

    def _part(self, part: Part, width: int) -> Iterator[Row]:
        first = True
        for said in part.said:
            for line in _laid(said, width - LABEL):
                yield Row((*cell((part.label if first else "", "$soft"), LABEL), *line), part.label)
                first = False


def _laid(said: Said, room: int) -> Iterator[list[Seg]]:
    """The glyph, the words, and behind them where it comes from."""
    lead: list[Seg] = [(f"{g[said.meaning]} ", TONES[said.meaning])] if said.meaning else []
    late = said.meaning == "over" and said.loud
    lead = [(lead[0][0], "$bad bold")] if late else lead
    style = "$loud bold" if said.loud else "$soft" if said.meaning in ("skip", "na") else "$ink"
    parts = wrap(foreign(said.text), max(12, room - measure(lead)))
    tail = foreign(said.tail, 40)
    for n, part in enumerate(parts):
        line: list[Seg] = [*(lead if n == 0 else [(" " * measure(lead), "")]), (part, style)]
        if tail and n == len(parts) - 1 and measure(line) + 2 + measure([(tail, "")]) <= room:
            line += [("  ", ""), (tail, "$soft")]
            tail = ""
        yield line
    if tail:
        yield [(" " * measure(lead), ""), (tail, "$soft")]


class LastPane(LinesPane):
    """The end of the timeline, beside the brief."""

    label, digit, ticks, tail = "last entries", "7", False, True

    def facts(self) -> Sequence[Line]:
        return ([(f"{len(timeline.lines(self.incident))}", "$soft")],)

    def shows_nothing(self) -> bool:
        return not self.incident.entries

    def lines(self, width: int, height: int) -> Sequence[Row]:
        return [row for line in timeline.lines(self.incident)[-height:] for row in rows_of(line, width, in_ascii())]


class SignaturesPane(LinesPane):
    """Who hands over to whom; command passes with the second signature only."""

    label = "signatures"

    @property
    def offered(self) -> HandedOver | None:
        entry = self.incident.handoff
        return entry.fact if entry and isinstance(entry.fact, HandedOver) else None

    @property
    def mine(self) -> bool:
        """Whether it waits for whoever sits here."""
        return self.offered is not None and self.offered.to.casefold() == self.console.room.who.casefold()

    def lines(self, width: int, height: int) -> Sequence[Row]:
        entry, fact = self.incident.handoff, self.offered
        if entry is None or fact is None:
            return [Row((("nobody hands over now", "$soft"),)), self._keys(("h", "hand over, with all roles that you hold"))]
        at, roles = utc(self.incident.at(entry)), ", ".join(foreign(role) for role in fact.roles) or "no role"
        signed: Line = [
            ("from ", "$soft"),
            (foreign(fact.giver or entry.by), "$loud bold"),
            (f" {g['good']} signed {at[:5]}", "$good"),
            (f"   {roles}", "$ink"),
        ]
        waits: Line = [
            ("to ", "$soft"),
            (foreign(fact.to), "$loud bold"),
            (f" {g['wait']} not signed: {foreign(keeps(fact, entry.by, self.runbook))}", "$soon bold"),
        ]
        key = ("enter", "sign, in your own words what is broken") if self.mine else ("h", "name somebody else")
        return [Row(tuple(signed)), Row(tuple(waits)), self._keys(key)]

    def _keys(self, key: tuple[str, str]) -> Row:
        return Row(((key[0], "$focus bold"), (f" {key[1]}   ", "$soft"), ("c", "$focus bold"), (" copy Markdown", "$soft")))
