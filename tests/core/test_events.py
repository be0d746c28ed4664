"""The order of events, and repeats as one."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hand import T0
from warroom.core.events import folded, ordered
from warroom.core.readings import ClusterEvent

MINUTE = timedelta(minutes=1)


def event(key: str, minute: int | None = 0, **more: Any) -> ClusterEvent:
    given = {"namespace": "shop", "warning": True, "reason": "BackOff", "kind": "Pod", "object": "a", "message": "back-off", "count": 1}
    return ClusterEvent(key=key, at=None if minute is None else T0 + minute * MINUTE, **{**given, **more})


def test_warnings_first_then_the_newest_and_no_time_last() -> None:
    events = [event("old"), event("normal", 9, warning=False), event("timeless", None), event("new", 5)]
    assert [one.key for one in ordered(events)] == ["new", "old", "timeless", "normal"]


def test_repeats_become_one_with_all_their_counts() -> None:
    first = event("b", 1, count=3, first=T0 - MINUTE)
    last = event("a", 4, count=2)
    (one,) = folded([first, last])
    assert (one.key, one.at, one.first, one.count) == ("a", T0 + 4 * MINUTE, T0 - MINUTE, 5)


def test_another_cause_stays_apart() -> None:
    apart = [
        event("1"),
        event("2", object="b"),
        event("3", reason="Failed"),
        event("4", message="other"),
        event("5", namespace="till"),
        event("6", kind="Node"),
    ]
    assert folded(apart) == tuple(apart)


kinds = st.builds(
    event,
    st.sampled_from("abcdef"),
    st.none() | st.integers(0, 9),
    object=st.sampled_from("xy"),
    count=st.integers(1, 5),
    warning=st.booleans(),
)


@given(st.lists(kinds, unique_by=lambda one: one.key))
def test_no_count_is_lost_and_the_order_of_arrival_does_not_matter(events: list[ClusterEvent]) -> None:
    assert sum(one.count for one in folded(events)) == sum(one.count for one in events)
    assert ordered(folded(events)) == ordered(folded(reversed(events)))
