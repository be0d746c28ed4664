"""Sparklines: the same minutes for all, one mark, and nothing that looks like a value where none is known."""

from datetime import timedelta

import pytest

from hand import T0
from warroom.core.changes import Change
from warroom.ui import look
from warroom.ui.spark import Past, newest_release, spark


def release(minutes: float, revision: int = 42) -> Change:
    at = T0 - timedelta(minutes=minutes)
    return Change(
        key=f"a@{revision}",
        at=at,
        kind="rollout",
        namespace="a",
        object="a",
        what="1 → 2",
        cause="",
        revision=revision,
        recent=True,
        current=True,
    )


def text(past: Past) -> str:
    return "".join(part for part, _ in past.axis())


def drawn(*values: float | None, **more: float) -> str:
    return "".join(part for part, _ in spark(values, **more))  # type: ignore[arg-type]


def test_the_last_cell_is_the_minute_that_runs() -> None:
    past = Past(T0, 30)
    values = past.bins([(T0, 5.0), (T0 - timedelta(minutes=1), 3.0), (T0 - timedelta(minutes=29), 1.0), (T0 - timedelta(minutes=30), 9.0)])
    assert values == [1.0, *[None] * 27, 3.0, 5.0]


def test_a_cell_is_the_mean_of_what_is_known_in_it() -> None:
    assert Past(T0, 15).bins([(T0, 4.0), (T0 - timedelta(seconds=10), 2.0), (T0 - timedelta(seconds=12), None)])[-1] == 3.0


def test_metrics_and_logs_put_a_moment_into_the_same_cell() -> None:
    at = T0 - timedelta(minutes=7)
    minutes = [0] * 22 + [6] + [0] * 7
    metric, log = Past(T0, 30).bins([(at, 6.0)]), Past(T0, 30).rates(minutes, T0)
    assert [n for n, value in enumerate(metric) if value] == [n for n, value in enumerate(log) if value] == [22]


@pytest.mark.parametrize("second", [0, 1, 30, 59])
def test_a_steady_rate_looks_steady_at_every_second_of_its_minute(second: int) -> None:
    now = T0.replace(second=second)
    minutes = [60] * 29 + [second]
    assert all(rate == pytest.approx(60) for rate in Past(now, 30).rates(minutes, now))


def test_minutes_that_a_tally_does_not_know_are_unknown() -> None:
    assert Past(T0, 30).rates([4, 0], T0)[:-2] == [None] * 28


@pytest.mark.parametrize(
    ("cells", "minutes", "expected"),
    [
        (30, 21, "-30m    ┆02:31 r42         now"),
        (15, 21, "   ┆02:31   now"),
        (30, 2, "-30m              02:50 r42┆"),
        (15, 29, "-30m        now"),
        (15, 27, "┆02:25 r42  now"),
        (30, 31, "-30m                       now"),
    ],
)
def test_the_axis_names_the_release_where_there_is_room(cells: int, minutes: float, expected: str) -> None:
    past = Past(T0, cells, release(minutes))
    assert text(past).rstrip() == expected.rstrip()
    assert len(text(past)) <= cells
    if past.mark is not None:
        assert text(past)[past.mark] == "┆"


def test_the_newest_rollout_of_the_half_hour_is_marked() -> None:
    changes = (release(3, 43), release(21), release(300, 41))
    assert newest_release(changes, T0) == changes[0]
    assert newest_release(changes, T0 - timedelta(minutes=10)) == changes[1]
    assert newest_release(changes[2:], T0) is None


def test_zero_is_a_low_cell_and_unknown_is_none() -> None:
    assert drawn(0.0, None, 3.0, 6.0) == "▁ ▄▆"
    assert drawn(None, None) == "  "
    assert drawn(0.0, 0.0) == "▁▁"


def test_rows_never_touch() -> None:
    assert set(drawn(*map(float, range(100)))) <= set("▁▂▃▄▅▆")


def test_before_the_release_faint_after_it_lighter_beyond_the_threshold_ink() -> None:
    assert spark([1.0, 1.0, 1.0, 9.0], 1, lambda value: value > 5) == [("▁", "$rule"), ("▁▁", "$trace"), ("▆", "$ink")]


def test_in_ascii_it_is_ascii() -> None:
    look.set_glyphs(True)
    try:
        assert drawn(0.0, 5.0).isascii()
        assert text(Past(T0, 30, release(21))).isascii()
    finally:
        look.set_glyphs(False)
