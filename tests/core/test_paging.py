"""Announced, cancelled, asked for: once for each cause, whatever happens in between."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.books import BOOK
from core.story import TEXT, Story
from core.strategies import acts, people
from hand import T0
from warroom.core.acts import Refusal
from warroom.core.acts.clocks import Answer
from warroom.core.acts.incident import Acknowledge, Close, Declare, Reopen
from warroom.core.acts.messages import Call
from warroom.core.acts.paging import CancelAnnouncement, Page, WatchDeadlines
from warroom.core.acts.sending import RecordSent
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Note
from warroom.core.contacts import contact_for, next_contact, number_of
from warroom.core.deadlines import deadlines
from warroom.core.entries import Announced, Answered, PageAsked
from warroom.core.incident import fold
from warroom.core.outbox import outbox
from warroom.core.paging import page_text, running
from warroom.core.ports import Sent
from warroom.runbook.model import Contact

CONTACTS = (
    Contact(level="L1", role="On-Call Engineer", response_seconds=300, method="PagerDuty", line=1),
    Contact(level="L2", role="Secondary On-Call", response_seconds=600, method="PagerDuty", line=2),
    Contact(level="L3", role="Engineering Manager", response_seconds=900, method="PagerDuty + Phone", line=3),
    Contact(level="L4", role="VP Engineering", response_seconds=1800, method="Phone", line=4),
    Contact(level="L5", role="CTO", response_seconds=1800, method="Phone", line=5),
    Contact(level="Security", role="Security Team Lead", response_seconds=900, method="PagerDuty", line=6),
    Contact(level="Legal", role="General Counsel", response_seconds=3600, method="Phone", line=7),
)
PAGED = replace(BOOK, escalation=replace(BOOK.escalation, contacts=CONTACTS))


class Watched(Story):
    """A story on which a console is on watch, a look every half minute."""

    def __init__(self, level: str = "P1", alerted: float = 0.0) -> None:
        super().__init__(PAGED)
        self.since, self.minute = self.at(0), 0.0
        self.does(0, Declare(title="API down", runbook=TEXT, severity=level, alerted=self.at(alerted), drill=True))

    def look(self, minute: float, number: int = 1) -> None:
        decision = self.tries(minute, WatchDeadlines(number, "ada@host", self.since), "watch")
        if not isinstance(decision, Refusal):
            self.records(minute, *decision, by="watch")

    def until(self, minute: float) -> None:
        while self.minute < minute:
            self.minute += 0.5
            self.look(self.minute)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(fact.deadline, fact.to) for fact in (entry.fact for entry in self.entries) if isinstance(fact, PageAsked)]

    @property
    def announced(self) -> list[Announced]:
        return [entry.fact for entry in self.entries if isinstance(entry.fact, Announced)]


@pytest.mark.parametrize(
    ("target", "role", "number"),
    [
        ("secondary", "Secondary On-Call", 2),
        ("L3", "Engineering Manager", 3),
        ("engineering manager", "Engineering Manager", 3),
        ("Security", "Security Team Lead", 0),
        ("Compliance", None, 0),
        ("on-call", None, 0),
    ],
)
def test_a_name_of_the_matrix_is_one_contact_or_none(target: str, role: str | None, number: int) -> None:
    contact = contact_for(PAGED, target)
    assert (contact.role if contact else None, number_of(contact)) == (role, number)


def test_the_next_rung_is_the_next_number_and_teams_have_none() -> None:
    found = [next_contact(PAGED, contact) for contact in CONTACTS]
    assert [one.level if one else None for one in found] == ["L2", "L3", "L4", "L5", None, None, None]


def test_it_is_announced_when_due_and_asked_for_a_minute_later() -> None:
    night = Watched()
    night.until(14.5)
    assert night.announced == []
    night.until(15)
    (announced,) = night.announced
    assert (announced.deadline, announced.fires) == ("trigger:silence", night.at(16))
    assert [entry.fact for entry in running(night.incident, PAGED, night.at(15.5))] == [announced]
    night.until(15.5)
    assert night.asked == []
    night.until(16)
    assert night.asked == [("trigger:silence", "Secondary On-Call")]
    (page,) = outbox(night.incident)
    assert (page.intent.level, page.intent.drill, page.state) == (2, True, "queued")
    state = next(one.state for one in deadlines(PAGED, night.incident, night.at(16)) if one.id == "trigger:silence")
    assert state == "fired"


def test_whoever_answers_in_its_minute_spares_the_page() -> None:
    night = Watched()
    night.until(15)
    night.does(15.4, Acknowledge())
    night.until(25)
    assert night.asked == []


def test_cancelled_it_is_not_announced_again_and_waits_for_people() -> None:
    night = Watched()
    night.until(15)
    night.refused(15.2, CancelAnnouncement("trigger:silence", " "))
    night.does(15.2, CancelAnnouncement("trigger:silence", "she is on the bridge"))
    night.until(29)
    assert len(night.announced) == 1
    assert night.asked == []
    state = next(one.state for one in deadlines(PAGED, night.incident, night.at(29)) if one.id == "trigger:silence")
    assert state == "due"


def test_an_hour_of_silence_goes_up_the_ladder() -> None:
    night = Watched()
    night.until(5)
    night.does(5, Acknowledge())
    night.until(32)
    (page,) = [one for one in outbox(night.incident) if one.intent.service == "pagerduty"]
    night.does(32, RecordSent(page.intent.id, Sent("Q1"), confirmed=True), "outbox")
    night.does(33, Answer("contact:l3", "answered"))
    night.until(61.5)
    assert [to for _, to in night.asked] == ["Engineering Manager", "Engineering Manager", "VP Engineering"]
    methods = [(one.intent.service, one.intent.channel) for one in outbox(night.incident)]
    assert methods == [("pagerduty", "PagerDuty"), ("hand", "Phone"), ("hand", "Phone")]
    asked = [entry for entry in night.entries if isinstance(entry.fact, Answered) and entry.fact.deadline == "trigger:stuck"]
    assert len(asked) == 1


def test_no_progress_begins_anew_after_it_was_told_and_pages_again() -> None:
    night = Watched()
    night.does(1, Acknowledge())
    night.until(40)
    night.does(40, Note("the pods that fail are the newest", progress=True))
    night.until(72)
    stuck = [one for one in night.announced if one.deadline == "trigger:stuck"]
    assert [one.fires for one in stuck] == [night.at(31), night.at(71)]


def test_what_was_overdue_before_anybody_looked_is_announced_if_it_is_one_and_asked_about_if_it_is_many() -> None:
    one = Watched(alerted=-20)
    one.does(1, Note("looking", progress=True))
    one.until(5)
    assert [(found.deadline, found.fires) for found in one.announced] == [("trigger:silence", one.at(1.5))]
    many = Watched(alerted=-50)
    many.until(5)
    assert {found.deadline for found in many.announced} == {"trigger:silence", "trigger:stuck"}
    assert {found.fires for found in many.announced} == {None}
    assert many.asked == []


def test_four_months_later_nobody_is_woken() -> None:
    night = Watched()
    night.does(1, Note("looking", progress=True))
    later = timedelta(days=120) / timedelta(minutes=1)
    night.since = night.at(later)
    for half in range(20):
        night.look(later + half / 2)
    assert night.announced
    assert {found.fires for found in night.announced} == {None}
    assert night.asked == []


def test_an_upgrade_lists_what_is_overdue_at_once() -> None:
    night = Watched(level="P2")
    night.until(45)
    assert night.announced == []
    night.does(45, SetSeverity("P1", "all customers"))
    night.until(50)
    assert [found.fires for found in night.announced if found.deadline == "trigger:silence"] == [None] or night.asked != []
    assert len(night.asked) <= 1


def test_a_clock_that_is_set_back_or_ahead_pages_no_burst() -> None:
    night = Watched()
    night.until(15)
    night.look(15 - 60)
    assert len(night.announced) == 1  # nothing is due then
    night.look(15.5)
    night.look(16)
    assert [to for _, to in night.asked] == ["Secondary On-Call"]
    ahead = Watched()
    ahead.until(10)
    ahead.since = ahead.at(70)  # the watch saw the jump, and what came due in it is late
    ahead.look(70)
    ahead.look(72)
    assert ahead.asked == []
    assert {found.fires for found in ahead.announced} == {None}


def test_who_is_paged_answers_in_time_or_the_next_is_paged() -> None:
    night = Watched()
    night.until(16)
    (page,) = outbox(night.incident)
    night.does(16, RecordSent(page.intent.id, Sent("Q1"), confirmed=True), "outbox")
    night.does(17, Note("looking", progress=True))
    night.until(28)
    assert [to for _, to in night.asked] == ["Secondary On-Call", "Engineering Manager", "Engineering Manager"]
    assert night.asked[1][0] == "contact:l2"
    night.does(28.2, Acknowledge(), "grace")
    (found,) = [one for one in deadlines(PAGED, night.incident, night.at(29)) if one.id == "contact:l3-phone"]
    assert found.state == "met"


def test_a_call_that_reaches_them_stops_their_clock() -> None:
    night = Watched()
    night.does(1, Page("L4", "decide on the rollback"))
    contact = next(one for one in deadlines(PAGED, night.incident, night.at(2)) if one.id == "contact:l4")
    assert (contact.state, contact.due) == ("running", night.at(31))
    night.does(3, Call("L4", "Kim", "voicemail"))
    night.does(4, Call("VP Engineering", "Kim", "reached"))
    contact = next(one for one in deadlines(PAGED, night.incident, night.at(5)) if one.id == "contact:l4")
    assert (contact.state, contact.why) == ("met", "Kim was reached by ada")


def test_people_page_by_level_or_role_and_not_twice() -> None:
    night = Watched()
    night.does(3, Note("the database refuses connections", progress=True))
    night.does(4, Page("L3", "a decision on failing over"))
    page = outbox(night.incident)[0]
    assert page.intent.level == 3
    assert "the database refuses connections" in page.intent.text
    assert page.intent.text.endswith("needed: a decision on failing over")
    assert "paged at" in night.refused(5, Page("Engineering Manager")).why
    assert "L2 (Secondary On-Call)" in night.refused(5, Page("the boss")).why
    night.does(6, Close(not_an_incident=True))
    night.refused(7, Page("L2"))


def test_who_has_no_contact_is_told_by_the_others() -> None:
    night = Watched()
    night.does(1, Acknowledge())
    night.does(1, Note("x", progress=True))
    from warroom.core.acts.checklists import Tick

    night.does(2, Tick("p1.breach"))
    night.until(4)
    facts = [entry.fact for entry in night.entries if isinstance(entry.fact, PageAsked)]
    assert facts, "a breach that is confirmed is told at once"
    assert len({fact.to for fact in facts}) == len(facts)


def test_the_text_is_short_enough_to_be_read_on_a_phone() -> None:
    night = Watched()
    night.does(1, Note("x" * 5000, progress=True))
    assert len(page_text(night.incident, night.at(2), "why", "help")) <= 1000


moves = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.integers(0, 45), st.integers(1, 3)),
        st.tuples(st.just("act"), st.integers(0, 30), st.tuples(acts, people)),
        st.tuples(st.just("cancel"), st.integers(0, 2), st.none()),
        st.tuples(st.just("sent"), st.integers(0, 5), st.none()),
        st.tuples(st.just("again"), st.integers(0, 5), st.none()),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(moves, st.integers(0, 40))
def test_nothing_is_asked_for_twice_and_a_restart_changes_no_clock(story_of: list[tuple[str, int, object]], cut: int) -> None:
    """Acts of people, looks of several watches, cancellations and outcomes in any order: done-when 4."""
    night, half = Watched(), 0
    for what, halves, more in story_of:
        half += halves
        minute = half / 2
        if what == "look":
            night.look(minute, int(str(more)))
        elif what == "act" and isinstance(more, tuple):
            decision = night.tries(minute, more[0], more[1])
            if not isinstance(decision, Refusal):
                night.records(minute, *decision, by=more[1])
        elif what == "cancel" and night.announced:
            decision = night.tries(minute, CancelAnnouncement(night.announced[-1].deadline, "no"))
            if not isinstance(decision, Refusal):
                night.records(minute, *decision)
        elif what == "sent":
            for page in outbox(night.incident):
                decision = night.tries(minute, RecordSent(page.intent.id, Sent("Q1"), confirmed=True), "outbox")
                if not isinstance(decision, Refusal) and decision:
                    night.records(minute, *decision, by="outbox")
        elif what == "again":
            decision = night.tries(minute, Reopen("it came back"))
            if not isinstance(decision, Refusal):
                night.records(minute, *decision)
    keys = Counter(entry.fact.key for entry in night.entries if isinstance(entry.fact, PageAsked))
    assert set(keys.values()) <= {1}
    assert all(one.intent.drill for one in outbox(night.incident))
    at, entries = night.at(half / 2), night.entries
    whole = fold(entries)
    restarted = fold(entries[cut:], fold(entries[:cut])) if cut and entries[:cut] else fold(entries)
    assert deadlines(PAGED, whole, at) == deadlines(PAGED, restarted, at)
    assert [one.intent for one in outbox(whole)] == [one.intent for one in outbox(restarted)]
    assert night.start == T0
