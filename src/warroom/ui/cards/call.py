"""A call by phone: whom, at which number, what to say in twenty seconds, and how it went. The console dials nobody."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from warroom.core.acts import Act, Refusal
from warroom.core.acts.messages import Call
from warroom.core.contacts import by_phone, next_contact
from warroom.core.entries import Called
from warroom.core.oncall import resolve
from warroom.core.team import Person
from warroom.reports.message import call_script
from warroom.runbook.model import Contact
from warroom.ui.cards.card import Button, Card, Menu, field
from warroom.ui.cells import Line, cell, wrap
from warroom.ui.look import foreign, g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.choice import Choice, Option
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.widgets.words import Words

OUTCOMES = ("reached", "voicemail", "none")


class CallCard(Card):
    """Whoever was not reached is followed by the next of the matrix."""

    AUTO_FOCUS = "#contacts"
    name_of_card = "call"

    def __init__(self, wanted: str = "") -> None:
        super().__init__()
        self._wanted = wanted

    def fields(self) -> Iterable[Widget]:
        self.menu = Menu(self._rows, id="contacts")
        contacts = self.contacts()
        self.menu.cursor = next(
            (one.level for one in contacts if self._wanted in (one.level, one.role)), contacts[0].level if contacts else ""
        )
        self.needed = Blank(hint="what you need of them: only you can say it", id="needed")
        self.outcome = Choice([Option(str(n), word, word) for n, word in enumerate(OUTCOMES, 1)], id="outcome")
        if not contacts:
            yield Words(lambda _: [[("the runbook names nobody who is called by phone", "$ink")]])
            return
        yield self.menu
        yield Words(lambda _: [[]], classes="gap")
        yield field("needed", self.needed)
        yield Words(self._script)
        yield Words(lambda _: [[]], classes="gap")
        yield field("outcome", self.outcome)

    def contacts(self) -> Sequence[Contact]:
        return [one for one in self.runbook.escalation.contacts if by_phone(one)]

    def contact(self) -> Contact | None:
        return next((one for one in self.contacts() if one.level == self.menu.cursor), None)

    def person(self, contact: Contact) -> Person | None:
        found = resolve(contact.role, self.runbook, self.console.team, self.console.clock.now())
        return found.person if found else None

    def buttons(self) -> Sequence[Button]:
        if self.contact() is None:
            return (Button("Close", "enter", "cancel"),)
        return (Button(f"Record: {self.outcome.value}", "enter", "answer"), Button("Cancel", "esc", "cancel"))

    def act(self) -> Act | Refusal | None:
        contact = self.contact()
        if contact is None:
            return None
        person = self.person(contact)
        return Call(contact.level, person.name if person else contact.role, self.outcome.value, self.needed.value)

    def done(self) -> None:
        """Reached, it is over; else the next one is called."""
        contact = self.contact()
        following = next_contact(self.runbook, contact) if contact and self.outcome.value != "reached" else None
        if following is None or not by_phone(following):
            super().done()
            return
        self.menu.cursor = following.level
        self.say(f"{contact.role if contact else ''} was not reached: next is {following.role}")

    @on(Rows.Highlighted)
    @on(Choice.Changed)
    @on(Input.Changed)
    def tell_chosen(self) -> None:
        self.retell()

    def _rows(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        calls = [entry.fact for entry in self.console.room.incident.calls if isinstance(entry.fact, Called)]
        for one in self.contacts():
            person, last = self.person(one), next((call.outcome for call in reversed(calls) if call.contact == one.level), "")
            glyph, style = {"reached": ("good", "$good"), "": ("todo", "$soft")}.get(last, ("wait", "$soon"))
            number = (foreign(person.phone), "$loud bold") if person and person.phone else ("no number known", "$soon")
            who = foreign(f"{person.name}, {one.role}" if person else one.role)
            line = [
                (f"{g[glyph]} ", style),
                *cell((foreign(one.level), "$soft"), 9),
                *cell((who, "$ink"), 36),
                number,
                (f"  {last}", style),
            ]
            out.append(Row(tuple(cell(line, width)), one.level))
        return out

    def _script(self, width: int) -> Sequence[Line]:
        console = self.console
        text = call_script(console.room.incident, console.clock.now(), console.room.who, self.needed.value.strip())
        return [[(f"{g['bar']} ", "$focus"), (part, "$loud")] for part in wrap(foreign(text), max(20, width - 2))]
