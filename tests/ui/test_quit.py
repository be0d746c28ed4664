"""Leaving: what nobody watches then is named, and nothing asked for is lost."""

import asyncio

import pytest
from textual.pilot import Pilot

from hand import HandClock, turns
from ui.console import HandRoom, console, text_of, until
from ui.night import Night
from ui.test_places import burst, place
from warroom.core.acts import Act, Refusal
from warroom.core.acts.timeline import Note
from warroom.core.entries import Entry
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.quit import QuitCard
from warroom.ui.messages import Asked
from warroom.ui.screens.live import LiveScreen


async def gone(pilot: Pilot[None]) -> None:
    while pilot.app.is_running:
        await turns(5)


async def test_with_nothing_due_it_leaves_at_once() -> None:
    app = (await Night().open()).console()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+q")
        await gone(pilot)
    assert app.return_code == 0


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_what_nobody_will_watch_is_named_and_esc_stays(size: tuple[int, int]) -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+q")
        told = "\n".join(text_of(app, "#box Words"))
        assert "nobody watches these from here" in told
        assert "−11:00 ▲ Acknowledge the alert  On-Call Engineer" in told
        assert "17:00 ◐ Slack update" in told
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "pods")
        await pilot.press("ctrl+q", "enter")
        await gone(pilot)
    assert app.return_code == 0


async def test_twice_ctrl_q_leaves() -> None:
    app = (await Night().declared()).console()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+q", "ctrl+q")
        await gone(pilot)


async def test_ctrl_c_says_first_that_a_second_one_leaves() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("n", "ctrl+c")
        assert isinstance(app.screen, LiveScreen)
        assert any("ctrl+c again" in note.message for note in app._notifications)
        await pilot.press("ctrl+c")
        await gone(pilot)


class SlowRoom(HandRoom):
    """Writes only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def do(self, act: Act, by: str = "") -> tuple[Entry, ...] | Refusal:
        self.asked.append(act)
        await self.may.wait()
        assert not isinstance(self.answer, Exception)
        return self.answer


async def test_what_was_asked_for_is_written_first(hand: HandClock) -> None:
    room = SlowRoom()
    app = console(room, hand)
    async with app.run_test() as pilot:
        for text in ("first", "second"):
            app.post_message(Asked(Note(text)))
        await pilot.press("ctrl+c", "ctrl+c")
        for _ in range(20):
            await pilot.pause()
        assert app.is_running
        room.may.set()
        await gone(pilot)
    assert room.asked == [Note("first"), Note("second")]


async def test_an_entry_that_is_refused_while_leaving_keeps_the_console(hand: HandClock) -> None:
    room = SlowRoom()
    room.answer = Refusal("the disk is full")
    app = console(room, hand)
    async with app.run_test(notifications=True) as pilot:
        app.post_message(Asked(Note("first")))
        await pilot.press("ctrl+q")
        room.may.set()
        await until(pilot, lambda: any("the disk is full" in note.message for note in app._notifications))
        assert app.is_running


async def test_a_note_that_was_begun_is_not_forgotten() -> None:
    app: WarRoomApp = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("7", "7")
        burst(app, "nrolled [b]back")
        await until(pilot, lambda: app.screen.query_one("#words").text == "rolled [b]back")  # type: ignore[attr-defined]
        await pilot.press("escape", "2", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, QuitCard))
        told = "\n".join(text_of(app, "#box Words"))
        assert "begun and not kept" in told
        assert "rolled [b]back" in told
