"""A figure over the whole incident, with what people did meanwhile."""

from datetime import timedelta

from msgspec.structs import replace
from textual.pilot import Pilot

from core.story import Story
from hand import T0
from look.scene import ALERTED, FIGURES, RUNBOOK, given, incident, opened
from ui.console import good, text_of, until
from warroom.core.history import points_of, span_of
from warroom.core.incident import Incident
from warroom.core.readings import Series
from warroom.ui.app import WarRoomApp
from warroom.ui.panes.plot import PlotPane


def picture(app: WarRoomApp) -> list[str]:
    return text_of(app, "PlotPane .picture")


def lines(app: WarRoomApp) -> list[str]:
    return [line for line in text_of(app, "PlotPane .body") if line]


async def open_plot(app: WarRoomApp, pilot: Pilot[None]) -> PlotPane:
    await pilot.press("1", "enter")
    await until(pilot, lambda: bool(app.screen.query(PlotPane)))
    await pilot.pause()
    return app.screen.query_one(PlotPane)


async def test_the_figure_with_its_threshold_and_the_timeline_on_it() -> None:
    async with opened() as (app, pilot):
        await open_plot(app, pilot)
        drawn = picture(app)
        assert any(line.strip().startswith("10 % P2 ─") for line in drawn)
        assert drawn[-2].strip().startswith("0 % ▃▃▃")
        assert "┆02:40" in drawn[-1]
        assert [line.split()[0] for line in (line.lstrip("▌ ") for line in lines(app))][:2] == ["a", "b"]
        first, alert = lines(app)[:2]
        assert "tensafe-server 2.8.0 → 2.8.1, revision 42" in first
        assert first.endswith("0.3 %")
        assert "the alert fired" in alert
        assert "ticked Error rate > 10%" in "\n".join(lines(app))
        assert "14.2 %, 47.3x" in text_of(app, "PlotPane .head")[0]


async def test_a_letter_stands_above_its_moment() -> None:
    async with opened() as (app, pilot):
        pane = await open_plot(app, pilot)
        letters = picture(app)[0]
        begin, end = pane.span()
        for moment in pane.moments()[:2]:
            column = letters.index(moment.letter)
            share = (moment.at - begin) / (end - begin)
            assert abs((column - 10) / (len(picture(app)[-1].ljust(158)) - 10) - share) < 0.02


async def test_it_follows_the_figure_and_says_when_it_is_measured_no_more() -> None:
    async with opened() as (app, pilot):
        await open_plot(app, pilot)
        await given(app, pilot, "metrics", good((replace(FIGURES[1], value=0.42),), T0))
        assert "42 %" in text_of(app, "PlotPane .head")[0]
        await given(app, pilot, "metrics", good((), T0))
        assert "no longer measured" in text_of(app, "PlotPane .head")[0]


async def test_in_a_small_terminal_it_is_whole() -> None:
    async with opened((80, 24)) as (app, pilot):
        await open_plot(app, pilot)
        assert len(picture(app)) >= 9
        assert all(len(line) <= 78 for line in picture(app))
        assert lines(app)


def test_before_what_is_known_of_it_the_watchs_samples_stand() -> None:
    figure = Series(id="errors", title="", unit="ratio", value=0.2, at=T0, points=((T0 - timedelta(minutes=1), 0.1),))
    assert points_of(figure, Incident()) == ((T0 - timedelta(minutes=1), 0.1), (T0, 0.2))
    story = Story(RUNBOOK, ALERTED)
    assert points_of(figure, story.incident) == points_of(figure, Incident())


def test_it_spans_the_incident_with_a_while_before_it() -> None:
    points = FIGURES[1].points
    begin, end = span_of(points, incident(), T0)
    assert (begin, end) == (ALERTED - timedelta(minutes=10), T0)
    assert span_of(points, Incident(), T0) == (points[0][0], T0)
