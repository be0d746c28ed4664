"""The figures: against the runbook, against what is normal, and never 0 where nothing is known."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as struct_replace

from hand import T0
from look.scene import FIGURES, HEALTH, ago, given, opened
from ui.console import good, text_of, until
from warroom.core.acts.evidence import Pin
from warroom.core.readings import Reading
from warroom.ui.app import WarRoomApp
from warroom.ui.panes.metrics import MetricsPane
from warroom.ui.screens.plot import PlotScreen


def head(app: WarRoomApp) -> str:
    return text_of(app, "#metrics .head")[0]


def row(app: WarRoomApp, name: str) -> str:
    return next(line for line in text_of(app, "#metrics .body") if line.strip().startswith(name))


def pane(app: WarRoomApp) -> MetricsPane:
    return app.screen.query_one(MetricsPane)


def column(app: WarRoomApp, name: str) -> int:
    kept, widths = pane(app).table.fitted(pane(app).table.size.width - 1)
    at = [one.name for one in kept].index(name)
    return 1 + sum(widths[:at]) + at


async def test_value_level_threshold_factor_and_age() -> None:
    async with opened() as (app, _):
        errors = row(app, "Error rate").split()
        assert errors[:5] == ["Error", "rate", "14.2", "%", "P2"]
        assert "> 10 % is P2, 47.3x" in row(app, "Error rate")
        assert "> 5x is P2, 6.1x" in row(app, "P95 latency")
        assert "1,890 ms" in row(app, "P95 latency")
        assert row(app, "Error rate").endswith("2s")
        assert "normal 262/s" in row(app, "Traffic")
        assert "2 in P2 range" in head(app)


async def test_what_is_in_a_range_stands_first_then_what_does_not_answer() -> None:
    async with opened() as (app, _):
        assert list(pane(app).table.order)[:3] == ["errors", "p95", "pods /health"]


async def test_sparklines_of_figures_and_logs_stand_under_one_mark() -> None:
    async with opened() as (app, _):
        axis = text_of(app, "#metrics .body")[0]
        assert "┆02:31 r42" in axis
        errors = next(line for line in text_of(app, "#errors .body") if "train_step" in line)
        assert row(app, "Error rate").index("▁") == errors.index("▁")
        assert axis.index("┆") - row(app, "Error rate").index("▁") == 8


@pytest.mark.parametrize("why", ["no data", "no traffic", "NaN", "needs a second sample"])
async def test_what_is_not_known_is_said_in_words_and_is_no_value(why: str) -> None:
    figures = tuple(struct_replace(one, value=None, why=why) if one.id == "errors" else one for one in FIGURES)
    async with opened(metrics=good(figures, T0)) as (app, _):
        told = row(app, "Error rate")
        assert why[:10] in told
        assert "P2" not in told[: column(app, "past")]
        assert " 0" not in told[: column(app, "past")]
        assert "? 1 unknown" in head(app)


async def test_a_gap_of_the_past_is_blank() -> None:
    holes = tuple((at, None if 20 < n < 30 else value) for n, (at, value) in enumerate(FIGURES[1].points))
    figures = (struct_replace(FIGURES[1], points=holes),)
    async with opened(metrics=good(figures, T0)) as (app, _):
        start = column(app, "past")
        cells = row(app, "Error rate")[start : start + 30]
        assert "    " in cells.strip()


async def test_columns_give_way_in_the_order_of_the_design() -> None:
    for size, kept in (
        ((160, 48), "name value level past trend threshold age"),
        ((120, 36), "name value level past threshold"),
        ((80, 24), "name value level past threshold"),
        ((60, 40), "name value level past"),
    ):
        async with opened(size) as (app, pilot):
            await pilot.press("1")
            await pilot.pause()
            columns, _ = pane(app).table.fitted(pane(app).table.size.width - 1)
            assert " ".join(one.name for one in columns) == kept


async def test_health_by_endpoint_with_the_worst_answer() -> None:
    async with opened((240, 60)) as (app, _):
        pods, public = row(app, "/health "), row(app, "public")
        assert "3 /4" in pods
        assert "✗ 500 x2v9k" in pods
        assert "slowest 12 ms" in pods
        assert "200" in public
        assert "184 ms" in public
        assert "✗ health" in head(app)


async def test_health_alone_is_shown_while_no_figure_is_there() -> None:
    async with opened(metrics=Reading((), progress="asking prometheus")) as (app, _):
        assert "3 /4" in row(app, "/health ")
        assert "loading" in head(app)


async def test_trouble_says_what_to_do() -> None:
    trouble = "no answer\nPrometheus http://10.0.0.9:9090 did not answer within 5 s\nlook at the VPN"
    async with opened(metrics=Reading((), trouble=trouble), health=good((), T0)) as (app, _):
        assert "✗ no answer" in head(app)
        assert "? unknown" in head(app)
        assert any("did not answer within 5 s" in line for line in text_of(app, "#metrics .body"))


async def test_stale_figures_keep_their_minutes_and_say_how_old_they_are() -> None:
    async with opened(metrics=replace(good(FIGURES, ago(seconds=90)), trouble="no answer\nx\ny")) as (app, _):
        assert "stale" in head(app)
        assert pane(app).has_class("-stale")
        past = pane(app).past()
        assert past is not None
        assert past.end == ago(seconds=90)


async def test_nothing_measured_says_how_to_get_it() -> None:
    async with opened(metrics=good((), T0), health=good((), T0)) as (app, _):
        assert any("--prometheus" in line for line in text_of(app, "#metrics .body"))


async def test_enter_opens_the_plot_and_esc_leads_back() -> None:
    async with opened() as (app, pilot):
        await pilot.press("1", "enter")
        await until(pilot, lambda: isinstance(app.screen, PlotScreen))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, PlotScreen))
        assert pane(app).table.cursor == "errors"


async def test_enter_on_a_health_row_tells_every_answer() -> None:
    async with opened() as (app, pilot):
        await pilot.press("1", "j", "j", "enter")
        await until(pilot, lambda: bool(app.screen.query("DescribePane")))
        told = "\n".join(text_of(app, "DescribePane .body"))
        assert told.count("tensafe-server") == 4
        assert '▏ {"status": "unhealthy"}' in told


async def test_p_pins_the_figure_with_its_numbers() -> None:
    async with opened() as (app, pilot):
        await pilot.press("1", "p")
        await until(pilot, lambda: bool(app.room.asked))  # type: ignore[attr-defined]
        (act,) = app.room.asked  # type: ignore[attr-defined]
        assert isinstance(act, Pin)
        assert (act.what, act.name) == ("metric", "Error rate")
        assert act.text.splitlines()[0] == "14.2 %, 47.3x normal, > 10 % is P2, prometheus"


async def test_a_unit_of_ones_own_stays_beside_its_figure() -> None:
    own = struct_replace(FIGURES[0], id="queue", title="Queue depth of all workers", unit="jobs waiting", value=12_345.0)
    async with opened(metrics=good((own,), T0)) as (app, pilot):
        await given(app, pilot, "health", good(HEALTH[:1], T0))
        assert "Queue depth o… 12,345 job…" in row(app, "Queue")


async def test_the_header_tells_the_two_that_matter_whole_or_not_at_all() -> None:
    for size, told in (
        ((160, 48), "errors 14.2 % · P95 6.1x normal"),
        ((120, 36), "errors 14.2 % · P95 6.1x"),
        ((80, 24), "errors 14.2 %"),
    ):
        async with opened(size) as (app, _):
            line = next(line for line in text_of(app, "#header") if "ready" in line)
            assert told in line
            assert "…" not in line
