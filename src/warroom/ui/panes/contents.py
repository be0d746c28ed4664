"""What a document has: its headings, what is wrong with it, and the documents it leads to."""

from collections.abc import Mapping, Sequence

from warroom.runbook.model import Finding, Related
from warroom.ui.cells import Line, Seg, cell, wrap
from warroom.ui.look import foreign, g
from warroom.ui.page import Page
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row

HEADING, FINDING, RELATED = "heading", "finding", "related"
"""How keys begin; a number follows."""
MARKS: Mapping[str, Seg] = {"error": ("bad", "$bad bold"), "warning": ("over", "$soon"), "note": ("todo", "$soft")}


class ContentsPane(LinesPane):
    """Moving jumps in the text beside it."""

    label, ticks = "contents", False

    def __init__(self) -> None:
        super().__init__(id="contents")
        self.page = Page("")
        self.about: Sequence[Line] = ()
        """Version, date, owner and hash."""
        self.findings: Sequence[Finding] = ()
        self.related: Sequence[Related] = ()
        self.refused: Mapping[int, str] = {}
        """Why a document cannot be opened, by its place; while nothing is known it has no entry."""

    def facts(self) -> Sequence[Line]:
        count, worst = len(self.findings), {finding.level for finding in self.findings}
        style = "$bad bold" if "error" in worst else "$soon" if "warning" in worst else "$soft"
        return (
            [(f"{len(self.page.headings)} headings", "$soft")],
            [(f"{count} finding{'' if count == 1 else 's'}", style)] if count else (),
            [("tab ", "$focus bold"), ("text", "$soft")] if self.screen.has_class("-narrow") else (),
        )

    def shows_nothing(self) -> bool:
        return not (self.about or self.page.headings or self.findings or self.related)

    def empty_words(self) -> Sequence[Line]:
        return [[("no headings", "$ink")], [("the text itself is all there is", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = [Row(tuple(line)) for line in self.about for line in _broken(line, width)]
        out += [Row()] if out else []
        least = min((depth for _, depth, _ in self.page.headings), default=1)
        for n, (_, depth, words) in enumerate(self.page.headings):
            indent = "  " * min(depth - least, 4)
            out += self._rows(f"{HEADING}{n}", [(indent, "")], foreign(words) or "(no words)", width, "$ink bold" if depth <= 2 else "$ink")
        if self.findings:
            out += [Row(), Row((("findings", "$loud bold"),))]
        for n, finding in enumerate(self.findings):
            name, style = MARKS[finding.level]
            lead: list[Seg] = [(f"{g[name]} ", style), *cell((str(finding.line), "$soft"), 4, ">"), (" ", "")]
            key = f"{FINDING}{n}"
            out += self._rows(key, lead, f"{finding.level}: {foreign(finding.message)}", width, "$ink")
            if finding.fix:
                out += self._rows(key, [(" " * 7, "")], foreign(finding.fix), width, "$soft")
        if self.related:
            out += [Row(), Row((("related documents", "$loud bold"),))]
        for n, related in enumerate(self.related):
            why, known = self.refused.get(n, ""), n in self.refused
            mark: Seg = (f"{g['skip']} ", "$soft") if why else (f"{g['next']} ", "$focus" if known else "$soft")
            told = f", {foreign(why)}" if why else f", {foreign(related.text)}" if related.text else ""
            out += self._rows(f"{RELATED}{n}", [mark], f"{foreign(related.title)}{told}", width, "$soft" if why else "$outside")
        return out

    def _rows(self, key: str, lead: Sequence[Seg], words: str, width: int, style: str) -> list[Row]:
        room = sum(len(text) for text, _ in lead)
        blank: list[Seg] = [(" " * room, "")]
        return [Row((*(lead if n == 0 else blank), (part, style)), key) for n, part in enumerate(wrap(words, max(8, width - room)))]


def _broken(line: Line, width: int) -> list[Line]:
    """A line of one piece, in as many as it needs."""
    return [[(part, style)] for text, style in line for part in wrap(text, max(8, width))]
