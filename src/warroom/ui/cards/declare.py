"""Declaring an incident: a title, a level and when it began; everything else may wait."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.incident import Declare
from warroom.core.acts.timeline import Note
from warroom.core.changes import is_recent
from warroom.core.incident import Incident
from warroom.core.measured import measured
from warroom.core.pods import by_trouble, ready, state_word, trouble_rank
from warroom.core.readings import World
from warroom.core.rule import spell
from warroom.core.severity import Suggestion, suggest_from
from warroom.runbook.model import Runbook, Severity
from warroom.ui.cards.card import Button, Card, Menu, MomentBlank, field
from warroom.ui.cells import Line, Seg, joined, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.proof import box
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.choice import Choice, Option
from warroom.ui.widgets.rows import Row
from warroom.ui.widgets.words import Words


def worst_fact(world: World) -> str:
    """What the cluster says is broken, in a few words; empty: nothing is."""
    pods = [pod for pod in by_trouble(world.pods.value) if trouble_rank(pod) == 0]
    if not pods:
        return ""
    first = pods[0]
    owner = next((one for one in world.deployments.value if first.name.startswith(f"{one.name}-")), None)
    name = owner.name if owner else first.owner.partition("/")[2] or first.name
    mine = [pod for pod in world.pods.value if pod.name.startswith(f"{name}-") or pod.name == name]
    up = sum(own > 0 and own == of for own, of in map(ready, mine))
    words = f"{name}: {up} of {len(mine)} ready, {state_word(first)}"
    newest = owner.revisions[0] if owner and owner.revisions else None
    if newest is not None and is_recent(newest, world.pods.at):
        words += f" since r{newest.number}"
    return words


class Tick(Menu):
    """Boxes of the runbook's items; a tick before there is an incident is a draft."""

    BINDINGS = [Binding("x,space", "tick", "tick", show=False, id="declare.tick", tooltip="tick what is true, or take it back")]

    class Ticked(Message):
        """An item was ticked, or its tick taken back."""

        def __init__(self, item: str) -> None:
            super().__init__()
            self.item = item

    def action_tick(self) -> None:
        if self.cursor:
            self.post_message(self.Ticked(self.cursor))


class DrillBox(Words, can_focus=True):
    """Whether nothing of it may leave this machine."""

    BINDINGS = [Binding("space,x", "flip", "tick", show=False, id="declare.drill", tooltip="an exercise, or not")]

    def __init__(self) -> None:
        super().__init__(self._line, id="drill")
        self.on = False

    def action_flip(self) -> None:
        self.on = not self.on
        self.redraw()

    def on_click(self) -> None:
        self.action_flip()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def _line(self, width: int) -> Sequence[Line]:
        box = f"[{g['good'] if self.on else ' '}]"
        mark: Seg = (g["cursor"], "$focus") if self.has_focus else (" ", "")
        style = "$loud bold" if self.on else "$ink"
        return [[mark, (box, style), (" this is a DRILL", style), ("  nothing leaves this machine", "$soft")]]


