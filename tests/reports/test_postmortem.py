"""The post-mortem: any template filled, nothing of people's words taken for markup."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from core.books import BOOK
from core.story import TEXT, Story
from core.strategies import HOSTILE, stories, typed
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Acknowledge, Close, Declare, PinCluster, Resolve, Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import AddAction, Amend, Badly, Note, Strike, Well
from warroom.core.readings import Cluster
from warroom.reports.postmortem import PLACEHOLDER, postmortem
from warroom.reports.timeline import timeline_document
from warroom.reports.words import markdown, plain
from warroom.runbook.model import PostMortem, Runbook
from warroom.runbook.reader import read

TEMPLATE = """# Review of [Incident Title]

**Date**: [Date of incident]
**Duration**: [Start time] - [End time] ([Total duration])
**Severity**: P[1/2/3/4]
**Incident Commander**: [name]
**Authors**: [Names]
**Status**: Draft / Final

## Summary

[2-3 sentences on what
happened]

## Timeline (UTC)

| Time | Event |
|------|-------|
| HH:MM | [What happened] |
| HH:MM | [Alert fired] |
| HH:MM | [On-call acknowledged] |
| HH:MM | [Incident declared] |
| HH:MM | [Root cause identified] |
| HH:MM | [Service restored] |
| HH:MM | [Incident closed] |

## Impact

