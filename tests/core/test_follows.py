"""Change a number in the Markdown, and the clocks follow: nothing of the shipped runbook is a constant in the rules."""

import re
from pathlib import Path

import pytest

from core.story import Story
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Restore
from warroom.runbook.reader import read

TENSAFE = [
    path
    for path in (
        Path(__file__).parents[2] / "src/warroom/runbook/tensafe.md",
        Path(__file__).parents[3] / "shared/runbook/tensafe-incident-response.md",
    )
    if path.exists()
]


def night(text: str) -> Story:
    story = Story(read(text, "runbook.md"))
    story.declares(0, severity="P1")
    return story


def test_every_deadline_of_a_p1_comes_from_a_line() -> None:
    for path in TENSAFE:
        lines = path.read_text().splitlines()
        for deadline in night(path.read_text()).deadlines(1):
            assert deadline.line, deadline.id
            said = " ".join(lines[deadline.line - 2 : deadline.line]).casefold()  # a template's line is its fence's
            words = {"ack": "acknowledge", "respond": "p1", "update": "incident update"}.get(
                deadline.id, deadline.title.split(",")[0].casefold()
            )
            assert words in said, deadline.id


@pytest.mark.parametrize("path", TENSAFE, ids=[path.parent.name for path in TENSAFE])
@pytest.mark.parametrize(
    ("was", "now", "id", "minute"),
    [
        (r"(?m)^(\| L1 \|.*)5 minutes|^(1\. \*\*Acknowledge.*) 5 minutes", r"\g<1>\g<2> 6 minutes", "ack", 6),
        (r"(?m)^(\| \*\*P1\*\* .*) 15 minutes", r"\1 11 minutes", "respond", 11),
        (r"(?m)^(\| No response to P1 alert in) 15 min", r"\1 12 min", "trigger:no-response-p1-12-min", 12),
        (r"(?m)^(\| No progress on P1 in) 30 min", r"\1 33 min", "trigger:no-progress-p1-33-min", 33),
        (r"(?m)^(\| P1 duration >) 2 hours", r"\1 3 hours", "trigger:p1-duration-3-hours", 180),
        (r"\[15/30\]", "[9/30]", "update", 9),
        (r"\(0-15 minutes\)", "(0-20 minutes)", "phase:1", 20),
    ],
)
def test_a_number_changed(path: Path, was: str, now: str, id: str, minute: int) -> None:
    text, count = re.subn(was, now, path.read_text())
    assert count
    assert night(text).due(id, 1) == minute


@pytest.mark.parametrize("path", TENSAFE, ids=[path.parent.name for path in TENSAFE])
def test_whom_to_tell_and_the_post_mortem_follow(path: Path) -> None:
    text = path.read_text()
    assert text.count("VP Engineering |\n") >= 1
    story = night(
        text.replace("Escalate to VP Engineering |", "Escalate to Head of Ops |").replace(
            "within 48 hours for P1", "within 72 hours for P1"
        )
    )
    found = story.deadline("trigger:p1-duration-1-hour", 1)
    assert found is not None
    assert (found.to, found.consequence) == (("Head of Ops",), "Head of Ops is told")
    story.does(5, Tick("Security breach confirmed"))
    told = story.deadline("trigger:data-breach-confirmed", 5)
    assert told is not None
    assert (told.state, told.to) == ("due", ("Security", "Legal"))
    story.does(10, Restore("back"))
    assert story.due("postmortem", 11) == 10 + 72 * 60
