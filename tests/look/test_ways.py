"""How the ways through the console look: the timeline's screen, the palette, the help, the way out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from core.story import Story
from hand import T0, HandClock
from look.scene import ALERTED, CLUSTER, FILE, RUNBOOK, TEXT, feeds, scene, settled
from ui.console import HandRoom, console, until
from warroom.core.acts.incident import Acknowledge, Declare
from warroom.core.acts.people import TakeRole
from warroom.core.acts.timeline import Amend, Move, Note, Strike
from warroom.core.entries import RunbookText
from warroom.core.incident import Incident
from warroom.ui.app import WarRoomApp

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])


def corrected() -> Incident:
    """A timeline in which an entry was reworded, one struck and one moved."""
    story = Story(RUNBOOK, ALERTED)
    text = RunbookText(text=TEXT, sha256="a" * 64, file=FILE)
    title = "tensafe-server failing since release 2.8.1"
    story.does(3.8, Declare(title=title, runbook=text, severity="P2", reason="errors", alerted=ALERTED, cluster=CLUSTER))
    story.does(3.9, Acknowledge())
    story.does(4.0, TakeRole("Incident Commander", "ada"))
    story.does(9.7, Note("only jobs with a DP budget fail, plain jobs pass"), by="tom")
    budget = story.incident.entries[-1]
    story.does(11.0, Note("paged L2, Engineer B"))
    paged = story.incident.entries[-1]
    story.does(12.0, Note("restarted the database"), by="kim")
    restarted = story.incident.entries[-1]
    story.does(12.5, Strike(restarted.id, "wrong cluster"), by="kim")
    story.does(12.8, Move(paged.id, T0 - timedelta(minutes=5)), by="tom")
    long = "hypothesis: 2.8.1 reads dp_epsilon before the accountant answers, so a worker that starts meanwhile gets no budget at all"
    story.does(13.3, Note(long), by="tom")
    story.does(15.8, Amend(budget.id, "only jobs with a DP budget above 8.0 fail, plain jobs pass"), by="tom")
    return story.incident


async def shown(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    app = pilot.app
    assert isinstance(app, WarRoomApp)
    await until(pilot, lambda: settled(app))
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


@SIZES
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("timeline", ("7", "7")),
        ("amend", ("7", "7", "a", *"; retries make it worse")),
        ("refused", ("7", "7", "X", "enter")),
    ],
)
def test_timeline(snap_compare: Compare, name: str, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app = console(HandRoom(corrected(), RUNBOOK), HandClock(), feeds())
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: shown(pilot, keys))


@SIZES
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("palette", ("colon", "p")),
        ("pinned", ("colon", *"ctx", "enter")),
        ("help", ("question_mark",)),
        ("quit", ("ctrl+q",)),
    ],
)
def test_cards(snap_compare: Compare, name: str, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    assert snap_compare(scene(), terminal_size=size, run_before=lambda pilot: shown(pilot, keys))


def test_help_of_a_drill(snap_compare: Compare) -> None:
    joins = ". /tmp/warroom-demo-1/join.sh\nexport WARROOM_HOME=/tmp/warroom-demo-1"
    app = scene(joins=joins)
    assert snap_compare(app, terminal_size=(120, 36), run_before=lambda pilot: shown(pilot, ("question_mark", "G")))
