"""The runbook's criteria decided by what is measured: true, false, unknown, or a human's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from warroom.core.figures import NAMES, RATIO, lasting, spelled
from warroom.core.holds import GAP, HOLD, Run, follow
from warroom.core.readings import Series, Verdict, World
from warroom.core.service import readiness
from warroom.runbook.measures import SERVICE, Bound, Measure, measures
from warroom.runbook.model import Item, Runbook

Runs = Mapping[str, Run]
"""How every condition has fared so far."""
Samples = Sequence[tuple[datetime, float | None]]
NOW = timedelta(0)
ALSO_CALLED = {"cpu": ("saturation",)}
"""Series that measure the same where there is none of that name."""


def judge(
    runbook: Runbook, world: World, normal: Mapping[str, float], before: Runs, now: datetime, gap: timedelta = GAP
) -> tuple[Runs, tuple[Verdict, ...]]:
    """The runs with what is new in the world, and the verdicts in the runbook's order.

    `normal` are the baselines that were frozen, by series; they go before what a series says itself.
    """
    bench, read = _Bench(runbook, world, normal, before, now, gap), measures(runbook)
    verdicts = []
    for level, item in asked(runbook):
        words = Verdict(id=item.id, criterion=item.text, section=_heading(runbook, item.line), level=level, line=item.line, verdict="human")
        wanted = read.get(item.id)
        verdicts.append(_told(words, [bench.outcome(f"{item.id} {n}", one) for n, one in enumerate(wanted)]) if wanted else words)
    return bench.runs, tuple(verdicts)


def asked(runbook: Runbook) -> Iterator[tuple[str, Item]]:
    """Every trigger and every criterion, with the level that it speaks for."""
    for item in runbook.declaration.triggers:
        yield "", item
    for severity in sorted(runbook.severities, key=lambda severity: severity.rank):
        for item in severity.criteria:
            yield severity.level, item


def _heading(runbook: Runbook, line: int) -> str:
    above = [heading for heading in runbook.headings if heading.line <= line]
    return above[-1].title if above else ""


class _Outcome(NamedTuple):
    believed: bool | None
    evidence: str
    figure: str = ""
    stood: bool = False
    since: datetime | None = None


def _told(words: Verdict, outcomes: Sequence[_Outcome]) -> Verdict:
    """Any alternative that is met will do; all must be denied for a no."""
    best = next((one for want in (True, None) for one in outcomes if one.believed is want), outcomes[0])
    said: Literal["true", "false", "unknown"] = "unknown" if best.believed is None else "true" if best.believed else "false"
    return Verdict(
        id=words.id,
        criterion=words.criterion,
        section=words.section,
        level=words.level,
        line=words.line,
        verdict=said,
        evidence=best.evidence,
        figure=best.figure,
        stood=best.believed is None and best.stood,
        since=best.since if best.believed else None,
    )


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


@dataclass
class _Bench:
    """One sitting: what it hears is in `world`, what it remembers in `before`, what it will remember in `runs`."""

    runbook: Runbook
    world: World
    normal: Mapping[str, float]
    before: Runs
    now: datetime
    gap: timedelta
    runs: dict[str, Run] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.series = {one.id: one for one in self.world.metrics.value}

    def outcome(self, key: str, measure: Measure) -> _Outcome:
        if measure.what == SERVICE:
            return self._service(key, measure)
        found = self._figure(key, measure)
        for n, besides in enumerate(measure.besides):
            other = self._figure(f"{key}/{n}", besides)
            evidence = found.evidence if found.believed is not True else f"{found.evidence}, {other.evidence}"
            found = _Outcome(_both(found.believed, other.believed), evidence, found.figure, found.stood and other.stood, found.since)
        return found

    def _follow(self, key: str, samples: Samples, test: Callable[[float], bool], hold: timedelta) -> Run:
        run = follow(self.before.get(key, Run()), samples, test, hold, gap=self.gap)
        self.runs[key] = run
        return run

    # Figures.

    def _figure(self, key: str, measure: Measure) -> _Outcome:
        series = self._series(measure.what)
        samples, why = self._samples(series, measure)
        hold = HOLD if measure.hold_seconds is None else timedelta(seconds=measure.hold_seconds)
        low, high = measure.low, measure.high
        # Between two bounds: above the lower one for long enough, and not above the upper one for as long.
        if low:
            run = self._follow(f"{key} low", samples, lambda value: _reaches(value, low), hold)
            passed = self._follow(f"{key} high", samples, lambda value: not _within(value, high), hold) if high else None
            believed = _both(run.settled, _opposite(passed.settled) if passed else True)
        else:
            run, passed = self._follow(f"{key} high", samples, lambda value: _within(value, high), hold), None
            believed = run.settled
        newest = max((at for at, value in samples if value is not None), default=None)
        value = next((value for at, value in reversed(samples) if value is not None and at == newest), None)
        if value is None or not run.young(self.now, self.gap):
            since = f" for {lasting((self.now - run.last).total_seconds())}" if run.last else ""
            last = f", last {_shown(measure, series, value)}" if value is not None else ""
            until = f", {_bounds(measure)} until then" if believed and not last else ""
            young = run.young(self.now, self.gap)
            gone = f"{_name(measure.what)}: {why or 'no data'}{since}{last}{until}"
            return _Outcome(believed if young else None, gone, stood=believed is True and not young)
        within = _reaches(value, low) and _within(value, high)
        if passed and passed.met:  # how long it has been above both, not how long above the lower one
            run = passed
        evidence = _evidence(measure, series, value, within, believed, run, hold)
        return _Outcome(believed, evidence, _shown(measure, series, value), since=_began(run) if within else None)

    def _series(self, what: str) -> Series | None:
        return next((self.series[id] for id in (what, *ALSO_CALLED.get(what, ())) if id in self.series), None)

    def _samples(self, series: Series | None, measure: Measure) -> tuple[Samples, str]:
        """In the unit of the measure, oldest first; and why there is none, or none now."""
        if series is None:
            trouble = self.world.metrics.trouble.partition("\n")[0]
            return (), trouble or ("not measured" if self.world.metrics.at else "no data yet")
        if measure.unit == "x":
            normal = self.normal.get(series.id, series.baseline)
            if not normal:
                return (), "what is normal is not known"
            scale = 1 / normal
        elif measure.unit == series.unit or measure.unit == RATIO == UNIT_OF.get(series.id):
            scale = 1.0
        else:
            return (
                (),
                f"measured in {series.unit or 'numbers'}, not in {'per cent' if measure.unit == RATIO else measure.unit or 'numbers'}",
            )
        points = [*series.points, *([(series.at, series.value)] if series.at else [])]
        return [(at, None if value is None else value * scale) for at, value in sorted(points, key=lambda point: point[0])], series.why

    # The service as a whole.

    def _service(self, key: str, measure: Measure) -> _Outcome:
        """R19: no ready pod, or every request failing. That nobody asks any more hints at an outage, too."""
        found, errors = readiness(self.runbook, self.world), self.series.get("errors")
        hold = NOW if measure.hold_seconds is None else timedelta(seconds=measure.hold_seconds)
        pods: Samples = ()
        if found is not None:
            (up, _), reading = found
            at = reading.at if reading.trouble else self.now
            pods = [(at, float(up))] if at else ()
        down = self._follow(f"{key} pods", pods, lambda ready: ready == 0, hold)
        failing, _ = self._samples(errors, _EVERY) if errors else ((), "")
        broken = self._follow(f"{key} errors", failing, lambda share: share >= 1, max(hold, HOLD))
        if broken.settled and broken.young(self.now, self.gap):
            words = _evidence(_EVERY, errors, 1.0, broken.met, True, broken, max(hold, HOLD))
            return _Outcome(True, words, "100 %", since=_began(broken) if broken.met else None)
        if found is None or not down.young(self.now, self.gap):
            since = f" for {lasting((self.now - down.last).total_seconds())}" if down.last else ""
            trouble = (self.world.deployments.trouble or self.world.pods.trouble).partition("\n")[0]
            return _Outcome(None, f"ready pods: {trouble or 'no data'}{since}", stood=down.settled is True)
        told = f"{found[0].ready} of {found[0].wanted} ready"
        if down.settled is False and not down.met and errors is not None and errors.value is None and errors.why == NO_TRAFFIC:
            return _Outcome(None, f"{told}, but no traffic: look whether anybody reaches it", told)
        if down.met:
            of = f" of {lasting(hold.total_seconds())}" if down.settled is not True else ""
            told_for = f"{told} for {lasting(down.seconds)}{of}" if down.seconds >= 1 or of else told
            return _Outcome(down.settled, told_for, told, since=_began(down))
        if down.settled:
            return _Outcome(True, f"{told} again for {lasting(down.seconds)} of {lasting(HOLD.total_seconds())}: not over yet", told)
        return _Outcome(False, told, told)


NO_TRAFFIC = "no traffic"
UNIT_OF = {"errors": RATIO, "saturation": RATIO, "cpu": RATIO, "memory": RATIO, "disk": RATIO}
_EVERY = Measure(what="errors", unit="ratio", low=Bound(value=1.0, inclusive=True))


def _opposite(settled: bool | None) -> bool | None:
    return None if settled is None else not settled


def _began(run: Run) -> datetime | None:
    return run.last - timedelta(seconds=round(run.seconds)) if run.last else None


def _reaches(value: float, low: Bound | None) -> bool:
    return low is None or value > low.value or (low.inclusive and value == low.value)


def _within(value: float, high: Bound | None) -> bool:
    return high is None or value < high.value or (high.inclusive and value == high.value)


# In words.


def _name(what: str) -> str:
    return NAMES.get(what, what)


def _shown(measure: Measure, series: Series | None, value: float) -> str:
    return spelled(value, measure.unit or (series.unit if series else ""))


def _bounds(measure: Measure) -> str:
    low, high = measure.low, measure.high
    if low and high:
        return f"{spelled(low.value, measure.unit)} to {spelled(high.value, measure.unit)}"
    if low:
        return f"{'≥' if low.inclusive else '>'} {spelled(low.value, measure.unit)}"
    return f"{'≤' if high and high.inclusive else '<'} {spelled(high.value if high else 0.0, measure.unit)}"


def _evidence(measure: Measure, series: Series | None, value: float, within: bool, believed: bool | None, run: Run, hold: timedelta) -> str:
    """`error rate 14.2 % > 10 % for 5 min`; what is not decided yet says how long of how long."""
    normal = " normal" if measure.unit == "x" else ""
    head = f"{_name(measure.what)} {_shown(measure, series, value)}{normal}"
    held = lasting(run.seconds)
    bounds = _bounds(measure)
    if within:
        joined = f"{head} {'is ' if measure.low and measure.high else ''}{bounds} for {held}"
        return joined if believed else f"{joined} of {lasting(hold.total_seconds())}"
    if believed:
        return f"{head}, not {bounds} for {held} of {lasting(HOLD.total_seconds())}: not over yet"
    if believed is None:
        return f"{head}, not {bounds} for {held} of {lasting(hold.total_seconds())}"
    return f"{head}, not {bounds}"
