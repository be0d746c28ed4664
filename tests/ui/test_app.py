"""The two paths through the App: readings in, acts out."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from hand import T0, HandClock
from ui.console import CLUSTER, PODS, HandFeed, HandRoom, console, declared, event, forward, good, pod, text_of, until
from warroom.core.acts import Refusal
from warroom.core.acts.timeline import Note
from warroom.core.ports import JournalTrouble
from warroom.core.readings import Reading
from warroom.ui.app import WarRoomApp
from warroom.ui.messages import Asked, FeedRead
from warroom.ui.panes.pods import PodsPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.size import size_class


def notices(app: WarRoomApp) -> list[str]:
    return [str(toast.render()) for toast in app.screen.query("Toast").results(Static)]


def pods(app: WarRoomApp) -> PodsPane:
    return app.screen.query_one(PodsPane)


def test_a_feed_for_an_unknown_field_fails_at_start(hand: HandClock) -> None:
    with pytest.raises(ValueError, match="a feed fills 'podz', which World lacks: name one of cluster, company, deployments, "):
        console(HandRoom(), hand, [HandFeed("podz")])


async def test_acts_are_done_in_order_and_refusals_told(hand: HandClock) -> None:
    room = HandRoom()
    room.answer = Refusal("no item is called [/down]")
    app = console(room, hand)
    async with app.run_test(notifications=True) as pilot:
        for text in ("first", "second"):
            app.post_message(Asked(Note(text)))
        await until(pilot, lambda: len(notices(app)) == 2)
        assert room.asked == [Note("first"), Note("second")]
        assert "no item is called [/down]" in notices(app)[0]


async def test_a_failed_append_is_told_and_the_next_act_is_done(hand: HandClock) -> None:
    room = HandRoom()
    room.answer = JournalTrouble("the disk is [full]")
    app = console(room, hand)
    async with app.run_test(notifications=True) as pilot:
        app.post_message(Asked(Note("a")))
        await until(pilot, lambda: len(notices(app)) == 1)
        assert "the disk is [full]" in notices(app)[0]
        room.answer = ()
        app.post_message(Asked(Note("b")))
        await until(pilot, lambda: len(room.asked) == 2)


async def test_what_the_room_becomes_appears(hand: HandClock) -> None:
    room = HandRoom()
    app = console(room, hand)
    async with app.run_test(size=(120, 36)) as pilot:
        assert "WATCHING" in text_of(app, "#header")[2]
        room.becomes(declared())
        await until(pilot, lambda: app.incident.id == "INC-0142")
        assert "tensafe-server failing since release 2.8.1" in text_of(app, "#header")[1]


async def test_a_hidden_screen_rests_and_catches_up(hand: HandClock) -> None:
    app = console(HandRoom(), hand)
    async with app.run_test() as pilot:
        live = app.screen
        assert isinstance(live, RoomScreen)
        await until(pilot, lambda: live.world.pods.value == PODS)
        await app.push_screen(Screen())
        app.post_message(FeedRead("pods", good(PODS[:1])))
        await until(pilot, lambda: app.world.pods.value == PODS[:1])
        assert live.world.pods.value == PODS
        await app.pop_screen()
        await until(pilot, lambda: live.world is app.world)


async def test_the_same_reading_is_not_drawn_again(hand: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    app = console(HandRoom(), hand)
    async with app.run_test() as pilot:
        await until(pilot, lambda: pods(app).world.pods.value == PODS)
        monkeypatch.setattr(PodsPane, "update", lambda _: pytest.fail("drawn again"))
        app.post_message(FeedRead("deployments", good(())))
        await until(pilot, lambda: pods(app).world is app.world)


async def test_a_second_paints_figures_and_lays_nothing_out(hand: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    app = console(HandRoom(declared()), hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: pods(app).world.pods.value == PODS)
        await forward(pilot, hand, 1)
        cells, laid = Counter[str](), Counter[str]()
        refresh = Widget.refresh

        def counted(self: Widget, *regions: Any, **options: Any) -> Any:
            cells[self.id or type(self).__name__] += sum(region.area for region in regions) or self.size.area
            laid["layout"] += bool(options.get("layout"))
            return refresh(self, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", counted)
        await forward(pilot, hand, 1)
        assert laid["layout"] == 0
        assert 0 < cells["header"] <= 12
        assert sum(cells.values()) <= 24
        before = sum(cells.values())
        await forward(pilot, hand, 0.25)
        assert sum(cells.values()) == before


async def test_old_data_looks_old_and_new_data_new_again(hand: HandClock) -> None:
    feed = HandFeed("pods", good(PODS))
    app = console(HandRoom(), hand, [feed])
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: pods(app).state == "live")
        await forward(pilot, hand, 40)
        assert pods(app).has_class("-stale")
        assert "≈ stale, last good 40 s ago" in text_of(app, "#pods .head")[0]
        feed.give(Reading(PODS, T0, trouble="no answer\nthe API server did not answer"))
        await until(pilot, lambda: "no answer" in text_of(app, "#pods .head")[0] or not app.is_running)
        assert "CrashLoopBackOff" in "".join(text_of(app, "#pods .body"))
        feed.give(good(PODS, hand.now()))
        await until(pilot, lambda: pods(app).state == "live")
        assert not pods(app).has_class("-stale")


async def test_trouble_says_what_to_do(hand: HandClock) -> None:
    trouble = Reading((), None, trouble="forbidden\nuser ada may not list pods in [tensafe]\x1b[2J\nask for: kubectl auth can-i list pods")
    app = console(HandRoom(), hand, [HandFeed("pods", trouble), HandFeed("events", good(()))])
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: pods(app).state == "trouble")
        assert "✗ forbidden" in text_of(app, "#pods .head")[0]
        body = "\n".join(text_of(app, "#pods .body"))
        assert "✗ user ada may not list pods in [tensafe]␛[2J" in body
        assert "ask for: kubectl auth can-i list pods" in body
        assert "no events" in "\n".join(text_of(app, "#events .body"))


@pytest.mark.parametrize("name", ["api[/x]", "[ERROR] api", "[@click=app.quit]api", "监控[bold]"])
async def test_a_hostile_name_is_text_everywhere(hand: HandClock, name: str) -> None:
    feeds = [HandFeed("pods", good((pod(name, name),))), HandFeed("events", good((event(name, name, object=name),)))]
    app = console(HandRoom(declared(title=name, id=name)), hand, feeds)
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: bool(pods(app).world.pods.value and app.world.events.value))
        assert name in "".join(text_of(app, "#header"))
        assert name in "".join(text_of(app, "#pods .body"))
        assert name in "".join(text_of(app, "#events .body"))


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ((80, 24), "-narrow"),
        ((80, 23), "-narrow"),
        ((120, 36), "-medium"),
        ((160, 48), "-wide"),
        ((240, 60), "-ultra"),
        ((200, 29), "-narrow"),
    ],
)
async def test_the_layout_follows_the_size(hand: HandClock, size: tuple[int, int], name: str) -> None:
    assert size_class(*size) == name
    app = console(HandRoom(declared()), hand)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: pods(app).state == "live")
        assert app.screen.has_class(name)
        assert app.screen.query_one("#header").size.height == (3 if name == "-narrow" else 4)
        assert app.screen.query_one("#keys").region.bottom == size[1]
        assert pods(app).size.height >= 7
        header = "".join(text_of(app, "#header"))
        assert "P2" in header or "HIGH" in header
        for always in ("SAFE", "prod-eu-1", "tensafe", "16:06"):
            assert always in header


async def test_digits_and_tab_go_from_pane_to_pane(hand: HandClock) -> None:
    app = console(HandRoom(declared()), hand)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: pods(app).state == "live")
        seen = list[str]()
        for key in ("4", "5", "6", "7", "tab", "shift+tab", "2"):
            await pilot.press(key)
            shown = [pane.id or "" for pane in app.screen.query("Pane.-current")]
            assert app.screen.query_one(f"#{shown[0]}").has_class("-focus")
            seen += shown
        assert seen == ["events", "deadlines", "severity", "timeline", "metrics", "timeline", "pods"]
        assert "2 pods ✗1" in text_of(app, "#strip")[0]


async def test_zoom_and_back(hand: HandClock) -> None:
    app = console(HandRoom(declared()), hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: pods(app).state == "live")
        before = pods(app).size
        await pilot.press("z")
        await until(pilot, lambda: pods(app).size.width > 100)
        await pilot.press("escape")
        await until(pilot, lambda: pods(app).size == before)


async def test_a_drill_opens_the_header_and_the_place_never_goes(hand: HandClock) -> None:
    for size in ((80, 24), (120, 36), (160, 48)):
        app = console(HandRoom(declared(drill=True, alerted=T0 - timedelta(hours=1))), hand)
        async with app.run_test(size=size):
            first = text_of(app, "#header")[0]
            assert "DRILL" in first
            assert CLUSTER.context in first
            assert "SAFE" in first


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "ansi16", "mono"])
async def test_every_theme_paints(hand: HandClock, theme: str) -> None:
    app = console(HandRoom(declared()), hand, theme=theme, ascii=theme == "ansi16")
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: pods(app).state == "live")
        text = "\n".join(text_of(app, "#header") + text_of(app, "#pods .body"))
        assert text.isascii() is (theme == "ansi16")


async def test_other_colours_at_once(hand: HandClock) -> None:
    app = console(HandRoom(declared()), hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: pods(app).state == "live")
        before = list(pods(app).body.render_line(0))
        app.theme = "room-light"
        await until(pilot, lambda: list(pods(app).body.render_line(0)) != before)
