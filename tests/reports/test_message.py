"""What is said in twenty seconds, and how a declaration reads in each of its ways."""

from core.story import Story
from core.test_messages import BOOK
from warroom.core.acts.hypotheses import AnswerTriage
from warroom.core.acts.incident import Declare
from warroom.core.entries import RunbookText
from warroom.reports.message import MOST, call_script, declarations


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


def test_a_declaration_has_three_ways() -> None:
    ways = dict(declarations(night("[x]\x1b").incident, "TenSafe Production"))
    assert ways["Slack command"].startswith("/incident create\nTitle: [x]")
    assert ways["Slack"].startswith("@oncall Declaring incident: [x]")
    assert ways["PagerDuty"].startswith("TenSafe Production: P1: [x]")
    assert "\x1b" not in "".join(ways.values())
