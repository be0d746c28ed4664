"""A table for any number of rows: keyed, diffed, and only the changed cells of visible rows are painted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from textual.binding import Binding

from warroom.ui.cells import Align, Line, Seg, cell
from warroom.ui.look import g
from warroom.ui.widgets.rows import Rows

T = TypeVar("T")
Cell = Seg | Line | Callable[[int], Line]
"""What stands in a cell; a function gets the width and fits itself."""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`width` 0 takes what is left, `least` at the least. `drop` 1 goes first when room is short; 0 never goes.

    `by` is what a sort of this column compares; None: it cannot be sorted by. A `title` that is a function is asked each time.
    """

    name: str
    width: int = 0
    align: Align = "<"
    drop: int = 0
    least: int = 18
    title: str | Callable[[], Line] | None = None
    by: Callable[[T], Any] | None = None


def fit(columns: Sequence[Column[T]], width: int) -> tuple[list[Column[T]], list[int]]:
    """The columns that have room, in order, and their widths; one cell between two."""
    kept = list(columns)
    while sum((column.width or column.least) + 1 for column in kept) - 1 > width:
        going = [column for column in kept if column.drop]
        if not going:
            break
        kept.remove(min(going, key=lambda column: column.drop))
    spare = width - sum(column.width for column in kept) - max(0, len(kept) - 1)
    rest = [column for column in kept if not column.width]
    share = max(1, spare // len(rest)) if rest else 0
    return kept, [column.width or share for column in kept]


def held(before: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """`wanted` in the order of `before`: what was there keeps its place, what is new comes after its neighbour."""
    known, staying = set(before), set(wanted)
    first, after, last = list[str](), dict[str, list[str]](), ""
    for key in wanted:
        if key in known:
            last = key
        else:
            (after.setdefault(last, []) if last else first).append(key)
    out = first
    for key in before:
        if key in staying:
            out.append(key)
            out += after.get(key, ())
    return out


class LiveTable(Rows, Generic[T]):
    """Rows of values under keys. `cells` gives a row's cells by the name of their column, and must be pure but for the time.

    The order is the caller's, or that of the column somebody chose. It holds while somebody works in the table: from the
    first key, click or jump to it until it loses the focus; and while what it shows is old.
    """

    HEAD = 1
    BINDINGS = [
        Binding("o", "sort", "sort", show=False, id="table.sort", tooltip="sort by the next column; after the last one by trouble again"),
        Binding("O", "turn", "turn", show=False, id="table.turn", tooltip="turn the order of the sorted column"),
        Binding("space", "mark", "mark", show=False, id="table.mark", tooltip="mark the row, so that copying takes all marked ones"),
    ]

    def __init__(
        self,
        columns: Callable[[int], Sequence[Column[T]]],
        cells: Callable[[T], Mapping[str, Cell]],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._columns, self._cells = columns, cells
        self.below: Callable[[T], Cell] | None = None
        """What stands below each row, under its last column; None: a row is one line."""
        self._values: dict[str, T] = {}
        self._wanted: list[str] = []
        self._order: list[str] = []
        self._places: dict[str, int] | None = None
        self._lines: dict[str, Line] = {}
        self._fitted: tuple[int, list[Column[T]], list[int]] = (-1, [], [])
        self._filter: Callable[[T], bool] | None = None
        self.sorted_by = ""
        self.backwards = False
        self.marked: set[str] = set()
        self.worked_in = False
        """Whether somebody has come to it, so that nothing may move under the cursor."""
        self.placed = False
        """Whether somebody has put the cursor where it is; until then it is on the first row."""
        self.waiting = False
        """Whether the order that holds is another than it would be."""

    @property
    def order(self) -> Sequence[str]:
        """The keys that are shown, as they are shown."""
        return self._order

    def value(self, key: str) -> T | None:
        return self._values.get(key)

    @property
    def under_cursor(self) -> T | None:
        return self._values.get(self.cursor)

    def show(self, rows: Sequence[tuple[str, T]]) -> None:
        """Takes the whole table; values are compared by identity, and only rows that are another value are made again."""
        before, self._values = self._values, dict(rows)
        for key, value in rows:
            if before.get(key) is not value:
                self._lines.pop(key, None)
        for key in before.keys() - self._values.keys():
            self._lines.pop(key, None)
            self.marked.discard(key)
        self._wanted = [key for key, _ in rows]
        self._arrange(hold=self.holds)

    def filter_by(self, keep: Callable[[T], bool] | None) -> None:
        """Shows only the rows that `keep` wants; None shows all."""
        self._filter = keep
        self._arrange(hold=self.holds)

    @property
    def holds(self) -> bool:
        """Whether the order stays as it is."""
        return self.old or (self.has_focus and self.worked_in)

    def release(self) -> None:
        """Whoever held the order wants the newest one."""
        self._arrange(hold=False)

    def fit_again(self) -> None:
        """The columns have become others."""
        self._fitted = (-1, [], [])
        self._lines.clear()

    def retell(self) -> None:
        """Time has gone on, or what `cells` knows has changed: visible rows are made again, and painted where they differ."""
        self._lines.clear()
        self.redraw()

    def sort_by(self, name: str, backwards: bool = False) -> None:
        """By a column's name; empty: the caller's order."""
        self.sorted_by, self.backwards = name, backwards
        self._arrange(hold=False)

    def action_sort(self) -> None:
        names = ["", *(column.name for column in self._fitted[1] if column.by is not None)]
        at = names.index(self.sorted_by) if self.sorted_by in names else 0
        self.sort_by(names[(at + 1) % len(names)])

    def action_turn(self) -> None:
        self.sort_by(self.sorted_by, not self.backwards)

    def action_mark(self) -> None:
        """Marks or unmarks the row, and goes on to the next."""
        if self.cursor:
            self.marked ^= {self.cursor}
            self.action_move(1)
            self.redraw()

    def _sorted(self, keys: list[str]) -> list[str]:
        by = next((column.by for column in self._columns(self.size.width) if column.name == self.sorted_by), None)
        after = sorted(keys, key=lambda key: by(self._values[key])) if by else list(keys)
        if self.backwards:
            after.reverse()
        return after

    def _arrange(self, hold: bool) -> None:
        keys = self._wanted
        if self._filter is not None:
            keys = [key for key in keys if self._filter(self._values[key])]
        after = self._sorted(keys)
        if hold and self._order:
            fresh, after = after, held(self._order, after)
            self.waiting = fresh != after
        else:
            self.waiting = False
        if after != self._order:
            before, offset, at = self._order, None, self.index_of(self.cursor)
            if at is not None and (hold or self.top):
                offset = at - self.top  # what is under the cursor stays where it is on the screen
            self._order, self._places = after, None
            if self.cursor and self.index_of(self.cursor) is None and at is not None:
                self.point(self._heir(before, at // self.tall))
            if offset is not None and (at := self.index_of(self.cursor)) is not None:
                self.top = max(0, at - offset)
        if not (self.placed or self.worked_in) and self._order:
            self.point(self._order[0])
        elif self.cursor not in self._values or not self.cursor:
            self.settle()
        self.redraw()

    def _heir(self, before: Sequence[str], at: int) -> str:
        """The row next to one that went."""
        places = self._all_places()
        following = next((key for key in before[at + 1 :] if key in places), "")
        return following or next((key for key in reversed(before[:at]) if key in places), "")

    def _all_places(self) -> dict[str, int]:
        if self._places is None:
            self._places = {key: n for n, key in enumerate(self._order)}
        return self._places

    @property
    def tall(self) -> int:
        """Lines of a row."""
        return 1 if self.below is None else 2

    def count(self) -> int:
        """Lines of all rows."""
        return len(self._order) * self.tall

    def key_of(self, index: int) -> str:
        return self._order[index // self.tall]

    def is_marked(self, index: int) -> bool:
        return index % self.tall == 0 and self._order[index // self.tall] in self.marked

    def index_of(self, key: str) -> int | None:
        place = self._all_places().get(key)
        return None if place is None else place * self.tall

    def stops(self) -> Sequence[str]:
        return self._order

    def go(self, key: str) -> None:
        self.placed = True
        super().go(key)

    def action_move(self, by: int) -> None:
        self.worked_in = True
        if self._order:
            at = self._all_places().get(self.cursor, 0)
            self.go(self._order[max(0, min(len(self._order) - 1, at + by))])

    def focus(self, scroll_visible: bool = True, *args: Any, **options: Any) -> Self:
        self.worked_in = True
        return super().focus(scroll_visible, *args, **options)

    def on_mouse_down(self) -> None:
        self.worked_in = True

    def on_blur(self) -> None:
        self.worked_in = False
        if not self.old:
            self.release()

    def fitted(self, width: int) -> tuple[list[Column[T]], list[int]]:
        """The columns shown at a width, and how wide each is."""
        if self._fitted[0] != width:
            self._fitted = (width, *fit(self._columns(width), width))
            self._lines.clear()
        return self._fitted[1], self._fitted[2]

    def head(self, width: int) -> Sequence[Line]:
        line = list[Seg]()
        for column, size in zip(*self.fitted(width), strict=True):
            title = column.name if column.title is None else column.title
            if callable(title):
                line += [*cell(title(), size, column.align), (" ", "")]
                continue
            here = column.name == self.sorted_by != ""
            mark = (g["up"] if self.backwards else g["down"]) if here else ""
            line += [*cell((title + mark, "$ink" if here else "$soft"), size, column.align), (" ", "")]
        return [line[:-1]]

    def line_at(self, index: int, width: int) -> Line:
        key = self._order[index // self.tall]
        columns, sizes = self.fitted(width)
        if index % self.tall and self.below is not None:
            value = self.below(self._values[key])
            return [(" " * (sum(sizes[:-1]) + len(sizes) - 1), ""), *(value(sizes[-1]) if callable(value) else cell(value, sizes[-1]))]
        line = self._lines.get(key)
        if line is None:
            made, parts = self._cells(self._values[key]), list[Seg]()
            for column, size in zip(columns, sizes, strict=True):
                value = made.get(column.name, ())
                parts += [*cell(value(size) if callable(value) else value, size, column.align), (" ", "")]
            line = self._lines[key] = tuple(part for part in parts[:-1] if part[0])
        return line
