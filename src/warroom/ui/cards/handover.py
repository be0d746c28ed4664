"""Handing over, and signing for it."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from warroom.core.acts import Act
from warroom.core.acts.handover import Accept, HandOver
from warroom.core.entries import HandedOver
from warroom.ui.cards.card import Button, Card, field
from warroom.ui.cells import Line, clip, wrap
from warroom.ui.look import foreign
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.words import Words


class HandOverCard(Card):
    """Roles stay where they are until the other one has signed."""

    name_of_card = "hand over"

    def fields(self) -> Iterable[Widget]:
        self.to, self.why = Blank(hint="who takes over", id="to"), Blank(hint="why now; may stay empty", id="why")
        yield Words(self._words)
        yield Words(lambda _: [[]], classes="gap")
        yield field("to", self.to)
        yield field("why", self.why)

    def buttons(self) -> Sequence[Button]:
        to = foreign(clip(self.to.value.strip(), 16))
        return (Button(f"Hand over{f' to {to}' if to else ''}", "enter", "answer"), Button("Not yet", "esc", "cancel"))

    def act(self) -> Act:
        return HandOver(self.to.value, self.why.value)

    def _words(self, width: int) -> Sequence[Line]:
        who = self.console.room.who
        held = [role for role, person in self.incident.roles.items() if person.casefold() == who.casefold()]
        told = f"{who} hands over {', '.join(held) if held else 'the incident'}"
        rest = "roles move when the other one signs; no clock begins anew"
        return [*([(part, "$loud")] for part in wrap(foreign(told), max(20, width))), [(rest, "$soft")]]


class SignCard(Card):
    """In the receiver's words: what one can say oneself, one has understood."""

    name_of_card = "sign the handoff"

    def fields(self) -> Iterable[Widget]:
        self.broken = Blank(hint="what is broken, in your own words", id="broken")
        yield Words(self._words)
        yield Words(lambda _: [[]], classes="gap")
        yield field("broken", self.broken)

    def buttons(self) -> Sequence[Button]:
        return (Button("Sign, take over", "enter", "answer"), Button("Not yet", "esc", "cancel"))

    def act(self) -> Act:
        return Accept(self.broken.value)

    def _words(self, width: int) -> Sequence[Line]:
        entry = self.incident.handoff
        if entry is None or not isinstance(entry.fact, HandedOver):
            return [[("nobody hands over now", "$soon")]]
        roles = ", ".join(entry.fact.roles) or "no role"
        told = f"{entry.by} hands over {roles}{f': {entry.fact.why}' if entry.fact.why else ''}"
        return [[(part, "$loud")] for part in wrap(foreign(told), max(20, width))]
