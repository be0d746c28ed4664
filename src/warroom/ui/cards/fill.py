"""What placeholders stand for, out of what the cluster has now; and the command itself, to change it for this run."""

from collections.abc import Iterable, Sequence

from textual import events, on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, TextArea

from warroom.core.prepared import Blank as Place
from warroom.core.prepared import Candidate, Prepared, Wanted
from warroom.ui.cards.card import Button, Card, field
from warroom.ui.cells import Line, clip, middle, wrap
from warroom.ui.look import foreign
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.words import Words

MOST = 9
"""Candidates that are offered, a key each."""


class Text(TextArea):
    """The command. Enter is the card's, alt+enter begins another line."""

    BINDINGS = [
        Binding("enter", "screen.answer", "do it", show=False, priority=True, id="fill.answer", tooltip="do what the first button says"),
        Binding("alt+enter,ctrl+j", "line", "new line", show=False, priority=True, id="fill.line", tooltip="another line of the command"),
        Binding("escape", "screen.cancel", "cancel", show=False, priority=True, id="fill.cancel", tooltip="close the card and do nothing"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(text, id="command", compact=True, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    def action_line(self) -> None:
        self.insert("\n")


class FillCard(Card):
    """The first candidate stands in the field: the pod that is selected, else one that fails. A value never becomes code."""

    AUTO_FOCUS = "Input, Text"
    BINDINGS = [
        *(
            Binding(f"alt+{n}", f"take({n})", f"candidate {n}", show=False, id=f"fill.take{n}", tooltip="that candidate")
            for n in range(1, MOST + 1)
        ),
    ]

    def __init__(self, prepared: Prepared, *, edits: bool = False) -> None:
        super().__init__()
        self.prepared, self._edits = prepared, edits
        self.name_of_card = "edit for this run" if edits else "fill in"  # type: ignore[misc]
        self.wanted: Wanted | None = None
        """What shall be run; None: nothing."""
        self._last = 0

    def fields(self) -> Iterable[Widget]:
        yield Words(self._about)
        yield Words(lambda _: [[]], classes="gap")
        self.blanks = [
            Blank(_first(place), hint=foreign(place.spelling[0]), id=f"blank{n}") for n, place in enumerate(self.prepared.blanks)
        ]
        for place, blank in zip(self.prepared.blanks, self.blanks, strict=True):
            yield field(clip(foreign(place.name), 12), blank)
        if self.blanks:
            yield Words(self._candidates, id="candidates")
        if self._edits:
            self.text = Text(self.prepared.wanted.text or self.prepared.written)
            yield Words(lambda _: [[]], classes="gap")
            yield field("command", self.text)

    def buttons(self) -> Sequence[Button]:
        return (Button("Go on", "enter", "answer"), Button("Cancel", "esc", "cancel"))

    def action_answer(self) -> None:
        values = list[tuple[str, str]]()
        for place, blank in zip(self.prepared.blanks, self.blanks, strict=True):
            if not blank.value.strip():
                blank.focus()
                self.say(f"{place.spelling[0]} needs a value: nothing runs with one unfilled")
                return
            values.append((place.name, blank.value.strip()))
        from msgspec.structs import replace

        text = self.text.text if self._edits else self.prepared.wanted.text
        self.wanted = replace(self.prepared.wanted, values=tuple(values), text="" if text == self.prepared.written else text)
        self.dismiss()

    def action_take(self, number: int) -> None:
        offered = self._offered()
        if 0 < number <= len(offered):
            self.blanks[self._at()].fill(foreign(offered[number - 1].value))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.retell()

    @on(Input.Changed)
    def tell_candidates(self) -> None:
        self.retell()

    def _at(self) -> int:
        """The field that is written in, or was last."""
        found = next((n for n, blank in enumerate(self.blanks) if blank.has_focus), None)
        self._last = self._last if found is None else found
        return self._last

    def _offered(self) -> Sequence[Candidate]:
        """All of them while the field holds one of them, else those that have what was typed in them."""
        if not self.blanks:
            return ()
        known, typed = self.prepared.blanks[self._at()].candidates, self.blanks[self._at()].value.strip().casefold()
        if any(one.value.casefold() == typed for one in known):
            return known[:MOST]
        return [one for one in known if typed in one.value.casefold()][:MOST]

    def _about(self, width: int) -> Sequence[Line]:
        out: list[Line] = [[(part, "$loud bold")] for part in wrap(foreign(self.prepared.title), max(20, width))]
        for place in self.prepared.blanks:
            if place.trouble:
                out += [[(part, "$bad")] for part in wrap(foreign(f"{place.spelling[0]}: {place.trouble}"), max(20, width))]
        if not self._edits:
            out += [[(foreign(line, 400), "$outside")] for line in self.prepared.written.splitlines()]
        elif self.prepared.kind != "read":
            out.append([("what you write here is judged anew, and asked about as what it is then", "$soft")])
        return out

    def _candidates(self, width: int) -> Sequence[Line]:
        offered = self._offered()
        if not offered:
            return [[(" " * 13, ""), ("nothing in the cluster is offered for it", "$soft")]]
        room = max(20, width - 19)
        out = list[Line]()
        for n, one in enumerate(offered, 1):
            why = f"  {foreign(one.why)}" if one.why else ""
            name = middle(foreign(one.value), max(12, room - len(why)))
            out.append([(" " * 13, ""), (f"alt+{n} ", "$focus bold"), (name, "$ink"), (clip(why, max(0, room - len(name))), "$soft")])
        return out


def _first(place: Place) -> str:
    return place.value or (place.candidates[0].value if place.candidates else "")
