"""What each act decides, and what it refuses with which advice."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.books import BOOK
from core.story import TEXT, Story
from warroom.core.acts import Act
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.acts.clocks import Answer, Snooze
from warroom.core.acts.evidence import Pin
from warroom.core.acts.incident import Acknowledge, Close, Declare, Reopen, Resolve, Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import AddAction, Amend, Badly, Move, Note, Strike, Well
from warroom.core.entries import Acknowledged, Declared, Noted, SeveritySet, Ticked

QUARTER = timedelta(minutes=15)


@pytest.fixture
def night() -> Story:
    """Entries: 1 declared, 2 severity P2, 3 a note, 4 acknowledged, 5 its tick, 6 the phase."""
    story = Story(BOOK)
    story.declares(0, severity="P2")
    story.does(1, Note("looking"))
    story.does(2, Acknowledge())
    story.does(3, SetPhase(2))
    return story


DONE: list[tuple[str, Act, list[str]]] = [
    ("tick by id", Tick("p2.errors"), ["ticked"]),
    ("tick by the start of its text", Tick("error rate > 10"), ["ticked"]),
    ("untick", Untick("c.ack"), ["unticked"]),
    ("note", Note("-f was not needed"), ["noted"]),
    ("note of the past", Note("began", at=Story(BOOK).at(-9)), ["noted"]),
    ("amend by number", Amend("3", "looked"), ["amended"]),
    ("strike", Strike("3", "wrong window"), ["struck"]),
    ("strike an ack", Strike("4", "that was another alert"), ["struck"]),
    ("move", Move("3", Story(BOOK).at(-1)), ["moved"]),
    ("role by initials", TakeRole("ic", "ada"), ["role_set"]),
    ("role by its start", TakeRole("comm", "mel"), ["role_set"]),
    ("severity, any case", SetSeverity("p1", "all customers"), ["severity_set"]),
    ("phase, back", SetPhase(1), ["phase_set"]),
    ("restored", Restore("error rate is back"), ["restored"]),
    ("resolve", Resolve(), ["resolved"]),
    ("close as none", Close(not_an_incident=True), ["closed"]),
    ("answer", Answer("update", "sent"), ["answered"]),
    ("answer by a start", Answer("upd", "sent"), ["answered"]),
    ("answer by a title", Answer("slack", "sent"), ["answered"]),
    ("snooze", Snooze("update", QUARTER, "on the phone"), ["snoozed"]),
    ("well", Well("quick"), ["well"]),
    ("badly", Badly("slow"), ["badly"]),
    ("pin", Pin("pod", "web-1", "exit 1, KeyError"), ["pinned"]),
    ("pin of what was seen before", Pin("log", "web-1", "KeyError", at=Story(BOOK).at(-9)), ["pinned"]),
    ("action", AddAction("canary", "ada", "2026-02-28", "P1"), ["action_added"]),
]


@pytest.mark.parametrize(("act", "kinds"), [case[1:] for case in DONE], ids=[case[0] for case in DONE])
def test_decides(night: Story, act: Act, kinds: list[str]) -> None:
    assert [entry.kind for entry in night.does(9, act)] == kinds


REFUSED: list[tuple[str, Act, str]] = [
    ("no such item", Tick("nothing of it"), "no item 'nothing of it'"),
    ("several items", Tick("error rate"), "begins 2 items"),
    ("ticked already", Tick("c.ack"), "was ticked by ada at 02:54:18 UTC"),
    ("not ticked", Untick("p1.down"), "is not ticked"),
    ("nothing to untick", Untick("never"), "no item"),
    ("empty note", Note("  \n"), "the note is empty"),
    ("note of the future", Note("x", at=Story(BOOK).at(99)), "has not come yet"),
    ("pin nothing", Pin("pod", "web-1", " \n"), "says nothing"),
    ("pin of the future", Pin("pod", "web-1", "x", at=Story(BOOK).at(99)), "has not come yet"),
    ("amend nothing", Amend("99", "x"), "no entry '99'"),
    ("amend with nothing", Amend("3", " "), "the new text is empty"),
    ("amend what has no text", Amend("1", "x"), "no text of its own"),
    ("strike nothing", Strike("99"), "no entry"),
    ("strike what has its own act", Strike("2"), "by its own act"),
    ("move nothing", Move("99", Story(BOOK).at(1)), "no entry"),
    ("move where it stands", Move("3", Story(BOOK).at(1)), "stands at"),
    ("move into the future", Move("3", Story(BOOK).at(99)), "has not come yet"),
    ("no such role", TakeRole("boss", "ada"), "no role of the runbook"),
    ("several roles", TakeRole(" ", "ada"), "no role of the runbook"),
    ("hand back what is free", TakeRole("ic", ""), "is free already"),
    ("somebody was first", TakeRole("ic", "ada", expected="tom"), "is free now, not tom"),
    ("no such level", SetSeverity("P9", "x"), "it knows P1, P2, P3, P4"),
    ("the level it has", SetSeverity("P2", "x"), "is P2 already"),
    ("a level without a reason", SetSeverity("P1", " "), "say why it is P1"),
    ("no such phase", SetPhase(9), "has 4 phases"),
    ("no phase 0", SetPhase(0), "no phase 0"),
    ("the phase it has", SetPhase(2), "in phase 2 already"),
    ("acknowledged twice", Acknowledge(), "was acknowledged at 02:54:18 UTC"),
    ("restored without a reason", Restore(""), "say what shows"),
    ("restored before the alert", Restore("x", at=Story(BOOK).at(-5)), "before the alert"),
    ("restored in the future", Restore("x", at=Story(BOOK).at(99)), "has not come yet"),
    ("close what is not resolved", Close(), "resolve it first"),
    ("reopen what is open", Reopen("x"), "nothing to reopen"),
    ("reopen without a reason", Reopen(" "), "say why"),
    ("answer nothing", Answer("nix", "told"), "it has"),
    ("answer several", Answer("phase", "told"), "more than one deadline"),
    ("answer with nothing", Answer("update", " "), "say what was done"),
    ("answer what is met", Answer("ack", "told"), "is met already"),
    ("snooze without a reason", Snooze("update", QUARTER, ""), "say why"),
    ("snooze for nothing", Snooze("update", timedelta(0), "x"), "more than nothing"),
    ("snooze for days", Snooze("update", timedelta(hours=25), "x"), "at most 24 h"),
    ("snooze what is met", Snooze("ack", QUARTER, "x"), "nothing to snooze"),
    ("nothing went well", Well(" "), "what went well"),
    ("nothing went badly", Badly(" "), "could be improved"),
    ("no action", AddAction(" "), "is empty"),
    ("no date", AddAction("x", due="2026-02-30"), "is no date"),
    ("a second declaration", Declare(title="x", runbook=TEXT), "another incident"),
    ("no title", Declare(title=" ", runbook=TEXT), "the title is empty"),
]


@pytest.mark.parametrize(("act", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refuses(night: Story, act: Act, words: str) -> None:
    refusal = night.refused(9, act)
    assert words in refusal.why
    assert "\n" not in refusal.why


@pytest.mark.parametrize("act", [case[1] for case in DONE if not isinstance(case[1], Declare)], ids=[case[0] for case in DONE])
def test_nothing_can_be_done_without_an_incident(act: Act) -> None:
    assert "declare one first" in Story(BOOK).refused(0, act).why


@pytest.mark.parametrize(
    "act", [Tick("p1.down"), SetPhase(1), SetSeverity("P1", "x"), TakeRole("ic", "a"), Restore("x"), Resolve(), Close()]
)
def test_a_closed_incident_is_reopened_first(night: Story, act: Act) -> None:
    night.does(5, Close(not_an_incident=True))
    assert "reopen it first" in night.refused(6, act).why


@pytest.mark.parametrize("act", [Note("later"), Amend("3", "later"), Strike("3"), Well("x"), AddAction("x")])
def test_what_was_seen_can_be_written_down_afterwards(night: Story, act: Act) -> None:
    night.does(5, Close(not_an_incident=True))
    assert night.does(6, act)


# declaring


def test_declare_writes_the_ticks_made_before_and_why_the_level() -> None:
    story = Story(BOOK)
    entries = story.does(5, Declare(title=" API \n down ", runbook=TEXT, severity="P2", ticks=("p2.errors", "c.ack"), alerted=story.at(-7)))
    facts = [entry.fact for entry in entries]
    assert [type(fact) for fact in facts] == [Declared, Ticked, Ticked, Acknowledged, SeveritySet]
    assert isinstance(facts[0], Declared)
    assert (facts[0].title, facts[0].alerted, facts[0].detected) == ("API down", story.at(-7), story.at(-7))
    level = facts[-1]
    assert isinstance(level, SeveritySet)
    assert (level.suggested, level.why) == ("P2", ("Error rate > 10% (ada)",))
    assert {entry.at for entry in entries} == {story.at(5)}


def test_declare_refuses_whole() -> None:
    story = Story(BOOK)
    assert "no item" in story.refused(0, Declare(title="x", runbook=TEXT, ticks=("p2.errors", "nix"))).why
    assert "no severity" in story.refused(0, Declare(title="x", runbook=TEXT, severity="P7")).why
    assert "has not come yet" in story.refused(0, Declare(title="x", runbook=TEXT, detected=story.at(5))).why


def test_another_incident_within_ten_minutes_is_asked_about() -> None:
    story = Story(BOOK)
    story.declares(0, title="API down")
    assert "(API down)" in story.refused(9.9, Declare(title="API gone", runbook=TEXT)).why
    assert isinstance(story.tries(9.9, Declare(title="DNS", runbook=TEXT, another=True)), tuple)
    assert isinstance(story.tries(10, Declare(title="API gone", runbook=TEXT)), tuple)


def test_watch_only_is_kept_as_no_incident() -> None:
    story = Story(BOOK)
    story.does(0, Declare(title="odd graph", runbook=TEXT, watch_only=True))
    assert (story.incident.state, story.incident.not_an_incident) == ("closed", True)


def test_a_drill_says_so() -> None:
    story = Story(BOOK)
    story.does(0, Declare(title="x", runbook=TEXT, drill=True))
    assert story.incident.drill


# what belongs together


def test_to_tick_acknowledge_is_to_acknowledge() -> None:
    story = Story(BOOK)
    story.declares(0)
    assert [entry.kind for entry in story.does(1, Tick("c.ack"))] == ["ticked", "acknowledged"]
    assert story.incident.acknowledged == story.at(1)
    story.does(2, Untick("c.ack"))
    assert [entry.kind for entry in story.does(3, Tick("c.ack"))] == ["ticked"]


def test_to_acknowledge_is_to_tick_it() -> None:
    story = Story(BOOK)
    story.declares(0)
    assert [(entry.kind, entry.at) for entry in story.does(5, Acknowledge(at=story.at(3)))] == [
        ("acknowledged", story.at(3)),
        ("ticked", story.at(3)),
    ]


def test_a_suggested_level_needs_no_words(night: Story) -> None:
    night.does(4, Tick("p1.down"), by="kim")
    (entry,) = night.does(5, SetSeverity("P1", ""))
    assert isinstance(entry.fact, SeveritySet)
    assert (entry.fact.reason, entry.fact.suggested) == ("Everything is down (kim)", "P1")


def test_down_is_for_whoever_commands(night: Story) -> None:
    night.does(4, TakeRole("ic", "kim"))
    refusal = night.refused(5, SetSeverity("P3", "calm"), by="tom")
    assert "is for kim" in refusal.why
    assert night.does(5, SetSeverity("P1", "worse"), by="tom")
    assert night.does(6, SetSeverity("P3", "calm"), by="kim")


def test_no_progress_waits_once() -> None:
    story = Story(BOOK)
    story.declares(0)
    assert "15 min at most" in story.refused(20, Snooze("trigger:stuck", timedelta(minutes=16), "x")).why
    story.does(31, Snooze("trigger:stuck", QUARTER, "call with the vendor"))
    assert story.states("trigger:stuck", 45.9, 46) == ["paused", "due"]
    assert "waited once already" in story.refused(47, Snooze("trigger:stuck", QUARTER, "again")).why
    story.does(50, Note("found it", progress=True))
    assert story.does(60, Snooze("trigger:stuck", QUARTER, "a new round"))


def test_roles_are_taken_over_knowingly(night: Story) -> None:
    night.does(4, TakeRole("ic", "ada", expected=""))
    refusal = night.refused(4, TakeRole("ic", "tom", expected=""))
    assert "is ada now, not free" in refusal.why
    assert not refusal.mistake
    night.does(5, TakeRole("ic", "tom", expected="ada"))
    assert night.incident.roles == {"Incident Commander": "tom"}


# corrections


def test_an_amendment_of_an_amendment_is_one_of_the_first(night: Story) -> None:
    (first,) = night.does(5, Amend("3", "looked"))
    (second,) = night.does(6, Amend(first.id, "looked twice"))
    assert night.incident.amended["e00003"] == second
    night.does(7, Strike(second.id, "no"))
    assert list(night.incident.struck) == ["e00003"]
    for act in (Amend("3", "x"), Strike("3"), Move("3", night.at(0))):
        assert "entry 3" in night.refused(8, act).why


@pytest.mark.parametrize("minute", [-5, 9])
def test_levels_keep_their_order(minute: int) -> None:
    story = Story(BOOK)
    story.declares(0, severity="P2")
    story.does(5, SetSeverity("P1", "worse"))
    (note,) = story.does(6, Note("x"))
    entry = "3" if minute < 0 else "2"
    assert "cannot go" in story.refused(10, Move(entry, story.at(minute))).why
    assert story.does(10, Move("3", story.at(3)))
    assert story.does(10, Move(note.id, story.at(-5)))


def test_a_correction_is_not_moved(night: Story) -> None:
    (moved,) = night.does(5, Move("3", night.at(0)))
    assert "counts for nothing" in night.refused(6, Move(moved.id, night.at(1))).why


def test_restored_does_not_move_before_the_alert(night: Story) -> None:
    (restored,) = night.does(5, Restore("back"))
    assert "before the alert" in night.refused(6, Move(restored.id, night.at(-1))).why


@pytest.mark.parametrize("act", [lambda: Close(), lambda: Resolve(), lambda: Restore("x")])
def test_not_twice(night: Story, act: Callable[[], Act]) -> None:
    night.does(5, Resolve())
    if isinstance(act(), Close):
        night.does(6, act())
    assert night.refused(5, act())


def test_text_is_taken_as_it_is(night: Story) -> None:
    (entry,) = night.does(5, Note("--at nothing [b]x[/b]\n  second line"))
    assert entry.fact == Noted(text="--at nothing [b]x[/b]\n  second line")
