"""What an incident cost, from samples and verdicts."""

from core.books import BOOK
from core.story import Story
from warroom.core.acts.incident import Restore
from warroom.core.entries import Draft, Observed
from warroom.core.impact import Down, Failed, downtime, failed_requests


def sampled(story: Story, minute: float, **values: float | None) -> None:
    fact = Observed(what="sample", key=f"sample/{minute}", values=tuple(values.items()))
    story.records(minute, Draft(fact, story.at(minute)), by="room")


def judged(story: Story, minute: float, item: str, verdict: str, was: str = "") -> None:
    fact = Observed(what="verdict", key=f"verdict/{item}/{minute}", about=item, verdict=verdict, was=was)  # type: ignore[arg-type]
    story.records(minute, Draft(fact, story.at(minute)), by="room")


def night() -> Story:
    story = Story(BOOK)
    story.declares(0)
    return story


def test_error_rate_times_traffic() -> None:
    story = night()
    sampled(story, 0, errors=0.1, requests=50.0)  # 300 of 3,000
    sampled(story, 1, errors=0.5, requests=20.0)  # 600 of 1,200
    sampled(story, 2, errors=None, requests=20.0)  # nobody knows
    sampled(story, 5, errors=1.0, requests=20.0)  # after it was restored
    story.does(5, Restore("errors are gone"))
    assert failed_requests(story.incident, story.at(60)) == Failed(requests=900, minutes=2, whole=5)


def test_without_figures_nothing_is_claimed() -> None:
    story = night()
    assert failed_requests(story.incident, story.at(60)) is None
    assert downtime(BOOK, story.incident, story.at(60)) is None


def test_downtime_is_when_at_least_one_criterion_was_met() -> None:
    story = night()
    judged(story, 1, "d.down", "true")
    judged(story, 3, "d.breach", "true")
    judged(story, 4, "d.down", "false")
    judged(story, 6, "d.breach", "unknown")  # not cleared
    judged(story, 8, "d.breach", "false")
    judged(story, 20, "d.down", "true")
    judged(story, 23, "d.down", "false")
    judged(story, 2, "p1.down", "true")  # a level's, not a declaration's
    found = downtime(BOOK, story.incident, story.at(60))
    assert found == Down(minutes=10, criteria=("Service is completely unavailable", "Security breach suspected"))


def test_what_is_still_met_counts_until_now() -> None:
    story = night()
    judged(story, 1, "d.down", "true")
    found = downtime(BOOK, story.incident, story.at(31))
    assert found == Down(minutes=30, criteria=("Service is completely unavailable",))
