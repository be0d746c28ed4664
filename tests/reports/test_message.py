"""What is said in twenty seconds."""

from core.story import Story
from core.test_messages import BOOK
from warroom.core.acts.hypotheses import AnswerTriage
from warroom.core.acts.incident import Declare
from warroom.core.entries import RunbookText
from warroom.reports.message import MOST, call_script


def night(title: str = "jobs fail") -> Story:
    story = Story(BOOK)
    story.does(0, Declare(title=title, runbook=RunbookText(text="# R", sha256="a" * 64), severity="P1", alerted=story.at(-16), drill=True))
    return story


def test_a_call_says_who_what_how_long_and_what_is_needed() -> None:
    story = night()
    story.does(1, AnswerTriage("who", "all who train"))
    said = call_script(story.incident, story.at(2), "ada", "decide on the failover")
    about = "This is a drill. ada here, about a P1: jobs fail. It runs for 18 min. Affected: all who train."
    assert said == f"{about} I need you to decide on the failover."


def test_a_call_takes_twenty_seconds() -> None:
    story = night("word " * 90)
    said = call_script(story.incident, story.at(2), "ada", "help")
    assert len(said.split()) <= MOST + 1
    assert said.endswith("I need you to help.")
