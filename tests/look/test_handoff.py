"""How handing over looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.story import Story
from hand import T0, HandClock
from look.scene import RUNBOOK, feeds
from look.test_ways import corrected, shown
from ui.console import HandRoom, console
from warroom.core.acts.handover import HandOver
from warroom.core.acts.people import TakeRole
from warroom.core.acts.timeline import Note
from warroom.core.incident import Incident

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])


def handed_over(to: str) -> Incident:
    story = Story(RUNBOOK, T0 - timedelta(minutes=16))
    story.entries += corrected().entries
    story._numbers = iter(range(len(story.entries) + 1, 99))  # type: ignore[assignment]
    story.does(15, Note("93 % of errors come from revision 42, r41 is sound", progress=True))
    story.does(15.5, TakeRole("Technical Lead", "tom"), by="tom")
    story.does(15.7, HandOver(to, "end of shift"), by="tom" if to == "ada" else "ada")
    return story.incident


@SIZES
@pytest.mark.parametrize("to", ["kim", "ada"])
def test_handoff(snap_compare: Compare, to: str, size: tuple[int, int]) -> None:
    app = console(HandRoom(handed_over(to), RUNBOOK), HandClock(), feeds())
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: shown(pilot, ("H",)))


@pytest.mark.parametrize(("name", "to", "keys"), [("give", "kim", ("H", "h")), ("sign", "ada", ("H", "enter"))])
def test_cards(snap_compare: Compare, name: str, to: str, keys: tuple[str, ...]) -> None:
    app = console(HandRoom(handed_over(to), RUNBOOK), HandClock(), feeds())
    assert snap_compare(app, terminal_size=(120, 36), run_before=lambda pilot: shown(pilot, keys))
