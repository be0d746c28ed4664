"""Pinned evidence in the post-mortem."""

from core.books import BOOK
from core.story import Story
from warroom.core.acts.evidence import Pin
from warroom.core.acts.timeline import Strike
from warroom.core.entries import Pinned
from warroom.reports.evidence import evidence_list
from warroom.reports.postmortem import postmortem
from warroom.runbook.reader import read

APPENDIX = """# Runbook

## Post-mortem template

```markdown
# [Incident Title]

### Relevant Links
- [Grafana dashboard]

### Supporting Data
[Charts, graphs, or additional data]

### Actions
[Whatever]
```
"""


def night() -> Story:
    story = Story(BOOK)
    story.declares(0)
    story.does(1, Pin("pod", "web-1", "exit 1, [KeyError] `x`\nTraceback"))
    (wrong,) = story.does(2, Pin("pod", "web-2", "exit 0"))
    story.does(3, Strike(wrong.id, "another pod"))
    return story


def test_a_line_for_each_that_stands_with_its_hash() -> None:
    story = night()
    fact = story.entries[-3].fact
    assert isinstance(fact, Pinned)
    assert evidence_list(story.incident) == [
        rf"- 2026-02-03 02:53:18 UTC: pod web-1: exit 1, \[KeyError\] \`x\` (ada, sha256 `{fact.sha256}`)"
    ]


def test_it_fills_what_asks_for_it() -> None:
    story, runbook = night(), read(APPENDIX, "x.md")
    text = postmortem(story.incident, runbook, story.at(60)).text
    assert "### Supporting Data\n- 2026-02-03 02:53:18 UTC: pod web-1" in text
    assert "Charts, graphs" not in text
    assert "## Evidence" not in text


def test_a_template_that_does_not_ask_gets_a_section_of_its_own() -> None:
    story = night()
    text = postmortem(story.incident, BOOK, story.at(60)).text
    assert text.count("\n## Evidence\n\n- 2026-02-03 02:53:18 UTC: pod web-1") == 1


def test_without_evidence_it_is_still_to_be_written() -> None:
    story = Story(BOOK)
    story.declares(0)
    text = postmortem(story.incident, read(APPENDIX, "x.md"), story.at(60)).text
    assert "**To write:** Charts, graphs, or additional data" in text
    assert "## Evidence" not in text
