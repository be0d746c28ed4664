"""Who holds which role: taken, given, handed back."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.people import TakeRole
from warroom.core.people import overloaded, proposals, silent_for, usual
from warroom.runbook.model import Role
from warroom.ui.cards.card import Button, Card, Menu, field
from warroom.ui.cells import Line, Seg, cell, clip
from warroom.ui.look import foreign, g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.widgets.words import Words

ROLE, HOLDER = 24, 16


class RolesCard(Card):
    """What one saw is said along, so that of two who take a role at once the second is told."""

    AUTO_FOCUS = "#roles"
    name_of_card = "roles"
    BINDINGS = [
        Binding("alt+h", "hand_back", "hand back", show=False, id="roles.back", tooltip="nobody holds the role then"),
    ]

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.wanted = role
        self.seen_holders = dict[str, str]()

    def fields(self) -> Iterable[Widget]:
        self.seen_holders = dict(self.console.incident.roles)
        self.menu = Menu(self._rows, id="roles")
        self.menu.cursor = self.wanted or next((role.name for role in self.runbook.roles if not self.holder(role.name)), "")
        self.to = Blank(self.console.room.who, hint="a name", id="to")
        if not self.runbook.roles:
            yield Words(lambda _: [[("the runbook names no roles", "$ink")]])
            return
        yield self.menu
        yield Words(self._load)
        yield Words(lambda _: [[]], classes="gap")
        yield field("to", self.to)
        yield field("", Words(self._duty))

    def _load(self, width: int) -> Sequence[Line]:
        """Who has too much, who could take some of it, and whether whoever commands is there."""
        console, out = self.console, list[Line]()
        incident, now = console.incident, console.clock.now()
        for person, roles in overloaded(incident).items():
            out.append([(f"{g['over']} ", "$soon bold"), (f"{foreign(person)} has {len(roles)} roles", "$ink")])
        for one in proposals(incident, self.runbook, console.team, now):
            out.append(
                [("  ", ""), (foreign(one.person), "$loud bold"), (f" could take {foreign(one.role)} ({foreign(one.why)})", "$soft")]
            )
        if silence := silent_for(incident, self.runbook, now):
            minutes = int(silence.total_seconds() // 60)
            out.append([(f"{g['over']} ", "$soon bold"), (f"whoever commands has written nothing for {minutes} min: take over?", "$ink")])
        return out or [[]]

    def holder(self, role: str) -> str:
        """As it was when one looked."""
        return self.seen_holders.get(role, "")

    def role(self) -> Role | None:
        return next((role for role in self.runbook.roles if role.name == self.menu.cursor), None)

    def buttons(self) -> Sequence[Button]:
        role = self.role()
        if role is None:
            return (Button("Close", "enter", "cancel"),)
        holder, to = self.holder(role.name), self.to.value.strip()
        short = foreign(clip(role.abbreviation or role.name, 24))
        if to and to == holder:
            return (Button(f"Hand back {short}", "enter", "answer"), Button("Cancel", "esc", "cancel"))
        mine = to == self.console.room.who
        verb = "Take over" if mine and holder else "Take" if mine else "Give"
        back = (Button("Hand back", "alt+h", "hand_back"),) if holder else ()
        return (
            Button(f"{verb} {short}" + ("" if mine else f" to {foreign(clip(to, 16))}"), "enter", "answer"),
            *back,
            Button("Cancel", "esc", "cancel"),
        )

    def act(self) -> Act | Refusal | None:
        role = self.role()
        if role is None:
            return None
        to, holder = self.to.value.strip(), self.holder(role.name)
        if not to:
            self.to.focus()
            return Refusal(f"say who takes {role.name}, or hand it back with alt+h")
        return TakeRole(role.name, "" if to == holder else to, expected=holder)

    def action_hand_back(self) -> None:
        if role := self.role():
            self.ask(TakeRole(role.name, "", expected=self.holder(role.name)))

    def refused(self, refusal: Refusal) -> None:
        """The truth is looked at again, so that the next key is meant."""
        self.seen_holders = dict(self.console.room.incident.roles)
        self.menu.redraw()
        super().refused(refusal)

    @on(Rows.Highlighted)
    def tell_role(self) -> None:
        self.say("")

    def _rows(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        for role in self.runbook.roles:
            holder = self.holder(role.name)
            name = foreign(f"{role.name} ({role.abbreviation})" if role.abbreviation else role.name)
            held: Seg = (foreign(holder), "$ink bold") if holder else ("nobody", "$soon bold")
            console = self.console
            means = usual(role, self.runbook, console.team, console.clock.now())
            usually = ", ".join(word for word in (means, f"else {role.backup}" if role.backup else "", role.contact) if word)
            mark: Seg = (f"{g['good']} ", "$good") if holder else (f"{g['todo']} ", "$soon")
            line = [mark, *cell((name, "$ink"), ROLE), *cell(held, HOLDER), (" ", ""), (foreign(usually), "$soft")]
            out.append(Row(tuple(cell(line, width)), role.name))
        return out

    def _duty(self, width: int) -> Sequence[Line]:
        role = self.role()
        duties = foreign("; ".join(role.duties)) if role else ""
        return [[(f" {duties}", "$soft")]]
