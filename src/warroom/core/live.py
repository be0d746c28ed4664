"""What is measured now, as far as a message can be held against it."""

from datetime import datetime, timedelta

import msgspec

from warroom.core.entries import Observed
from warroom.core.incident import Incident
from warroom.core.readings import World

FRESH = timedelta(minutes=3)
"""A sample of the watch that is older says nothing about now."""


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """`errors` is a ratio, latencies are seconds; None: not known. `names` are those of the cluster, which no public text may say."""

    errors: float | None = None
    p95: float | None = None
    normal: float | None = None
    ready: float | None = None
    wanted: float | None = None
    names: frozenset[str] = frozenset()


def live_of(world: World, now: datetime) -> Live:
    """What this console measures; stale figures are none."""
    values: dict[str, float | None] = {}
    normal = None
    if world.metrics.state(now) == "live":
        values = {one.id: one.value for one in world.metrics.value}
        normal = next((one.baseline for one in world.metrics.value if one.id == "p95"), None)
    ready = wanted = None
    deployments = world.deployments.value
    if deployments and world.deployments.state(now) == "live":
        ready, wanted = float(sum(one.ready for one in deployments)), float(sum(one.replicas for one in deployments))
    pods = [name for pod in world.pods.value for name in (pod.name, pod.node) if name]
    return Live(
        errors=values.get("errors"),
        p95=values.get("p95"),
        normal=normal,
        ready=ready,
        wanted=wanted,
        names=frozenset((*pods, *(one.name for one in deployments if "-" in one.name))),
    )


def recorded(incident: Incident, now: datetime) -> Live:
    """What the watch wrote down last; the names are those that were pinned or seen."""
    sample: dict[str, float | None] = {}
    for entry in reversed(incident.entries):
        if isinstance(entry.fact, Observed) and entry.fact.what == "sample":
            sample = dict(entry.fact.values) if now - entry.at <= FRESH else {}
            break
    normals = (entry.fact for entry in incident.observed.values() if isinstance(entry.fact, Observed) and entry.fact.what == "baseline")
    normal = next((dict(fact.values).get("p95") for fact in normals), None)
    return Live(errors=sample.get("errors"), p95=sample.get("p95"), normal=normal, ready=sample.get("ready"), wanted=sample.get("wanted"))
