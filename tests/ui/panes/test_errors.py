"""Error logs: what is new, of which release, and that nothing a log says does more than be read."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as struct_replace

from hand import T0
from look.scene import NAMES, PATTERNS, TALLY, Logs, ago, given, opened
from ui.console import good, text_of, until
from warroom.core.acts.evidence import Pin
from warroom.core.readings import Pattern, Reading, Tally
from warroom.ui.amounts import per_cent
from warroom.ui.app import WarRoomApp
from warroom.ui.panes.errors import ErrorsPane, short_count
from warroom.ui.panes.log import LogPane
from warroom.ui.screens.live import LiveScreen


def head(app: WarRoomApp) -> str:
    return text_of(app, "#errors .head")[0]


def lines(app: WarRoomApp) -> list[str]:
    return [line for line in text_of(app, "#errors .body") if line]


def pane(app: WarRoomApp) -> ErrorsPane:
    return app.screen.query_one(ErrorsPane)


async def test_a_pattern_with_its_count_share_release_and_minutes() -> None:
    async with opened() as (app, _):
        first = lines(app)[1]
        for word in ("1,244", "60 %", "NEW", "r42 99 %", "▁▁", "▏train_step failed job=<*>"):
            assert word in first
        assert "85 % from r42, new" in head(app)
        assert "2,072 in 21 min" in head(app)
        assert "NEW" not in next(line for line in lines(app) if "401 jwt" in line)
        assert "redis-0" in next(line for line in lines(app) if "slow command" in line)


async def test_the_order_is_the_tallys_and_holds_while_somebody_works_in_it() -> None:
    async with opened() as (app, pilot):
        assert list(pane(app).table.order) == [one.id for one in PATTERNS]
        await pilot.press("3", "j")
        await given(app, pilot, "tally", good(struct_replace(TALLY, patterns=PATTERNS[::-1]), T0))
        assert list(pane(app).table.order) == [one.id for one in PATTERNS]
        assert pane(app).table.cursor == "a2"
        assert "order held" in head(app)


async def test_what_the_counts_lack_is_in_the_head_and_in_little_room_that_they_lack_something() -> None:
    cut = struct_replace(TALLY, gaps=2, left_out=4)
    async with opened(tally=good(cut, T0)) as (app, _):
        assert "85 % from r42, new · ▲ 2 GAP, 4 left out by log_streams" in head(app)
    lacking = struct_replace(cut, dropped=1500, not_folded=37)
    async with opened((120, 36), tally=good(lacking, T0)) as (app, pilot):
        assert "▲ incomplete" in head(app)
        await pilot.press("3", "enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane")))
        told = next(line for line in text_of(app, "DescribePane .body") if "counts lack" in line)
        assert "2 GAP, 1,500 lines dropped, 37 not folded, 4 left out by log_streams" in told


async def test_hostile_patterns_are_text_and_nothing_else() -> None:
    async with opened() as (app, pilot):
        line = next(line for line in lines(app) if "liveness" in line)
        assert "␛[31mliveness␛[0m" in line
        assert "\x1b" not in line
        await pilot.press("3", "G", "enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane")))
        assert any("[@click=app.leave]" in each for each in text_of(app, "DescribePane .body"))


async def test_enter_shows_one_of_them_whole_with_its_trace_and_values() -> None:
    async with opened((120, 36)) as (app, pilot):
        await pilot.press("3", "enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane")))
        told = "\n".join(text_of(app, "DescribePane .body"))
        for words in ("1,244 times  NEW since the start", "r42 NEW", "▏7f31d0", "68 a minute", "▏   File", "▏ KeyError: 'dp_epsilon'"):
            assert words in told
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LiveScreen))


async def test_from_the_example_on_to_the_log_it_stands_in() -> None:
    async with opened((120, 36), logs=Logs()) as (app, pilot):
        await pilot.press("3", "enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane")))
        await pilot.press("l")
        await until(pilot, lambda: bool(app.screen.query(LogPane)))
        assert app.screen.query_one(LogPane).pod == f"tensafe/{NAMES['x2v9k']}"


async def test_an_example_stands_below_each_pattern_where_there_is_room() -> None:
    async with opened((240, 60)) as (app, pilot):
        assert "▏eg  2026-02-03T02:51:35.102Z" in lines(app)[2]
        await pilot.press("3", "j")
        assert pane(app).table.cursor == "a2"
        marked = [line for line in lines(app) if line.startswith("▌")]
        assert len(marked) == 2
        assert marked[1].strip("▌ ").startswith("▏eg")


async def test_the_peek_follows_the_pattern_in_a_narrow_screen() -> None:
    async with opened((80, 24)) as (app, pilot):
        await pilot.press("3")
        await pilot.pause()
        assert any("KeyError: 'dp_epsilon'" in line for line in text_of(app, "#peek .body"))
        assert "3 errors 2k" in text_of(app, "#strip")[0]


async def test_a_filter_finds_text_pods_and_releases() -> None:
    async with opened() as (app, pilot):
        await pilot.press("3", "slash", *"redis|r41", "enter")
        assert set(pane(app).table.order) == {"a3", "a5", "a6", "a7"}


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading(None, progress="9 of 13 pods"), "reading 9 of 13 pods"),
        (good(Tally(lines=412_000, streams=13, since=ago(minutes=30)), T0), "no errors in 412,000 lines of 13 logs since 02:22"),
        (good(Tally(), T0), "no log is followed"),
        (Reading(None, trouble="forbidden\nuser ada may not read logs\nask for pods/log"), "user ada may not read logs"),
    ],
)
async def test_states(reading: Reading[Tally | None], words: str) -> None:
    async with opened(tally=reading) as (app, _):
        assert any(words in line for line in lines(app))


async def test_stale_is_soft_and_its_minutes_end_with_the_last_good_answer() -> None:
    async with opened(tally=replace(good(TALLY, ago(minutes=4)), trouble="no answer\na\nb")) as (app, _):
        assert "stale" in head(app)
        past = pane(app).past()
        assert past is not None
        assert past.end == ago(minutes=4)


async def test_p_pins_the_pattern_with_its_numbers_and_its_trace() -> None:
    async with opened() as (app, pilot):
        await pilot.press("3", "p")
        await until(pilot, lambda: bool(app.room.asked))  # type: ignore[attr-defined]
        (act,) = app.room.asked  # type: ignore[attr-defined]
        assert isinstance(act, Pin)
        first, *rest = act.text.splitlines()
        assert (act.what, first) == ("pattern", "1,244, new, 99 % from r42, in the last 5 min 292")
        assert any("KeyError: 'dp_epsilon'" in line for line in rest)


async def test_l_opens_the_log_of_the_pod_that_most_comes_from() -> None:
    async with opened(logs=Logs()) as (app, pilot):
        await pilot.press("3", "l")
        await until(pilot, lambda: bool(app.screen.query(LogPane)))
        assert app.screen.query_one(LogPane).pod == f"tensafe/{NAMES['x2v9k']}"


async def test_without_logs_l_says_so_and_stays() -> None:
    async with opened() as (app, pilot):
        await pilot.press("3", "l")
        await pilot.pause()
        assert isinstance(app.screen, LiveScreen)


@pytest.mark.parametrize(("share", "told"), [(1.0, "100 %"), (0.996, "99 %"), (0.004, "<1 %"), (0.0, "0 %"), (0.934, "93 %")])
def test_a_share_is_never_told_as_all_or_nothing_when_it_is_not(share: float, told: str) -> None:
    assert per_cent(share) == told


@pytest.mark.parametrize(("count", "told"), [(7, "7"), (999, "999"), (2098, "2k"), (1_300_000, "1M")])
def test_counts_of_the_strip(count: int, told: str) -> None:
    assert short_count(count) == told


async def test_a_pattern_of_a_megabyte_is_a_line_like_any_other() -> None:
    huge = Pattern(id="x", text="x" * 1_000_000, count=3, example="y" * 1_000_000)
    async with opened(tally=good(Tally(patterns=(huge,), events=3, streams=1), T0)) as (app, pilot):
        assert lines(app)[1].endswith("…")
        await pilot.press("3", "enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane")))
