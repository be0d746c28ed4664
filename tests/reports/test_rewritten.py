"""An exported document that people edited: exported again, it has their words and the news."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.books import BOOK
from core.story import Story
from core.strategies import acts, people, stories
from warroom.core.acts import Refusal
from warroom.core.acts.incident import Acknowledge, Restore
from warroom.core.acts.timeline import Badly, Note
from warroom.reports.postmortem import postmortem
from warroom.reports.rewritten import ANEW, CELL, YOURS, rewritten

OURS = re.compile(r"<!-- \d+ fields? to write|Written from the \d+ entries")
"""What the console writes about the document itself."""


def exported(story: Story, minute: float) -> str:
    return postmortem(story.incident, BOOK, story.at(minute)).text


def night() -> Story:
    story = Story(BOOK)
    story.declares(2, alerted=0)
    story.does(5, Note("looking"))
    return story


def test_five_edits_and_all_news() -> None:
    story = night()
    base = exported(story, 6)
    hand = (
        base.replace("**To write:** What happened, what it did to whom, how it ended", "A release broke all jobs with a budget.")
        .replace("ada: looking", "ada: looking at the log of the worker")
        .replace("## Impact", "## Impact\n\nForty-one customers.")
        .replace("- **To write:** what could be improved", "- **To write:** what could be improved\n- we had no dashboard")
        .replace("**Status**: Draft", "**Status**: In review")
    )
    story.does(7, Acknowledge())
    story.does(8, Note("rolled back"))
    story.does(30, Restore("errors are gone"))
    story.does(31, Badly("nobody had access"))
    found = rewritten(base, hand, exported(story, 40))
    for said in (
        "A release broke all jobs with a budget.",
        "ada: looking at the log of the worker",
        "Forty-one customers.",
        "- we had no dashboard",
        "**Status**: In review",
        "rolled back",
        "- nobody had access",
        "On-call acknowledged",
        "errors are gone",
    ):
        assert said in found.text, said
    assert found.text.startswith(f"<!-- {found.text.count('**To write:**')} fields to write")
    assert f"{len(story.incident.entries)} entries" in found.text


def test_without_an_edit_it_is_the_new_one() -> None:
    story = night()
    base = exported(story, 6)
    story.does(8, Note("rolled back"))
    assert rewritten(base, base, exported(story, 9)).text == exported(story, 9)


def test_without_news_it_is_the_edited_one() -> None:
    story = night()
    base = exported(story, 6)
    hand = base.replace("## Impact", "## Impact\n\nNone.")
    assert rewritten(base, hand, base).text == hand


def test_both_changed_one_line() -> None:
    base, hand, new = "a\n- **To write:** x\nb", "a\n- mine\nb", "a\n- from the journal\nb"
    found = rewritten(base, hand, new)
    assert found.conflicts == 1
    assert found.text.split("\n") == ["a", YOURS, "- mine", ANEW, "- from the journal", "<!-- Conflict ends -->", "b"]


def test_an_answered_question_is_not_asked_again() -> None:
    base, new = "a\n**To write:** summary. Draft, to edit: 13 min\nb", "a\n**To write:** summary. Draft, to edit: 14 min\nb"
    found = rewritten(base, base.replace("**To write:** summary. Draft, to edit: 13 min", "It was the release."), new)
    assert (found.text, found.conflicts) == ("a\nIt was the release.\nb", 0)


def test_both_changed_one_row_of_a_table() -> None:
    table = "| Time | Event |\n|---|---|\n"
    found = rewritten(f"{table}| not recorded | acked |", f"{table}| 02:40 | acked by phone |", f"{table}| 02:41 | acked: ada |")
    assert found.conflicts == 1
    assert found.text == f"{table}| 02:40 | acked by phone |\n| 02:41 | {CELL}acked: ada |"
    assert MarkdownIt("commonmark").enable("table").render(found.text).count("<tr>") == 3


def test_edits_of_neighbouring_lines_do_not_meet() -> None:
    found = rewritten("a\nb\nc", "a\nB\nc", "A\nb\nc\nd")
    assert (found.text, found.conflicts) == ("A\nB\nc\nd", 0)


def test_a_conflict_that_stands_is_no_new_one() -> None:
    base, hand, new = "a\nb\nc", "a\nmine\nc", "a\nanew\nc"
    once = rewritten(base, hand, new).text
    again = rewritten(new, once, new)
    assert again.text == once
    assert rewritten(new, once.replace(f"{YOURS}\n", ""), new).text == once.replace(f"{YOURS}\n", "")


words = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30).map(lambda text: f"edit {text}")


@st.composite
def edited(draw: st.DrawFn, base: str) -> tuple[str, list[str]]:
    """The document as somebody left it, and the lines that are theirs."""
    lines, theirs = base.split("\n"), []
    for _ in range(draw(st.integers(1, 6))):
        at, said = draw(st.integers(0, len(lines) - 1)), draw(words)
        match draw(st.sampled_from(["insert", "replace", "extend", "delete"])):
            case "insert":
                lines.insert(at, said)
                theirs.append(said)
            case "replace":
                lines[at] = said
                theirs.append(said)
            case "extend":
                lines[at] = f"{lines[at]} {said}"
                theirs.append(lines[at])
            case _:
                del lines[at]
    return "\n".join(lines), [line for line in theirs if line in lines]


@pytest.mark.timeout(240)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_nothing_of_both_is_lost(data: st.DataObject) -> None:
    story = data.draw(stories())
    minute = 700.0
    base = exported(story, minute)
    hand, theirs = data.draw(edited(base))
    for _ in range(data.draw(st.integers(1, 4))):
        minute += 3
        by, act = data.draw(people), data.draw(acts)
        decision = story.tries(minute, act, by)
        if not isinstance(decision, Refusal):
            story.records(minute, *decision, by=by)
    new = exported(story, minute + 1)
    found = rewritten(base, hand, new).text
    standing = set(base.split("\n"))
    for line in theirs:
        assert line in found.split("\n") or OURS.search(line), line
    for line in new.split("\n"):
        if line not in standing and not OURS.search(line) and "**To write:**" not in line:
            # In a row that somebody edited, too, the news follow behind a mark.
            assert line in found or all(cell in found for cell in line.split("|")), line
    MarkdownIt("commonmark").enable("table").parse(found)
