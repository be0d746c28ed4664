"""Events: warnings first, repeats as one, and what the cluster said does nothing."""

import pytest

from hand import T0
from look.scene import EVENTS, ago, event, feeds, scene, settled
from ui.console import good, text_of, until
from ui.panes.test_pods import HOSTILE
from warroom.core.readings import Reading
from warroom.ui.app import WarRoomApp
from warroom.ui.messages import FeedRead
from warroom.ui.panes.events import EventsPane
from warroom.ui.panes.peek import PeekPane


def body(app: WarRoomApp) -> list[str]:
    return text_of(app, "#events .body")


async def test_warnings_stand_first_and_behind_the_bar() -> None:
    app = scene()
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: settled(app))
        assert text_of(app, "#events .head")[0].startswith("─ 4 events · 9 in 30 min · ▲ 5 warn ─")
        first = body(app)[1]
        for word in ("4s", "×43", "▲ BackOff", "pod/…server-x2v9k", "▏Back-off restarting failed container"):
            assert word in first
        assert ["▲" in line for line in body(app)[1:8]] == [True] * 5 + [False] * 2


async def test_events_of_one_cause_are_one_row() -> None:
    app = scene()
    twins = [
        event("Killing", "Pod", "web-0", "Stopping container web", ago(seconds=seconds), count=2, warning=False) for seconds in (90, 30)
    ]
    twins = [
        one.__class__(**{**{name: getattr(one, name) for name in one.__struct_fields__}, "key": str(n)}) for n, one in enumerate(twins)
    ]
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: settled(app))
        app.post_message(FeedRead("events", good(tuple(twins), T0)))
        await until(pilot, lambda: app.screen.query_one(EventsPane).table.count() == 1)
        assert "30s" in body(app)[1]
        assert "×4" in body(app)[1]


async def test_the_object_goes_before_the_message() -> None:
    app = scene()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: settled(app))
        assert body(app)[0].split() == ["age", "times", "reason", "message"]


async def test_no_events_since_an_hour() -> None:
    app = scene(readings=feeds(events=good((), ago(seconds=1))))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: settled(app))
        assert "no events since 01:52" in "\n".join(body(app))
        assert "asked 1 s ago: empty, not late" in "\n".join(body(app))
        assert "4 events · none ─" in text_of(app, "#events .head")[0]


async def test_refused_events_say_what_to_ask_for() -> None:
    trouble = "forbidden\nuser ada may not list events in namespace tensafe\nask for: kubectl auth can-i list events -n tensafe"
    app = scene(readings=feeds(events=Reading((), trouble=trouble)))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: settled(app))
        assert "✗ user ada may not list events in namespace tensafe" in "\n".join(body(app))


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_do_nothing(words: str) -> None:
    app = scene()
    one = event(words, words, words, words, ago(seconds=3), source=words)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: settled(app))
        app.post_message(FeedRead("events", good((one,), T0)))
        await pilot.press("4")
        await until(pilot, lambda: app.screen.query_one(PeekPane).subject is not None and app.world.events.value == (one,))
        await pilot.press("slash", "x", "escape", "space", "c", "enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane.-focus .body")))
        shown = "".join(text_of(app, "DescribePane .body"))
        await pilot.press("escape")
        await until(pilot, lambda: bool(app.screen.query(EventsPane)))
        shown += "".join(text_of(app, "#events .body") + text_of(app, "#peek .body") + text_of(app, "#peek .head"))
        assert shown.isprintable()
        assert app.is_running


async def test_a_filter_finds_words_of_the_message() -> None:
    app = scene()
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: settled(app))
        await pilot.press("4", "slash", *"statuscode: 5", "enter")
        pane = app.screen.query_one(EventsPane)
        assert [pane.table.value(key) for key in pane.table.order] == [EVENTS[1]]
        await pilot.press("c")
        assert app.clipboard.endswith(
            "x6 pod/tensafe-server-7d9f8b6c4d-h5znl: Liveness probe failed: HTTP probe failed with statuscode: 500"
        )
