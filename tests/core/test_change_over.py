"""The on-call change-over in the middle of an incident starts a handoff, and moves nothing by itself."""

from datetime import UTC, datetime

import pytest

from core.story import Story
from core.test_oncall import ADA, BOB, TEAM
from warroom.core.acts.handover import Accept, ChangeOver
from warroom.core.acts.incident import Declare
from warroom.core.acts.people import TakeRole
from warroom.core.entries import HandedOver, RunbookText
from warroom.core.team import Team
from warroom.library import default_runbook, read_text
from warroom.runbook.model import Runbook

IC = "Incident Commander"
TEXT = RunbookText(text="# TenSafe\n", sha256="a" * 64)


@pytest.fixture(scope="module")
def book() -> Runbook:
    return read_text(default_runbook()[0])


def night(book: Runbook, start: str, commander: str) -> Story:
    """Declared half an hour before nine."""
    story = Story(book, datetime.fromisoformat(start).replace(tzinfo=UTC))
    story.does(0, Declare(title="API down", runbook=TEXT, severity="P1"))
    story.does(1, TakeRole("ic", commander))
    return story


def test_who_leaves_offers_and_who_comes_signs(book: Runbook) -> None:
    story = night(book, "2026-02-02T08:30", "ada")  # week 5 is Ada's, from nine on it is week 6
    assert story.does(29.9, ChangeOver(1, TEAM), by="watch") == ()
    (offer,) = story.does(30, ChangeOver(1, TEAM), by="watch")
    assert offer.fact == HandedOver(to=BOB.name, roles=(IC,), why="on-call change-over 09:00 UTC, even week 6, primary", giver="ada")
    assert story.incident.roles == {IC: "ada"}
    assert story.does(31, ChangeOver(1, TEAM), by="watch") == ()  # once
    story.does(40, Accept("it is down"), by=BOB.name)
    assert story.incident.roles == {IC: BOB.name}
    assert story.does(41, ChangeOver(1, TEAM), by="watch") == ()


def test_somebody_else_who_commands_goes_on(book: Runbook) -> None:
    story = night(book, "2026-02-02T08:30", "eve")
    assert story.does(45, ChangeOver(1, TEAM), by="watch") == ()


def test_two_odd_weeks_running_change_nobody(book: Runbook) -> None:
    story = night(book, "2027-01-04T08:30", ADA.name)  # from 2026-W53 into W01
    assert story.does(45, ChangeOver(1, TEAM), by="watch") == ()


def test_after_a_change_over_there_is_none(book: Runbook) -> None:
    story = night(book, "2026-02-02T09:30", "ada")
    assert story.does(45, ChangeOver(1, TEAM), by="watch") == ()


def test_an_older_watch_offers_nothing(book: Runbook) -> None:
    from warroom.core.acts.observations import Observe

    story = night(book, "2026-02-02T08:30", "ada")
    story.does(5, Observe(2, "kim@host"), by="watch")
    assert "watch 2 has taken over" in story.refused(45, ChangeOver(1, TEAM), by="watch").why


def test_without_a_team_the_runbooks_own_words_are_the_names(book: Runbook) -> None:
    story = night(book, "2026-02-02T08:30", "Engineer A")
    (offer,) = story.does(45, ChangeOver(1, Team()), by="watch")
    assert isinstance(offer.fact, HandedOver)
    assert offer.fact.to == "Engineer B"
