"""The board of hypotheses, and the answers of triage."""

from core.books import BOOK
from core.story import Story
from warroom.core.acts.hypotheses import AnswerTriage, Judge, Own, Propose, Support
from warroom.core.acts.timeline import Amend, Note
from warroom.core.hypotheses import hypotheses, root_cause
from warroom.core.triage import impact, summary


def night() -> Story:
    """Entry 3 proposes the release, 4 the database."""
    story = Story(BOOK)
    story.declares(0)
    story.does(1, Propose("the release"))
    story.does(2, Propose("the database", owner="tom"))
    return story


def board(story: Story) -> list[tuple[str, str, str]]:
    return [(one.text, one.state, one.owner) for one in hypotheses(story.incident)]


def test_what_counts_most_stands_first() -> None:
    story = night()
    assert board(story) == [("the release", "proposed", ""), ("the database", "proposed", "tom")]
    story.does(3, Judge("4", "refuted", "it answers in 3 ms"))
    story.does(4, Judge("the rel", "testing"))
    assert board(story) == [("the release", "testing", "ada"), ("the database", "refuted", "tom")]
    story.does(5, Judge("3", "confirmed", "gone after the rollback"))
    assert root_cause(story.incident) == "the release"


def test_confirmed_needs_a_reason_or_evidence() -> None:
    story = night()
    assert "--reason" in story.refused(3, Judge("3", "confirmed")).why
    (pin,) = story.does(3, Note("KeyError in all of them"))
    story.does(4, Support("3", str(pin.seq)))
    assert "already" in story.refused(5, Support("3", pin.id, against=True)).why
    story.does(5, Judge("3", "confirmed"))
    assert hypotheses(story.incident)[0].evidence == (pin.id,)


def test_owners_change_and_words_too() -> None:
    story = night()
    story.does(3, Own("4", "kim"))
    story.does(3, Own("4", ""))
    assert "nobody" in story.refused(4, Own("4", "")).why
    story.does(4, Amend("4", "the connection pool"))
    assert board(story)[1] == ("the connection pool", "proposed", "")


def test_refusals() -> None:
    story = night()
    assert "empty" in story.refused(3, Propose("  ")).why
    assert not story.refused(3, Propose("The Release")).mistake
    assert "more than one" in story.refused(3, Judge("the", "testing")).why
    assert "3 (the release)" in story.refused(3, Judge("9", "testing")).why
    assert "no entry 99" in story.refused(3, Support("3", "99")).why


def test_a_judgement_is_progress() -> None:
    story = night()
    story.does(20, Judge("3", "testing"))
    assert story.due("trigger:stuck", 21) == 50


def test_triage_feeds_what_is_said() -> None:
    story = night()
    assert (summary(story.incident), impact(story.incident)) == ("API down", "")
    story.does(3, AnswerTriage("what", "jobs fail"))
    story.does(3, AnswerTriage("who", "all who train"))
    story.does(4, AnswerTriage("blast-radius", "  one\nregion "))
    assert (summary(story.incident), impact(story.incident)) == ("jobs fail", "all who train, one region")
    assert not story.refused(5, AnswerTriage("what", "jobs fail")).mistake
    assert "blast-radius" in story.refused(5, AnswerTriage("why", "x")).why
