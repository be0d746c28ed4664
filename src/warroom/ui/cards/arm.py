"""Arming: this console may change something for a while, and says why."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from warroom.core.acts import Act
from warroom.core.acts.arming import LASTS, Arm
from warroom.ui.cards.card import Button, Card, field
from warroom.ui.cells import Line, wrap
from warroom.ui.look import g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.words import Words

MINUTES = int(LASTS.total_seconds() // 60)


class ArmCard(Card):
    """Arming runs nothing: every change still shows its blast radius and asks."""

    name_of_card = "arm this console"

    def __init__(self, wish: str = "") -> None:
        """`wish` is what shall be done once it is armed."""
        super().__init__()
        self._wish = wish
        self.armed = False

    def fields(self) -> Iterable[Widget]:
        self.reason = Blank(hint="what you are about to change, and why", id="reason")
        yield Words(self._words)
        yield Words(lambda _: [[]], classes="gap")
        yield field("reason", self.reason)

    def buttons(self) -> Sequence[Button]:
        return (Button(f"Arm for {MINUTES} min", "enter", "answer"), Button("Stay safe", "esc", "cancel"))

    def act(self) -> Act:
        runner = self.console.runner
        return Arm(runner.console if runner else "", self.reason.value)

    def done(self) -> None:
        self.armed = True
        super().done()

    def _words(self, width: int) -> Sequence[Line]:
        told = [
            f"this console is SAFE: it changes nothing{f', and {self._wish} would' if self._wish else ''}",
            f"armed for {MINUTES} minutes it may; each change still shows what it does and asks, W makes it safe again at once",
            "the others see in the timeline who armed it and why",
        ]
        out = list[Line]()
        for n, sentence in enumerate(told):
            for m, part in enumerate(wrap(sentence, max(20, width - 2))):
                out.append([(f"{g['over']} " if n == m == 0 else "  ", "$soon bold"), (part, "$loud" if n == 0 else "$ink")])
        return out
