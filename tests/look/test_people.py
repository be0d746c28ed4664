"""How the people's side looks: each pane alone at 80x24, each card at both sizes, the calm night."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from look.scene import scene, settled
from ui.console import until
from warroom.ui.app import WarRoomApp

Compare = Callable[..., bool]


async def shown(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    app = pilot.app
    assert isinstance(app, WarRoomApp)
    await until(pilot, lambda: settled(app))
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize(
    ("name", "quiet", "keys"),
    [
        ("deadlines", False, ("5",)),
        ("severity", False, ("6",)),
        ("initial response", False, ("6", "6")),
        ("phase", False, ("6", "6", "6")),
        ("timeline", False, ("7",)),
        ("note", False, ("n", *"-7m rolled back", "alt+p")),
        ("triggers", True, ("6", "x")),
    ],
)
def test_panes(snap_compare: Compare, name: str, quiet: bool, keys: tuple[str, ...]) -> None:
    assert snap_compare(scene(quiet=quiet), terminal_size=(80, 24), run_before=lambda pilot: shown(pilot, keys))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize(
    ("name", "quiet", "keys"),
    [
        ("declare", True, ("!",)),
        ("severity", False, ("!",)),
        ("roles", False, ("@",)),
        ("response", False, ("R", "j")),
        ("deadline", False, ("comma",)),
    ],
)
def test_cards(snap_compare: Compare, name: str, quiet: bool, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    assert snap_compare(scene(quiet=quiet), terminal_size=size, run_before=lambda pilot: shown(pilot, keys))


def test_a_calm_night(snap_compare: Compare) -> None:
    assert snap_compare(scene(quiet=True), terminal_size=(120, 36), run_before=lambda pilot: shown(pilot, ()))
