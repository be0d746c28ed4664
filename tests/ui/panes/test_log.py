"""The raw log: followed until somebody reads, searched, and harmless."""

from textual.pilot import Pilot

from hand import T0
from look.scene import NAMES, Logs, opened
from ui.console import text_of, until
from warroom.core.acts.evidence import Pin
from warroom.core.logs import LogLine, LogPart
from warroom.ui.app import WarRoomApp
from warroom.ui.panes.log import LogPane
from warroom.ui.screens.live import LiveScreen

POD = f"tensafe/{NAMES['x2v9k']}"


def part(*texts: str, **more: object) -> LogPart:
    return LogPart(lines=tuple(LogLine(T0, text) for text in texts), **more)  # type: ignore[arg-type]


def lines(app: WarRoomApp) -> list[str]:
    return [line for line in text_of(app, "LogPane .body") if line]


def head(app: WarRoomApp) -> str:
    return text_of(app, "LogPane .head")[0]


async def open_log(app: WarRoomApp, pilot: Pilot[None]) -> LogPane:
    await pilot.press("l")
    await until(pilot, lambda: bool(app.screen.query(LogPane)))
    return app.screen.query_one(LogPane)


async def test_l_on_a_pod_follows_its_log() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        assert "opening the log" in "\n".join(lines(app))
        await logs.says(part("INFO ready on :8000", "ERROR train_step failed"))
        await until(pilot, lambda: len(pane.lines.tape) == 2)
        assert lines(app)[0].endswith("02:52:18.000 ▏ INFO ready on :8000")
        assert "● following" in head(app)
        assert "container server, 1 of 2" in head(app)
        assert logs.read_of == [(POD, "server", False)]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LiveScreen))
        await until(pilot, lambda: logs.left == 1)


async def test_it_follows_the_end_until_somebody_moves_and_again_from_the_end_on() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(part(*(f"line {n}" for n in range(200))))
        await until(pilot, lambda: len(pane.lines.tape) == 200)
        assert lines(app)[-1].endswith("line 199")
        await pilot.press("k", "k")
        await logs.says(part(*(f"line {n}" for n in range(200, 300))))
        await until(pilot, lambda: len(pane.lines.tape) == 300)
        assert "open, G follows" in head(app)
        assert any(line.startswith("▌") and line.endswith("line 197") for line in lines(app))
        await pilot.press("G")
        assert lines(app)[-1].endswith("line 299")
        assert "● following" in head(app)


async def test_what_one_reads_stays_while_the_oldest_lines_fall_off() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(part(*(f"line {n}" for n in range(9_990))))
        await until(pilot, lambda: len(pane.lines.tape) == 9_990)
        await pilot.press("pageup")
        here = next(line for line in lines(app) if line.startswith("▌"))
        at = lines(app).index(here)
        await logs.says(part(*(f"more {n}" for n in range(500))))
        await until(pilot, lambda: pane.lines.tape.lost == 490)
        assert lines(app)[at] == here
        assert "10,000 lines, 490 older ones let go" in head(app)


async def test_a_search_keeps_what_it_finds_and_enter_shows_where_it_stands() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(part(*(f"{'ERROR' if n % 50 == 7 else 'INFO'} line {n}" for n in range(200))))
        await until(pilot, lambda: len(pane.lines.tape) == 200)
        await pilot.press("slash", *"error line", "enter")
        assert len(lines(app)) == 4
        assert "/error line 4" in head(app)
        await pilot.press("g", "enter")
        await pilot.pause()
        assert any(line.startswith("▌") and line.endswith("ERROR line 7") for line in lines(app))
        assert any(line.endswith("INFO line 8") for line in lines(app))


async def test_esc_takes_the_search_away_first() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(part("a", "b"))
        await until(pilot, lambda: len(pane.lines.tape) == 2)
        await pilot.press("slash", "z", "enter")
        assert "no line is found by /z" in "\n".join(lines(app))
        await pilot.press("escape")
        assert len(lines(app)) == 2
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LiveScreen))


async def test_the_previous_run_and_the_other_container_are_a_key_away() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(part("now"))
        await until(pilot, lambda: len(pane.lines.tape) == 1)
        await pilot.press("P")
        await until(pilot, lambda: logs.read_of[-1] == (POD, "server", True))
        await logs.says(part("then", ended=True))
        await until(pilot, lambda: len(pane.lines.tape) == 2)
        assert "the run before" in head(app)
        assert "ended" in head(app)
        assert not any("now" in line for line in lines(app))
        await pilot.press("P", "tab")
        await until(pilot, lambda: logs.read_of[-1] == (POD, "proxy", False))
        assert logs.left == len(logs.read_of) - 1


async def test_trouble_a_gap_and_a_pod_that_is_gone_are_told() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(LogPart(trouble="forbidden\nuser ada may not read logs in tensafe\nask for pods/log"))
        await until(pilot, lambda: pane.opened)
        assert "✗ forbidden" in head(app)
        assert "user ada may not read logs in tensafe" in "\n".join(lines(app))
        await logs.says(part("a"))
        await logs.says(part("b", gap=True))
        await until(pilot, lambda: len(pane.lines.tape) == 3)
        assert "▲ GAP: lines may be missing here" in lines(app)[1]
        await pilot.press("escape")
        logs.names = ()
        pane = await open_log(app, pilot)
        assert "not there any more" in "\n".join(lines(app))


async def test_hostile_lines_do_nothing() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(part("\x1b]0;evil\x07\x1b[2J[@click=app.leave]x[/] \u202eabc \x9b31m", "\x00\udcff", "x" * 100_000))
        await until(pilot, lambda: len(pane.lines.tape) == 3)
        assert all(line.isprintable() for line in text_of(app, "LogPane .body"))
        await pilot.click("LogPane .body", offset=(30, 0))
        assert app.is_running


async def test_a_line_is_pinned_with_its_neighbours() -> None:
    logs = Logs()
    async with opened(logs=logs) as (app, pilot):
        pane = await open_log(app, pilot)
        await logs.says(part(*(f"line {n}" for n in range(40))))
        await until(pilot, lambda: len(pane.lines.tape) == 40)
        await pilot.press("p")
        await until(pilot, lambda: bool(app.room.asked))  # type: ignore[attr-defined]
        (act,) = app.room.asked  # type: ignore[attr-defined]
        assert isinstance(act, Pin)
        assert (act.what, act.name) == ("log", f"{NAMES['x2v9k']}/server")
        assert act.text.splitlines()[0] == "line 39"
        assert len(act.text.splitlines()) == 2 + 11
