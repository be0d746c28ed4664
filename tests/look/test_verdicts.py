"""How facts that tick the criteria look: apart from hands, unknown ones, and before anything was declared."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from hand import T0
from look.scene import DEPLOYMENTS, FIGURES, RUNBOOK, feeds, scene, settled
from ui.console import HandFeed, good, until
from warroom.core.readings import Lease, Reading, World
from warroom.core.verdicts import judge

Compare = Callable[..., bool]


def judged() -> list[HandFeed]:
    """The night as it is, with the verdicts that follow from it."""
    world = World(metrics=Reading(FIGURES, T0), deployments=Reading(DEPLOYMENTS, T0))
    _, verdicts = judge(RUNBOOK, world, {"p95": 0.31}, {}, T0)
    watch = HandFeed("watch", good(Lease(1, "ada@bastion", mine=True, consoles=2)))
    return [*feeds(), HandFeed("verdicts", good(verdicts)), watch]


@pytest.mark.parametrize(
    ("size", "quiet", "keys"),
    [
        ((80, 24), False, ("6",)),
        ((120, 36), True, ("6",)),
        ((120, 36), True, ("!",)),
        ((160, 48), False, ("6",)),
    ],
    ids=["severity narrow", "before it is declared", "declare", "severity wide"],
)
def test_facts(snap_compare: Compare, size: tuple[int, int], quiet: bool, keys: tuple[str, ...]) -> None:
    app = scene(quiet=quiet, readings=judged())

    async def shown(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: settled(app))
        await pilot.press(*keys)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=shown)
