"""What stands between restored and closed."""

from msgspec.structs import replace

from core.books import BOOK, item
from core.story import Story
from core.test_impact import judged
from warroom.core.acts.checklists import Tick
from warroom.core.acts.clocks import Answer
from warroom.core.acts.incident import Close, Resolve, Restore
from warroom.core.acts.timeline import AddAction
from warroom.core.closing import gates, open_gates, recurred
from warroom.core.entries import Closed, Restored
from warroom.runbook.model import Phase

CLOSING = Phase(
    title="Phase 4: Resolution",
    line=90,
    steps=(
        item("4.1", "Confirm service restored"),
        item("4.2", "Validate with monitoring"),
        item("4.3", "Update status page"),
        item("4.4", "Notify stakeholders"),
        item("4.5", "Schedule post-mortem"),
    ),
)
BOOK = replace(BOOK, phases=(*BOOK.phases[:3], CLOSING, *BOOK.phases[3:]))


def night() -> Story:
    story = Story(BOOK)
    story.declares(0)
    return story


def state(story: Story, minute: float) -> dict[str, bool]:
    return {gate.item or gate.text: gate.done for gate in gates(BOOK, story.incident, story.at(minute))}


def test_the_runbooks_closing_items_and_half_an_hour() -> None:
    story = night()
    story.does(20, Restore("errors are gone"))
    watch = "watched for recurrence for 30 min"
    assert state(story, 21) == {"4.1": True, "4.2": False, "4.3": False, "4.4": False, "4.5": False, watch: False}
    story.does(22, Tick("4.2"))
    story.does(23, Tick("4.3"))
    story.does(24, Tick("4.4"))
    story.does(25, Answer("postmortem", "scheduled", "tomorrow at ten"))
    assert state(story, 49.9) == {"4.1": True, "4.2": True, "4.3": True, "4.4": True, "4.5": True, watch: False}
    assert open_gates(BOOK, story.incident, story.at(50)) == ()


def test_a_threshold_that_is_met_again_is_a_recurrence() -> None:
    story = night()
    judged(story, 1, "d.down", "true")
    judged(story, 19, "d.down", "false")
    story.does(20, Restore("errors are gone"))
    judged(story, 30, "d.down", "true")
    assert recurred(BOOK, story.incident) == ("Service is completely unavailable",)
    (gate,) = [gate for gate in gates(BOOK, story.incident, story.at(90)) if gate.text.startswith("watched")]
    assert (gate.done, gate.why) == (False, "met again: Service is completely unavailable: reopen it")
    judged(story, 51, "d.breach", "true")  # an hour's worth later it is another incident
    assert recurred(BOOK, story.incident) == ("Service is completely unavailable",)


def test_what_is_measured_restores_without_a_reason() -> None:
    story = night()
    judged(story, 1, "d.down", "true")
    assert "still measured as met: Service is completely unavailable" in story.refused(10, Restore()).why
    judged(story, 19, "d.down", "false")
    (entry,) = story.does(20, Restore())
    assert entry.fact == Restored(reason="measured as met no longer: Service is completely unavailable")


def test_against_the_measurements_it_takes_a_reason_and_says_so() -> None:
    story = night()
    judged(story, 1, "d.down", "true")
    judged(story, 5, "d.down", "unknown", "true")  # a gap clears nothing
    (entry,) = story.does(20, Restore("the probe is broken"))
    assert entry.fact == Restored(reason="the probe is broken", against=("Service is completely unavailable",))


def test_closing_writes_down_what_was_left() -> None:
    story = night()
    story.does(20, Restore("errors are gone"))
    story.does(21, Resolve())
    story.does(22, AddAction("an alert", "", "", ""))
    (entry,) = story.does(60, Close())
    assert entry.fact == Closed(
        left=(
            "Validate with monitoring",
            "Update status page",
            "Notify stakeholders",
            "Schedule post-mortem",
            "action items have owner and date",
        )
    )


def test_what_was_no_incident_leaves_nothing_open() -> None:
    story = night()
    (entry,) = story.does(5, Close(not_an_incident=True))
    assert entry.fact == Closed(not_an_incident=True)