class DeclareCard(Card):
    """Enter declares from wherever one is; a second declaration within minutes is asked about."""

    AUTO_FOCUS = "#title"
    name_of_card = "declare an incident"
    BINDINGS = [
        Binding("alt+w", "watch_only", "watch only", show=False, id="declare.watch", tooltip="keep the look as no incident"),
        Binding("alt+a", "another", "another incident", show=False, id="declare.another", tooltip="this is not the incident that is open"),
        Binding("alt+d", "drill", "drill", show=False, id="declare.alt_drill", tooltip="an exercise, or not"),
        *(
            Binding(f"alt+{n}", f"level('{n}')", f"level {n}", show=False, id=f"declare.level{n}", tooltip="that level; 0: not yet")
            for n in range(10)
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.doubted = False
        """Whether another incident is open that this may be."""

    @property
    def runbook(self) -> Runbook:
        """Its own incident's: not that of one that is over."""
        return self.console.room.next_runbook

    def fields(self) -> Iterable[Widget]:
        declaration, suggestion = self.runbook.declaration, self.suggestion()
        levels = [Option(str(n), f"{foreign(one.level)} {foreign(one.name)}".strip(), one.level, one.rank) for n, one in self._numbered()]
        self.title_blank = Blank(worst_fact(self.console.world), hint="what is broken, in a few words", id="title")
        self.level = Choice([*levels, Option("0", "not yet", "")], suggestion.level or "", id="level")
        self.began = MomentBlank(lambda: self.moment, id="began", empty="now: -7m, 02:41 or RFC 3339 is earlier")
        self.symptoms = Blank(hint="what is seen", id="symptoms")
        self.drill = DrillBox()
        if declaration.definition:
            yield Words(
                lambda width: [*([(part, "$soft")] for part in wrap(foreign(declaration.definition), width)), []], classes="words roomy"
            )
        if declaration.triggers:
            yield Tick(self._triggers, id="triggers")
            yield Words(lambda _: [[]], classes="gap")
        yield field("title", self.title_blank)
        yield Words(lambda _: [[]], classes="gap")
        yield field("severity", self.level)
        yield field("", Words(self._why))
        yield Words(lambda _: [[]], classes="gap")
        yield field("began", self.began)
        yield field("symptoms", self.symptoms)
        yield field("", self.drill)

    def buttons(self) -> Sequence[Button]:
        if self.doubted:
            return (
                Button("The same, note it there", "enter", "answer"),
                Button("Another incident", "alt+a", "another"),
                Button("Cancel", "esc", "cancel"),
            )
        level = foreign(self.level.value)
        return (
            Button(f"Declare {level}".strip(), "enter", "answer"),
            Button("Watch only", "alt+w", "watch_only"),
            Button("Drill", "alt+d", "drill"),
            Button("Cancel", "esc", "cancel"),
        )

    def suggestion(self) -> Suggestion:
        return suggest_from(self.runbook, frozenset(self.console.draft), live=self.console.world.verdicts.value)

    def _numbered(self) -> Iterable[tuple[int, Severity]]:
        return enumerate(sorted(self.runbook.severities, key=lambda one: one.rank)[:9], 1)

    def _triggers(self, width: int, height: int) -> Sequence[Row]:
        out, known = list[Row](), measured(Incident(), self.console.world.verdicts.value)
        for item in self.runbook.declaration.triggers:
            on, found = item.id in self.console.draft, known.get(item.id)
            met = on or (found is not None and found.verdict == "true")
            proof = f"  {foreign(found.figure)}" if found and found.figure else ""
            out.append(Row((*box(on, True, found), (foreign(item.text), "$loud" if met else "$ink"), (proof, "$soft")), item.id))
        return out

    def _why(self, width: int) -> Sequence[Line]:
        suggestion = self.suggestion()
        chosen = self.runbook.severity(self.level.value)
        facts = list[Line]()
        if suggestion.level:
            facts.append([(f"suggested {foreign(suggestion.level)}: {foreign('; '.join(suggestion.reasons))}", "$ink")])
        elif chosen is None:
            facts.append([("no criterion is met: alt+1 sets a level, and pane 6 has them all", "$soft")])
        if chosen and chosen.response_seconds:
            facts.append([(f"respond in {spell(chosen.response_seconds)}", "$soft")])
        if chosen and chosen.impact:
            facts.append([(foreign(chosen.impact), "$soft")])
        return [[(" ", ""), *joined(facts)]]

    @on(Tick.Ticked)
    def tick(self, message: Tick.Ticked) -> None:
        draft = dict(self.console.draft)
        if draft.pop(message.item, None) is None:
            draft[message.item] = self.moment
        self.console.draft = draft
        self.query_one("#triggers", Tick).redraw()
        self.retell()

    @on(Choice.Changed)
    def tell_level(self) -> None:
        self.say("")

    def action_level(self, key: str) -> None:
        self.level.take(key)

    def action_drill(self) -> None:
        self.drill.action_flip()

    def declaration(self, *, watch_only: bool = False, another: bool = False) -> Act | Refusal:
        began = self.began.moment()
        if isinstance(began, Refusal):
            return began
        room, suggestion = self.console.room, self.suggestion()
        return Declare(
            title=self.title_blank.value,
            runbook=room.own,
            severity=None if watch_only else self.level.value or None,
            reason="; ".join(suggestion.reasons) if suggestion.level == self.level.value else "",
            alerted=began,
            symptoms=self.symptoms.value,
            drill=self.drill.on,
            cluster=self.console.world.cluster.value,
            ticks=tuple(self.console.draft),
            watch_only=watch_only,
            another=another,
        )

    def act(self) -> Act | Refusal:
        if self.doubted:
            symptoms = self.symptoms.value.strip()
            return Note(self.title_blank.value.strip() + (f": {symptoms}" if symptoms else ""))
        return self.declaration()

    def _try(self, act: Act | Refusal) -> None:
        if isinstance(act, Refusal):
            self.say(act.why)
        else:
            self.ask(act)

    def action_watch_only(self) -> None:
        self._try(self.declaration(watch_only=True))

    def action_another(self) -> None:
        if self.doubted:
            self._try(self.declaration(another=True))

    def refused(self, refusal: Refusal) -> None:
        """Somebody may have declared it a moment ago."""
        incident = self.console.room.incident
        self.doubted = incident.open and incident.title in refusal.why and bool(self.title_blank.value.strip())
        self.say(f"{incident.id} ({incident.title}) was declared just now: is it the same incident?" if self.doubted else refusal.why)

    def done(self) -> None:
        self.console.draft = {}
        super().done()
