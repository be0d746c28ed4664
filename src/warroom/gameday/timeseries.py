"""The service's metrics at any time of the past: what a Prometheus would have stored, worked out when asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from warroom.gameday.exposition import Measured, families
from warroom.gameday.figures import RETAINED, Load
from warroom.gameday.resources import DEPLOYMENTS
from warroom.gameday.simulation import Simulation
from warroom.gameday.usage import cores, memory

FRESH = timedelta(minutes=5)
"""A value that is older is none."""
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    labels: Labels
    value: float
    counter: bool


class Timeseries:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        space = simulation.scenario.world.namespace
        job = simulation.scenario.metrics.workload if simulation.scenario.metrics is not None else ""
        self.target = {"instance": "gateway", "job": job, "namespace": space}

    def at(self, moment: datetime) -> list[Sample]:
        """All values, counters as they stood."""
        now = self._simulation.agenda.now
        figures, meters = self._simulation.figures, self._simulation.meters
        if figures is None or meters is None or not now - RETAINED <= moment <= now + FRESH:
            return []
        meters.settle(now)
        load = Load()
        load.add(meters.whole)
        load.add(figures.between(moment, now), -1.0)
        return list(self._samples(load, min(moment, now)))

    def within(self, start: datetime, end: datetime) -> tuple[list[Sample], float]:
        """What the counters grew by, and in how many seconds; gauges as they were at the end."""
        now, figures = self._simulation.agenda.now, self._simulation.figures
        first, last = max(start, now - RETAINED), min(end, now)
        if figures is None or last <= first:
            return [], 0.0
        return list(self._samples(figures.between(first, last), last)), (last - first).total_seconds()

    def history(self, past: timedelta, step: timedelta) -> Iterator[tuple[datetime, list[Sample]]]:
        """Counters that never go back, and end where those of now stand: for whoever stores them."""
        now, figures, meters = self._simulation.agenda.now, self._simulation.figures, self._simulation.meters
        if figures is None or meters is None:
            return
        meters.settle(now)
        moments = [now - step * n for n in range(past // step, -1, -1)]
        grown = [figures.between(before, after) for before, after in pairwise(moments)]
        load = Load()
        load.add(meters.whole)
        for part in grown:
            load.add(part, -1.0)
        for moment, part in zip(moments[1:], grown, strict=True):
            load.add(part)
            yield moment, list(self._samples(load.whole(), moment))

    def measured(self, load: Load, moment: datetime) -> Measured:
        """Of all pods together."""
        figures = self._simulation.figures
        assert figures is not None
        found = self._simulation.world.get(DEPLOYMENTS, self._simulation.scenario.world.namespace, figures.plan.workload)
        spec = found.object["spec"] if found is not None else None
        container = spec["template"]["spec"]["containers"][0] if spec else {}
        limits, many = container.get("resources", {}).get("limits", {}), spec["replicas"] if spec else 0
        current = figures.at(moment)
        return Measured(
            load=load,
            now=current,
            connections=current.connections,
            cores=cores(limits.get("cpu", "")) * many,
            memory=memory(limits.get("memory", "")) * many * 0.6,
            started=self._simulation.start,
            container=container.get("name", ""),
        )

    def _samples(self, load: Load, moment: datetime) -> Iterator[Sample]:
        assert self._simulation.scenario.metrics is not None
        for family in families(self._simulation.scenario.metrics, self.measured(load, moment)):
            counter = family.type in ("counter", "histogram")
            for sample in family.samples:
                yield Sample(sample.name, {**self.target, **sample.labels}, float(sample.value), counter)
        yield Sample("up", self.target, 1.0, False)
