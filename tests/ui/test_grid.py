"""Rows shared out: none lost, none idle while another pane scrolls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.ui.screens.grid import ALL, TABLES, Wish, cluster, differs, share

NEEDS = st.fixed_dictionaries({name: st.integers(1, 200) for name in ALL})
SIZES = st.sampled_from(("-single", "-medium", "-wide", "-ultra"))
LEFT = ("metrics", "pods", "peek")


@given(SIZES, st.integers(15, 75), NEEDS, st.sampled_from((*TABLES, "severity")))
def test_every_row_is_given_once(size: str, rows: int, needs: dict[str, int], current: str) -> None:
    given_ = cluster(size, rows, needs, current)
    left = sum(given_[name] for name in LEFT)
    if size == "-ultra":
        assert left == sum(given_.values()) - left == rows
    elif size == "-single" and current == "severity":
        assert sum(given_.values()) == 0
    else:
        assert sum(given_.values()) == rows
    assert all(height >= 0 for height in given_.values())


@given(SIZES, st.integers(25, 75), NEEDS, st.sampled_from(TABLES))
def test_the_pane_one_is_in_is_never_left_out(size: str, rows: int, needs: dict[str, int], current: str) -> None:
    assert cluster(size, rows, needs, current)[current] > 0


@given(st.integers(0, 60), st.lists(st.tuples(st.integers(1, 9), st.integers(1, 40), st.integers(1, 3)), max_size=4))
def test_nobody_has_spare_rows_while_another_is_short(rows: int, wanted: list[tuple[int, int, int]]) -> None:
    wishes = [Wish(str(n), least, max(least, need), weight) for n, (least, need, weight) in enumerate(wanted)]
    given_ = share(rows, wishes)
    shown = [wish for wish in wishes if given_[wish.name]]
    spare = [wish for wish in shown if given_[wish.name] > wish.need]
    short = [wish for wish in shown if given_[wish.name] < wish.need]
    assert not (spare and short)


@pytest.mark.parametrize(
    ("size", "rows", "heights"),
    [
        ("-single", 19, {"pods": 15, "peek": 4}),
        ("-single", 18, {"pods": 15, "peek": 3}),
        ("-medium", 31, {"metrics": 7, "pods": 10, "errors": 7, "events": 7}),
        ("-medium", 25, {"metrics": 5, "pods": 10, "errors": 5, "events": 5}),
        ("-wide", 43, {"metrics": 10, "pods": 14, "errors": 10, "events": 9}),
        ("-wide", 60, {"metrics": 11, "pods": 15, "errors": 10, "events": 10, "changes": 6, "peek": 8}),
        ("-ultra", 55, {"metrics": 11, "pods": 15, "peek": 29, "errors": 10, "changes": 7, "events": 38}),
    ],
)
def test_the_sizes_of_the_design(size: str, rows: int, heights: dict[str, int]) -> None:
    needs = {"metrics": 11, "pods": 15, "errors": 10, "events": 11, "changes": 7, "peek": 11}
    assert {name: height for name, height in cluster(size, rows, needs, "pods").items() if height} == heights


def test_recent_changes_get_room_when_one_goes_there() -> None:
    needs = {"metrics": 11, "pods": 15, "errors": 10, "events": 11, "changes": 7, "peek": 11}
    assert "changes" not in {name for name, height in cluster("-medium", 31, needs, "pods").items() if height}
    assert cluster("-medium", 31, needs, "changes")["changes"] >= 4


def test_panes_do_not_jump_while_pods_come_and_go() -> None:
    assert not differs({"pods": 15}, {"pods": 17})
    assert differs({"pods": 15}, {"pods": 18})
