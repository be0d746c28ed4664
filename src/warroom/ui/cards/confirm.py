"""A question that has a safe answer: the default does nothing."""

from collections.abc import Callable, Iterable, Sequence

from textual.binding import Binding
from textual.widget import Widget

from warroom.ui.cards.card import Button, Card
from warroom.ui.cells import Line, wrap
from warroom.ui.look import foreign
from warroom.ui.widgets.words import Words


class ConfirmCard(Card):
    """`lines` say what will happen; alt+y does it, enter and esc do not."""

    AUTO_FOCUS = ""
    name_of_card = "sure?"
    BINDINGS = [Binding("alt+y", "yes", "yes", show=False, id="confirm.yes", tooltip="do what the card asks about")]

    def __init__(self, lines: Sequence[str], yes: str, then: Callable[[], None]) -> None:
        super().__init__()
        self._lines, self._yes, self._then = lines, yes, then

    def fields(self) -> Iterable[Widget]:
        yield Words(self._words)

    def buttons(self) -> Sequence[Button]:
        return (Button("Cancel", "enter", "cancel"), Button(self._yes, "alt+y", "yes"))

    def action_yes(self) -> None:
        self.dismiss()
        self._then()

    def _words(self, width: int) -> Sequence[Line]:
        return [[(part, "$ink")] for line in self._lines for part in wrap(foreign(line), width)]
