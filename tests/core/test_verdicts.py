"""Criteria decided from what is measured."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from hand import T0
from warroom.core.holds import Run
from warroom.core.readings import Deployment, Reading, Series, Verdict, World
from warroom.core.verdicts import judge
from warroom.library import default_runbook, read_text
from warroom.runbook.model import Command, Declaration, Item, Playbook, Runbook, Severity, Step

SHIPPED = read_text(*default_runbook())


def item(id: str, text: str) -> Item:
    return Item(id=id, text=text, line=1)


BOOK = Runbook(
    declaration=Declaration(triggers=(item("slow", "P95 latency exceeds 500ms for 5+ minutes"),)),
    severities=(
        Severity(level="P1", rank=1, criteria=(item("down", "Complete service unavailability"), item("all", "All customers affected"))),
        Severity(level="P2", rank=2, criteria=(item("p2", "Error rate > 10%"), item("p2.slow", "P95 latency > 5x normal"))),
        Severity(level="P3", rank=3, criteria=(item("p3", "Error rate 1-10%"), item("p3.slow", "P95 latency 2-5x normal"))),
        Severity(level="P4", rank=4, criteria=(item("p4", "Minor performance degradation"),)),
    ),
)


def deployment(ready: int, wanted: int = 6, name: str = "tensafe-server") -> Deployment:
    return Deployment(
        key=f"tensafe/{name}", namespace="tensafe", name=name, replicas=wanted, ready=ready, updated=ready, revision=1, revisions=()
    )


class Court:
    """Hears a world every 15 seconds."""

    def __init__(self, book: Runbook = BOOK, normal: Mapping[str, float] | None = None) -> None:
        self.book, self.normal, self.now = book, normal or {}, T0
        self.runs: Mapping[str, Run] = {}
        self.verdicts: tuple[Verdict, ...] = ()

    def hears(self, seconds: float = 0, ready: int | None = 6, why: str = "", trouble: str = "", **figures: float | None) -> "Court":
        for _ in range(int(seconds // 15) or 1):
            self.now += timedelta(seconds=15)
            series = tuple(series_of(id, value, self.now, why) for id, value in figures.items())
            self.sits(World(metrics=Reading(series, self.now, trouble), deployments=self.pods(ready)))
        return self

    def pods(self, ready: int | None) -> Reading[tuple[Deployment, ...]]:
        return Reading((deployment(ready),), self.now) if ready is not None else Reading(())

    def sits(self, world: World) -> "Court":
        self.runs, self.verdicts = judge(self.book, world, self.normal, self.runs, self.now)
        return self

    def says(self, id: str) -> str:
        return self.one(id).verdict

    def one(self, id: str) -> Verdict:
        return next(verdict for verdict in self.verdicts if verdict.id == id)


def series_of(id: str, value: float | None, at: datetime, why: str = "", baseline: float | None = None) -> Series:
    unit = {"errors": "ratio", "requests": "1/s", "saturation": "ratio"}.get(id, "s")
    return Series(id=id, title=id, unit=unit, value=value, why=why or ("" if value is not None else "no data"), at=at, baseline=baseline)


def test_five_minutes_of_a_breach_and_five_minutes_without_it() -> None:
    court = Court().hears(60, errors=0.003).hears(300, errors=0.142)
    assert (court.says("p2"), court.one("p2").evidence) == ("false", "error rate 14.2 % > 10 % for 4 min of 5 min")
    court.hears(errors=0.142)
    assert court.one("p2").evidence == "error rate 14.2 % > 10 % for 5 min"
    assert (court.says("p2"), court.one("p2").figure) == ("true", "14.2 %")
    assert court.one("p2").since == court.now - timedelta(minutes=5)
    court.hears(300, errors=0.004)
    assert court.says("p2") == "true"
    assert court.one("p2").evidence == "error rate 0.4 %, not > 10 % for 4 min of 5 min: not over yet"
    court.hears(errors=0.004)
    assert (court.says("p2"), court.one("p2").evidence) == ("false", "error rate 0.4 %, not > 10 %")


def test_history_counts_at_once() -> None:
    points = tuple((T0 - timedelta(seconds=15 * n), 0.142 if n < 24 else 0.003) for n in range(60, 0, -1))
    errors = replace_points(series_of("errors", 0.142, T0), points)
    court = Court()
    court.now = T0
    assert court.sits(World(metrics=Reading((errors,), T0))).says("p2") == "true"


def replace_points(series: Series, points: tuple[tuple[datetime, float | None], ...]) -> Series:
    return Series(id=series.id, title=series.title, unit=series.unit, value=series.value, at=series.at, points=points)


@pytest.mark.parametrize(
    ("share", "met"),
    [(0.005, []), (0.01, ["p3"]), (0.05, ["p3"]), (0.1, ["p3"]), (0.1001, ["p2"]), (0.5, ["p2"]), (0.99, ["p2"]), (1.0, ["down", "p2"])],
)
def test_boundaries_of_the_error_rate(share: float, met: list[str]) -> None:
    court = Court().hears(60, errors=0.0).hears(330, errors=share)
    assert [verdict.id for verdict in court.verdicts if verdict.verdict == "true"] == met


@pytest.mark.parametrize(
    ("seconds", "met"),
    [(0.3, []), (0.55, ["slow", "p4"]), (0.6, ["slow", "p3.slow"]), (1.5, ["slow", "p3.slow"]), (1.51, ["slow", "p2.slow"])],
)
def test_boundaries_of_latency_against_what_is_normal(seconds: float, met: list[str]) -> None:
    court = Court(normal={"p95": 0.3}).hears(60, p95=0.2).hears(330, p95=seconds)
    assert [verdict.id for verdict in court.verdicts if verdict.verdict == "true"] == met


def test_what_is_normal_is_what_was_frozen() -> None:
    series = series_of("p95", 1.2, T0, baseline=1.0)
    court = Court(normal={"p95": 0.2})
    court.now = T0
    for _ in range(22):
        court.now += timedelta(seconds=15)
        series = series_of("p95", 1.2, court.now, baseline=1.0)
        court.sits(World(metrics=Reading((series,), court.now)))
    assert court.one("p2.slow").evidence == "P95 6x normal > 5x for 5 min"
    assert court.says("p2.slow") == "true"


def test_without_a_normal_nothing_is_guessed() -> None:
    court = Court().hears(400, p95=3.0)
    assert (court.says("p2.slow"), court.one("p2.slow").evidence) == ("unknown", "P95: what is normal is not known")
    assert court.says("slow") == "true"
    assert court.says("p4") == "unknown"


def test_a_band_waits_until_its_upper_bound_is_passed_for_long_enough() -> None:
    court = Court().hears(60, errors=0.0).hears(330, errors=0.05)
    assert court.says("p3") == "true"
    court.hears(120, errors=0.2)
    assert (court.says("p3"), court.says("p2")) == ("true", "false")
    assert court.one("p3").evidence == "error rate 20 %, not 1 % to 10 % for 1 min of 5 min: not over yet"
    court.hears(240, errors=0.2)
    assert (court.says("p3"), court.says("p2")) == ("false", "true")


def test_what_flaps_around_a_bound_changes_no_verdict() -> None:
    court = Court().hears(60, errors=0.0).hears(330, errors=0.05)
    for n in range(60):
        court.hears(errors=0.09 if n % 2 else 0.11)
        assert (court.says("p3"), court.says("p2")) == ("true", "false")


def test_a_gap_is_unknown_and_clears_nothing() -> None:
    court = Court().hears(60, errors=0.0).hears(330, errors=0.142)
    court.hears(60, errors=None)
    assert (court.says("p2"), court.one("p2").evidence) == ("true", "error rate: no data for 1 min, > 10 % until then")
    court.hears(60, errors=None)
    one = court.one("p2")
    assert (one.verdict, one.stood) == ("unknown", True)
    assert one.evidence == "error rate: no data for 2 min, > 10 % until then"
    assert court.hears(errors=0.142).says("p2") == "true"


def test_no_traffic_is_no_health() -> None:
    court = Court().hears(60, errors=0.0).hears(120, errors=None, why="no traffic")
    assert (court.says("p2"), court.says("down")) == ("unknown", "unknown")
    assert court.one("p2").evidence == "error rate: no traffic for 2 min"
    assert court.one("down").evidence == "6 of 6 ready, but no traffic: look whether anybody reaches it"


def test_nothing_measured_is_said_with_its_reason() -> None:
    court = Court().sits(World())
    assert court.one("p2").evidence == "error rate: no data yet"
    assert court.says("down") == "unknown"
    court.hears(trouble="no answer\nprometheus does not answer")
    assert court.one("p2").evidence == "error rate: no answer"
    assert court.hears().one("p2").evidence == "error rate: not measured"
    assert [verdict.verdict for verdict in court.verdicts if verdict.id == "all"] == ["human"]


def test_no_ready_pod_is_an_outage_at_once() -> None:
    court = Court().hears(60)
    assert (court.says("down"), court.one("down").evidence) == ("false", "6 of 6 ready")
    assert court.hears(ready=0).says("down") == "true"
    assert court.hears(60, ready=0).one("down").evidence == "0 of 6 ready for 1 min"
    assert court.hears(285, ready=2).one("down").evidence == "2 of 6 ready again for 4 min of 5 min: not over yet"
    assert court.hears(60, ready=2).says("down") == "false"


def test_pods_that_nobody_reads_any_more_are_unknown() -> None:
    court = Court().hears(60, ready=0)
    old = Reading((deployment(0),), court.now, "no answer")
    court.now += timedelta(seconds=100)
    court.sits(World(deployments=old))
    assert (court.says("down"), court.one("down").stood) == ("unknown", True)
    assert court.one("down").evidence == "ready pods: no answer for 1 min"


def test_the_service_is_what_the_commands_name_most() -> None:
    command = Command(command="kubectl rollout undo deployment/api -n x", line=3, block_line=3)
    book = Runbook(
        severities=BOOK.severities,
        playbooks=(Playbook(title="Down", line=1, steps=(Step(title="Roll back", line=2, commands=(command,)),)),),
    )
    court = Court(book)
    court.sits(World(deployments=Reading((deployment(3, name="worker"), deployment(0, name="api")), T0)))
    assert court.one("down").evidence == "0 of 6 ready"


def test_the_shipped_runbook_says_which_are_a_humans() -> None:
    court = Court(SHIPPED).sits(World())
    assert [verdict.verdict for verdict in court.verdicts].count("human") == 21
    assert {verdict.section for verdict in court.verdicts if verdict.level == "P2"} == {
        next(heading.title for heading in SHIPPED.headings if heading.title.startswith("P2"))
    }
    assert all(verdict.line for verdict in court.verdicts)


def test_a_unit_that_does_not_fit_is_told() -> None:
    book = replace_text("DB connections > 80%")
    court = Court(book).sits(World(metrics=Reading((Series(id="connections", title="", unit="", value=90, at=T0),), T0)))
    assert court.one("x").evidence == "connections: measured in numbers, not in per cent"


def test_alternatives_need_one() -> None:
    court = Court(replace_text("Error rate > 5% or p99 latency > 2s")).hears(60, errors=0.0, p99=0.1).hears(330, errors=0.0, p99=3.0)
    assert (court.says("x"), court.one("x").evidence) == ("true", "P99 3,000 ms > 2,000 ms for 5 min")
    court = Court(replace_text("Error rate > 5% or p99 latency > 2s")).hears(60, errors=0.0)
    assert court.says("x") == "unknown"


def replace_text(text: str) -> Runbook:
    return Runbook(severities=(Severity(level="P1", rank=1, criteria=(item("x", text),)),))


def test_faster_time_has_wider_gaps() -> None:
    court = Court()
    for n in range(4):
        at = T0 + timedelta(seconds=300 * n)
        court.runs, court.verdicts = judge(
            BOOK, World(metrics=Reading((series_of("errors", 0.2, at),), at)), {}, court.runs, at, timedelta(seconds=1800)
        )
    assert court.says("p2") == "true"
