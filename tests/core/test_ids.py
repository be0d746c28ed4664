"""Names are ordered by time, and unique."""

from datetime import timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from hand import T0
from warroom.core.ids import ALPHABET, entry_ids, incident_id


@given(st.integers(0, 2**79 - 1), st.integers(0, 2**79 - 1), st.integers(1, 10**9))
def test_entries_are_ordered_by_time_whatever_the_noise(first: int, second: int, later: int) -> None:
    assert next(entry_ids(T0, first)) < next(entry_ids(T0 + timedelta(milliseconds=later), second))


@given(st.integers(0, 2**79 - 1))
def test_entries_of_one_append_are_in_order_and_apart(noise: int) -> None:
    ids = list(islice(entry_ids(T0, noise), 40))
    assert ids == sorted(set(ids))
    assert all(len(id) == 26 and set(id) <= set(ALPHABET) for id in ids)


def test_an_incident_can_be_said() -> None:
    assert incident_id(T0, 0) == "inc-260203-00000"
    assert incident_id(T0, 2**25 - 1) == "inc-260203-zzzzz"
    assert not set("ilou") & set(ALPHABET)
