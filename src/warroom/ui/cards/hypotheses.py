"""The board of hypotheses: what may be the cause, who looks into it, and what became of it."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.hypotheses import Judge, Own, Propose, Support
from warroom.core.hypotheses import Hypothesis, hypotheses
from warroom.ui.cards.card import Button, Card, Menu, field
from warroom.ui.cells import Line, cell, wrap
from warroom.ui.look import foreign, g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.choice import Choice, Option
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.widgets.words import Words

NEW = "new"
LOOKS = {"confirmed": ("good", "$good"), "testing": ("run", "$ink"), "proposed": ("unknown", "$soon"), "refuted": ("bad", "$soft")}
DOES = ("testing", "refuted", "confirmed", "mine", "last pin for", "last pin against")


class HypothesesCard(Card):
    """What is confirmed is the cause that every message and report names."""

    AUTO_FOCUS = "#board"
    name_of_card = "hypotheses"

    def fields(self) -> Iterable[Widget]:
        self.menu = Menu(self._rows, id="board")
        self.menu.cursor = next((one.id for one in self.board()), NEW)
        self.does = Choice([Option(str(n), word, word) for n, word in enumerate(DOES, 1)], id="does")
        self.said = Blank(hint="what you think is the cause; of one on the board: what shows it", id="said")
        yield self.menu
        yield Words(lambda _: [[]], classes="gap")
        yield field("is", self.does)
        yield field("", Words(self._meaning))
        yield field("words", self.said)

    def board(self) -> tuple[Hypothesis, ...]:
        return hypotheses(self.console.room.incident)

    def chosen(self) -> Hypothesis | None:
        return next((one for one in self.board() if one.id == self.menu.cursor), None)

    def buttons(self) -> Sequence[Button]:
        name = "Propose" if self.chosen() is None else {"mine": "I look into it"}.get(self.does.value, self.does.value.capitalize())
        return (Button(name, "enter", "answer"), Button("Cancel", "esc", "cancel"))

    def act(self) -> Act | Refusal:
        one, words = self.chosen(), self.said.value
        if one is None:
            if not words.strip():
                self.said.focus()
                return Refusal("say what you think is the cause")
            return Propose(words)
        match self.does.value:
            case "testing" | "refuted" | "confirmed" as state:
                return Judge(one.id, state, words)
            case "mine":
                return Own(one.id, self.console.room.who)
        pins = self.console.room.incident.pinned
        if not pins:
            return Refusal("nothing is pinned yet: p pins what is under the cursor")
        return Support(one.id, pins[-1].id, against=self.does.value == "last pin against")

    def done(self) -> None:
        """The board stays open for the next."""
        self.said.value = ""
        self.menu.cursor = self.menu.cursor if self.chosen() else next((one.id for one in self.board()), NEW)
        self.menu.refresh(layout=True)
        self.retell()
        self.menu.redraw()

    @on(Rows.Highlighted)
    @on(Choice.Changed)
    def tell_chosen(self) -> None:
        self.say("")

    def _rows(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        for one in self.board():
            glyph, style = LOOKS[one.state]
            weight = f"{len(one.evidence)}+ {len(one.against)}-" if one.evidence or one.against else ""
            line: list[tuple[str, str]] = [(f"{g[glyph]} ", style), *cell((one.state, style), 10), *cell((foreign(one.owner), "$ink"), 11)]
            line += [*cell((weight, "$soft"), 6), (foreign(one.text), "$soft" if one.state == "refuted" else "$loud")]
            out.append(Row(tuple(cell(line, width)), one.id))
        out.append(Row((("+ ", "$focus bold"), ("another hypothesis", "$soft")), NEW))
        return out

    def _meaning(self, width: int) -> Sequence[Line]:
        one = self.chosen()
        told = {
            "testing": "somebody looks into it now",
            "refuted": "it was not that: say what shows it",
            "confirmed": "the cause, in every message and report from now on: say what shows it",
            "mine": "you look into it",
        }.get(self.does.value, "the newest pin speaks for it, or against it")
        words = told if one else "your words are the hypothesis"
        return [[(f" {part}", "$soft")] for part in wrap(words, max(20, width - 1))]
