"""A person's name is told from what a role does, and so is the way to reach them."""

import pytest

from warroom.runbook.people import held, is_person

NAMES = ("Lena", "Maria Silva", "Jan van der Berg", "A. Berg", "Seán O'Neill", "@ann", "Ola Strand")
THINGS = ("Coordination", "Leads the response", "External Communication", "TBD", "on-call engineer", "Slack", "IT Support", "", "Decides.")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_person(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize("words", THINGS)
def test_what_is_done_is_no_person(words: str) -> None:
    assert not is_person(words)


def test_a_person_is_held_with_every_way_to_reach_them() -> None:
    assert held("Lena Ark (555-0140, lena@radio.example)") == ("Lena Ark", "555-0140, lena@radio.example")
    assert held("Max") == ("Max", "")
    assert held("keeps the call short") is None
