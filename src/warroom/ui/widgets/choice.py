"""One of several, chosen by its digit or with the arrows."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message

from warroom.ui.cells import Line, Seg, measure
from warroom.ui.look import fill, g
from warroom.ui.widgets.painted import Painted

GAP = 2


@dataclass(frozen=True, slots=True)
class Option:
    """`rank` is that of a severity, which has a fill of its own."""

    key: str
    name: str
    value: str
    rank: int | None = None


class Choice(Painted, can_focus=True):
    """What is chosen is reverse, or has the fill of its severity; as many lines as it needs."""

    BINDINGS = [
        Binding("right,down,l,j", "turn(1)", "next", show=False, id="choice.next", tooltip="the next choice"),
        Binding("left,up,h,k", "turn(-1)", "previous", show=False, id="choice.previous", tooltip="the choice before"),
    ]

    class Changed(Message):
        """Another option was chosen."""

        def __init__(self, choice: "Choice") -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> "Choice":
            return self.choice

    def __init__(self, options: Sequence[Option], chosen: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id, classes="choice")
        self.options = options
        self.at = next((n for n, option in enumerate(options) if option.value == chosen), 0)

    @property
    def value(self) -> str:
        return self.options[self.at].value if self.options else ""

    def choose(self, at: int) -> None:
        if 0 <= at < len(self.options) and at != self.at:
            self.at = at
            self.redraw()
            self.post_message(self.Changed(self))

    def take(self, key: str) -> bool:
        """By its digit."""
        found = next((n for n, option in enumerate(self.options) if option.key == key), None)
        if found is not None:
            self.choose(found)
        return found is not None

    def action_turn(self, by: int) -> None:
        self.choose(max(0, min(len(self.options) - 1, self.at + by)))

    def on_key(self, event: events.Key) -> None:
        if event.character and self.take(event.character):
            event.stop()

    def on_click(self, event: events.Click) -> None:
        for n, (row, start, piece) in enumerate(self._placed(self.size.width)):
            if event.y == row and start <= event.x < start + measure([piece]):
                self.choose(n)

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + max((row for row, _, _ in self._placed(width)), default=0)

    def _placed(self, width: int) -> list[tuple[int, int, Seg]]:
        """Row, column and text of every option."""
        out, row, column = list[tuple[int, int, Seg]](), 0, 1
        for n, option in enumerate(self.options):
            here = n == self.at
            style = (fill(option.rank) if option.rank is not None else "reverse bold") if here else "$ink" if self.has_focus else "$soft"
            piece = (f" {option.key} {option.name} " if option.key else f" {option.name} ", style)
            if column > 1 and column + measure([piece]) > width:
                row, column = row + 1, 1
            out.append((row, column, piece))
            column += measure([piece]) + GAP
        return out

    def draw(self, width: int, height: int) -> Sequence[Line]:
        lines = [list[Seg]() for _ in range(height)]
        for row, start, piece in self._placed(width):
            if row < height:
                lines[row] += [(" " * (start - measure(lines[row])), ""), piece]
        if self.has_focus and lines:
            lines[0] = [(g["cursor"], "$focus"), *([(text, style) if n else (text[1:], style) for n, (text, style) in enumerate(lines[0])])]
        return lines
