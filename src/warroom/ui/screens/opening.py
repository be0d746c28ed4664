"""What stands there until the room is open: the heads of the panes, where they will be."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.screen import Screen

from warroom.ui.cells import Line, Seg
from warroom.ui.head import head_line
from warroom.ui.look import g
from warroom.ui.size import size_class
from warroom.ui.widgets.painted import Painted

Column = tuple[int, Sequence[tuple[str, str, int]]]
"""Width (0: the rest), and of each pane its digit, name and rows."""
LEFT: dict[str, Sequence[Column]] = {
    "-medium": ((65, (("1", "metrics", 7), ("2", "pods", 10), ("3", "error logs", 7), ("4", "events", 0))),),
    "-wide": ((101, (("1", "metrics", 9), ("2", "pods", 14), ("3", "error logs", 10), ("4", "events", 0))),),
    "-ultra": (
        (100, (("1", "metrics", 13), ("2", "pods", 0))),
        (80, (("3", "error logs", 20), ("", "recent changes", 8), ("4", "events", 0))),
    ),
}
RIGHT: Column = (0, (("5", "deadlines", 10), ("6", "severity", 14), ("7", "timeline", 0)))


class OpeningScreen(Screen[None]):
    """The first frame. It shows nothing that it does not know, and takes no key: those wait for the room."""

    def compose(self) -> ComposeResult:
        yield Outline()


class Outline(Painted):
    def draw(self, width: int, height: int) -> Sequence[Line]:
        size = size_class(width, height)
        told: Line = [(" warroom", "$loud bold"), (f"  {g['wait']} opening the room", "$soon")]
        top: list[Line] = [told, *([()] * (2 if size == "-narrow" else 3))]
        if size == "-narrow":
            names = "  ".join(name for _, panes in (*LEFT["-medium"], RIGHT) for _, name, _ in panes)
            return [*top, [(f" {names}", "$soft")], [(" ", ""), *_head("2", "pods", width - 2)]]
        columns = (*LEFT[size], RIGHT)
        spare = width - 2 - 2 * (len(columns) - 1) - sum(wide for wide, _ in columns)
        drawn = [_rows(panes, wide or spare, height - len(top) - 1) for wide, panes in columns]
        return [*top, *([(" ", ""), *_beside(row)] for row in zip(*drawn, strict=True))]


def _beside(row: Sequence[Line]) -> list[Seg]:
    return [seg for n, line in enumerate(row) for seg in [*([("  ", "")] if n else []), *line]]


def _rows(panes: Sequence[tuple[str, str, int]], width: int, height: int) -> list[Line]:
    out = list[Line]()
    for digit, name, rows in panes:
        out += [_head(digit, name, width), *[[(" " * width, "")]] * max(0, rows - 1)]
    return [*out, *[[(" " * width, "")]] * (height - len(out))][:height]


def _head(digit: str, name: str, width: int) -> list[Seg]:
    return head_line(name, (), width, digit=digit, state=[(f"{g['wait']} loading", "$soft")])
