"""The response as a whole: answered, moved on, restored, resolved, closed; and what is learnt on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.incident import Acknowledge, Close, Reopen, Resolve, Restore
from warroom.core.acts.observations import SetDetected
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.timeline import AddAction, Badly, Well
from warroom.core.closing import open_gates
from warroom.core.incident import Incident
from warroom.core.observations import proposed_start
from warroom.core.rules import phase_name
from warroom.core.timeline import text_of
from warroom.runbook.model import Runbook
from warroom.ui.cards.card import Button, Card, Menu, MomentBlank, field
from warroom.ui.cells import cell
from warroom.ui.look import foreign
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.widgets.words import Words
from warroom.ui.words import utc


@dataclass(frozen=True, slots=True)
class Move:
    """A thing to do. `asks` names the fields it wants, of `words`, `at`, `owner`, `due`, `priority`."""

    key: str
    name: str
    verb: str
    told: str
    asks: tuple[str, ...] = ()


ACTION, WELL, BADLY = "action", "well", "badly"
LEARNT = (
    Move(ACTION, "action item", "Add it", "what is to be done afterwards, by whom", ("words", "owner", "due", "priority")),
    Move(WELL, "went well", "Keep it", "for the post-mortem", ("words",)),
    Move(BADLY, "could be better", "Keep it", "for the post-mortem", ("words",)),
)


def moves(runbook: Runbook, incident: Incident, now: datetime) -> tuple[Move, ...]:
    """Those that can be made now, the likeliest first."""
    if incident.closed:
        return (Move("reopen", "reopen", "Reopen", "every clock goes on; say why", ("words",)), *LEARNT)
    out = list[Move]()
    if incident.acknowledged is None:
        out.append(Move("ack", "acknowledge", "Acknowledge", "the alert is answered", ("at",)))
    names = [phase_name(phase.title) for phase in runbook.phases]
    if incident.phase < len(names):
        out.append(Move("next", "next phase", "Go on", f"{incident.phase + 1}/{len(names)} {names[incident.phase]}"))
    if not incident.restored:
        out.append(Move("restored", "restored", "Restored", "the service works again; say what shows it", ("words", "at")))
    if (start := proposed_start(incident)) is not None:
        out.append(Move("began", "true start", "Take it over", f"{utc(incident.at(start), seconds=False)}, {text_of(start.fact)}", ("at",)))
    if not incident.resolved:
        word = "it is over" if incident.restored else "it is over, and restored as of now"
        out.append(Move("resolve", "resolve", "Resolve", word, ("words",)))
    else:
        left = open_gates(runbook, incident, now)
        word = f"still open: {'; '.join(gate.text for gate in left)}" if left else "nothing more is to be done here"
        out.append(Move("close", "close", "Close all the same" if left else "Close", word))
    out += LEARNT
    if incident.restored:
        out.append(Move("restored", "restored at", "Correct it", f"it says {utc(incident.restored, seconds=False)}", ("words", "at")))
        out.append(Move("reopen", "reopen", "Reopen", "it is broken again; every clock goes on", ("words",)))
    if incident.phase > 1:
        out.append(Move("back", "phase back", "Go back", f"{incident.phase - 1}/{len(names)} {names[incident.phase - 2]}"))
    if not incident.resolved:
        out.append(Move("undeclare", "no incident", "Close as no incident", "it was none; all of it is kept"))
    return tuple(out)


class ResponseCard(Card):
    """A list of what can be done now; below it what that wants to know. `wanted` is the key of the move to stand on."""

    AUTO_FOCUS = "#moves"
    name_of_card = "response"
    BINDINGS = [Binding("alt+r", "restored", "restored", show=False, id="response.restored", tooltip="the service works again")]

    def __init__(self, wanted: str = "") -> None:
        super().__init__()
        self.wanted = wanted

    def fields(self) -> Iterable[Widget]:
        self.menu = Menu(self._rows, id="moves")
        self.menu.cursor = self.wanted
        self.words = Blank(hint="in your own words", id="said")
        self.at = MomentBlank(lambda: self.moment, id="at", empty="now: -7m, 02:41 or RFC 3339 is earlier")
        self.owner = Blank(hint="who", id="owner")
        self.due = Blank(hint="2026-02-17", id="due")
        self.priority = Blank(hint="P1, P2 ...", id="priority")
        yield self.menu
        yield Words(lambda _: [[]], classes="gap")
        for name, widget in (("words", self.words), ("at", self.at), ("owner", self.owner), ("due", self.due), ("priority", self.priority)):
            yield field(name, widget, id=f"ask-{name}")

    def on_mount(self) -> None:
        super().on_mount()
        self._show_fields()

    def move(self) -> Move | None:
        return next((move for move in moves(self.runbook, self.console.incident, self.moment) if move.key == self.menu.cursor), None)

    def _show_fields(self) -> None:
        move = self.move()
        for box in self.query(Horizontal):
            if box.id and box.id.startswith("ask-"):
                box.display = move is not None and box.id.removeprefix("ask-") in move.asks

    @on(Rows.Highlighted)
    def tell_move(self) -> None:
        self._show_fields()
        self.say("")

    def on_key(self, event: events.Key) -> None:
        """A move that asks for words takes them: enter in the list goes to its field."""
        if event.key == "enter" and self.focused is self.menu:
            move = self.move()
            if move and "words" in move.asks and not self.words.value.strip():
                event.stop()
                event.prevent_default()
                self.words.focus()

    def buttons(self) -> Sequence[Button]:
        move = self.move()
        return (Button(foreign(move.verb) if move else "Close", "enter", "answer"), Button("Cancel", "esc", "cancel"))

    def act(self) -> Act | Refusal | None:
        move = self.move()
        if move is None:
            return None
        at = self.at.moment() if "at" in move.asks else None
        if isinstance(at, Refusal):
            return at
        words, incident = self.words.value, self.console.incident
        match move.key:
            case "ack":
                return Acknowledge(at)
            case "next":
                return SetPhase(incident.phase + 1)
            case "back":
                return SetPhase(incident.phase - 1)
            case "began":
                return SetDetected(at)
            case "restored":
                return Restore(words, at)
            case "resolve":
                return Resolve(words)
            case "close":
                return Close()
            case "undeclare":
                return Close(not_an_incident=True)
            case "reopen":
                return Reopen(words)
            case "action":
                return AddAction(words, self.owner.value, self.due.value.strip(), self.priority.value)
            case "well":
                return Well(words)
        return Badly(words)

    def action_restored(self) -> None:
        self.menu.go("restored")

    def _rows(self, width: int, height: int) -> Sequence[Row]:
        return [
            Row((*cell((move.name, "$ink bold"), 17), (foreign(move.told), "$soft")), move.key)
            for move in moves(self.runbook, self.console.incident, self.moment)
        ]
