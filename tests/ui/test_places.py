"""Going from place to place, and keys that arrive together."""

import asyncio

import pytest
from textual import events
from textual.pilot import Pilot

from ui.console import text_of, until
from ui.night import Night
from warroom.ui.app import WarRoomApp
from warroom.ui.keys import Burst
from warroom.ui.panes.pane import Pane
from warroom.ui.screens.live import LiveScreen
from warroom.ui.screens.timeline import TimelineScreen


def place(app: WarRoomApp) -> str:
    """The screen, or on the live one the pane that has the focus."""
    if not isinstance(app.screen, LiveScreen):
        return type(app.screen).__name__
    (pane,) = [pane for pane in app.screen.query(Pane) if pane.has_focus_within]
    return pane.id or ""


async def goes(pilot: Pilot[None], *keys: str) -> list[str]:
    seen = list[str]()
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app, WarRoomApp)
        seen.append(place(pilot.app))
    return seen


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48), (240, 60)])
async def test_a_digit_goes_there_and_again_returns(size: tuple[int, int]) -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=size) as pilot:
        assert await goes(pilot, "4", "4", "5", "2", "2") == ["events", "pods", "deadlines", "pods", "deadlines"]
        assert await goes(pilot, "2", "7", "7", "7") == ["pods", "timeline", "TimelineScreen", "pods"]


async def test_severity_shows_what_more_it_has_before_it_returns() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        heads = list[str]()
        for _ in range(4):
            await pilot.press("6")
            await pilot.pause()
            heads.append(text_of(app, "#severity .head")[0].split()[2])
        assert heads[0] == "severity"
        assert heads[1] == "initial"
        assert len(set(heads)) > 1


async def test_the_panes_are_reached_from_the_timeline_and_esc_goes_back() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        for digit, name in (("2", "pods"), ("4", "events"), ("5", "deadlines"), ("6", "severity")):
            await goes(pilot, "7", "7")
            assert isinstance(app.screen, TimelineScreen)
            assert await goes(pilot, digit) == [name]
        assert await goes(pilot, "4", "7", "enter", "escape") == ["events", "timeline", "TimelineScreen", "timeline"]


async def test_a_place_without_room_gets_the_whole_screen() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *"dp", "enter")
        await until(pilot, lambda: isinstance(app.screen, LiveScreen) and place(app) == "changes")
        assert app.screen.query_one("#changes").size.height > 3


async def test_the_footer_of_the_timeline_is_the_map() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(240, 60)) as pilot:
        await goes(pilot, "7", "7")
        (footer,) = text_of(app, "#keys")
        for words in ("1 metrics", "2 pods", "3 errors", "4 events", "5 deadlines", "6 severity", "8 playbooks", "9 messages", "0 review"):
            assert words in footer
        for words in ("a amend", "? help"):
            assert words in footer


def burst(app: WarRoomApp, text: str) -> None:
    """As one packet brings it."""
    names = {" ": "space", "\r": "enter", ":": "colon", "?": "question_mark", "!": "exclamation_mark"}
    for char in text:
        app.post_message(events.Key(names.get(char, char), char))


async def test_keys_of_one_packet_go_where_the_first_one_leads() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        burst(app, "nzoom in, 7 of 9 dead?\r")
        await until(pilot, lambda: night.kinds[-1] == "noted")
        assert night.room.incident.entries[-1].fact.text == "zoom in, 7 of 9 dead?"  # type: ignore[union-attr]
        assert not app.screen.has_class("-zoomed")


async def test_a_screen_that_does_not_settle_gets_the_next_key_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: object) -> None:
        await asyncio.Event().wait()

    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        monkeypatch.setattr("warroom.ui.keys._reached", never)
        monkeypatch.setattr(Burst, "PATIENCE", 0.01)
        burst(app, "4675")
        await until(pilot, lambda: place(app) == "deadlines")


async def test_without_an_incident_the_timeline_says_when_it_begins() -> None:
    app = (await Night().open()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        assert await goes(pilot, "7") == ["timeline"]
        assert "it begins when an incident is declared" in "\n".join(text_of(app, "#timeline .body"))
