"""What is sent for a change is the change, and a screen put together from it is the whole screen."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from warroom.ui.widgets.narrowed import Narrowed, narrowed
from warroom.ui.widgets.painted import changed_spans

CONSOLE = Console(file=io.StringIO(), color_system="truecolor", force_terminal=True, width=80)
MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")


def strip(text: str) -> Strip:
    return Strip([Segment(text)], cell_len(text))


def sent(chops: list[dict[int, Strip | None]], spans: list[tuple[int, int, int]], ends: list[list[int]]) -> list[tuple[int, int, str]]:
    """Line, column and text of each piece, counted from 0."""
    parts = MOVE.split(Narrowed(ChopsUpdate(chops, spans, ends)).render_segments(CONSOLE))
    return [(int(parts[n]) - 1, int(parts[n + 1]) - 1, parts[n + 2]) for n in range(1, len(parts), 3)]


def test_a_clock_at_the_end_of_a_line_costs_its_own_digits() -> None:
    assert sent([{0: strip("a long line of a header 00:41:32")}], [(0, 31, 32)], [[32]]) == [(0, 31, "2")]


def test_a_change_across_two_widgets_is_sent_from_each() -> None:
    assert sent([{0: strip("left "), 5: strip("right")}], [(0, 3, 7)], [[5, 10]]) == [(0, 3, "t "), (0, 5, "ri")]


def test_two_changes_on_a_line_are_two_pieces_and_what_is_hidden_is_none() -> None:
    assert sent([{0: strip("one two three"), 13: None}], [(0, 0, 1), (0, 8, 13)], [[13, 20]]) == [(0, 0, "o"), (0, 8, "three")]


def test_only_a_partial_update_is_narrowed() -> None:
    assert narrowed("a whole frame") == "a whole frame"
    assert isinstance(narrowed(ChopsUpdate([], [], [])), Narrowed)


TEXT = st.text(st.sampled_from("ab 漢字é"), min_size=12, max_size=12)


@given(TEXT, TEXT)
def test_the_changed_cells_make_the_old_line_the_new_one(old: str, new: str) -> None:
    old, new = _twelve(old), _twelve(new)
    screen = _cells(old)
    spans = [(0, x, x + size) for x, size in changed_spans(strip(old), strip(new))]
    for _, column, text in sent([{0: strip(new)}], spans, [[12]]):
        for n, char in enumerate(_cells(text)):
            screen[column + n] = char
    assert screen == _cells(new)


def _twelve(text: str) -> str:
    """Cut and filled to twelve cells."""
    while cell_len(text) > 12:
        text = text[:-1]
    return text + "." * (12 - cell_len(text))


def _cells(text: str) -> list[str]:
    return [part for char in text for part in ([char] if cell_len(char) == 1 else [char, ""])]
