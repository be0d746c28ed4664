"""Lines that scroll, with a cursor that rests on a key and not on a place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.message import Message

from warroom.ui.cells import Line, cell, dimmed, lit
from warroom.ui.look import g
from warroom.ui.widgets.painted import Painted


@dataclass(frozen=True, slots=True)
class Row:
    """A line. The cursor stops at a row with a key; neighbours with one key are one stop."""

    line: tuple[tuple[str, str], ...] = ()
    key: str = ""


class Rows(Painted, can_focus=True):
    """Shows the rows that `source` makes for a width and a height; one column at the left is the cursor's.

    `tail` keeps the end in view until somebody moves. `words` stand in the place of the rows when there are none to show.
    """

    BINDINGS = [
        Binding("j,down", "move(1)", "down", show=False, id="rows.down", tooltip="the next row"),
        Binding("k,up", "move(-1)", "up", show=False, id="rows.up", tooltip="the row before"),
        Binding("g,home", "end(-1)", "first", show=False, id="rows.first", tooltip="the first row"),
        Binding("G,end", "end(1)", "last", show=False, id="rows.last", tooltip="the last row, and along with what comes"),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False, id="rows.page_down", tooltip="a screenful on"),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False, id="rows.page_up", tooltip="a screenful back"),
        Binding("enter", "choose", "open", show=False, id="rows.choose", tooltip="open what is under the cursor"),
    ]
    HEAD = 0
    """Lines at the top that do not scroll."""
    WHEEL = 3

    class Highlighted(Message):
        """The cursor came to another key; empty: to none."""

        def __init__(self, rows: "Rows", key: str) -> None:
            super().__init__()
            self.rows, self.key = rows, key

        @property
        def control(self) -> "Rows":
            return self.rows

    class Chosen(Message):
        """Enter or a double click on a key."""

        def __init__(self, rows: "Rows", key: str) -> None:
            super().__init__()
            self.rows, self.key = rows, key

        @property
        def control(self) -> "Rows":
            return self.rows

    def __init__(self, source: Callable[[int, int], Sequence[Row]] | None = None, *, tail: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._source, self._tail, self._following = source, tail, tail
        self._rows: Sequence[Row] = ()
        self.cursor = ""
        self.top = 0
        self.words: Sequence[Line] | None = None
        self.old = False
        """Whether what is shown is old, and so all soft."""

    # What a kind of rows gives: how many lines, the key of one, and one as it looks.

    def count(self) -> int:
        return len(self._rows)

    def key_of(self, index: int) -> str:
        return self._rows[index].key

    def line_at(self, index: int, width: int) -> Line:
        return self._rows[index].line

    def head(self, width: int) -> Sequence[Line]:
        return ()

    def is_marked(self, index: int) -> bool:
        return False

    def index_of(self, key: str) -> int | None:
        """The first line of a key."""
        return next((n for n in range(self.count()) if self.key_of(n) == key), None) if key else None

    def gather(self, width: int, height: int) -> None:
        """Asks the source for its rows at this size."""
        if self._source is not None:
            self._rows = self._source(width, height)
            self.settle()

    # Drawing.

    def draw(self, width: int, height: int) -> Sequence[Line]:
        if self.words is not None:
            return [[(" ", ""), *line] for line in self.words]
        self.gather(width - 1, height - self.HEAD)
        room = max(1, height - self.HEAD)
        bottom = max(0, self.count() - room)
        self.top = bottom if self._following else max(0, min(self.top, bottom))
        out = [[(" ", ""), *line] for line in self.head(width - 1)]
        for index in range(self.top, min(self.count(), self.top + room)):
            line, here = self.line_at(index, width - 1), self.has_focus and self.key_of(index) == self.cursor != ""
            if self.old:
                line = dimmed(line)
            mark = (g["yes"], "$focus") if self.is_marked(index) else (g["cursor"], "$focus") if here else (" ", "")
            out.append(lit([mark, *cell(line, width - 1)]) if here else [mark, *line])
        return out

    def settle(self) -> None:
        """The cursor's key may have gone: the nearest one that stays takes over."""
        # Nothing moves under a cursor; one that nobody sees goes along with the end.
        follows = self._following and not self.has_focus
        if self.cursor and not follows and self.index_of(self.cursor) is not None:
            return
        stops = self.stops()
        self.point(stops[-1] if stops and self._tail else stops[0] if stops else "")

    def stops(self) -> Sequence[str]:
        """The keys in their order."""
        return list(dict.fromkeys(key for n in range(self.count()) if (key := self.key_of(n))))

    def point(self, key: str) -> None:
        if key != self.cursor:
            self.cursor = key
            self.post_message(self.Highlighted(self, key))

    def reveal(self) -> None:
        """Scrolls as far as the cursor needs."""
        index = self.index_of(self.cursor)
        if index is None:
            return
        last = index
        while last + 1 < self.count() and self.key_of(last + 1) == self.cursor:
            last += 1
        room = max(1, self.size.height - self.HEAD)
        self.top = min(index, max(self.top, last - room + 1))
        self._following = self._tail and last == self.count() - 1

    # Keys and mouse.

    def action_move(self, by: int) -> None:
        stops = self.stops()
        if not stops:
            self.scroll(by)
            return
        at = stops.index(self.cursor) if self.cursor in stops else 0
        self.go(stops[max(0, min(len(stops) - 1, at + by))])

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height - self.HEAD - 1))

    def action_end(self, way: int) -> None:
        self.action_move(way * (self.count() + 1))

    def action_choose(self) -> None:
        if self.cursor and self.words is None:
            self.post_message(self.Chosen(self, self.cursor))

    def go(self, key: str) -> None:
        """Puts the cursor on a key and shows it."""
        self.point(key)
        self.reveal()
        self.redraw()

    def scroll(self, by: int) -> None:
        self._following = False
        self.top += by
        self.redraw()
        if self._tail and self.top >= self.count() - max(1, self.size.height - self.HEAD):
            self._following = True

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll(self.WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll(-self.WHEEL)

    def on_click(self, event: events.Click) -> None:
        index = event.y - self.HEAD + self.top
        if self.words is None and event.y >= self.HEAD and index < self.count() and (key := self.key_of(index)):
            event.stop()
            self.go(key)
            if event.chain == 2:
                self.action_choose()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()
