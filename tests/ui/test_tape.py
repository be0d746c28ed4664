"""The tape of a log: bounded, folded, and its lines keep their numbers."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hand import T0
from warroom.core.logs import LogLine
from warroom.ui.tape import LONGEST, Tape, is_calm, pieces

HOSTILE = [
    "\x1b]0;title\x07x",
    "a\x00b",
    "\x1b[2J\x1b[H",
    "[@click=app.leave]x[/]",
    "\u202egnp.exe",
    "日本語" * 40,
    "\x9b31m",
    "\ud800",
    "\x7f",
]


def lines(*texts: str) -> list[LogLine]:
    return [LogLine(T0, text) for text in texts]


def shown(tape: Tape) -> list[str]:
    return [tape.row(n).text for n in range(tape.rows)]


def test_the_oldest_lines_fall_off_and_say_how_many_rows_went() -> None:
    tape = Tape(most=3)
    tape.fold(10)
    assert tape.add(lines("a" * 25, "b", "c")) == 0
    assert tape.add(lines("d", "e")) == 4
    assert (shown(tape), tape.lost, tape.numbers) == (["c", "d", "e"], 2, [2, 3, 4])
    assert [tape.start(n) for n in (1, 2, 3, 4)] == [None, 0, 1, 2]


def test_characters_are_bounded_too_and_the_newest_line_always_stays() -> None:
    tape = Tape(characters=1000)
    tape.add(lines("x" * 900, "y" * 900))
    assert (len(tape), tape.lost) == (1, 1)
    tape.add(lines("z" * 5000))
    assert len(tape) == 1


def test_a_search_keeps_the_numbers_and_what_comes_later_is_searched_too() -> None:
    tape = Tape()
    tape.fold(80)
    tape.add(lines("one", "error two", "three"))
    tape.keep = lambda line: "error" in line.text
    tape.lay_again()
    tape.add(lines("four", "error five"))
    assert tape.numbers == [1, 4]
    assert [tape.near(n) for n in (0, 1, 3, 4, 99)] == [1, 1, 1, 4, 4]
    tape.keep = None
    tape.lay_again()
    assert tape.numbers == [0, 1, 2, 3, 4]


@given(st.lists(st.text(max_size=60) | st.sampled_from(HOSTILE), max_size=40), st.integers(10, 90), st.integers(1, 20))
def test_rows_and_lines_agree_whatever_is_logged(texts: Sequence[str], width: int, most: int) -> None:
    tape = Tape(most=most)
    tape.fold(width)
    for text in texts:
        tape.add(lines(text))
    assert len(tape) == min(most, len(texts))
    assert [tape.row(start).spot.number for start in filter(None, map(tape.start, tape.numbers))] == [
        n for n in tape.numbers if tape.start(n)
    ]
    for n in range(tape.rows):
        assert cell_len(tape.row(n).text) <= width
        assert tape.row(n).text.isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_lines_are_harmless(text: str) -> None:
    assert all(piece.isprintable() for piece in pieces(text, 20))


def test_colours_go_and_every_other_sequence_is_seen() -> None:
    assert pieces("\x1b[1;31mERROR\x1b[0m x", 80) == ["ERROR x"]
    assert pieces("\x1b[2Jx", 80) == ["␛[2Jx"]


def test_a_line_of_a_megabyte_is_cut() -> None:
    assert sum(map(len, pieces("x" * 1_000_000, 100))) <= LONGEST


@pytest.mark.parametrize(
    ("text", "calm"),
    [
        ("2026-02-03T02:51:33Z INFO ready on :8000", True),
        ('{"level":"info","msg":"ok"}', True),
        ("2026-02-03T02:51:33Z ERROR train_step failed", False),
        ("KeyError: 'dp_epsilon'", False),
        ('10.0.0.1 - - [03/Feb/2026:02:51:33 +0000] "GET /x HTTP/1.1" 502 12 "-" "-"', False),
    ],
)
def test_what_is_calm_is_told_by_its_structure(text: str, calm: bool) -> None:
    assert is_calm(text) is calm
