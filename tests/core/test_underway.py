"""The next step, where a playbook was begun."""

import pytest

from core.story import Story
from warroom.core.acts.incident import Declare, Restore
from warroom.core.acts.playbook import AnswerStep, EndStep, FinishStep, SkipStep, StartStep
from warroom.core.entries import RunbookText, StepEnded, StepStarted
from warroom.core.steps import NextStep, next_step
from warroom.library import default_runbook, read_text

TEXT, FILE = default_runbook()
BOOK = read_text(TEXT, FILE)
DOWN, DATABASE = "API Completely Down", "Database Connection Issues"


@pytest.fixture
def story() -> Story:
    told = Story(BOOK)
    told.does(0, Declare(title="down", runbook=RunbookText(text=TEXT, sha256="a" * 64, file=FILE), severity="P2", alerted=told.at(0)))
    return told


def coming(story: Story, minute: float) -> NextStep:
    found = next_step(BOOK, story.incident, story.at(minute))
    assert found is not None
    return found


def started(story: Story, minute: float, step: int, command: int = 1, console: str = "one") -> str:
    fact = StepStarted(playbook=DOWN, step=step, title="", command=command, runs="true", judged="read", limit=20.0, console=console)
    return story.does(minute, StartStep(fact))[0].id


def test_until_a_playbook_is_begun_the_check_lists_are_next(story: Story) -> None:
    assert coming(story, 1).playbook == ""


def test_the_playbook_that_was_touched_last_goes_on(story: Story) -> None:
    story.does(1, FinishStep(DOWN, 1, "looked at the page"))
    assert (coming(story, 2).playbook, coming(story, 2).number) == (DOWN, 2)
    assert coming(story, 2).where == "API Completely Down, step 2"
    story.does(3, SkipStep(DATABASE, 1, "it answers"))
    assert (coming(story, 4).playbook, coming(story, 4).number) == (DATABASE, 2)


def test_what_runs_or_is_not_the_case_is_passed_over(story: Story) -> None:
    started(story, 1, 1)
    assert coming(story, 1).number == 2
    story.does(2, FinishStep(DOWN, 2, "seen"))
    story.does(3, AnswerStep(DOWN, 3, "no"))
    assert coming(story, 3).number == 4  # the opposite condition holds then


def test_a_run_of_which_nobody_knows_how_it_ended_comes_first(story: Story) -> None:
    run = started(story, 1, 1, console="dead")
    fact = StepEnded(playbook=DOWN, step=1, run=run, ended="lost")
    story.does(2, EndStep(fact))
    story.does(3, SkipStep(DATABASE, 1, "it answers"))
    assert (coming(story, 4).playbook, coming(story, 4).number) == (DOWN, 1)
    story.does(5, FinishStep(DOWN, 1, "it had ended well"))
    assert (coming(story, 6).playbook, coming(story, 6).number) == (DOWN, 2)


def test_once_restored_the_lists_are_next_again(story: Story) -> None:
    story.does(1, FinishStep(DOWN, 1, "seen"))
    story.does(2, Restore(reason="all pods ready"))
    assert coming(story, 3).playbook == ""


def test_a_whole_playbook_leaves_no_step(story: Story) -> None:
    for number in range(1, 6):
        story.does(number, SkipStep(DOWN, number, "drill"))
    assert coming(story, 9).playbook == ""
