"""One sentence that an act wants: why a step is skipped, how it was done, why a change stays."""

from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from warroom.core.acts import Act
from warroom.ui.cards.card import Button, Card, field
from warroom.ui.cells import Line, wrap
from warroom.ui.look import foreign
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.words import Words


class WhyCard(Card):
    """What it is about stands above the field; enter does it with what was typed."""

    name_of_card = "say why"

    def __init__(self, about: Sequence[str], yes: str, hint: str, make: Callable[[str], Act]) -> None:
        super().__init__()
        self._about, self._yes, self._hint, self._make = about, yes, hint, make

    def fields(self) -> Iterable[Widget]:
        self.reason = Blank(hint=self._hint, id="reason")
        yield Words(self._words)
        yield Words(lambda _: [[]], classes="gap")
        yield field("reason", self.reason)

    def buttons(self) -> Sequence[Button]:
        return (Button(self._yes, "enter", "answer"), Button("Cancel", "esc", "cancel"))

    def act(self) -> Act:
        return self._make(self.reason.value)

    def _words(self, width: int) -> Sequence[Line]:
        return [
            [(part, "$loud" if n == 0 else "$soft")] for n, text in enumerate(self._about) for part in wrap(foreign(text), max(20, width))
        ]
