"""What has held long enough to be believed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hand import T0
from warroom.core.holds import HOLD, Run, advance, follow


def told(*values: float | None, every: float = 15, start: float = 0, run: Run | None = None) -> Run:
    """Samples of a figure that must not be above 10."""
    samples = [(T0 + timedelta(seconds=start + every * n), value) for n, value in enumerate(values)]
    return follow(run or Run(), samples, lambda value: value > 10, HOLD)


def test_a_breach_is_believed_after_five_minutes_of_samples() -> None:
    assert told(1, *[14] * 20).settled is False  # it began before our eyes, four minutes and three quarters ago
    run = told(1, *[14] * 21)
    assert (run.settled, run.seconds) == (True, 300)


def test_a_breach_that_was_found_there_is_open_until_it_has_held() -> None:
    assert told(*[14] * 20).settled is None
    assert told(*[14] * 21).settled is True


def test_it_is_over_after_the_same_time_without_it() -> None:
    run = told(1, *[14] * 21)
    assert told(*[2] * 21, start=330, run=run).settled is False
    assert told(*[2] * 20, start=330, run=run).settled is True
    assert told(*[2] * 20, 14, 2, start=330, run=run).settled is True


def test_a_calm_sample_denies_at_once_what_was_never_believed() -> None:
    assert told(1).settled is False
    assert told(14, 14, 2).settled is False


def test_a_gap_neither_proves_nor_clears() -> None:
    run = told(1, *[14] * 11)  # 150 s of it
    assert told(14, start=300, run=run).seconds == 150  # 135 s without samples do not count
    assert told(*[14] * 10, start=300, run=run).settled is False
    assert told(*[14] * 11, start=300, run=run).settled is True
    proven = told(1, *[14] * 21)
    assert told(2, start=4000, run=proven).settled is True
    assert told(*[None] * 40, start=330, run=proven).settled is True


def test_after_a_gap_longer_than_the_hold_it_begins_anew() -> None:
    run = told(1, *[14] * 20)
    assert told(14, 14, start=900, run=run).settled is False


def test_what_flaps_is_neither_proven_nor_cleared() -> None:
    assert told(*[1, 14] * 40).settled is False
    proven = told(1, *[14] * 21)
    assert told(*[1, 14] * 40, start=330, run=proven).settled is True


@given(st.lists(st.one_of(st.none(), st.floats(0, 20)), max_size=60), st.integers(0, 60))
def test_samples_in_pieces_are_as_samples_at_once(values: list[float | None], cut: int) -> None:
    first = told(*values[:cut])
    assert told(*values[cut:], start=15 * len(values[:cut]), run=first) == told(*values)


@given(st.lists(st.booleans(), min_size=1, max_size=80))
def test_nothing_is_believed_sooner_than_its_time(seen: list[bool]) -> None:
    run, before = Run(), Run()
    for n, met in enumerate(seen):
        before, run = run, advance(run, T0 + timedelta(seconds=15 * n), met, HOLD)
        if run.settled is True and before.settled is not True:
            assert n >= 20
            assert all(seen[n - 20 : n + 1])
        if before.settled is True and run.settled is False:
            assert not any(seen[n - 20 : n + 1])
