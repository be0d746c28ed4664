"""How the quick assessment looks: commands that did well, failed, were stopped or were not run, and an output."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from hand import HandClock
from look.scene import RUNBOOK, feeds, incident, settled
from ui.console import HandRoom, console, text_of, until
from ui.screens.test_assess import HandShell, assess
from warroom.ui.app import WarRoomApp

Compare = Callable[..., bool]
PODS = """NAME                             READY   STATUS             RESTARTS      AGE
tensafe-server-7d9f8b6c4d-x2v9k  0/1     CrashLoopBackOff   7 (41s ago)   21m
tensafe-server-6b5f9c7d88-2lq7w  1/1     Running            0             6d
[ERROR] \x1b[31m[/api/v1/train]\x07 \u202e
"""


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48)], ids=["80x24", "120x36", "160x48"])
def test_the_quick_assessment(snap_compare: Compare, size: tuple[int, int]) -> None:
    shell = HandShell()
    app = console(HandRoom(incident(), RUNBOOK), HandClock(), feeds(), shell=shell)

    async def shown(pilot: Pilot[None]) -> None:
        assert isinstance(app, WarRoomApp)
        await until(pilot, lambda: settled(app))
        await assess(pilot)
        pods, deployments, events, logs, health, metrics = shell.started
        pods.said(PODS)
        pods.ends(PODS)
        deployments.ends("Error from server (Forbidden)\n", 1, ok=False)
        events.ends("", ended="too long", ok=False, code=130, trouble="it was stopped after 20 s")
        logs.ends("", 1)
        health.ends("", ended="stopped", ok=False, code=130, trouble="it was stopped by hand")
        metrics.ends("", ended="not run", ok=False, trouble="kubectl is not on this machine: install it")
        await until(pilot, lambda: "running" not in "\n".join(text_of(app, "#commands Rows")))

    assert snap_compare(app, terminal_size=size, run_before=shown)
