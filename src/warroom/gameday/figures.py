"""What the service does at a moment and over a span of time, as the series of the scenario say."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from warroom.gameday.plans import MetricsPlan
from warroom.gameday.series import GRAIN, Sample

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 5.0, 10.0)
"""Upper bounds of the latency, in seconds; the last one, +Inf, is all requests."""
FAILURES = (("500", 0.6), ("502", 0.3), ("503", 0.1))
"""As what a failed request is counted, and its share."""
GREATEST = 120
"""A span is looked at in so many places at most."""
RETAINED = timedelta(days=15)
"""So far back there is a history."""
_SPREAD = 0.8
"""Of the logarithm of the latency."""
_P95 = 1.6448536269514722
_MARKS = tuple(math.log(bound) / _SPREAD for bound in BUCKETS)
_ROOT = math.sqrt(2)
_SCALE = {"%": 0.01, "ms": 0.001}


@dataclass(frozen=True, slots=True)
class Moment:
    """Requests a second and the share of them that fails, the latency of 95 of 100, connections, and the share of the CPU's limit."""

    requests: float
    errors: float
    p95: float
    connections: float
    cpu: float


@dataclass(slots=True)
class Load:
    """What was done in a span of time, or since a start: counters."""

    status: dict[str, float] = field(default_factory=dict)
    buckets: list[float] = field(default_factory=lambda: [0.0] * len(BUCKETS))
    count: float = 0.0
    seconds: float = 0.0
    """Of latency, in all."""
    cpu: float = 0.0
    """Seconds of full use of the limit."""

    def add(self, other: "Load", times: float = 1.0) -> None:
        for status, count in other.status.items():
            self.status[status] = self.status.get(status, 0.0) + count * times
        self.buckets = [own + more * times for own, more in zip(self.buckets, other.buckets, strict=True)]
        self.count += other.count * times
        self.seconds += other.seconds * times
        self.cpu += other.cpu * times

    def of_one(self, pods: int) -> "Load":
        """The part of one pod: it shares the requests, while each uses its own CPU."""
        part = Load()
        part.add(self, 1 / pods)
        part.cpu = self.cpu
        return part

    def whole(self) -> "Load":
        """As a program counts them: no half requests."""
        return Load(
            status={status: float(int(count)) for status, count in self.status.items()},
            buckets=[float(int(count)) for count in self.buckets],
            count=float(int(self.count)),
            seconds=self.seconds,
            cpu=self.cpu,
        )


class Figures:
    """Random access to all times: history needs no memory. `down` says when nobody answered."""

    def __init__(
        self, plan: MetricsPlan, series: Callable[[str, datetime], Sample], speed: float, down: Callable[[datetime], bool]
    ) -> None:
        self.plan = plan
        self._series = series
        self._speed = speed
        self._down = down

    def at(self, moment: datetime) -> Moment:
        return Moment(
            requests=self._value(self.plan.requests, moment),
            errors=1.0 if self._down(moment) else min(1.0, self._value(self.plan.errors, moment)),
            p95=self._value(self.plan.latency, moment),
            connections=round(self._value(self.plan.connections, moment)),
            cpu=self._value(self.plan.cpu, moment),
        )

    def between(self, start: datetime, end: datetime) -> Load:
        """In real seconds, as whoever scrapes counts them."""
        load = Load()
        whole = (end - start).total_seconds()
        if whole <= 0:
            return load
        pieces = max(1, min(GREATEST, math.ceil(whole * self._speed / GRAIN)))
        piece = whole / pieces
        for n in range(pieces):
            self._pass(load, self.at(start + timedelta(seconds=piece * (n + 0.5))), piece)
        return load

    def _value(self, name: str, moment: datetime) -> float:
        if not name:
            return 0.0
        found = self._series(name, moment)
        return max(0.0, found.value * _SCALE.get(found.unit, 1.0))

    def _pass(self, load: Load, now: Moment, seconds: float) -> None:
        count = now.requests * seconds
        load.status["200"] = load.status.get("200", 0.0) + count * (1 - now.errors)
        for status, share in FAILURES:
            load.status[status] = load.status.get(status, 0.0) + count * now.errors * share
        load.count += count
        load.cpu += now.cpu * seconds
        if now.p95 > 0:
            around = _P95 - math.log(now.p95) / _SPREAD
            load.buckets = [had + count * _within(mark + around) for had, mark in zip(load.buckets, _MARKS, strict=True)]
            load.seconds += count * now.p95 * math.exp(_SPREAD * (_SPREAD / 2 - _P95))


def _within(mark: float) -> float:
    """The share of requests that took no longer: a log-normal distribution, whose 95th percentile is known."""
    return 0.5 * (1 + math.erf(mark / _ROOT))
