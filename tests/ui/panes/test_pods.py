"""The pods: worst first, of which release, and nothing moves under a cursor."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from hand import T0
from look.scene import NEW, PODS, ago, feeds, pod, scene, settled
from ui.console import HandFeed, good, text_of, until
from warroom.core.readings import Pod, Reading
from warroom.ui import look
from warroom.ui.app import WarRoomApp
from warroom.ui.messages import FeedRead
from warroom.ui.panes.pods import PodsPane, state_words
from warroom.ui.screens.live import LiveScreen

FAILING = [f"tensafe/tensafe-server-{NEW}-{end}" for end in ("x2v9k", "q8m4t", "h5znl")]


@asynccontextmanager
async def night(
    size: tuple[int, int] = (160, 48), readings: Sequence[HandFeed] | None = None, **options: Any
) -> AsyncIterator[tuple[WarRoomApp, Pilot[None], PodsPane]]:
    app = scene(readings=readings, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: settled(app))
        yield app, pilot, app.screen.query_one(PodsPane)


def head(app: WarRoomApp) -> str:
    return text_of(app, "#pods .head")[0]


def lines(app: WarRoomApp) -> list[str]:
    return [line for line in text_of(app, "#pods .body") if line]


async def given(app: WarRoomApp, pilot: Pilot[None], pods: Sequence[Pod], field: str = "pods") -> None:
    app.post_message(FeedRead(field, good(tuple(pods), T0)))
    await until(pilot, lambda: getattr(app.world, field).value == tuple(pods) and settled(app))


def crashed(one: Pod) -> Pod:
    container = msgspec.structs.replace(
        one.containers[0], state="CrashLoopBackOff", ready=False, restarts=3, last_exit=137, last_finished=T0
    )
    return msgspec.structs.replace(one, containers=(container,))


async def test_the_worst_stand_first_with_their_release() -> None:
    async with night((160, 70)) as (app, _, pane):
        assert list(pane.table.order)[:3] == FAILING
        assert head(app).startswith("━ 2 pods · 13 · all r42, new · ✗ 3 failing ━")
        first = lines(app)[1]
        for word in ("tensafe-server-7d9f8b6c4d-x2v9k", "r42 NEW", "0/1", "✗ CrashLoopBackOff", " 7 ", "41s", "21m"):
            assert word in first
        assert "✗ Error, exit 1" in lines(app)[3]
        assert "✓ Completed" in lines(app)[-1]


@pytest.mark.parametrize(
    ("size", "columns", "name"),
    [
        ((160, 48), "pod rev ready state restarts last cpu_m mem_MiB age", "tensafe-server-7d9f8b6c4d-x2v9k"),
        ((80, 24), "pod rev ready state restarts last age", "tensafe-server-x2v9k"),
        ((120, 36), "pod rev ready state restarts age", "tensafe-server-x2v9k"),
        ((64, 40), "pod rev ready state restarts", "tensafe-server-x2v9k"),
        ((50, 40), "pod ready state restarts", "tensafe-s…-x2v9k"),
    ],
)
async def test_columns_and_the_middle_of_names_give_way(size: tuple[int, int], columns: str, name: str) -> None:
    async with night(size) as (app, _, pane):
        kept, _widths = pane.table.fitted(pane.table.size.width - 1)
        assert [column.name.replace(" ", "_") for column in kept] == columns.split()
        assert name in lines(app)[1]


async def test_the_strip_tells_the_worst_news() -> None:
    async with night((80, 24)) as (app, _, _pane):
        assert "2 pods ✗3" in text_of(app, "#strip")[0]


async def test_several_namespaces_are_named() -> None:
    other = pod("billing-api-0", "billing:1", ago(days=1), namespace="billing")
    async with night() as (app, pilot, _pane):
        await given(app, pilot, (*PODS, other))
        assert "namespace" in lines(app)[0]
        assert "billing" in next(line for line in lines(app) if "billing-api-0" in line)
        assert "2 namespaces" in head(app)
        await given(app, pilot, PODS)
        assert "namespace" not in lines(app)[0]


async def test_until_somebody_works_in_it_the_worst_are_on_top() -> None:
    async with night() as (app, pilot, pane):
        worse = tuple(crashed(one) if one.name == "tensafe-redis-0" else one for one in PODS[:3] + PODS[6:])
        await given(app, pilot, worse)
        assert pane.table.order[0] == pane.table.cursor == "tensafe/tensafe-redis-0"


async def test_nothing_moves_under_a_cursor() -> None:
    async with night() as (app, pilot, pane):
        await pilot.press("j")
        before = list(pane.table.order)
        await given(app, pilot, [crashed(one) if one.name == "tensafe-redis-0" else one for one in PODS])
        assert list(pane.table.order) == before
        assert pane.table.cursor == FAILING[1]
        assert "order held, ctrl+r sorts" in head(app)
        assert "✗ 4 failing" in head(app)
        await pilot.press("tab")
        assert pane.table.order[3] == "tensafe/tensafe-redis-0"
        assert pane.table.cursor == FAILING[1]


class AskedFeed(HandFeed):
    asked = 0

    def ask_again(self) -> None:
        self.asked += 1


async def test_asking_again_asks_the_feeds_of_the_pane_and_sorts() -> None:
    mine, other = AskedFeed("pods", good(PODS)), AskedFeed("events", good(()))
    async with night(readings=(mine, other, *[feed for feed in feeds() if feed.field in ("cluster", "deployments")])) as (app, pilot, pane):
        await pilot.press("j")
        await given(app, pilot, [crashed(one) if one.name == "tensafe-redis-0" else one for one in PODS])
        await pilot.press("ctrl+r")
        assert (mine.asked, other.asked) == (1, 0)
        assert pane.table.order[3] == "tensafe/tensafe-redis-0"
        assert "order held" not in head(app)


async def test_a_filter_and_its_opposite() -> None:
    async with night() as (app, pilot, pane):
        await pilot.press("slash", *"worker|redis")
        assert {key.rpartition("/")[2][:11] for key in pane.table.order} == {"tensafe-wor", "tensafe-red"}
        await pilot.press("enter")
        assert pane.table.has_focus
        assert "✗ 3 failing · /worker|redis 3 of 13" in head(app)
        await pilot.press("slash", "home", "!")
        assert pane.table.count() == 10
        await pilot.press("escape")
        assert pane.table.has_focus
        assert pane.table.count() == 13
        assert "of 13" not in head(app)


async def test_a_filter_stays_for_new_readings_and_esc_in_the_table_takes_it_away() -> None:
    async with night() as (app, pilot, pane):
        await pilot.press("slash", *"r42", "enter")
        assert pane.table.count() == 3
        await given(app, pilot, PODS[1:])
        assert pane.table.count() == 3
        await given(app, pilot, PODS[6:])
        assert "no row is found by /r42" in "\n".join(lines(app))
        await pilot.press("escape")
        assert pane.table.count() == 7


async def test_half_a_pattern_says_so_and_changes_nothing() -> None:
    async with night() as (app, pilot, pane):
        await pilot.press("slash", *"redis(")
        assert pane.table.count() == 1
        assert "✗ no regular expression yet: missing ), unterminated subpattern at 6" in "".join(text_of(app, "#pods .beside"))
        await pilot.press("enter")
        assert not pane.table.has_focus
        await pilot.press("backspace", "enter")
        assert pane.table.has_focus
        assert "/redis 1 of 13" in head(app)


async def test_marked_rows_are_copied_to_the_terminal_and_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = list[str]()
    async with night() as (app, pilot, pane):

        def keep(text: str) -> str:
            kept.append(text)
            return "~/copied.txt"

        monkeypatch.setattr(app, "keep_copy", keep, raising=False)
        await pilot.press("c")
        assert app.clipboard == FAILING[0].partition("/")[2]
        await pilot.press("space", "space", "c")
        assert app.clipboard.splitlines() == [key.partition("/")[2] for key in FAILING[:2]]
        assert kept[-1] == app.clipboard
        assert "2 marked" in head(app)
        assert lines(app)[1].startswith("◆")
        await pilot.press("escape")
        assert not pane.table.marked


async def test_columns_sort_by_key() -> None:
    async with night() as (_app, pilot, pane):
        for _ in range(5):
            await pilot.press("o")
        assert pane.table.sorted_by == "restarts"
        assert list(pane.table.order)[2:4] == [FAILING[2], "tensafe/tensafe-worker-5c8d7f9b6f-4kjxp"]
        await pilot.press("O")
        assert pane.table.order[-1] in FAILING


async def test_a_restart_before_the_incident_is_quiet() -> None:
    async with night() as (_app, _, pane):
        cells = {one.key: pane.cells(one) for one in PODS}
        assert cells[FAILING[0]]["restarts"] == ("7", "$loud bold")
        assert cells["tensafe/tensafe-worker-5c8d7f9b6f-4kjxp"]["restarts"] == ("1", "$soft")


async def test_old_rows_are_soft_and_keep_their_order() -> None:
    async with night() as (app, pilot, pane):
        before = list(pane.table.order)
        old = Reading((*PODS[6:], *PODS[:6]), ago(seconds=40), trouble="no answer\nthe API server does not answer\nasked again in 4 s")
        app.post_message(FeedRead("pods", old))
        await until(pilot, lambda: pane.state == "stale")
        assert list(pane.table.order) == before
        assert "≈ stale, no answer, last good 40 s ago" in head(app)
        shown = [segment.style for segment in pane.table.render_line(2) if segment.text.strip() and segment.style]
        styles = {style.color.name for style in shown if style.color}
        assert styles == {look.PALETTES["dark"]["soft"]}


async def test_counts_grow_while_it_loads() -> None:
    loading: list[Reading[Any]] = [Reading((), progress="500 of 10,000"), Reading((), progress="1,000 of 10,000")]
    async with night(readings=feeds(pods=loading[0])) as (app, pilot, _pane):
        assert "◌ loading" in head(app)
        assert "500 of 10,000" in "\n".join(lines(app))
        app.post_message(FeedRead("pods", loading[1]))
        await until(pilot, lambda: "reading 1,000 of 10,000 pods" in "\n".join(lines(app)))
        app.post_message(FeedRead("pods", Reading(PODS, progress="1,500 of 10,000")))
        await until(pilot, lambda: "CrashLoopBackOff" in lines(app)[1])
        assert "1,500 of 10,000 read · 13" in head(app)
        assert "◌ loading" in head(app)


async def test_what_was_never_known_is_unknown_and_says_what_to_do() -> None:
    trouble = "forbidden\nuser ada may not list pods in namespace tensafe\nask for: kubectl auth can-i list pods -n tensafe"
    async with night(readings=feeds(pods=Reading((), trouble=trouble))) as (app, _, _pane):
        assert "? unknown" in head(app)
        assert "✗ forbidden" in head(app)
        assert "ask for: kubectl auth can-i list pods -n tensafe" in "\n".join(lines(app))


async def test_no_pods_are_not_late() -> None:
    async with night(readings=feeds(pods=good((), T0))) as (app, _, _pane):
        assert "no pods in tensafe" in "\n".join(lines(app))
        assert "empty, not late" in "\n".join(lines(app))


HOSTILE = ("[/x]", "[ERROR] x", "[@click=app.quit]q", "a\x1b[2J\x1b]52;c;eA==\x07b", "x\u202eevil", "n\x00l", "监控系统", "z" * 1_000_000)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_name_does_nothing(name: str) -> None:
    one = pod(name, name, ago(minutes=3), state=name, owner=f"Job/{name}", node=name, namespace=name)
    async with night() as (app, pilot, _pane):
        await given(app, pilot, (one,))
        await pilot.press("slash", *"x", "escape", "c", "d")
        await until(pilot, lambda: bool(app.screen.query("DescribePane.-focus .body")))
        await pilot.press("escape")
        shown = "".join(text_of(app, "#pods .body") + text_of(app, "#pods .head"))
        assert shown.isprintable()
        assert shown.strip()


async def test_a_second_repaints_ages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with night() as (app, pilot, pane):
        painted = list[Region]()
        monkeypatch.setattr(pane.table, "refresh", lambda *regions, **_: painted.extend(regions))
        clock: Any = app.clock
        await clock.forward(1)
        app.beat()
        await pilot.pause()
        kept, sizes = pane.table.fitted(pane.table.size.width - 1)
        start = 1 + sum(sizes[: [column.name for column in kept].index("last")]) + 5
        assert painted
        assert all(start <= region.x and region.right <= start + 11 for region in painted)


async def test_the_same_values_draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with night() as (app, pilot, pane):
        monkeypatch.setattr(pane, "rows", lambda: pytest.fail("sorted again"))
        monkeypatch.setattr(pane.table, "refresh", lambda *_, **__: pytest.fail("painted"))
        again = Reading(app.world.pods.value, app.world.pods.at)
        app.post_message(FeedRead("pods", again))
        await until(pilot, lambda: pane.world.pods is again)


async def test_of_ten_thousand_rows_only_the_visible_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(pod(f"web-{n:05}", "web:1", ago(days=1)) for n in range(10_000))
    made = Counter[str]()
    cells = PodsPane.cells

    def counted(self: PodsPane, row: Pod) -> Any:
        made[row.key] += 1
        return cells(self, row)

    monkeypatch.setattr(PodsPane, "cells", counted)
    async with night() as (app, pilot, pane):
        made.clear()
        await given(app, pilot, many)
        assert pane.table.count() == 10_000
        assert len(made) <= pane.table.size.height
        await pilot.press("G")
        assert len(made) <= 2 * pane.table.size.height
        made.clear()
        await given(app, pilot, (crashed(many[0]), *many[1:]))
        assert set(made) <= set(pane.table.order[-pane.table.size.height :]) | {many[0].key}


async def test_resizing_keeps_cursor_and_focus() -> None:
    async with night() as (app, pilot, pane):
        await pilot.press("j", "j", "j", "j")
        at = pane.table.cursor
        for size in ((80, 24), (240, 60), (80, 23), (120, 36), (300, 80), (100, 30), (160, 48)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert pane.table.has_focus
            assert pane.table.cursor == at
            assert any(line.startswith("▌") for line in lines(app))


async def test_a_click_points_and_two_describe() -> None:
    async with night() as (app, pilot, pane):
        await pilot.click(pane.table, offset=(5, 3))
        assert pane.table.cursor == FAILING[2]
        await pilot.click(pane.table, offset=(5, 3), times=2)
        await until(pilot, lambda: not isinstance(app.screen, LiveScreen))


def test_the_exit_code_stands_beside_the_word() -> None:
    assert [state_words(one) for one in PODS[3:6]] == ["CrashLoopBackOff", "CrashLoopBackOff", "Error, exit 1"]


async def test_what_a_pod_uses_is_told_while_it_is_known() -> None:
    async with night() as (app, pilot, pane):
        old = next(line for line in lines(app) if "2lq7w" in line)
        assert "1,910   2,871" in old
        assert " ·       · " in lines(app)[1]
        app.post_message(FeedRead("usage", Reading((), trouble="metrics API not available\nno metrics.k8s.io\ninstall metrics-server")))
        await until(pilot, lambda: bool(app.world.usage.trouble) and settled(app))
        assert "cpu m" not in lines(app)[0]
        kept, _ = pane.table.fitted(pane.table.size.width - 1)
        assert [column.name for column in kept] == ["pod", "rev", "ready", "state", "restarts", "last", "age", "node"]
