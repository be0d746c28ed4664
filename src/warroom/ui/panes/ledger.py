"""Temporary changes: what this incident changed, and what undoes it."""

from collections.abc import Iterator, Sequence

from textual.binding import Binding

from warroom.core.ledger import Debt, debts, owed
from warroom.ui.cells import Line, Seg, clip, ends, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row
from warroom.ui.words import lasted, since, utc


class LedgerPane(LinesPane):
    """The newest change stands first: in that order they are taken back. Enter opens what undoes the one under the cursor."""

    label = "temporary changes"
    BINDINGS = [
        Binding("K", "screen.keep", "keep it", id="ledger.keep", tooltip="the change stays, with a reason"),
    ]

    def __init__(self) -> None:
        super().__init__(id="ledger")

    def all(self) -> Sequence[Debt]:
        """What is owed first."""
        mine = owed(self.incident)
        return (*mine, *(debt for debt in reversed(debts(self.incident)) if debt.state != "owed"))

    def under_cursor(self) -> Debt | None:
        return next((debt for debt in self.all() if debt.id == self.body.cursor), None)

    def facts(self) -> Sequence[Line]:
        count = len(owed(self.incident))
        return ([(f"{g['over']} {count} owed", "$soon bold")] if count else [("nothing is owed", "$soft")],)

    def shows_nothing(self) -> bool:
        return not debts(self.incident)

    def empty_words(self) -> Sequence[Line]:
        return [[("changes stand here, with what undoes them", "$soft")]]

    def needs(self, width: int) -> int:
        """Rows that it would take at this width."""
        return len(self.lines(max(20, width - 1), 99)) or 2

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = [row for debt in self.all() for row in self._rows(debt, width)]
        if owed(self.incident):
            out.append(Row())
            line: list[Seg] = [
                ("u", "$focus bold"),
                (" opens what undoes it   ", "$soft"),
                ("K", "$focus bold"),
                (" keeps it, say why", "$soft"),
            ]
            out.append(Row(tuple(line)))
        return out

    def _rows(self, debt: Debt, width: int) -> Iterator[Row]:
        object = foreign(debt.object or debt.command)
        if debt.state != "owed":
            glyph, word, style = ("good", "paid", "$good") if debt.state == "repaid" else ("skip", "kept", "$soft")
            told: list[Seg] = [(f"{utc(debt.settled_at, seconds=False)} {foreign(clip(debt.settled_by, 10))}", "$soft")]
            line: list[Seg] = [(f"{g[glyph]} {word} ", style), (object, "$soft")]
            yield Row(tuple(ends(width, line, told)), debt.id)
            if debt.reason:
                yield Row((("  ", ""), (clip(foreign(debt.reason), width - 2), "$soft")), debt.id)
            return
        mark, word = (g["over"], "owed") if debt.certain else (g["unknown"], "perhaps")
        old = lasted(since(debt.at, self.now) or 0)
        told = [(f"{old}  {foreign(clip(debt.by, 10))}", "$soft")]
        yield Row(tuple(ends(width, [(f"{mark} {word} ", "$soon bold"), (object, "$loud")], told)), debt.id)
        for n, part in enumerate(wrap(foreign(debt.inverse), max(10, width - 9))):
            yield Row((("  undo   " if n == 0 else " " * 9, "$soft"), (part, "$ink")), debt.id)
        if not debt.runnable:
            yield Row((("  ", ""), ("a part of it was redacted: undo it by hand", "$soon")), debt.id)
