"""Changing the severity: what speaks for it, what it starts and what it stops."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.severity import SetSeverity
from warroom.core.deadlines import Deadline, deadlines
from warroom.core.entries import Entry, SeveritySet
from warroom.core.incident import Incident, fold
from warroom.core.messages import message_for
from warroom.core.severity import Suggestion, suggest
from warroom.runbook.model import Runbook
from warroom.ui.cards.card import Button, Card, field
from warroom.ui.cells import Line, clip
from warroom.ui.look import foreign, g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.choice import Choice, Option
from warroom.ui.widgets.words import Words
from warroom.ui.words import figures

OPEN = ("due", "running")


def changes(runbook: Runbook, incident: Incident, level: str, now: datetime) -> tuple[tuple[Deadline, ...], tuple[Deadline, ...]]:
    """The deadlines that start and those that stop, if it became that level now."""
    known = runbook.severity(level)
    if known is None or known.level == incident.severity:
        return (), ()
    fact = SeveritySet(level=known.level, rank=known.rank)
    entry = Entry(id="if", incident=incident.id, at=now, recorded_at=now, by="", fact=fact, kind="severity_set")
    before = {one.id: one for one in deadlines(runbook, incident, now) if one.state in OPEN}
    after = {one.id: one for one in deadlines(runbook, fold((entry,), incident), now) if one.state in OPEN}
    return tuple(one for id, one in after.items() if id not in before), tuple(one for id, one in before.items() if id not in after)


class SeverityCard(Card):
    """Opens on what is suggested; a human says why."""

    AUTO_FOCUS = "#level"
    name_of_card = "severity"
    BINDINGS = [
        *(
            Binding(f"alt+{n}", f"level('{n}')", f"level {n}", show=False, id=f"severity_card.level{n}", tooltip="that level")
            for n in range(1, 10)
        ),
    ]

    def fields(self) -> Iterable[Widget]:
        levels = sorted(self.runbook.severities, key=lambda one: one.rank)[:9]
        options = [
            Option(str(n), f"{foreign(one.level)} {foreign(one.name)}".strip(), one.level, one.rank) for n, one in enumerate(levels, 1)
        ]
        suggestion = self.suggestion()
        chosen = suggestion.level or self.console.incident.severity or ""
        self.level = Choice(options, chosen, id="level")
        self.reason = Blank(hint="what suggests it, or your own words" if suggestion.level else "why it is so", id="reason")
        yield field("now", Words(self._now))
        yield field("suggested", Words(self._suggested))
        yield Words(lambda _: [[]], classes="gap")
        yield field("severity", self.level)
        yield field("", Words(self._meaning))
        yield Words(lambda _: [[]], classes="gap")
        yield field("reason", self.reason)
        yield Words(lambda _: [[]], classes="gap")
        yield Words(self._changes)

    def buttons(self) -> Sequence[Button]:
        return (Button(f"Set {foreign(self.level.value)}", "enter", "answer"), Button("Cancel", "esc", "cancel"))

    def act(self) -> Act | Refusal:
        incident = self.console.incident
        if self.level.value == incident.severity:
            return Refusal(f"it is {incident.severity} already: choose another level with the arrows, or press esc")
        suggestion, reason = self.suggestion(), self.reason.value.strip()
        if not reason and suggestion.level != self.level.value:
            self.reason.focus()
            return Refusal(f"say why it is {self.level.value}")
        return SetSeverity(self.level.value, reason or "; ".join(suggestion.reasons))

    def done(self) -> None:
        """A change of severity is told: the update is one key away."""
        super().done()
        if (template := message_for(self.runbook, "update")) is not None:
            self.console.places.offer_message(template.title, "the level is another")

    def suggestion(self) -> Suggestion:
        return suggest(self.runbook, self.console.incident, self.console.world.verdicts.value)

    @on(Choice.Changed)
    def tell_level(self) -> None:
        self.say("")

    def action_level(self, key: str) -> None:
        self.level.take(key)

    def _now(self, width: int) -> Sequence[Line]:
        incident = self.console.incident
        by = incident.severities[-1].by if incident.severities else ""
        return [[(f" {foreign(incident.severity or 'none is set')}", "$ink bold"), (f"  {foreign(by)}", "$soft")]]

    def _suggested(self, width: int) -> Sequence[Line]:
        suggestion = self.suggestion()
        if suggestion.level is None:
            return [[(" nothing: no criterion is met", "$soft")]]
        also = f"  also speaks for {', '.join(suggestion.also)}" if suggestion.also else ""
        why = foreign("; ".join(suggestion.reasons))
        return [[(f" {foreign(suggestion.level)} ", "$ink bold"), (clip(why, width - 8), "$ink"), (foreign(also), "$soft")]]

    def _meaning(self, width: int) -> Sequence[Line]:
        level = self.runbook.severity(self.level.value)
        return [[(f" {foreign(level.impact)}" if level else "", "$soft")]]

    def _changes(self, width: int) -> Sequence[Line]:
        starts, stops = changes(self.runbook, self.console.incident, self.level.value, self.moment)
        if not starts and not stops:
            return [[("starts and stops no deadline", "$soft")]]
        lines = list[Line]()
        for one in starts[:6]:
            late = one.state == "due"
            style = "$bad bold" if late else "$ink"
            lines.append(
                [
                    (f"{g['over'] if late else g['run']} starts ", style),
                    (f"{figures(one.left_seconds):>9}  ", style),
                    (clip(foreign(one.title), max(10, width - 40)), "$ink"),
                    (f"  {foreign(one.consequence)}", "$soft"),
                ]
            )
        for one in stops[:4]:
            lines.append([(f"{g['skip']} stops             ", "$soft"), (foreign(one.title), "$soft")])
        return lines
