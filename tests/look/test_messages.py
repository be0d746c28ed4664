"""How messages look: the list, the form with its bytes, a message with two keys, the board and the call."""

from collections.abc import Callable

import pytest

from look.scene import scene
from look.test_people import shown
from warroom.core.team import Person, Team
from warroom.ui.app import WarRoomApp

Compare = Callable[..., bool]
TEAM = Team(
    people=(Person(name="Ada Park", login="ada", slack="U1"), Person(name="Vera Lind", titles=("VP Engineering",), phone="+49 30 7")),
    war_room="https://zoom.example/j/42",
)


def known() -> WarRoomApp:
    app = scene()
    app.team, app.hand = TEAM, "ada@bastion"
    return app


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [("list", ("9",)), ("form", ("9", "j", "enter")), ("board", ("Y",)), ("call", ("C",))],
)
def test_messages(snap_compare: Compare, name: str, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    assert snap_compare(known(), terminal_size=size, run_before=lambda pilot: shown(pilot, keys))
