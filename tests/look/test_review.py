"""How the review looks."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from hand import HandClock
from look.scene import RUNBOOK, feeds
from look.test_ways import corrected, shown
from ui.console import HandRoom, console, until
from warroom.ui.screens.review import ReviewScreen

Compare = Callable[..., bool]


async def written(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    await shown(pilot, ("0",))
    await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen) and bool(pilot.app.screen.document.text))
    await shown(pilot, keys)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize(("name", "keys"), [("opened", ("down", "down", "down")), ("meeting", ("a", "tab", "tab"))])
def test_review(snap_compare: Compare, name: str, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app = console(HandRoom(corrected(), RUNBOOK), HandClock(), feeds())
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: written(pilot, keys))
