"""When a figure left its course."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hand import T0
from warroom.core.changes import Change
from warroom.core.onset import Onset, nearest, onset, onset_words
from warroom.core.readings import Series


def found(*values: float | None) -> Onset | None:
    return onset([(T0 + timedelta(seconds=15 * n), value) for n, value in enumerate(values)])


def test_a_step_is_found_where_it_is() -> None:
    step = found(*[0.003, 0.004] * 10, *[0.14, 0.15] * 10)
    assert step is not None
    assert step.at == T0 + timedelta(seconds=15 * 20)
    assert (round(step.before, 4), round(step.after, 3)) == (0.0035, 0.145)


def test_a_ramp_is_found_at_its_foot() -> None:
    ramp = found(*[0.003] * 20, *[0.003 + 0.014 * n for n in range(1, 11)], *[0.143] * 10)
    assert ramp is not None
    assert T0 + timedelta(seconds=15 * 20) <= ramp.at <= T0 + timedelta(seconds=15 * 22)


def test_what_was_always_so_or_only_scatters_has_no_start() -> None:
    assert found(*[0.14] * 40) is None
    assert found(*[0.003, 0.004, 0.002, 0.003] * 10) is None
    assert found(*[0.14] * 20, *[0.003] * 20) is None
    assert found(0.1, 0.2) is None
    assert found(*[None] * 50) is None


def test_gaps_do_not_matter() -> None:
    step = found(*[0.003] * 10, None, None, *[0.14] * 10)
    assert step is not None
    assert step.at == T0 + timedelta(seconds=15 * 12)


@given(st.lists(st.floats(0, 1), max_size=60))
def test_a_start_is_one_of_the_samples(values: list[float]) -> None:
    step = found(*values)
    assert step is None or (step.after > 2 * step.before and step.at in [T0 + timedelta(seconds=15 * n) for n in range(len(values))])


def change(minutes: float, name: str = "tensafe-server") -> Change:
    return Change(
        key=f"{name}@42",
        at=T0 + timedelta(minutes=minutes),
        kind="rollout",
        namespace="tensafe",
        object=name,
        what="2.8.0 → 2.8.1, revision 42",
        cause="",
        revision=42,
        recent=True,
        current=True,
    )


def test_the_rollout_that_may_have_caused_it() -> None:
    before, later, long_ago = change(-1), change(5), change(-180)
    assert nearest([long_ago, before, later], T0) is before
    assert nearest([long_ago, later], T0) is None
    assert nearest([change(1)], T0) == change(1)


def test_words() -> None:
    series = Series(id="errors", title="Error rate", unit="ratio")
    at = Onset(T0, 0.003, 0.142)
    assert onset_words(series, at, change(-0.7)) == (
        "error rate rose from 0.3 % to 14.2 %, 42 s after tensafe-server 2.8.0 → 2.8.1, revision 42"
    )
    assert onset_words(series, at, None) == "error rate rose from 0.3 % to 14.2 %, no rollout is near"
