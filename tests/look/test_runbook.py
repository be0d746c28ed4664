"""How the runbook looks: its contents, its text, what is wrong with it, a document that lies upon it."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from hand import HandClock
from look.scene import FILE, RUNBOOK, TEXT, feeds, incident, settled
from ui.console import HandRoom, console, until
from warroom.core.acts import Refusal
from warroom.core.entries import RunbookText
from warroom.ui.app import WarRoomApp
from warroom.ui.screens.runbook import RunbookScreen

Compare = Callable[..., bool]
SECURITY = "# Security incidents\n\n## First\n\n- [ ] Call the security lead\n- [ ] Keep the logs\n\n```bash\nkubectl cordon NODE\n```\n"


async def beside(target: str) -> str | Refusal:
    return SECURITY if target == "SECURITY_INCIDENTS.md" else Refusal("not found")


async def shown(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    app = pilot.app
    assert isinstance(app, WarRoomApp)
    await until(pilot, lambda: settled(app))
    await pilot.press("f")
    screen = app.screen
    assert isinstance(screen, RunbookScreen)
    await until(pilot, lambda: len(screen.contents.refused) == len(RUNBOOK.related))
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("opened", ()),
        ("turned", ("tab",)),
        ("searched", ("tab", "tab", "slash", *"latency", "enter")),
        ("table", tuple("jjjjjjjjjjj")),
        ("related", tuple("G")),
    ],
)
def test_the_runbook(snap_compare: Compare, name: str, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    # On a small screen the text comes first, on a larger one the contents: the last three begin in the contents on both.
    if name in ("table", "related") and size[0] < 100:
        keys = ("tab", *keys)
    if name == "searched" and size[0] >= 100:
        keys = keys[1:]
    room = HandRoom(incident(), RUNBOOK)
    room.text = RunbookText(text=TEXT, sha256=RUNBOOK.sha256, file=FILE)
    app = console(room, HandClock(), feeds(), read_document=beside)
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: shown(pilot, keys))
