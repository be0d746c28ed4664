"""One line that goes anywhere and does anything."""

import inspect
from collections.abc import Iterable, Sequence

from textual import events, on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input

from warroom.ui.cards.card import Button, Card
from warroom.ui.cells import Line, cell, clip, lit, wrap
from warroom.ui.look import foreign, g
from warroom.ui.palette import Way, found
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.painted import Painted


class Matches(Painted):
    """What fits, the chosen one marked."""

    def __init__(self, card: "PaletteCard") -> None:
        super().__init__(id="matches")
        self._card = card

    def draw(self, width: int, height: int) -> Sequence[Line]:
        ways, chosen = self._card.ways(), self._card.chosen
        top = max(0, chosen - height + 1)
        name = min(max([12, *(len(way.name) for way in ways)]), max(12, width * 3 // 5))
        out = list[Line]()
        for n, way in enumerate(ways[top : top + height], top):
            line: Line = [*cell((clip(foreign(way.name), name), "$loud bold" if n == chosen else "$ink"), name), ("  ", "")]
            line = [*line, (clip(foreign(way.what), max(0, width - name - 4)), "$soft")]
            out.append(lit([(g["cursor"], "$focus"), *cell(line, width - 1)]) if n == chosen else [(" ", ""), *line])
        return out or [[(" nothing is called so: esc, then ? has every key", "$soft")]]

    def on_click(self, event: events.Click) -> None:
        top = max(0, self._card.chosen - self.size.height + 1)
        if event.y + top < len(self._card.ways()):
            self._card.chosen = event.y + top
            self._card.action_answer()


class PaletteCard(Card):
    """What fits is worked out when it is asked for: what is typed fast and entered at once is what is done."""

    name_of_card = "go to, or do"
    BINDINGS = [
        Binding("down,ctrl+n", "move(1)", "down", show=False, id="palette.down", tooltip="the next match"),
        Binding("up,ctrl+p", "move(-1)", "up", show=False, id="palette.up", tooltip="the match before"),
        Binding("tab", "complete", "complete", show=False, priority=True, id="palette.complete", tooltip="write the match out"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.chosen = 0
        self.telling: Way | None = None
        self._seen: tuple[str, Sequence[Way]] | None = None

    def fields(self) -> Iterable[Widget]:
        self.line = Blank(hint="pods, events, declare, note, theme, quit ...", id="line")
        self.matches = Matches(self)
        yield self.line
        yield self.matches

    def buttons(self) -> Sequence[Button]:
        return (Button("Go", "enter", "answer"), Button("Complete", "tab", "complete"), Button("Leave", "esc", "cancel"))

    def ways(self) -> Sequence[Way]:
        """What fits what is typed now."""
        query = self.line.value.strip().removeprefix(":").strip()
        if self._seen is None or self._seen[0] != query:
            self._seen = (query, found(self.console, query))
        return self._seen[1]

    @on(Input.Changed)
    def look_again(self) -> None:
        self.chosen, self.telling = 0, None
        self.matches.redraw()

    def action_move(self, by: int) -> None:
        if ways := self.ways():
            self.chosen = max(0, min(len(ways) - 1, self.chosen + by))
            self.telling = None
            self.retell()
            self.matches.redraw()

    def action_complete(self) -> None:
        if ways := self.ways():
            self.line.fill(f"{ways[self.chosen].name} ")

    def action_answer(self) -> None:
        ways = self.ways()
        if not ways:
            self.say(f"nothing is called {self.line.value.strip()!r}: try fewer letters")
            return
        way = ways[min(self.chosen, len(ways) - 1)]
        if way.do is None:
            self.telling = way
            self.retell()
            return
        self.dismiss()
        self.console.call_later(self._do, way)

    async def _do(self, way: Way) -> None:
        """Behind it, once it has closed."""
        if way.do is not None and inspect.isawaitable(done := way.do()):
            await done

    def _told(self, width: int) -> Sequence[Line]:
        if self.telling is None:
            return super()._told(width)
        words = f"{self.telling.name} is {self.telling.what}"
        return [
            [(f"{g['unknown']} " if n == 0 else "  ", "$soon bold"), (part, "$loud")]
            for n, part in enumerate(wrap(foreign(words), width - 2))
        ]
