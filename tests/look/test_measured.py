"""How figures, error logs, the plot and the raw log look, in each of their states."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from hand import T0
from look.scene import FIGURES, HEALTH, TALLY, Logs, ago, feeds, scene, settled
from ui.console import good, until
from warroom.core.logs import LogLine, LogPart
from warroom.core.readings import Reading
from warroom.ui.app import WarRoomApp
from warroom.ui.panes.log import LogPane

Compare = Callable[..., bool]
SILENT = """no answer
Prometheus http://10.0.0.9:9090 did not answer within 5 s
look at the VPN, or name another one with --prometheus
asked again in 8 s, or press ctrl+r"""
UNKNOWN = tuple(
    replace(one, value=None, why=why, points=())
    if (why := {"errors": "no traffic", "p95": "no data", "connections": "NaN"}.get(one.id))
    else one
    for one in FIGURES
)
SAID = (
    "2026-02-03T02:51:33.102Z INFO booting tensafe-server 2.8.1 (rev 42)",
    "2026-02-03T02:51:33.910Z ERROR train_step failed job=7f31c2",
    "Traceback (most recent call last):",
    '  File "/app/tensafe/train/step.py", line 212, in train_step',
    "    eps = tenant.budget['dp_epsilon']",
    "KeyError: 'dp_epsilon'",
    '{"level":"info","msg":"budget ledger","tenants":"' + "t-0031 " * 30 + '"}',
    "\x1b[32mINFO\x1b[0m in colour, \x1b]0;title\x07 and [@click=app.leave]markup[/]",
)
LOG = (
    LogPart(lines=tuple(LogLine(ago(seconds=60) + timedelta(seconds=n), text) for n, text in enumerate(SAID * 3))),
    LogPart(lines=(LogLine(ago(seconds=2), "CRITICAL budget ledger unusable, refusing to serve"),), gap=True),
)


async def press(pilot: Pilot[None], keys: Sequence[str]) -> None:
    app = pilot.app
    assert isinstance(app, WarRoomApp)
    await until(pilot, lambda: settled(app))
    for key in keys:
        await pilot.press(key)
    if "l" in keys:
        await until(pilot, lambda: len(app.screen.query_one(LogPane).lines.tape) > 20)
    await pilot.pause()


def compare(snap_compare: Compare, app: WarRoomApp, size: tuple[int, int], *keys: str) -> None:
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: press(pilot, keys))


STATES: dict[str, dict[str, Reading[Any]]] = {
    "live": {},
    "unknown": {"metrics": good(UNKNOWN, T0)},
    "stale": {
        "metrics": Reading(FIGURES, ago(seconds=40), trouble=SILENT),
        "health": Reading(HEALTH, ago(seconds=40), trouble=SILENT),
        "tally": Reading(TALLY, ago(seconds=40), trouble=SILENT),
    },
    "trouble": {
        "metrics": Reading((), trouble=SILENT),
        "health": good((), T0),
        "tally": Reading(None, trouble=SILENT),
    },
    "lacking": {"tally": good(replace(TALLY, gaps=2, left_out=4), T0)},
}


@pytest.mark.parametrize(
    ("state", "key", "size"),
    [
        *(("live", key, (80, 24)) for key in "13"),
        ("unknown", "1", (80, 24)),
        ("unknown", "1", (160, 48)),
        *((state, "3", (120, 36)) for state in ("stale", "trouble", "lacking")),
        *((state, key, (80, 24)) for state in ("stale", "trouble") for key in "13"),
    ],
)
def test_states(snap_compare: Compare, state: str, key: str, size: tuple[int, int]) -> None:
    compare(snap_compare, scene(readings=feeds(**STATES[state])), size, key)


@pytest.mark.parametrize(
    ("name", "size", "keys", "options"),
    [
        ("plot", (120, 36), ("1", "enter", "j"), {}),
        ("plot", (80, 24), ("1", "enter"), {}),
        ("plot without colour, in ASCII", (120, 36), ("1", "enter"), {"theme": "mono", "ascii": True}),
        ("pattern described", (120, 36), ("3", "enter"), {}),
        ("health described", (80, 24), ("1", "j", "j", "enter"), {}),
        ("log", (120, 36), ("l",), {}),
        ("log", (80, 24), ("l",), {}),
        ("log searched", (120, 36), ("l", "slash", *"error"), {}),
    ],
)
def test_what_keys_open(snap_compare: Compare, name: str, size: tuple[int, int], keys: tuple[str, ...], options: dict[str, Any]) -> None:
    compare(snap_compare, scene(logs=Logs(*LOG), **options), size, *keys)
