"""Recent changes: what was rolled out, measured against the start."""

import pytest

from hand import T0
from look.scene import ALERTED, ago, deployment, scene, settled
from ui.console import good, text_of, until
from ui.panes.test_pods import HOSTILE
from warroom.core.changes import recent_changes
from warroom.ui import look
from warroom.ui.app import WarRoomApp
from warroom.ui.messages import FeedRead
from warroom.ui.panes.changes import ChangesPane, change_words
from warroom.ui.panes.peek import PeekPane


def body(app: WarRoomApp) -> list[str]:
    return text_of(app, "#changes .body")


async def test_the_newest_first_and_the_suspect_counted() -> None:
    app = scene()
    async with app.run_test(size=(160, 70)) as pilot:
        await until(pilot, lambda: settled(app))
        assert text_of(app, "#changes .head")[0].startswith("─ recent changes · 1 within 2 h before the start ─")
        assert [line.split()[0] for line in body(app)[1:6]] == ["21m", "6d", "12d", "20d", "33d"]
        assert "deploy/tensafe-server" in body(app)[1]
        assert "2.8.0 → 2.8.1, revision 42" in body(app)[1]
        assert "▏release 2.8.1 by ci-deploy" in body(app)[1]


async def test_a_change_after_the_start_is_counted_apart() -> None:
    app = scene()
    rolled = deployment("api", 1, 1, 2, ("h2", "api:2", ago(minutes=3)), ("h1", "api:1", ago(days=3)))
    async with app.run_test(size=(160, 70)) as pilot:
        await until(pilot, lambda: settled(app))
        app.post_message(FeedRead("deployments", good((rolled,), T0)))
        await until(pilot, lambda: app.screen.query_one(ChangesPane).table.count() == 2)
        assert "none within 2 h before the start · 1 since" in text_of(app, "#changes .head")[0]


async def test_it_has_no_place_where_pods_and_events_need_the_room() -> None:
    app = scene()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: settled(app))
        assert not app.screen.query_one(ChangesPane).display


async def test_tab_reaches_it_and_the_peek_compares_images() -> None:
    app = scene()
    async with app.run_test(size=(160, 70)) as pilot:
        await until(pilot, lambda: settled(app))
        pane = app.screen.query_one(ChangesPane)
        while not pane.table.has_focus:
            await pilot.press("tab")
        told = "\n".join(text_of(app, "#peek .body"))
        assert "tensafe/server:2.8.0 → tensafe/server:2.8.1" in told
        assert "before the start" in told
        assert app.screen.query_one(PeekPane).subject == pane.table.under_cursor


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_do_nothing(words: str) -> None:
    app = scene()
    one = deployment(words, 1, 1, 3, (words, f"img:{words}", ago(minutes=30)), ("h1", words, ago(days=3)))
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: settled(app))
        app.post_message(FeedRead("deployments", good((one,), T0)))
        await until(pilot, lambda: app.screen.query_one(ChangesPane).table.count() == 2)
        app.screen.query_one(ChangesPane).focus()
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane.-focus .body")))
        assert "".join(text_of(app, "DescribePane .body")).isprintable()
        await pilot.press("escape")
        assert "".join(body(app)).isprintable()


def test_where_room_is_short_the_revision_stays() -> None:
    first = recent_changes([deployment("api", 1, 1, 7, ("h", "registry.example/team/api:1.2.3", ago(days=1)))], ALERTED)[0]
    assert [change_words(first, room) for room in (60, 30, 20)] == [
        "first seen: api:1.2.3, revision 7",
        "api:1.2.3, revision 7",
        "api:1.2…, revision 7",
    ]
    look.set_glyphs(ascii=True)
    try:
        assert (
            change_words(recent_changes([deployment("a", 1, 1, 2, ("h2", "a:2", T0), ("h1", "a:1", T0))], None)[0], 40)
            == "1 > 2, revision 2"
        )
    finally:
        look.set_glyphs(ascii=False)
