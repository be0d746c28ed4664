"""One sentence may give times to several levels, when levels and times take turns in it."""

import pytest

from warroom.runbook.leveltimes import of_levels

GIVEN = {
    "Acknowledge within 15 minutes (P1) or 60 minutes (P2).": {"P1": 900, "P2": 3600},
    "We respond to P1 in 5 min and to P2 in 2 hours.": {"P1": 300, "P2": 7200},
    "Response: P1/P2 15 minutes, P3 1 hour.": {"P1": 900, "P2": 900, "P3": 3600},
}
NOTHING = (
    "Respond to P1 within 15 minutes.",  # a level's own sentence is read where the level stands
    "P1 and P2 were answered after 5 minutes and 3 hours.",
    "Respond within 15 minutes or 60 minutes.",
    "P1 lasts 15 minutes, P2 60 minutes.",
)


@pytest.mark.parametrize("sentence", GIVEN)
def test_levels_and_times_that_take_turns_belong_together(sentence: str) -> None:
    assert {level: time.seconds for level, time in of_levels(sentence, ["P1", "P2", "P3"], "en")} == GIVEN[sentence]


@pytest.mark.parametrize("sentence", NOTHING)
def test_a_sentence_that_leaves_it_open_gives_nothing(sentence: str) -> None:
    assert list(of_levels(sentence, ["P1", "P2", "P3"], "en")) == []


def test_a_level_that_is_a_word_counts_as_it_is_written() -> None:
    found = dict(of_levels("Answer Red in 5 minutes and Amber in 1 hour, red lights in 9 hours.", ["Red", "Amber"], "en"))
    assert found == {}
