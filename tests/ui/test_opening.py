"""The first frame, and what becomes of what comes before the room is open."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from hand import HandClock
from ui.console import HandFeed, HandRoom, declared, good, until
from warroom.core.ports import AnyFeed, JournalTrouble
from warroom.room import Room
from warroom.ui.app import WarRoomApp
from warroom.ui.screens.live import LiveScreen
from warroom.ui.screens.opening import Outline


class Door:
    """A room that opens when a test says so."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.opens, self.fault = asyncio.Event(), fault

    async def furnish(self) -> tuple[Room, Sequence[AnyFeed]]:
        await self.opens.wait()
        if self.fault:
            raise self.fault
        room = HandRoom()
        room.incident = declared()
        return cast(Room, room), [HandFeed("pods", good(()))]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48), (240, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_first_frame_names_the_panes_and_claims_nothing(hand: HandClock, size: tuple[int, int]) -> None:
    door = Door()
    app = WarRoomApp(door.furnish, (), hand, theme="dark")
    async with app.run_test(size=size) as pilot:
        outline = app.screen.query_one(Outline)
        drawn = [outline.render_line(y).text for y in range(size[1])]
        assert "opening the room" in drawn[0]
        assert all(any(name in line for line in drawn) for name in ("pods", "events", "deadlines", "severity", "timeline"))
        assert {len(line) for line in drawn} == {size[0]}
        assert not any("●" in line for line in drawn), "nothing is called live that was never asked"
        door.opens.set()
        await until(pilot, lambda: isinstance(app.screen, LiveScreen))


async def test_keys_that_come_before_the_room_are_for_what_is_in_it(hand: HandClock) -> None:
    door = Door()
    app = WarRoomApp(door.furnish, (), hand, theme="dark")
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("6")
        assert not isinstance(app.screen, LiveScreen)
        door.opens.set()
        await until(pilot, lambda: isinstance(app.screen, LiveScreen) and app.screen.current == "severity")


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_nobody_has_to_wait_for_the_room_to_leave(hand: HandClock, key: str) -> None:
    app = WarRoomApp(Door().furnish, (), hand, theme="dark")
    async with app.run_test() as pilot:
        await pilot.press(key)
        assert app._exit
    assert app.failed is None


async def test_a_room_that_cannot_be_opened_ends_it_with_the_reason(hand: HandClock) -> None:
    door = Door(JournalTrouble("the journal is locked: free it"))
    app = WarRoomApp(door.furnish, (), hand, theme="dark")
    async with app.run_test() as pilot:
        door.opens.set()
        await pilot.pause()
        while app.is_running and app._exit is False:
            await pilot.pause()
    assert str(app.failed) == "the journal is locked: free it"
