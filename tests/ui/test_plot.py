"""The plot: time and value stand where they belong, and a gap is no zero."""

from datetime import timedelta

import pytest

from hand import T0
from warroom.ui import look
from warroom.ui.plot import LABEL, Frame, Plot, ceiling, times, value_at

FRAME = Frame(T0 - timedelta(minutes=60), T0, 60)


def plot(*values: float | None, **more: object) -> Plot:
    given: dict[str, object] = {"top": 8.0, "limit": None, "release": None, "levels": [], "marks": {}, "chosen": None}
    return Plot(values=values, **{**given, **more})  # type: ignore[arg-type]


def drawn(one: Plot, height: int) -> list[str]:
    return ["".join(text for text, _ in line)[LABEL:] for line in one.lines(height)]


def test_a_moment_has_its_column_and_what_is_outside_has_none() -> None:
    assert [FRAME.column(T0 - timedelta(minutes=n)) for n in (60, 59, 1, 0)] == [0, 1, 59, 59]
    assert FRAME.column(T0 + timedelta(seconds=1)) is None
    assert FRAME.column(T0 - timedelta(minutes=61)) is None


def test_between_points_the_earlier_one_holds_but_not_over_a_gap() -> None:
    points = [(T0 - timedelta(minutes=n), float(n)) for n in (60, 58, 56, 20, 18)]
    values = FRAME.values(points)
    assert values[:5] == [60.0, 60.0, 58.0, 58.0, 56.0]
    assert values[20] is None
    assert values[40] == 20.0
    assert values[-1] is None
    assert value_at(points, T0 - timedelta(minutes=57)) == 58.0
    assert value_at(points, T0 - timedelta(minutes=90)) is None


def test_unknown_points_are_unknown() -> None:
    points = [(T0 - timedelta(minutes=n), None if n == 30 else 1.0) for n in range(60, -1, -1)]
    assert [n for n, value in enumerate(FRAME.values(points)) if value is None] == [30]


def test_heights_are_eighths_zero_is_a_line_and_a_gap_is_a_question() -> None:
    assert drawn(plot(0.0, 1.0, 4.0, 4.5, 8.0, None), 2) == ["      ", "   ▁█ ", "▁▂███?"]


def test_levels_and_marks_stand_behind_the_area() -> None:
    one = plot(0.0, 8.0, 0.0, levels=[(4.0, "4")], marks={0: "a", 1: "b"})
    assert drawn(one, 2) == ["ab ", "┆█─", "▁█▁"]


def test_colours_before_after_and_beyond() -> None:
    lines = plot(1.0, 8.0, 8.0, limit=4.0, release=1, marks={2: "a"}, chosen=2).lines(2)
    assert [style for _, style in lines[1]][-3:] == ["", "$ink", "$focus"]
    assert [style for _, style in lines[2]][-3:] == ["$rule", "$trace", "$focus"]


@pytest.mark.parametrize(
    ("most", "top"),
    [(0.0, 1.0), (0.142, 0.15), (14.2, 15.0), (1890.0, 2000.0), (262.0, 300.0), (0.003, 0.003), (100.0, 100.0), (99.0, 100.0)],
)
def test_the_scale_ends_at_a_round_number(most: float, top: float) -> None:
    assert ceiling(most) == pytest.approx(top)


@pytest.mark.parametrize("minutes", [2, 31, 60, 300, 3000])
def test_round_times_stand_below_their_moment(minutes: int) -> None:
    frame = Frame(T0 - timedelta(minutes=minutes), T0, 100)
    (told,) = [text for text, _ in times(frame)]
    assert len(told) == LABEL + 100
    assert 2 <= told.count("┆") <= 9
    first = told.index("┆")
    hour, minute = told[first + 1 : first + 6].split(":")
    at = frame.begin + timedelta(seconds=frame.step * (first - LABEL))
    assert abs((at.hour * 60 + at.minute) - (int(hour) * 60 + int(minute))) <= max(1, frame.step / 60 + 1)


def test_in_ascii_it_is_ascii() -> None:
    look.set_glyphs(True)
    try:
        assert all(line.isascii() for line in drawn(plot(0.0, 3.0, None, levels=[(4.0, "4")], marks={0: "a"}), 3))
    finally:
        look.set_glyphs(False)
