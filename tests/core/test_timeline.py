"""Entries as people read them."""

from typing import get_args

import pytest
from hypothesis import given, settings

from core.books import BOOK
from core.story import TEXT, Story
from core.strategies import stories
from warroom.core.acts.checklists import Tick
from warroom.core.acts.clocks import Answer
from warroom.core.acts.incident import Declare, Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Amend, Move, Note, Strike
from warroom.core.entries import (
    ActionAdded,
    AnyFact,
    Closed,
    Erased,
    Pinned,
    RoleSet,
    SeveritySet,
    Unticked,
)
from warroom.core.timeline import Meaning, lines, text_of


def test_a_night_as_lines() -> None:
    story = Story(BOOK)
    story.declares(0, title="API down", severity="P2")
    (first,) = story.does(1, Note("plain jobs\n  pass"), by="tom")
    story.does(2, Tick("p2.errors"))
    story.does(3, TakeRole("ic", "ada"))
    (wrong,) = story.does(4, Note("restarted the database"), by="kim")
    story.does(5, Amend(first.id, "plain jobs pass, DP jobs fail"), by="tom")
    story.does(6, Strike(wrong.id, "wrong cluster"), by="kim")
    (late,) = story.does(7, Note("paged L2", progress=True))
    story.does(8, Move(late.id, story.at(3.5)), by="tom")
    story.does(9, SetSeverity("P1", "all customers"))
    story.does(10, TakeRole("ic", "kim"), by="kim")
    assert [(line.seq, f"{line.at:%H:%M:%S}", line.glyph, line.who, line.text, line.notes) for line in lines(story.incident)] == [
        (1, "02:52:18", "live", "ada", "declared P2, API down", ()),
        (3, "02:53:18", "todo", "tom", "plain jobs pass", ("amended by 7",)),
        (4, "02:54:18", "good", "ada", "ticked Error rate > 10%", ()),
        (5, "02:55:18", "live", "ada", "took Incident Commander", ()),
        (9, "02:55:48", "todo", "ada", "paged L2", ("moved from 02:59:18, tom", "progress")),
        (6, "02:56:18", "skip", "kim", "restarted the database", ("struck by kim: wrong cluster",)),
        (7, "02:57:18", "todo", "tom", "plain jobs pass, DP jobs fail", ("amends 3",)),
        (11, "03:01:18", "live", "ada", "severity P1, was P2: all customers (suggested P2)", ()),
        (12, "03:02:18", "live", "kim", "took Incident Commander from ada", ()),
    ]


def test_every_entry_is_a_line_when_all_are_asked_for() -> None:
    story = Story(BOOK)
    story.declares(0)
    (note,) = story.does(1, Note("x"))
    story.does(2, Move(note.id, story.at(-1)))
    story.does(3, Strike(note.id))
    assert [line.seq for line in lines(story.incident, every=True)] == [3, 1, 2, 4, 5]
    assert [line.seq for line in lines(story.incident)] == [3, 1]


def test_an_amendment_of_what_is_struck_is_struck() -> None:
    story = Story(BOOK)
    story.declares(0)
    (note,) = story.does(1, Note("x"))
    story.does(2, Amend(note.id, "y"))
    story.does(3, Strike(note.id))
    assert [(line.text, line.is_struck) for line in lines(story.incident)][1:] == [("x", True), ("y", True)]


def test_a_level_set_apart_is_told_apart() -> None:
    story = Story(BOOK)
    story.does(0, Declare(title="x", runbook=TEXT, severity="P1", reason="all customers", drill=True, symptoms="502"))
    assert [line.text for line in lines(story.incident)] == ["DRILL declared, x: 502", "severity P1: all customers"]


def test_a_move_over_midnight_tells_the_day() -> None:
    story = Story(BOOK)
    story.declares(0, alerted=-300)
    (note,) = story.does(1, Note("x"))
    story.does(2, Move(note.id, story.at(-200)))
    assert lines(story.incident)[0].notes == ("moved from 2026-02-03 02:53:18, ada",)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (Unticked(item="a", text="Error rate > 10%"), "took back the tick of Error rate > 10%"),
        (SeveritySet(level="P2", rank=2, reason="half", suggested="P1"), "severity P2: half (suggested P1)"),
        (RoleSet(role="Technical Lead", person="", previous="tom"), "handed back Technical Lead, was tom"),
        (RoleSet(role="Technical Lead", person="tom", previous="ada"), "tom has Technical Lead, was ada"),
        (ActionAdded(text="canary", owner="ada", due="2026-02-17", priority="P1"), "action: canary (P1, ada, due 2026-02-17)"),
        (Pinned(what="pod", name="x2v9k", text="exit 1\nTraceback", sha256="3f9c"), "pod x2v9k: exit 1"),
        (Closed(not_an_incident=True), "closed as not an incident"),
        (Erased(sha256="a"), "purged"),
    ],
)
def test_words(fact: AnyFact, text: str) -> None:
    assert text_of(fact) == text


def test_answers_and_restored() -> None:
    story = Story(BOOK)
    story.declares(0)
    story.does(20, Answer("update", "sent", "in #news"))
    story.does(21, Restore("error rate is back"))
    assert [(line.glyph, line.text) for line in lines(story.incident)][1:] == [
        ("over", "update: sent, in #news"),
        ("good", "service restored: error rate is back"),
    ]


@settings(deadline=None)
@given(stories())
def test_any_story_reads_as_single_lines_in_time(story: Story) -> None:
    found = lines(story.incident, every=True)
    assert len(found) == len(story.entries)
    assert [line.at for line in found] == sorted(line.at for line in found)
    assert all("\n" not in line.text and line.glyph in get_args(Meaning) for line in found)
