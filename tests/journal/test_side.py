"""Who is on watch: one of all consoles, and who takes over."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from hand import T0
from warroom.core.ports import JournalTrouble, Present
from warroom.core.readings import Lease
from warroom.journal.side import Side

ADA, KIM = Present("a", "ada@bastion", sees=True), Present("k", "kim@laptop", sees=True)


@pytest.fixture
def side(tmp_path: Path) -> Side:
    return Side(tmp_path / "journal.sqlite")


def test_the_first_has_it_and_keeps_it(side: Side) -> None:
    assert side.beat(ADA, T0) == Lease(1, "ada@bastion", mine=True, consoles=1)
    assert side.beat(KIM, T0 + timedelta(seconds=5)) == Lease(1, "ada@bastion", mine=False, consoles=2)
    assert side.beat(ADA, T0 + timedelta(seconds=10)).number == 1
    assert side.path.name == "journal.side.sqlite"
    assert stat.S_IMODE(side.path.stat().st_mode) == 0o600


def test_after_thirty_seconds_of_silence_it_is_taken_over(side: Side) -> None:
    side.beat(ADA, T0)
    assert not side.beat(KIM, T0 + timedelta(seconds=30)).mine
    taken = side.beat(KIM, T0 + timedelta(seconds=31))
    assert (taken.mine, taken.number, taken.consoles) == (True, 2, 1)
    assert side.beat(ADA, T0 + timedelta(seconds=32)) == Lease(2, "kim@laptop", mine=False, consoles=2)


def test_who_leaves_hands_it_on_at_once(side: Side) -> None:
    side.beat(ADA, T0)
    side.leave(ADA)
    assert side.beat(KIM, T0 + timedelta(seconds=1), wants=False) == Lease(0, "", mine=False, consoles=1)
    assert side.beat(KIM, T0 + timedelta(seconds=1)).number == 2
    side.leave(ADA)
    assert side.beat(KIM, T0 + timedelta(seconds=2)).mine


def test_who_came_back_after_its_own_silence_keeps_its_number(side: Side) -> None:
    side.beat(ADA, T0)
    assert side.beat(ADA, T0 + timedelta(seconds=60)).number == 1


def test_one_that_sees_a_cluster_goes_before_one_that_sees_none(side: Side) -> None:
    blind = Present("b", "bot@box")
    assert side.beat(blind, T0).mine
    assert side.beat(ADA, T0).number == 2
    assert not side.beat(blind, T0).mine
    assert not side.beat(Present("c", "x@y"), T0).mine


def test_who_only_looks_takes_nothing(side: Side) -> None:
    assert side.beat(ADA, T0, wants=False) == Lease(0, "", mine=False, consoles=1)


def test_a_side_file_that_was_lost_does_not_lower_the_number(side: Side) -> None:
    assert side.beat(ADA, T0, least=7).number == 8
    side.path.unlink()
    assert side.beat(ADA, T0, least=8).number == 9
    assert side.beat(ADA, T0, least=8).number == 9


def test_a_side_file_that_cannot_be_used_is_told(side: Side) -> None:
    side.path.write_text("no database " * 100)
    with pytest.raises(JournalTrouble, match=r"journal\.side\.sqlite"):
        side.beat(ADA, T0)


def test_of_many_that_ask_at_once_one_has_it(side: Side) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: side.beat(Present(f"p{n}", "x@y", sees=True), T0).mine, range(24)))
    assert sum(answers) == 1
