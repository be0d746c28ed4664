"""What was done about a deadline, or why it can wait."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.clocks import Answer, Snooze
from warroom.core.acts.incident import Acknowledge
from warroom.core.acts.paging import CancelAnnouncement, PageNow
from warroom.core.acts.phases import SetPhase
from warroom.core.deadlines import Deadline, deadlines, next_deadline
from warroom.core.messages import message_for
from warroom.core.paging import pending
from warroom.ui.cards.card import Button, Card, field
from warroom.ui.cells import Line, wrap
from warroom.ui.look import foreign, g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.choice import Choice, Option
from warroom.ui.widgets.words import Words
from warroom.ui.words import figures, utc

WRITE = "write it"
SNOOZE, ACK, NEXT, PAGE, HOLD = "snooze", "acknowledge", "next phase", "page now", "do not page"
WAIT = timedelta(minutes=15)


def outcomes(one: Deadline) -> tuple[str, ...]:
    """What may have been done about it, the likeliest first."""
    if one.id == "ack":
        return (ACK, "called", "not needed")
    if one.id.startswith("phase:"):
        return (NEXT, "not needed")
    if one.id == "postmortem":
        return ("held", "published", "not needed")
    if one.id == "update":
        return ("sent", "not needed")
    return ("told", "paged", "called", "not needed")


class DeadlineCard(Card):
    """Without a wish it opens on the oldest overdue one, else on the next; only `page now` sends something."""

    AUTO_FOCUS = "#outcome"
    name_of_card = "deadline"
    BINDINGS = [
        Binding("alt+s", "snooze", "snooze", show=False, id="deadline.snooze", tooltip="let it wait for 15 minutes, with a reason"),
    ]

    def __init__(self, wanted: str = "") -> None:
        super().__init__()
        self.wanted = wanted

    def deadline(self) -> Deadline | None:
        found = deadlines(self.runbook, self.console.incident, self.moment)
        if self.wanted:
            return next((one for one in found if one.id == self.wanted), None)
        return next_deadline(found)

    def fields(self) -> Iterable[Widget]:
        one = self.deadline()
        self.outcome = Choice((), id="outcome")
        self.said = Blank(hint="in your own words", id="said")
        if one is None:
            yield Words(lambda _: [[("nothing is due", "$ink")]])
            return
        self.wanted = one.id
        announced = pending(self.console.incident, one)
        holds = (HOLD,) if announced and announced.fires else ()
        writes = (WRITE,) if message_for(self.runbook, one.id) else ()
        page = (PAGE,) if one.state == "due" and one.to else ()
        names = [*holds, *writes, *outcomes(one), *page, SNOOZE]  # enter alone calls nobody
        options = [Option(str(n), "snooze 15 m" if name == SNOOZE else name, name) for n, name in enumerate(names, 1)]
        self.outcome = Choice(options, id="outcome")
        yield Words(self._what)
        yield Words(lambda _: [[]], classes="gap")
        yield Words(self._runbook_line)
        yield Words(lambda _: [[]], classes="gap")
        yield field("what is done", self.outcome)
        yield field("", Words(self._meaning))
        yield field("words", self.said)

    def buttons(self) -> Sequence[Button]:
        if not self.outcome.options:
            return (Button("Close", "enter", "cancel"),)
        names = {
            PAGE: "Page now",
            HOLD: "Do not page",
            SNOOZE: "Snooze 15 m",
            ACK: "Acknowledge",
            NEXT: "Go to the next phase",
            WRITE: "Write it",
        }
        name = names.get(self.outcome.value)
        return (
            Button(name or f"Keep: {self.outcome.value}", "enter", "answer"),
            Button("Snooze", "alt+s", "snooze"),
            Button("Cancel", "esc", "cancel"),
        )

    def act(self) -> Act | Refusal | None:
        if not self.wanted:
            return None
        match self.outcome.value:
            case "snooze":
                if not self.said.value.strip():
                    self.said.focus()
                    return Refusal("say why it can wait")
                return Snooze(self.wanted, WAIT, self.said.value)
            case "page now":
                return PageNow(self.wanted, self.said.value)
            case "do not page":
                if not self.said.value.strip():
                    self.said.focus()
                    return Refusal("say why nobody is to be paged")
                return CancelAnnouncement(self.wanted, self.said.value)
            case "acknowledge":
                return Acknowledge()
            case "next phase":
                number = int(self.wanted.partition(":")[2]) + 1
                return SetPhase(number) if number <= len(self.runbook.phases) else Answer(self.wanted, "done", self.said.value)
            case outcome:
                return Answer(self.wanted, outcome, self.said.value)

    def action_answer(self) -> None:
        """What is to be told is written on its own screen."""
        template = message_for(self.runbook, self.wanted) if self.outcome.value == WRITE else None
        if template is None:
            super().action_answer()
            return
        self.dismiss()
        self.console.run_worker(self.console.places.tell(template.title), group="tell")

    def action_snooze(self) -> None:
        self.outcome.choose(len(self.outcome.options) - 1)
        self.said.focus()

    @on(Choice.Changed)
    def tell_outcome(self) -> None:
        self.say("")

    def _what(self, width: int) -> Sequence[Line]:
        one = self.deadline()
        if one is None:
            return [[("it is settled meanwhile", "$soft")]]
        late = one.state == "due"
        style = "$bad bold" if late else "$soon bold" if one.soon else "$ink bold"
        glyph = g["over"] if late else g["soon"] if one.soon else g["run"]
        lines: list[Line] = [
            [(f"{glyph} {figures(one.left_seconds)}  ", style), (foreign(one.title), "$loud bold")],
            [("  due ", "$soft"), (f"{utc(one.due)} UTC", "$ink"), ("  owner ", "$soft"), (foreign(one.owner), "$ink bold")],
        ]
        lines += [[(part, "$ink")] for part in wrap(f"  {'so' if late else 'else'} {foreign(one.consequence)}", width)]
        if one.to:
            lines.append([("  tell ", "$soft"), (foreign(", ".join(one.to)), "$ink bold"), *self._reached_by(one)])
        if (found := pending(self.console.incident, one)) and found.fires:
            left = figures((found.fires - self.moment).total_seconds())
            lines.append([(f"  {g['over']} the watch pages {foreign(', '.join(found.to))} in {left}", "$bad bold")])
        if one.why:
            lines += [[(part, "$soft")] for part in wrap(foreign(one.why), width)]
        return lines

    def _reached_by(self, one: Deadline) -> list[tuple[str, str]]:
        """How the runbook's contacts are reached."""
        ways = [
            f"{contact.role}: {contact.method}" for contact in self.runbook.escalation.contacts if contact.role in one.to and contact.method
        ]
        return [(f"  by {foreign('; '.join(ways))}", "$soft")] if ways else []

    def _runbook_line(self, width: int) -> Sequence[Line]:
        one = self.deadline()
        lines = self.console.room.text.text.splitlines()
        if one is None or not 0 < one.line <= len(lines):
            return [[("not in the runbook: a rule of the console", "$soft")]]
        # A rule that comes from a template points at its fence; what people know it by stands above.
        number = next((n for n in range(one.line, max(0, one.line - 6), -1) if any(map(str.isalnum, lines[n - 1].lstrip("`~")))), one.line)
        text = foreign(lines[number - 1].strip())
        return [[(f"{g['bar']} ", "$outside"), (part, "$outside")] for part in wrap(f"line {number}: {text}", max(20, width - 2))]

    def _meaning(self, width: int) -> Sequence[Line]:
        words = {
            WRITE: " opens the message, filled; it is sent from there",
            PAGE: " asks the outbox to page them; your words say what you need of them",
            HOLD: " calls off what the watch has announced; the deadline stays",
            SNOOZE: " waits until then and comes back; the reason is kept",
            ACK: " writes that the alert is answered",
            NEXT: " moves the response on; the time box ends",
        }
        return [[(words.get(self.outcome.value, " writes it into the timeline; nothing is sent from here"), "$soft")]]
