"""The runbook was written anew: what is different, and what going by it would do to the ticks."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.adoption import AdoptRunbook
from warroom.core.adoption import Written
from warroom.core.entries import Ticked
from warroom.ui.cards.card import Button, Card
from warroom.ui.cells import Line, clip
from warroom.ui.look import foreign, g
from warroom.ui.widgets.words import Words

STYLES = {"+": "$good", "-": "$bad", "@": "$soft"}


class AdoptCard(Card):
    """Never by itself: enter goes by the new text, esc by the one that holds."""

    AUTO_FOCUS = "#box"
    name_of_card = "runbook"

    @property
    def written(self) -> Written | None:
        return self.console.world.written.value

    def fields(self) -> Iterable[Widget]:
        yield Words(self._lines)

    def buttons(self) -> Sequence[Button]:
        return (Button("Go by it", "enter", "answer"), Button("Stay", "esc", "cancel"))

    def act(self) -> Act | Refusal | None:
        found = self.written
        if found is None:
            return None
        holds = self.console.incident.runbook
        return AdoptRunbook(found.text, found.moved, holds.sha256 if holds else "")

    def _lines(self, width: int) -> Sequence[Line]:
        found = self.written
        if found is None:
            return [[("the file is the runbook that holds: nothing is to be done", "$ink")]]
        ticks = self.console.incident.ticks
        along = sum(was in ticks for was, _ in found.moved)
        out: list[Line] = [
            [("the file was written since: ", "$loud bold"), (f"lines new: {found.added}, gone: {found.removed}", "$ink")],
            [(f"items worded anew: {len(found.moved)}", "$ink"), (f", {along} of them ticked: their ticks go along", "$soft")],
        ]
        for id in found.gone:
            tick = ticks.get(id)
            if tick is not None and isinstance(tick.fact, Ticked):
                out.append(
                    [
                        (f"{g['over']} ", "$soon bold"),
                        (clip(f"no list has it any more, its tick stays: {foreign(tick.fact.text)}", width - 2), "$ink"),
                    ]
                )
        return [*out, [], *([(clip(foreign(line), width), STYLES.get(line[:1], "$ink"))] for line in found.difference)]
