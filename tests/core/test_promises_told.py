"""What was sent keeps the promise of updates, and makes the next."""

from datetime import timedelta

from core.story import Story
from core.test_messages import BOOK, filled, night
from warroom.core.acts.incident import Resolve
from warroom.core.acts.messages import Send
from warroom.core.entries import Draft, MessageDropped, MessageSent

SAID = {"latest findings": "a", "current actions": "b"}


def sends(story: Story, minute: float, sent: float | None, given: dict[str, str] | None = None) -> None:
    (queued,) = story.does(minute, Send(filled(story, "incident update", minute, {**SAID, **(given or {})})))
    if sent is not None:
        story.records(sent, Draft(MessageSent(message=queued.id), story.at(sent)))


def test_an_update_that_is_sent_starts_the_next_promise() -> None:
    story = night("P1")
    assert story.due("update", 1) == 15
    sends(story, 10, None)
    assert story.due("update", 11) == 15  # queued is not told
    sends(story, 11, 12, {"current actions": "c", "time": "03:20 UTC"})
    found = story.deadline("update", 13)
    assert found is not None
    assert found.due == (story.at(0) + timedelta(minutes=28)).replace(second=0)
    assert found.why == "Incident Update 03:04"


def test_without_a_moment_of_its_own_it_is_the_cadence() -> None:
    story = night("P1")
    (first,) = story.does(1, Send(filled(story, "investigating", 1), hand="a"))
    (second,) = story.does(2, Send(filled(story, "investigating", 2), hand="b"), by="bob")
    story.records(3, Draft(MessageSent(message=second.id), story.at(3)))
    assert first.kind == "message_proposed"
    assert story.due("update", 4) == 18


def test_what_is_dropped_tells_nobody() -> None:
    story = night("P1")
    (queued,) = story.does(5, Send(filled(story, "incident update", 5, SAID)))
    story.records(6, Draft(MessageDropped(message=queued.id, reason="said on the bridge"), story.at(6)))
    assert story.due("update", 7) == 15


def test_a_public_report_that_is_promised_is_a_clock() -> None:
    story = night("P1")
    story.does(5, Resolve())
    assert story.deadline("public-report", 6) is None
    given = {"brief impact summary": "jobs failed"}
    story.does(6, Send(filled(story, "resolved", 6, given), hand="a"))
    (second,) = story.does(7, Send(filled(story, "resolved", 7, given), hand="b"), by="bob")
    story.records(8, Draft(MessageSent(message=second.id), story.at(8)))
    assert story.due("public-report", 9) == 8 + 48 * 60
    assert any("48 hours" in template.body for template in BOOK.templates)
