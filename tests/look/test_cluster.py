"""How the cluster's side looks: the whole screen at every size and theme, and each state of a pane."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from textual.pilot import Pilot

from hand import T0
from look.scene import EVENTS, PODS, ago, feeds, scene, settled
from ui.console import HandFeed, good, until
from warroom.core.readings import Reading
from warroom.ui.app import WarRoomApp
from warroom.ui.panes.peek import PeekPane

Compare = Callable[..., bool]

FORBIDDEN = """forbidden
user ada may not list events in namespace tensafe
ask for: kubectl auth can-i list events -n tensafe
other panes go on; asked again in 30 s, or press ctrl+r"""
SILENT = """no answer
the API server https://10.0.0.1:6443 did not answer within 10 s
look at the VPN, or ask whoever runs the cluster
other panes go on; asked again in 8 s, or press ctrl+r"""


def in_state(name: str) -> Sequence[HandFeed]:
    """The night with a pane in that state."""
    return {
        "live": lambda: feeds(),
        "stale": lambda: feeds(
            pods=Reading(PODS, ago(seconds=40), trouble=SILENT), events=Reading(EVENTS, ago(seconds=40), trouble=SILENT)
        ),
        "loading": lambda: feeds(pods=Reading((), progress="1,500 of 10,000"), events=Reading((), progress="500 of 2,300")),
        "empty": lambda: feeds(events=good((), T0), deployments=good((), T0)),
        "forbidden": lambda: feeds(events=Reading((), trouble=FORBIDDEN)),
        "no answer": lambda: feeds(pods=Reading((), trouble=SILENT), deployments=Reading((), trouble=SILENT)),
    }[name]()


def ready(app: WarRoomApp) -> bool:
    """Everything was read, and the peek has what is under the cursor."""
    peek = app.screen.query_one(PeekPane)
    return settled(app) and (not app.world.pods.value or peek.subject is not None)


async def press(pilot: Pilot[None], keys: Sequence[str]) -> None:
    app = pilot.app
    assert isinstance(app, WarRoomApp)
    await until(pilot, lambda: ready(app))
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


def compare(snap_compare: Compare, app: WarRoomApp, size: tuple[int, int], *keys: str) -> None:
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: press(pilot, keys))


SIZES = [(80, 24), (80, 23), (100, 30), (120, 36), (160, 48), (240, 60)]


@pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])
def test_the_screen(snap_compare: Compare, size: tuple[int, int]) -> None:
    compare(snap_compare, scene(), size)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {"theme": "light"}),
        ("contrast", {"theme": "contrast"}),
        ("16 colours and ASCII", {"theme": "ansi16", "ascii": True}),
        ("no colour and ASCII", {"theme": "mono", "ascii": True}),
    ],
)
def test_the_screen_in_other_colours(snap_compare: Compare, name: str, options: dict[str, Any]) -> None:
    compare(snap_compare, scene(**options), (120, 36))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize("state", ["live", "stale", "loading", "empty", "forbidden", "no answer"])
def test_states_of_a_pane(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    keys = ("4",) if size == (80, 24) and state in ("empty", "forbidden") else ()
    compare(snap_compare, scene(readings=in_state(state)), size, *keys)


@pytest.mark.parametrize(
    ("name", "size", "keys"),
    [
        ("events and what one says", (80, 24), ("4", "j")),
        ("filter typed", (120, 36), ("slash", *"worker|redis")),
        ("filter kept", (80, 24), ("slash", *"!server", "enter")),
        ("half a pattern", (80, 24), ("slash", *"redis(")),
        ("marked", (80, 24), ("j", "space", "space")),
        ("sorted", (120, 36), ("o", "o", "o", "o", "o", "o")),
        ("zoomed", (120, 36), ("z",)),
        ("described", (80, 24), ("d",)),
    ],
)
def test_what_keys_do(snap_compare: Compare, name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    compare(snap_compare, scene(), size, *keys)
