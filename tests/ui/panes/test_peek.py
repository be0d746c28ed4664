"""What the peek and the describe card say of the thing under the cursor."""

from datetime import timedelta

import msgspec
import pytest

from hand import T0
from look.scene import ALERTED, CLUSTER, DEPLOYMENTS, EVENTS, NEW, PODS, RUNBOOK, ago, pod, scene, settled
from ui.console import good, text_of, until
from warroom.core.changes import recent_changes
from warroom.core.readings import Reading, World
from warroom.ui.app import WarRoomApp
from warroom.ui.messages import FeedRead
from warroom.ui.panes.peek import PeekPane
from warroom.ui.screens.live import LiveScreen
from warroom.ui.subject import Subject, Telling, title

WORLD = World(pods=Reading(PODS, T0), events=Reading(EVENTS, T0), deployments=Reading(DEPLOYMENTS, T0), cluster=Reading(CLUSTER, T0))


def told(subject: Subject, *, width: int = 100, whole: bool = False) -> list[str]:
    rows = Telling(WORLD, T0, ALERTED, RUNBOOK).rows(subject, width, whole)
    return ["".join(text for text, _ in row.line).rstrip() for row in rows]


def test_a_crash_is_told_in_plain_words() -> None:
    assert told(PODS[3])[:7] == [
        "last state  ✗ exit 1 after 5 s, 41 s ago, 7 restarts",
        "image       tensafe/server:2.8.1   was 2.8.0 in r41",
        "probes      liveness GET /health :8000 every 10 s, readiness GET /ready :8000 every 10 s",
        "restarts    7, at least 1 since the start of the incident",
        "owner       deploy/tensafe-server, revision 42, the newest",
        "node        eu-1a-04",
        "events      ▲ BackOff ×43  4s ago",
    ]
    assert title(PODS[3]) == "pod tensafe-server-x2v9k, last crash of container server"


def test_a_well_pod_has_few_words() -> None:
    assert told(PODS[0])[0] == "state       ● Running for 6d, 1 of 1 ready"
    assert "restarts    none" in told(PODS[0])
    assert "owner       deploy/tensafe-server, revision 41 of 42" in told(PODS[0])


def test_what_nothing_brings_back_says_so() -> None:
    alone = msgspec.structs.replace(PODS[0], owner="")
    assert "owner       ▲ none: once deleted, nothing brings it back" in told(alone)


def test_why_an_image_is_missing_is_the_clusters_words_behind_the_bar() -> None:
    one = pod("web-0", "web:9", ago(minutes=2), state="ImagePullBackOff")
    container = msgspec.structs.replace(one.containers[0], message="manifest for web:9 not found")
    lines = told(msgspec.structs.replace(one, containers=(container,)))
    assert lines[1] == "why         ▏ server: the image web:9 cannot be pulled: manifest for web:9 not found"


def test_an_event_is_told_whole() -> None:
    long = msgspec.structs.replace(EVENTS[0], message="word " * 80 + "end")
    lines = told(long, width=60)
    message = lines[: next(n for n, line in enumerate(lines) if line.startswith("seen"))]
    assert "".join(line.partition("▏")[2] for line in message).split() == long.message.split()
    assert any(line.startswith("seen        43 times, last 4 s ago at 02:52:14, first at 02:38:14") for line in told(long))


def test_a_change_names_both_images() -> None:
    change = recent_changes(DEPLOYMENTS, ALERTED)[0]
    assert told(change)[0] == "images      tensafe/server:2.8.0 → tensafe/server:2.8.1"
    assert "when        02:31:13, 21 min ago, 04:59 before the start" in told(change)
    assert "now         it is what runs" in told(change)
    assert any("r41" in line and "0 pods" in line for line in told(change, whole=True))


@pytest.mark.parametrize("width", [20, 40, 77, 160])
def test_no_line_is_wider_than_the_pane(width: int) -> None:
    everything: list[Subject] = [*PODS, *EVENTS, *recent_changes(DEPLOYMENTS, ALERTED)]
    for subject in everything:
        for row in Telling(WORLD, T0, ALERTED, RUNBOOK).rows(subject, width, whole=True):
            assert sum(len(text) for text, _ in row.line) <= width


def peek(app: WarRoomApp) -> list[str]:
    return text_of(app, "#peek .body")


async def test_it_follows_the_cursor_and_the_world() -> None:
    app = scene()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: settled(app) and app.screen.query_one(PeekPane).subject is not None)
        assert "peek · pod tensafe-server-x2v9k" in text_of(app, "#peek .head")[0]
        await pilot.press("j", "j")
        assert "✗ exit 1 after 5 s, 12 s ago" in peek(app)[0]
        container = msgspec.structs.replace(PODS[5].containers[0], last_finished=T0, last_started=T0 - timedelta(minutes=2))
        news = tuple(msgspec.structs.replace(one, containers=(container,)) if one is PODS[5] else one for one in PODS)
        app.post_message(FeedRead("pods", good(news, T0)))
        await until(pilot, lambda: "after 2 min, 0 s ago" in peek(app)[0])


async def test_it_never_takes_the_focus() -> None:
    app = scene()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: settled(app))
        await pilot.click("#peek .body", offset=(4, 1))
        assert not app.screen.query_one(PeekPane).has_class("-focus")


async def test_describe_fills_the_screen_follows_and_closes() -> None:
    app = scene()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: settled(app))
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane.-focus .body")))
        assert f"name        tensafe-server-{NEW}-x2v9k" in "\n".join(text_of(app, "DescribePane .body"))
        app.post_message(FeedRead("pods", good(PODS[:3], T0)))
        await until(pilot, lambda: "gone, as last seen" in text_of(app, "DescribePane .head")[0])
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LiveScreen))
        assert app.screen.query_one("#pods Rows").has_focus


async def test_a_long_description_scrolls() -> None:
    app = scene()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: settled(app))
        long = msgspec.structs.replace(EVENTS[0], message=" ".join(f"w{n}" for n in range(900)))
        app.post_message(FeedRead("events", good((long,), T0)))
        await pilot.press("4")
        await until(pilot, lambda: app.world.events.value == (long,))
        await pilot.press("d")
        await until(pilot, lambda: bool(app.screen.query("DescribePane.-focus .body")))
        before = text_of(app, "DescribePane .body")
        await pilot.press("j")
        assert text_of(app, "DescribePane .body")[:-1] == before[1:]
        await pilot.press("G")
        assert "last state  ✗ exit 1" in "\n".join(text_of(app, "DescribePane .body"))