- [X] customers affected
- [see the graph](https://example.org/a) and [this][ref]
- [ ] told to support

## What went well

- [Thing 1]
- [Thing 2]

## What could be improved

- [Improvement 1]

## Action items

| Priority | Action | Owner | Due Date | Status |
|----------|--------|-------|----------|--------|
| P1 | [Immediate fix] | @name | [date] | Done |
| P2 | [Prevention] | @name | [date] | Planned |

[ref]: https://example.org/b
"""
FILLED = replace(BOOK, postmortem=PostMortem(template=TEMPLATE, line=100))
TENSAFE = [
    path
    for path in (
        Path(__file__).parents[2] / "src/warroom/runbook/tensafe.md",
        Path(__file__).parents[3] / "shared/runbook/tensafe-incident-response.md",
    )
    if path.exists()
]


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def tables(text: str) -> list[list[list[str]]]:
    """Each table as rows of cells, in the words that are read."""
    found: list[list[list[str]]] = []
    for token in tokens(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and token.level >= 4 and found and found[-1] and token.content is not None:
            found[-1][-1].append(words(token))
    return found


def words(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type in ("text", "code_inline", "html_inline"))


def night(book: Runbook = FILLED) -> Story:
    story = Story(book, datetime(2026, 2, 3, 23, 40, tzinfo=UTC))
    story.declares(2, title="API | `down` [prod]", severity="P2", alerted=0)
    story.does(4, Acknowledge())
    story.does(5, TakeRole("ic", "ada"))
    (note,) = story.does(6, Note("plain jobs\npass"), by="tom")
    (wrong,) = story.does(7, Note("restarted the database"), by="kim")
    story.does(8, Strike(wrong.id, "wrong cluster"), by="kim")
    story.does(9, Amend(note.id, "[ERROR] a|b in `x`"), by="tom")
    story.does(10, SetSeverity("P1", "all customers"))
    story.does(11, PinCluster(Cluster(context="prod", server="https://a", namespaces=("tensafe",))))
    story.does(30, Restore("error rate is back"))
    story.does(31, Well("rollback took 2 min"))
    story.does(32, AddAction("canary", "ada", "2026-02-17", "P1"))
    story.does(33, AddAction("alert earlier"))
    story.does(34, Resolve())
    story.does(35, Close())
    return story


def test_the_head_is_filled() -> None:
    story = night()
    found = postmortem(story.incident, FILLED, story.at(40), "c" * 64)
    lines = found.text.splitlines()
    assert lines[0] == f"<!-- {found.unfilled} fields to write: search for `To write` -->"
    assert lines[2:9] == [
        r"# Review of API \| \`down\` \[prod\]",
        "",
        "**Date**: 2026-02-03",
        "**Duration**: 2026-02-03 23:40 - 2026-02-04 00:10 UTC (30 min)",
        "**Severity**: P1 (P2 2026-02-03 23:42, P1 2026-02-03 23:50)",
        "**Incident Commander**: ada",
        "**Authors**: ada, tom, kim",
    ]
    assert lines[9] == "**Status**: Draft"
    assert lines[-1] == (
        f"Written from the 17 entries of inc-260203-aaaaa (chain head {'c' * 64}). "
        f"Runbook: Handbook, version 1.0.0, sha256 {'a' * 64}. Cluster: prod (https://a), namespaces tensafe."
    )


def test_the_timeline_asks_for_rows_and_tells_the_rest() -> None:
    story = night()
    timeline = tables(postmortem(story.incident, FILLED, story.at(40)).text)[0]
    assert timeline == [
        ["Time", "Event"],
        ["23:40", "What happened: API | `down` [prod]"],
        ["23:40", "Alert fired"],
        ["23:44", "ada: On-call acknowledged"],
        ["23:42", "ada: Incident declared: P2, API | `down` [prod]"],
        ["not recorded", "Root cause identified"],
        ["2026-02-04", ""],
        ["00:10", "ada: Service restored: error rate is back"],
        ["00:15", "ada: Incident closed"],
        ["2026-02-03", ""],
        ["23:44", "ada: ticked Acknowledge the alert in PagerDuty"],
        ["23:45", "ada: took Incident Commander"],
        ["23:46", "tom: [ERROR] a|b in `x`"],
        ["23:50", "ada: severity P1, was P2: all customers"],
        ["2026-02-04", ""],
        ["00:11", "ada: went well: rollback took 2 min"],
        ["00:12", "ada: action: canary (P1, ada, due 2026-02-17)"],
        ["00:13", "ada: action: alert earlier"],
        ["00:14", "ada: resolved"],
    ]


def test_actions_and_what_a_human_must_write() -> None:
    story = night()
    found = postmortem(story.incident, FILLED, story.at(40))
    assert tables(found.text)[1] == [
        ["Priority", "Action", "Owner", "Due Date", "Status"],
        ["P1", "canary", "ada", "2026-02-17", "Planned"],
        ["To write: priority", "alert earlier", "To write: owner", "To write: due date", "Planned"],
    ]
    assert "\n**To write:** 2-3 sentences on what happened. Draft, to edit: API" in found.text
    assert "\n- **To write:** X customers affected\n" in found.text
    assert "\n- rollback took 2 min\n\n## What could be improved\n\n- **To write:** what could be improved\n" in found.text
    assert found.unfilled == found.text.count("**To write:**") == 6
    assert "- [see the graph](https://example.org/a) and [this][ref]\n- [ ] told to support" in found.text, "links and boxes stay"
    assert "[ref]: https://example.org/b" in found.text


def test_what_was_said_replaces_every_blank_of_its_list() -> None:
    story = night()
    story.does(50, Badly("the alert came *late*"))
    text = postmortem(story.incident, FILLED, story.at(60)).text
    assert r"- the alert came \*late\*" in text
    assert "Thing" not in text


def test_before_it_is_over() -> None:
    story = Story(FILLED)
    story.declares(0, severity=None)
    text = postmortem(story.incident, FILLED, story.at(5)).text
    assert "**Duration**: 02:52 UTC - not restored yet (5 min so far)" in text
    assert "**Severity**: **To write:** severity" in text or "**Severity**: **To write:**" in text
    assert "**Incident Commander**: **To write:** name" in text


def test_a_drill_says_so() -> None:
    story = Story(FILLED)
    story.does(0, Declare(title="x", runbook=TEXT, drill=True))
    assert "**DRILL**" in postmortem(story.incident, FILLED, story.at(5)).text
    assert "**DRILL**" in timeline_document(story.incident, FILLED, story.at(5))


def test_a_runbook_without_a_template_gets_a_plain_one() -> None:
    story = night(BOOK)
    text = postmortem(story.incident, BOOK, story.at(40)).text
    assert r"# Post-mortem: API \| \`down\` \[prod\]" in text
    assert ["00:10", "ada: Service restored: error rate is back"] in tables(text)[0]
    assert not left(text)


def test_another_teams_template() -> None:
    template = """# Postmortem {{incident name}}

| Field | Value |
|---|---|
| Severity | |
| Date | YYYY-MM-DD |
| IC | <name> |
| Ticket | [ticket] |

### Timeline

| When (UTC) | Who | What happened |
|:--|:--|:--|
| 14:00 | | Example: deploy started |
| | | [event] |

### Follow-ups

* [ ] [Task]

Lucky: [where we got lucky]<br>
"""
    story = night(replace(BOOK, postmortem=PostMortem(template=template)))
    text = postmortem(story.incident, story.runbook, story.at(40)).text
    assert r"# Postmortem API \| \`down\` \[prod\]" in text
    assert "| Severity | P1 (P2 2026-02-03 23:42, P1 2026-02-03 23:50) |" in text
    assert "| IC | ada |" in text
    assert "| Ticket | **To write:** ticket |" in text
    assert "Example" not in text
    assert "| 23:45 | ada | took Incident Commander |" in text
    assert "- canary (ada, due 2026-02-17)" in text
    assert "Lucky: **To write:** where we got lucky<br>" in text


@pytest.mark.parametrize("path", TENSAFE, ids=[path.parent.name for path in TENSAFE])
def test_the_tensafe_template_keeps_its_shape_and_no_bracket(path: Path) -> None:
    book = read(path.read_text(), path.name)
    story = Story(book)
    story.does(0, Declare(title="API down", runbook=TEXT, severity="P1", alerted=story.at(-2)))
    story.does(5, Tick("Identify root cause"), by="tom")
    story.does(9, Tick("Implement mitigation"), by="tom")
    story.does(20, Restore("error rate is back"))
    found = postmortem(story.incident, book, story.at(30))
    asked = [token.markup for token in tokens(book.postmortem.template) if token.type == "heading_open"]
    assert [token.markup for token in tokens(found.text) if token.type == "heading_open"] == [*asked, "##"]  # the flight recorder
    assert not left(found.text)
    assert "HH:MM" not in found.text
    timeline, actions, flight = tables(found.text)
    assert all((row[2] and row[3]) or "running" in row[2] for row in flight[1:])
    assert [row[0] for row in timeline[1:9]] == ["02:50", "02:50", "not recorded", "02:52", "02:57", "03:01", "03:12", "not recorded"]
    assert actions[1:] == [["", "To write: action items", "", "", ""]]
    assert found.unfilled == found.text.count("**To write:**") > 20


def left(text: str) -> list[str]:
    """Brackets of the template that are still there."""
    return [found[0] for line in text.splitlines()[1:] for found in PLACEHOLDER.finditer(line)]


@settings(deadline=None, max_examples=60)
@given(stories())
def test_no_words_of_people_break_the_document(story: Story) -> None:
    found = postmortem(story.incident, FILLED, story.at(600))
    for text, columns in ((found.text, (2, 5, 4)), (timeline_document(story.incident, FILLED, story.at(600)), (3,))):
        shapes = tables(text)
        assert len(shapes) == len(columns)
        for table, width in zip(shapes, columns, strict=True):
            assert {len(row) for row in table} == {width}
    assert sum(1 for token in tokens(found.text) if token.type == "heading_open") == TEMPLATE.count("\n#") + 2 + bool(story.incident.pinned)
    assert not any(token.type in ("fence", "code_block", "blockquote_open") for token in tokens(found.text))
    stray = [line for line in found.text.splitlines() if re.search(r"(?<!\\)\[(?! \]|see the|this|ref)", line)]
    assert not stray


@settings(deadline=None)
@given(typed.filter(str.strip))
@example("1. x")
@example("a\\")
@example("- x")
@example("&copy; &#91;")
@example("_a_ snake_case __b__")
def test_people_read_what_was_typed(text: str) -> None:
    said = plain(text)
    for before, read_before, after in (("- ", "", ""), ("# ", "", " ."), ("a ", "a ", " b")):
        (inline,) = (token for token in tokens(f"{before}{markdown(text)}{after}\n") if token.type == "inline")
        assert words(inline) == f"{read_before}{said}{after}"
    found = tables(f"| a | b |\n|---|---|\n| {markdown(text)} | x |\n")
    assert found == [[["a", "b"], [said.strip(), "x"]]]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles(text: str) -> None:
    story = Story(FILLED)
    story.does(0, Declare(title=text, runbook=TEXT, severity="P1"))
    title = next(token for token in tokens(postmortem(story.incident, FILLED, story.at(1)).text) if token.type == "inline")
    assert words(title) == f"Review of {plain(text)}"


def test_secrets_of_any_entry_stay_out() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    story = Story(FILLED)
    story.declares(0)
    story.does(1, Note(f"it logs Bearer {token}"))
    story.does(2, Well(f"seen {token}"))
    for text in (postmortem(story.incident, FILLED, story.at(5)).text, timeline_document(story.incident, FILLED, story.at(5))):
        assert token not in text
        assert "redacted" in text


def test_the_timeline_document_keeps_corrections() -> None:
    story = night()
    text = timeline_document(story.incident, FILLED, story.at(40))
    assert r"| 23:47:00 | kim | ~~restarted the database~~ _(struck by kim: wrong cluster)_ |" in text
    assert r"| 23:49:00 | tom | \[ERROR\] a\|b in \`x\` _(amends 6)_ |" in text
    assert text.count("| **2026-02-04** | | |") == 1


def test_what_the_journal_can_answer_is_filled_and_says_how() -> None:
    from core.test_impact import judged, sampled
    from warroom.core.acts.hypotheses import Judge, Propose

    template = (
        "## Executive Summary\n\n[2-3 sentence summary]\n\n## Impact\n- [X] customers affected\n- [Y] requests failed\n"
        "- [Z] minutes of downtime\n\n## Why\n5. Why? [Root cause]\n\n### Contributing factors\n- [Factor 1]\n- [Factor 2]\n"
    )
    book = replace(BOOK, postmortem=PostMortem(template=template))
    story = Story(book)
    story.declares(0)
    sampled(story, 1, errors=0.5, requests=100.0)
    judged(story, 1, "d.down", "true")
    judged(story, 5, "d.down", "false")
    (cause,) = story.does(6, Propose("the new release reads too early"))
    (other,) = story.does(6, Propose("the database is down"))
    story.does(7, Judge(cause.id, "confirmed", "r41 is sound"))
    story.does(7, Judge(other.id, "refuted", "it answers"))
    story.does(10, Restore("rolled back"))
    said = postmortem(story.incident, book, story.at(11)).text
    for line in (
        "- 3,000 requests failed _(computed: error rate x traffic, 1 of 10 min are known)_",
        "- 4 minutes of downtime _(computed: measured as met: Service is completely unavailable)_",
        "- **To write:** X customers affected",
        "5. Why? the new release reads too early",
        "- ruled out: the database is down (it answers)",
        "- **To write:** what else played a part",
        "**To write:** 2-3 sentence summary. Draft, to edit: API down; cause: the new release reads too early; P1 restored after 10 min",
    ):
        assert line in said.splitlines(), line
    assert "| Acknowledge the alert (line 50) |" in said
    assert "**missed by" in said
