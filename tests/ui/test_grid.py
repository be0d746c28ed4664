"""Rows shared out: none lost, none idle while another pane scrolls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.ui.screens.grid import Wish, cluster, differs, share

NEEDS = st.fixed_dictionaries({name: st.integers(1, 200) for name in ("pods", "events", "changes", "peek")})
SIZES = st.sampled_from(("-single", "-medium", "-wide", "-ultra"))


@given(SIZES, st.integers(15, 75), NEEDS, st.sampled_from(("pods", "events", "changes", "severity")))
def test_every_row_is_given_once(size: str, rows: int, needs: dict[str, int], current: str) -> None:
    given_ = cluster(size, rows, needs, current)
    if size == "-ultra":
        assert given_["pods"] + given_["peek"] == given_["changes"] + given_["events"] == rows
    elif size == "-single" and current == "severity":
        assert sum(given_.values()) == 0
    else:
        assert sum(given_.values()) == rows
    assert all(height >= 0 for height in given_.values())


@given(SIZES, st.integers(25, 75), NEEDS, st.sampled_from(("pods", "events", "changes")))
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
        ("-medium", 31, {"pods": 15, "changes": 6, "events": 10}),
        ("-medium", 25, {"pods": 15, "events": 10}),
        ("-wide", 43, {"pods": 15, "events": 11, "changes": 7, "peek": 10}),
        ("-ultra", 55, {"pods": 15, "peek": 40, "changes": 7, "events": 48}),
    ],
)
def test_the_sizes_of_the_design(size: str, rows: int, heights: dict[str, int]) -> None:
    needs = {"pods": 15, "events": 11, "changes": 7, "peek": 11}
    assert {name: height for name, height in cluster(size, rows, needs, "pods").items() if height} == heights


def test_panes_do_not_jump_while_pods_come_and_go() -> None:
    assert not differs({"pods": 15}, {"pods": 17})
    assert differs({"pods": 15}, {"pods": 18})
