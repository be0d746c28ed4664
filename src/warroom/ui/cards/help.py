"""What to do with what is behind it, and every key that works there."""

from collections.abc import Iterable, Sequence
from typing import Any

from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from warroom.ui.cards.card import Button, Card
from warroom.ui.help import help_rows
from warroom.ui.widgets.rows import Row, Rows


class HelpCard(Card):
    """Made of the bindings, so that it cannot promise a key that does nothing."""

    AUTO_FOCUS = "#help"
    name_of_card = "help"
    BINDINGS = [
        Binding("question_mark,q", "cancel", "close", show=False, id="help.close", tooltip="close the help"),
    ]

    def __init__(self, behind: Screen[Any], joins: str = "") -> None:
        super().__init__()
        self.behind, self.joins = behind, joins
        self._made: tuple[int, Sequence[Row]] = (0, ())

    def fields(self) -> Iterable[Widget]:
        yield Rows(self._rows, id="help")

    def buttons(self) -> Sequence[Button]:
        return (Button("Close", "esc", "cancel"),)

    def _rows(self, width: int, height: int) -> Sequence[Row]:
        """As it was when it was opened: the keys below must not change under the eye."""
        if self._made[0] != width:
            self._made = (width, help_rows(self.behind, self.joins, width))
        return self._made[1]
