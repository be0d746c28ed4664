"""The check-lists that decide: what speaks for a level, and what is to be done."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from textual import on
from textual.binding import Binding

from warroom.core.acts.checklists import Tick, Untick
from warroom.core.entries import Entry
from warroom.core.measured import Measured, measured
from warroom.core.readings import Verdict
from warroom.core.rules import phase_name
from warroom.core.severity import Suggestion, suggest, suggest_from, ticked_words
from warroom.core.steps import acknowledges, applies
from warroom.runbook.model import Item, Severity
from warroom.ui.cells import Line, Seg, clip, ends, measure, wrap
from warroom.ui.look import chip, foreign, g
from warroom.ui.messages import Asked
from warroom.ui.panes.pane import LinesPane
from warroom.ui.panes.proof import box, proofs_of
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.words import utc

View = Literal["levels", "response", "phase"]
LEVEL = "level "
"""How the keys of the level lines begin; no item's id has a space."""


class SeverityPane(LinesPane):
    """Levels and their criteria; with its digit again the initial response, then the steps of the phase.

    Before an incident the triggers stand above the levels, and ticks are a draft that the declaration takes along.
    """

    label, digit, ticks = "severity", "6", False
    BINDINGS = [
        Binding("x", "tick", "tick", id="severity.tick", tooltip="tick what is true or done, or take it back; who and when is kept"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.view: View = "levels"
        self._turned = dict[str, bool]()
        """Levels that somebody opened or closed by hand."""
        self._judged: Sequence[Verdict] = ()
        """The verdicts that are drawn."""

    # What it knows.

    @property
    def quiet(self) -> bool:
        return not self.incident.id

    def ticked(self) -> frozenset[str]:
        return frozenset(self.console.draft) if self.quiet else frozenset(self.incident.ticks)

    @property
    def verdicts(self) -> Sequence[Verdict]:
        return self.world.verdicts.value

    def measured(self) -> Mapping[str, Measured]:
        """By item; a measurement and a hand stand beside each other."""
        return measured(self.incident, self.verdicts)

    def met(self) -> frozenset[str]:
        """What counts: ticked by somebody, or measured."""
        return self.ticked() | {id for id, one in self.measured().items() if one.speaks}

    def suggestion(self) -> Suggestion:
        if self.quiet:
            return suggest_from(self.runbook, self.ticked(), live=self.verdicts)
        return suggest(self.runbook, self.incident, self.verdicts)

    def response(self) -> Sequence[Item]:
        return self.runbook.oncall.checklist

    def steps(self) -> Sequence[Item]:
        number = max(1, self.incident.phase)
        return self.runbook.phases[number - 1].steps if number <= len(self.runbook.phases) else ()

    def under_cursor(self) -> Item | None:
        return self.runbook.item(self.body.cursor)

    # How it turns.

    def views(self) -> Sequence[View]:
        """Those that have something to show."""
        if self.quiet:
            return ("levels",)
        return ("levels", *(("response",) if self.response() else ()), *(("phase",) if self.steps() else ()))

    def again(self) -> bool:
        views = self.views()
        self.turn(views[(views.index(self.view) + 1) % len(views)] if self.view in views else "levels")
        return len(views) > 1

    def turn(self, view: View, item: str = "") -> None:
        """Shows a list, the cursor on an item."""
        self.view = view
        self.update()
        if item:
            self.body.go(item)

    def on_mount(self) -> None:
        super().on_mount()
        self.watch(self.console, "draft", self.follow_draft, init=False)

    def follow_draft(self) -> None:
        self.update()

    def watch_world(self) -> None:
        if self._ready and self._judged is not self.verdicts:
            self._judged = self.verdicts
            self.update()

    def watch_incident(self) -> None:
        if self.view not in self.views():
            self.view = "levels"
        super().watch_incident()
        if self.incident.open and self.console.draft:
            self._hand_over()

    def _hand_over(self) -> None:
        """Somebody else declared: what was ticked here is not lost."""
        draft, self.console.draft = self.console.draft, {}
        for item in draft:
            if item not in self.incident.ticks:
                self.post_message(Asked(Tick(item)))

    # What it does.

    def action_tick(self) -> None:
        key = self.body.cursor
        if not key or key.startswith(LEVEL):
            return
        if (item := self.runbook.item(key)) is not None and key not in self.ticked():
            self.console.places.offer_document(item.text)
        if self.quiet and key not in self.ticked() and (told := self._needs_no_hand(key)):
            self.notify(told, title="not done", severity="warning", markup=False)
        elif self.quiet:
            draft = dict(self.console.draft)
            if draft.pop(key, None) is None and self.now:
                draft[key] = self.now
            self.console.draft = draft
        else:
            self.post_message(Asked(Untick(key) if key in self.incident.ticks else Tick(key)))

    def _needs_no_hand(self, key: str) -> str:
        """Why it cannot be ticked; empty: it can. In an incident the act says so."""
        one = self.measured().get(key)
        return f"it is measured and met ({foreign(one.evidence)}): it needs no hand" if one and one.verdict == "true" else ""

    @on(Rows.Chosen)
    def choose(self, message: Rows.Chosen) -> None:
        """A level opens and closes; of a criterion the suggestion is accepted, of a step its act is offered."""
        message.stop()
        if message.key.startswith(LEVEL):
            level = message.key.removeprefix(LEVEL)
            self._turned[level] = level not in self._open(self.body.size.height)
            self.update()
        elif self.view == "levels":
            self.console.action_card("declare" if self.quiet else "severity")
        elif not self.offer(message.key):
            self.action_tick()

    def open_step(self, item: Item) -> None:
        """Its list, the cursor on it, and its card where it has one."""
        self.turn("response" if item in self.response() else "phase", item.id)
        self.offer(item.id)

    def offer(self, id: str) -> bool:
        """The card of a step that is an act of the room; whether there is one."""
        item = self.runbook.item(id)
        if item is None or self.quiet or id in self.incident.ticks:
            return False
        words = item.text.casefold()
        if acknowledges(item) and self.incident.acknowledged is None:
            self.console.action_card("response", "ack")
        elif "severity" in words and ("assess" in words or "assign" in words or "set " in words):
            self.console.action_card("severity")
        else:
            return False
        return True

    # What it looks like.

    def called(self) -> str:
        if self.view == "response":
            return "initial response"
        if self.view == "phase":
            number = max(1, self.incident.phase)
            return f"phase {number}, {foreign(phase_name(self.runbook.phases[number - 1].title))}"
        return "triggers" if self.quiet and self.runbook.declaration.triggers else "severity"

    def facts(self) -> Sequence[Line]:
        ticked = self.ticked()
        if self.view != "levels":
            items = [item for item in self._items() if applies(self.runbook, self.incident, item)]
            return ([(f"{sum(item.id in ticked for item in items)} of {len(items)}", "$soft")],)
        triggers = self.runbook.declaration.triggers
        if self.quiet and triggers:
            met = sum(item.id in self.met() for item in triggers)
            return ([(f"{met or 'none'} of {len(triggers)}", "$loud bold" if met else "$soft")],)
        items = [item for level in self.runbook.severities for item in level.criteria]
        worst = self.suggestion().level
        other = worst is not None and worst != self.incident.severity
        told: Line = [(f"suggests {foreign(worst)}", "$soon bold" if other else "$ink")] if worst else ()
        return ([(f"{sum(item.id in self.met() for item in items)} of {len(items)}", "$soft")], told)

    def news(self) -> Line:
        worst = self.suggestion().level
        if worst and worst != self.incident.severity:
            return [(f"{foreign(worst)}?", "$soon bold")]
        return [(foreign(self.incident.severity), "$ink")] if self.incident.severity else ()

    def shows_nothing(self) -> bool:
        return not (self.runbook.severities or self.runbook.declaration.triggers or self.incident.ticks)

    def empty_words(self) -> Sequence[Line]:
        return [[("the runbook has no severity levels", "$ink")], [("write them as headings with a list below", "$soft")]]

    def _items(self) -> Sequence[Item]:
        return self.response() if self.view == "response" else self.steps()

    def lines(self, width: int, height: int) -> Sequence[Row]:
        if self.view != "levels":
            return self._list(width)
        out = list[Row]()
        if self.quiet:
            triggers = self.runbook.declaration.triggers
            out += [row for item in triggers for row in self._item(item, width)]
            out += [Row()] if triggers else []
        else:
            out.append(Row(tuple(self._why(width))))
        opened = self._open(height - len(out) + 1)
        for level in self._levels():
            out += self._level(level, width, level.level in opened)
        return [*out, *self._orphans(width)]

    def _list(self, width: int) -> list[Row]:
        return [row for item in self._items() for row in self._item(item, width, wraps=True)]

    def _levels(self) -> Sequence[Severity]:
        return sorted(self.runbook.severities, key=lambda level: level.rank)

    def _open(self, height: int) -> frozenset[str]:
        """The levels that have room to be open: all, the two worst and those that matter, or the one that does."""
        levels = self._levels()
        if not levels:
            return frozenset()
        matters = self.suggestion().level or self.incident.severity or levels[0].level
        sets = (
            [level.level for level in levels],
            [level.level for level in levels if level.rank <= 2 or level.level in (matters, self.incident.severity)],
            [matters],
        )
        fits = (those for those in sets if 1 + sum(1 + len(level.criteria) * (level.level in those) for level in levels) <= height)
        chosen = set(next(fits, () if self.quiet else sets[-1]))
        for name, opened in self._turned.items():
            (chosen.add if opened else chosen.discard)(name)
        return frozenset(chosen)

    def _why(self, width: int) -> Line:
        suggestion, level = self.suggestion(), self.incident.severity
        if suggestion.level is None:
            return [("x ticks what is true", "$soft"), (f", it is {foreign(level)} by hand" if level else "", "$soft")]
        if level is None or suggestion.level == level:
            lead: Line = [("why ", "$soft"), (f"{foreign(suggestion.level)}: ", "$ink bold")]
        else:
            lead = [
                (f"{g['over']} {foreign(suggestion.level)}", "$soon bold"),
                (", ", "$soft"),
                ("!", "$focus bold"),
                (" sets it: ", "$soft"),
            ]
        told, reasons = list[str](), [foreign(reason) for reason in suggestion.reasons]
        for n, reason in enumerate(reasons):
            rest = f" + {len(reasons) - n - 1} more" if n + 1 < len(reasons) else ""
            if told and measure([*lead, (", ".join([*told, reason]) + rest, "")]) > width:
                break
            told.append(reason)
        more = f" + {len(reasons) - len(told)} more" if len(told) < len(reasons) else ""
        room = max(8, width - measure(lead) - measure([(more, "")]))
        return [*lead, (clip(", ".join(told), room), "$ink"), (more, "$soft")]

    def _level(self, level: Severity, width: int, opened: bool) -> Iterable[Row]:
        counted = self.met()
        met = sum(item.id in counted for item in level.criteria)
        held = level.level == self.incident.severity
        mark = chip(level.rank, foreign(level.level)) if met or held else (f" {foreign(level.level)} ", "$soft bold")
        name: Seg = (f" {foreign(level.name)}", "$loud bold" if met or held else "$soft")
        count: Seg = (f"  {met} of {len(level.criteria)}", "$ink" if met else "$soft")
        yield Row(tuple(ends(width, [mark, name, count], [(g["open" if opened else "next"], "$soft")])), f"{LEVEL}{level.level}")
        if opened:
            for item in level.criteria:
                yield from self._item(item, width)

    def _item(self, item: Item, width: int, *, wraps: bool = False) -> list[Row]:
        on, here = item.id in self.ticked(), self.quiet or applies(self.runbook, self.incident, item)
        found = self.measured().get(item.id)
        loud = on or (found is not None and found.speaks)
        mark, style = box(on, here, found), "$loud" if loud else "$ink" if here else "$soft"
        proofs = proofs_of(self._hands(item, on, here), found, on=on)
        indent = "  " * item.depth
        text, room = foreign(item.text), width - 4 - len(indent)
        if not wraps:
            # The proof says less before the words lose their end.
            shown = next((proof for proof in proofs if measure([(text, "")]) + measure(proof) + 1 <= room), proofs[-1])
            return [Row(tuple(ends(width, [*mark, (f"{indent}{text}", style)], shown)), item.id)]
        proof = proofs[0]
        parts = wrap(text, max(12, room - (measure(proof) + 1 if proof else 0)))
        first = ends(width, [*mark, (f"{indent}{parts[0]}", style)], proof)
        return [Row(tuple(first), item.id), *(Row(((f"    {indent}{part}", style),), item.id) for part in parts[1:])]

    def _hands(self, item: Item, on: bool, here: bool) -> list[Line]:
        """Who ticked it and when, from all of it to the least."""
        tick = None if self.quiet else self.incident.ticks.get(item.id)
        if tick:
            by = foreign(clip(tick.by, 12))
            return [[(f"{by} {utc(self.incident.at(tick), seconds=False)}", "$ink")], [(by, "$ink")]]
        if self.quiet and on:
            return [[(utc(self.console.draft[item.id], seconds=False), "$ink")]]
        return [] if here else [[("not this case", "$soft")]]

    def _orphans(self, width: int) -> list[Row]:
        """Ticks of items that the runbook no longer has stay."""
        if self.quiet:
            return []
        known = {item.id for item in self.runbook.items()}
        lost = {id: words for id, words in ticked_words(self.incident).items() if id not in known}
        rows = list[Row]()
        for id, words in lost.items():
            box: list[Seg] = [("[", "$soft"), (g["good"], "$loud bold"), ("] ", "$soft")]
            right: Line = [(f"{foreign(clip(self._tick(id).by, 12))}, not in the runbook", "$soon")]
            rows.append(Row(tuple(ends(width, [*box, (foreign(words), "$loud")], right)), id))
        return rows

    def _tick(self, id: str) -> Entry:
        return self.incident.ticks[id]
