"""Every row of the table of deadlines, minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from core.books import BOOK, SILENT, TRIGGERS, item, with_triggers
from core.story import Story
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.acts.clocks import Answer, Snooze
from warroom.core.acts.incident import Acknowledge, Close, Reopen, Resolve, Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Move, Note, Strike
from warroom.core.deadlines import deadlines, next_deadline, overdue, waiting
from warroom.core.incident import Incident, fold
from warroom.runbook.model import ResponseTime, Template

QUARTER = timedelta(minutes=15)


@pytest.fixture
def night() -> Story:
    """A P1, alerted at minute 0 and declared in minute 2."""
    story = Story(BOOK)
    story.declares(2, alerted=0)
    return story


def test_nothing_is_due_where_nothing_was_declared() -> None:
    assert deadlines(BOOK, Incident(), datetime(2026, 2, 3, tzinfo=UTC)) == ()


def test_a_p1_starts_these(night: Story) -> None:
    assert [deadline.id for deadline in night.deadlines(2)] == [
        "ack",
        "phase:1",
        "trigger:silence",
        "update",
        "trigger:stuck",
        "phase:2",
        "trigger:hour",
        "respond",
    ]


def test_words_of_a_deadline(night: Story) -> None:
    night.does(2, TakeRole("Communications Lead", "mel"))
    told = {deadline.id: (deadline.title, deadline.owner, deadline.consequence, deadline.line) for deadline in night.deadlines(3)}
    assert told == {
        "ack": ("Acknowledge the alert", "On-Call Engineer", "secondary is next", 50),
        "respond": ("First response to a P1", "Incident Commander", "P1 is answered later than 15 min", 10),
        "trigger:silence": ("No response to P1 alert in 15 min", "Incident Commander", "page secondary", 60),
        "trigger:stuck": ("No progress on P1 in 30 min", "Incident Commander", "Engineering Manager is told", 61),
        "trigger:hour": ("P1 duration > 1 hour", "Incident Commander", "VP Engineering is told", 62),
        "update": ("Slack update", "mel", "#news promise broken", 81),
        "phase:1": ("Detection & Triage, 0-15 min", "Incident Commander", "phase 1 is overdue, say why", 70),
        "phase:2": ("Investigation, 15-60 min", "Incident Commander", "phase 2 is overdue, say why", 72),
    }


def test_without_a_level_only_what_applies_to_any() -> None:
    story = Story(BOOK)
    story.declares(0, severity=None)
    assert [deadline.id for deadline in story.deadlines(1)] == ["ack", "phase:1", "phase:2"]


def test_a_silent_runbook_has_our_defaults() -> None:
    story = Story(SILENT)
    story.declares(0)
    assert [(deadline.id, deadline.owner) for deadline in story.deadlines(1)] == [("update", "on call"), ("respond", "on call")]
    assert story.due("update", 1) == 15


# acknowledged and answered


def test_ack_runs_from_the_alert(night: Story) -> None:
    assert night.states("ack", 4.9, 5, 30) == ["running", "due", "due"]
    night.does(4, Acknowledge())
    assert night.states("ack", 4, 100) == ["met", "met"]
    found = night.deadline("ack", 100)
    assert found is not None
    assert found.left_seconds == 60


def test_ack_in_time_is_told_by_when_it_happened(night: Story) -> None:
    night.does(20, Acknowledge(at=night.at(4)))
    assert night.states("ack", 21) == ["met"]


def test_a_late_ack_is_missed(night: Story) -> None:
    night.does(9, Acknowledge())
    assert night.states("ack", 10) == ["missed"]
    assert night.states("trigger:silence", 10, 99) == ["met", "met"]


@pytest.mark.parametrize(
    ("text", "minutes"), [("Acknowledge alerts within 5 minutes", 5), ("Ack pages in 12 min", 12), ("Acknowledge within 1 hour", 60)]
)
def test_minutes_of_ack_are_the_runbooks(text: str, minutes: int) -> None:
    story = Story(replace(BOOK, oncall=replace(BOOK.oncall, responsibilities=(item("r.ack", text, 50),))))
    story.declares(0)
    assert story.due("ack", 1) == minutes


def test_ack_by_the_first_contact_and_by_none() -> None:
    book = replace(BOOK, oncall=replace(BOOK.oncall, responsibilities=()))
    story = Story(book)
    story.declares(0)
    found = story.deadline("ack", 1)
    assert found is not None
    assert (found.line, found.due) == (90, story.at(5))
    story.runbook = replace(book, escalation=replace(book.escalation, contacts=()))
    assert story.deadline("ack", 1) is None


def test_a_level_may_promise_its_own_ack() -> None:
    worst = replace(BOOK.severities[0], times=(ResponseTime(kind="acknowledge", seconds=120, text="2 min"),))
    story = Story(replace(BOOK, severities=(worst, *BOOK.severities[1:])))
    story.declares(0)
    assert story.due("ack", 1) == 2


def test_response_is_the_first_entry_by_a_person() -> None:
    story = Story(BOOK)
    story.declares(16, alerted=0)
    assert story.states("respond", 16) == ["missed"]
    story = Story(BOOK)
    story.declares(14, alerted=0)
    assert story.states("respond", 14, 500) == ["met", "met"]


def test_an_upgrade_makes_no_earlier_response_late() -> None:
    story = Story(BOOK)
    story.declares(20, severity="P2", alerted=0)
    story.does(25, SetSeverity("P1", "all customers"))
    found = story.deadline("respond", 26)
    assert found is not None
    assert (found.state, found.title) == ("met", "First response to a P2")


# triggers on silence


def test_silence_is_met_by_an_ack_and_answered_by_people(night: Story) -> None:
    assert night.states("trigger:silence", 14.9, 15, 200) == ["running", "due", "due"]
    night.does(16, Answer("trigger:silence", "paged", "kim"))
    assert night.states("trigger:silence", 16, 500) == ["fired", "fired"]


def test_what_fired_stays_fired_when_someone_back_dates(night: Story) -> None:
    night.does(16, Answer("trigger:silence", "paged", "kim"))
    night.does(20, Acknowledge(at=night.at(3)))
    found = night.deadline("trigger:silence", 21)
    assert found is not None
    assert (found.state, found.why) == ("fired", "paged by ada 03:08: kim; acknowledged 02:55, written down later")


def test_a_struck_answer_is_none(night: Story) -> None:
    (answer,) = night.does(16, Answer("trigger:silence", "paged"))
    night.does(17, Strike(answer.id, "nobody was paged"))
    assert night.states("trigger:silence", 18) == ["due"]


def test_a_late_upgrade_finds_silence_overdue() -> None:
    story = Story(BOOK)
    story.declares(2, severity="P2", alerted=0)
    assert story.deadline("trigger:silence", 19) is None
    story.does(20, SetSeverity("P1", "worse"))
    assert story.states("trigger:silence", 20) == ["due"]


def test_silence_pauses_while_the_level_is_lower(night: Story) -> None:
    night.does(10, SetSeverity("P2", "half recovered"))
    assert night.states("trigger:silence", 11, 60) == ["paused", "paused"]
    found = night.deadline("trigger:silence", 60)
    assert found is not None
    assert (found.left_seconds, found.why) == (300, "not P1 now")
    night.does(40, SetSeverity("P1", "down again"))
    assert night.states("trigger:silence", 44, 45) == ["running", "due"]


# triggers on progress


def test_progress_re_arms(night: Story) -> None:
    assert night.states("trigger:stuck", 29, 30) == ["running", "due"]
    night.does(20, Note("rolled back", progress=True))
    assert night.due("trigger:stuck", 21) == 50
    night.does(25, Note("still looking"))
    night.does(26, Tick("c.changes"))
    assert night.due("trigger:stuck", 27) == 50
    night.does(28, SetPhase(2))
    assert night.due("trigger:stuck", 29) == 58


def test_no_progress_re_arms_after_it_fired(night: Story) -> None:
    night.does(33, Answer("trigger:stuck", "told", "by phone"))
    found = night.deadline("trigger:stuck", 34)
    assert found is not None
    assert (found.state, found.due, found.why) == ("running", night.at(63), "told by ada 03:25: by phone")
    assert night.states("trigger:stuck", 63) == ["due"]


def test_progress_counts_when_it_happened(night: Story) -> None:
    (note,) = night.does(20, Note("rolled back", progress=True))
    night.does(22, Move(note.id, night.at(10)))
    assert night.due("trigger:stuck", 23) == 40
    night.does(24, Strike(note.id))
    assert night.due("trigger:stuck", 25) == 30


def test_nothing_stands_still_once_it_is_restored(night: Story) -> None:
    night.does(20, Restore("error rate is back"))
    assert night.states("trigger:stuck", 21, 300) == ["met", "met"]
    assert night.states("trigger:hour", 21, 300) == ["met", "met"]
    assert night.states("trigger:silence", 300) == ["missed"]
    night.does(30, Reopen("came back"))
    assert night.due("trigger:stuck", 31) == 40


# triggers on duration


def test_duration_is_strictly_more(night: Story) -> None:
    assert night.states("trigger:hour", 59, 60, 60.02) == ["running", "running", "due"]


def test_duration_counts_time_at_its_level_only(night: Story) -> None:
    night.does(20, SetSeverity("P2", "half recovered"))
    found = night.deadline("trigger:hour", 50)
    assert found is not None
    assert (found.state, found.left_seconds, found.due) == ("paused", 2400, night.at(90))
    night.does(60, SetSeverity("P1", "down again"))
    assert night.due("trigger:hour", 61) == 100
    assert night.states("trigger:hour", 100, 101) == ["running", "due"]


def test_duration_of_a_late_p1_counts_from_the_upgrade() -> None:
    story = Story(BOOK)
    story.declares(2, severity="P2", alerted=0)
    story.does(30, SetSeverity("P1", "worse"))
    assert story.due("trigger:hour", 31) == 90


def test_duration_overdue_and_lowered_is_paused_and_asks_again_when_raised(night: Story) -> None:
    night.does(70, SetSeverity("P2", "half recovered"))
    assert night.states("trigger:hour", 71) == ["paused"]
    night.does(80, SetSeverity("P1", "down again"))
    assert night.states("trigger:hour", 80) == ["due"]


def test_duration_continues_after_reopening(night: Story) -> None:
    night.does(40, Restore("back"))
    night.does(50, Reopen("came back"))
    assert night.due("trigger:hour", 51) == 70
    assert night.states("trigger:hour", 70, 71) == ["running", "due"]


def test_restored_too_late_is_missed_and_fired_stays(night: Story) -> None:
    night.does(70, Restore("back"))
    assert night.states("trigger:hour", 71) == ["missed"]
    other = Story(BOOK)
    other.declares(0)
    other.does(61, Answer("trigger:hour", "called"))
    other.does(70, Restore("back"))
    assert other.states("trigger:hour", 71) == ["fired"]


# triggers on facts


def test_a_breach_is_told_at_once_at_any_level() -> None:
    story = Story(BOOK)
    story.declares(0, severity="P4")
    assert story.deadline("trigger:breach", 5) is None
    story.does(7, Tick("p1.breach"), by="kim")
    found = story.deadline("trigger:breach", 7)
    assert found is not None
    assert (found.state, found.due, found.to) == ("due", story.at(7), ("Security", "Legal"))
    assert (found.consequence, found.why) == ("Security + Legal are told", "kim ticked 'Security breach confirmed'")
    story.does(9, Answer("trigger:breach", "told"))
    assert story.states("trigger:breach", 10) == ["fired"]
    story.does(11, Untick("p1.breach"))
    assert story.states("trigger:breach", 12) == ["fired"]
    story.does(20, Tick("p1.breach"))
    assert story.states("trigger:breach", 21) == ["due"]


def test_suspected_is_not_confirmed(night: Story) -> None:
    night.does(3, Tick("d.breach"))
    assert night.deadline("trigger:breach", 4) is None


def test_a_tick_taken_back_before_anybody_was_told(night: Story) -> None:
    night.does(3, Tick("p1.breach"))
    night.does(4, Untick("p1.breach"))
    assert night.deadline("trigger:breach", 5) is None


def test_a_suspicion_is_confirmed_or_refuted_in_half_an_hour(night: Story) -> None:
    night.does(3, Tick("d.breach"))
    found = night.deadline("confirm:d.breach", 4)
    assert found is not None
    assert (found.title, found.due, found.line) == ("Confirm or refute: Security breach suspected", night.at(33), 6)
    assert night.states("confirm:d.breach", 32, 33) == ["running", "due"]
    night.does(20, Tick("p1.breach"))
    assert night.states("confirm:d.breach", 33) == ["met"]
    assert night.states("trigger:breach", 33) == ["due"]
    night.does(34, Untick("p1.breach"))
    night.does(35, Untick("d.breach"))
    assert night.deadline("confirm:d.breach", 36) is None


@pytest.mark.parametrize("id", ["d.privacy", "p1.privacy"])
def test_regulators_care_for_privacy(night: Story, id: str) -> None:
    night.does(3, Tick(id))
    assert night.states("trigger:regulator", 4) == ["due"]


def test_a_fact_may_have_a_time() -> None:
    story = Story(with_triggers(replace(TRIGGERS[3], after_seconds=600)))
    story.declares(0)
    story.does(5, Tick("p1.breach"))
    assert story.states("trigger:breach", 14, 15) == ["running", "due"]


def test_a_rule_without_a_time_makes_no_clock() -> None:
    story = Story(with_triggers(replace(TRIGGERS[1], after_seconds=None)))
    story.declares(0)
    assert story.deadline("trigger:stuck", 5) is None


# updates


def test_updates_re_arm_and_stop_when_resolved(night: Story) -> None:
    assert night.states("update", 16.9, 17) == ["running", "due"]
    night.does(18, Answer("update", "sent"))
    found = night.deadline("update", 19)
    assert found is not None
    assert (found.state, found.due, found.why) == ("running", night.at(33), "sent by ada 03:10")
    night.does(20, Restore("back"))
    assert night.states("update", 33) == ["due"]
    night.does(32, Resolve())
    assert night.states("update", 33, 400) == ["met", "met"]
    night.does(40, Reopen("came back"))
    assert night.due("update", 41) == 55


@pytest.mark.parametrize(("severity", "due"), [("P1", 15), ("P2", 30), ("P3", None), ("P4", None)])
def test_cadence_goes_by_rank(severity: str, due: int | None) -> None:
    story = Story(BOOK)
    story.declares(0, severity=severity)
    assert story.due("update", 1) == due


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [("every [10/45] minutes", 10, 45), ("every 20 minutes", 20, 20), ("every [1/2] hours", 60, 120), ("now and then", 15, 30)],
)
def test_the_pair_is_the_runbooks(words: str, first: int, second: int) -> None:
    for severity, minutes in (("P1", first), ("P2", second)):
        story = Story(replace(BOOK, templates=(Template(title="News", body=f"We write {words}."),)))
        story.declares(0, severity=severity)
        assert story.due("update", 1) == minutes


def test_a_level_may_promise_its_own_cadence() -> None:
    mild = replace(BOOK.severities[2], times=(ResponseTime(kind="update", seconds=7200, text="2 h"),))
    story = Story(replace(BOOK, severities=(*BOOK.severities[:2], mild)))
    story.declares(0, severity="P3")
    assert story.due("update", 1) == 120


def test_an_upgrade_shortens_and_a_downgrade_pauses_the_promise() -> None:
    story = Story(BOOK)
    story.declares(0, severity="P2")
    story.does(10, SetSeverity("P1", "worse"))
    assert story.due("update", 11) == 15
    story.does(12, SetSeverity("P3", "calm"))
    found = story.deadline("update", 13)
    assert found is not None
    assert (found.state, found.why) == ("paused", "P3 promises none")


# phases and the post-mortem


def test_a_time_box_is_met_by_any_later_phase(night: Story) -> None:
    assert night.states("phase:1", 14.9, 15) == ["running", "due"]
    night.does(14, SetPhase(3))
    assert night.states("phase:1", 400) == ["met"]
    assert night.states("phase:2", 400) == ["met"]
    night.does(50, SetPhase(1))
    assert night.states("phase:1", 400) == ["met"]


def test_a_phase_left_late_is_missed_unless_it_was_said_why(night: Story) -> None:
    night.does(20, SetPhase(2))
    assert night.states("phase:1", 21) == ["missed"]
    night.does(62, Answer("phase:2", "waiting", "the vendor looks"))
    assert night.states("phase:2", 63) == ["fired"]
    night.does(70, SetPhase(3))
    assert night.states("phase:2", 71) == ["fired"]


def test_the_post_mortem_is_owed_from_restored_and_outlives_the_incident(night: Story) -> None:
    assert night.deadline("postmortem", 30) is None
    night.does(30, Restore("back"))
    night.does(31, SetSeverity("P4", "only a stain is left"))
    night.does(32, Resolve())
    night.does(33, Close())
    found = night.deadline("postmortem", 34)
    assert found is not None
    assert (found.state, found.due, found.line) == ("running", night.at(30) + timedelta(hours=48), 77)
    assert night.states("postmortem", 48 * 60 + 30) == ["due"]
    night.does(48 * 60, Answer("postmortem", "final"))
    assert night.states("postmortem", 49 * 60) == ["met"]


def test_hours_of_the_post_mortem_are_the_runbooks() -> None:
    last = replace(BOOK.phases[3], steps=(item("4.1", "Hold the post-mortem within 3 days (P1 only)", 77),))
    book = replace(BOOK, phases=(*BOOK.phases[:3], last))
    for severity, days in (("P1", 3), ("P2", None)):
        story = Story(book)
        story.declares(0, severity=severity)
        story.does(10, Restore("back"))
        assert story.due("postmortem", 11) == (None if days is None else 10 + days * 1440)


def test_a_p3_owes_no_post_mortem() -> None:
    story = Story(BOOK)
    story.declares(0, severity="P3")
    story.does(10, Restore("back"))
    assert story.deadline("postmortem", 11) is None


# snoozed, closed, in order


def test_a_snooze_pauses_with_its_reason_and_then_asks_again(night: Story) -> None:
    night.does(16, Snooze("trigger:silence", QUARTER, "kim is on the phone"))
    found = night.deadline("trigger:silence", 20)
    assert found is not None
    assert (found.state, found.why) == ("paused", "snoozed until 03:23 by ada: kim is on the phone")
    assert night.states("trigger:silence", 30.9, 31) == ["paused", "due"]
    night.does(40, Acknowledge(at=night.at(25)))
    assert night.states("trigger:silence", 41) == ["met"]


def test_a_snooze_of_an_earlier_round_is_over(night: Story) -> None:
    night.does(16, Snooze("update", QUARTER, "on the phone"))
    night.does(20, Answer("update", "sent"))
    assert night.states("update", 21, 35) == ["running", "due"]


def test_closed_unmet_is_missed(night: Story) -> None:
    night.does(3, Resolve())
    night.does(4, Close())
    assert night.states("ack", 5, 9000) == ["missed", "missed"]
    assert night.deadlines(9000)[0].id == "postmortem"


def test_no_incident_owes_nothing(night: Story) -> None:
    night.does(4, Close(not_an_incident=True))
    assert {deadline.state for deadline in night.deadlines(500)} == {"met"}


def test_order(night: Story) -> None:
    night.does(3, Acknowledge())
    night.does(4, Snooze("phase:1", timedelta(hours=1), "slow"))
    found = night.deadlines(36)
    assert [(deadline.id, deadline.state) for deadline in found] == [
        ("update", "due"),
        ("trigger:stuck", "due"),
        ("phase:2", "running"),
        ("trigger:hour", "running"),
        ("phase:1", "paused"),
        ("ack", "met"),
        ("respond", "met"),
        ("trigger:silence", "met"),
    ]
    assert [deadline.id for deadline in overdue(found)] == ["update", "trigger:stuck"]
    following = next_deadline(found)
    assert following is not None
    assert following.id == "update"
    settled = tuple(deadline for deadline in found if deadline.state == "met")
    assert next_deadline(settled) is None


def test_what_an_upgrade_would_start() -> None:
    story = Story(BOOK)
    story.declares(0, severity="P2")
    started = [(item.level, item.title, item.seconds, item.to) for item in waiting(BOOK, story.incident)]
    assert started == [
        ("P1", "No response to P1 alert in 15 min", 900, ("secondary",)),
        ("P1", "No progress on P1 in 30 min", 1800, ("Engineering Manager",)),
        ("P1", "P1 duration > 1 hour", 3600, ("VP Engineering",)),
    ]
    story.does(1, Acknowledge())
    story.does(2, SetSeverity("P1", "worse"))
    assert waiting(BOOK, story.incident) == ()
    story.does(22, SetSeverity("P2", "better"))
    assert [item.seconds for item in waiting(BOOK, story.incident)] == [1800, 2400]
    story.does(30, SetSeverity("P3", "calm"))
    assert waiting(BOOK, story.incident) == ()


# wherever and whenever it is asked


def test_a_restart_anywhere_changes_nothing(night: Story) -> None:
    night.does(3, Acknowledge())
    night.does(10, SetSeverity("P2", "half"))
    (note,) = night.does(12, Note("scaled up", progress=True))
    night.does(14, Snooze("phase:1", QUARTER, "slow"))
    night.does(20, Move(note.id, night.at(11)))
    night.does(25, SetSeverity("P1", "down again"))
    night.does(44, Restore("back"))
    night.does(50, Reopen("came back"))
    whole = night.deadlines(99)
    for cut in range(len(night.entries)):
        again = fold(night.entries[cut:], fold(night.entries[:cut]))
        assert deadlines(BOOK, again, night.at(99)) == whole


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 29, 0, 50, tzinfo=UTC),  # clocks go forward in Berlin
        datetime(2026, 10, 25, 0, 50, tzinfo=UTC),  # and back
        datetime(2026, 12, 31, 23, 50, tzinfo=UTC),
    ],
)
def test_neither_midnight_nor_summer_time_matters(start: datetime) -> None:
    story = Story(BOOK, start)
    story.declares(0)
    assert story.states("trigger:hour", 60, 61) == ["running", "due"]
    assert story.states("update", 14, 15) == ["running", "due"]


def test_after_four_months_it_is_late_and_nothing_more(night: Story) -> None:
    months = 120 * 24 * 60
    found = night.deadline("ack", months)
    assert found is not None
    assert (found.state, found.left_seconds) == ("due", (5 - months) * 60)
