"""A scripted incident as a team writes it in TOML: the cluster, what goes wrong when, what heals it, what people should notice."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from warroom.gameday.logformats import Format
from warroom.gameday.templates import Template

SHIPPED = Path(__file__).parent / "scenarios"

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = re.compile(r"^([+-]?)((?:\d+(?:\.\d+)?[smhd])+)$")
_NAME = re.compile(r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")


class ScenarioTrouble(Exception):
    """A scenario cannot be played; its text is one sentence with file and key."""


class Span:
    """A time that passes in the scenario: `45s`, `1h30m`, `6d`, `-6m`."""

    # Not a dataclass: msgspec would look for a table in the file.
    __slots__ = ("seconds",)

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    @classmethod
    def read(cls, text: str) -> "Span":
        found = _SPAN.match(text.strip())
        if found is None:
            raise ValueError(f'"{text}" is no time; write 45s, 6m, 1h30m or 20d')
        total = sum(float(part[:-1]) * _UNITS[part[-1]] for part in re.findall(r"[\d.]+[smhd]", found[2]))
        return cls(-total if found[1] == "-" else total)


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file; a key that it does not know is an error."""


class Probe(_Part, frozen=True):
    path: str
    port: int
    every: Span = Span(10.0)


class Release(_Part, frozen=True):
    """One version of a deployment that was rolled out before the scenario starts."""

    image: str
    revision: int = 1
    age: Span = Span(86400.0)
    cause: str = ""


class Restarted(_Part, frozen=True):
    """The first pod has a past."""

    count: int
    ago: Span
    exit: int = 137
    reason: str = "OOMKilled"


class Workload(_Part, frozen=True, kw_only=True):
    """What deployments and stateful sets have in common."""

    name: str
    releases: tuple[Release, ...]
    """Oldest first; the last one runs."""
    container: str
    labels: dict[str, str]
    replicas: int = 1
    port: int = 0
    metrics: int = 0
    """The port of its metrics."""
    cpu: str = ""
    memory: str = ""
    env: dict[str, str] = {}
    liveness: Probe | None = None
    readiness: Probe | None = None
    restarted: Restarted | None = None


class DeploymentPlan(Workload, frozen=True, kw_only=True):
    surge: int | str = "25%"
    unavailable: int | str = "25%"
    deadline: Span = Span(600.0)
    """How long a rollout may make no progress."""


class StatefulSetPlan(Workload, frozen=True, kw_only=True):
    pass


class JobPlan(_Part, frozen=True, kw_only=True):
    """A job that has finished."""

    name: str
    image: str
    container: str
    age: Span
    took: Span = Span(40.0)


class ServicePlan(_Part, frozen=True, kw_only=True):
    name: str
    selector: dict[str, str]
    port: int


class WorldPlan(_Part, frozen=True, kw_only=True):
    namespace: str
    nodes: tuple[str, ...]
    age: Span = Span(60 * 86400.0)
    """Of the namespace and the nodes."""
    deployments: tuple[DeploymentPlan, ...] = ()
    statefulsets: tuple[StatefulSetPlan, ...] = ()
    jobs: tuple[JobPlan, ...] = ()
    services: tuple[ServicePlan, ...] = ()
    hashes: dict[str, str] = {}
    """The pod-template-hash by image, where the names of pods should be known beforehand."""


class Heal(_Part, frozen=True, kw_only=True):
    """What ends a fault: another image, few enough replicas, or time."""

    fault: str
    by: Literal["image", "replicas", "time"]
    how: str
    """What people do, in words."""
    replicas: int = 0
    """by = "replicas": so many or fewer."""
    after: Span = Span()
    """by = "time": so long after the fault began."""


class Fault(_Part, frozen=True, kw_only=True):
    """What is wrong with the pods of one deployment: they crash, again and again, and are not ready."""

    name: str
    deployment: str
    image: str = ""
    """Only pods with this image; empty: every pod."""
    at: Span = Span()
    """Not before this moment of the scenario."""
    lives: tuple[Span, Span] = (Span(8.0), Span(20.0))
    """A container lives about so long before it crashes: at least, at most."""
    first: tuple[Span, Span] | None = None
    """The same for the first life of each pod, so that they fall one by one."""
    exit: int = 1
    reason: str = "Error"
    message: str = ""
    ready: bool = False
    """Whether its pods pass the readiness probe while they live."""
    status: int = 500
    """What the probes get as an answer."""


class SeriesPlan(_Part, frozen=True, kw_only=True):
    """A figure that leaves its normal value while a fault is there, and comes back after."""

    name: str
    unit: str
    normal: float
    worst: float
    fault: str
    over: Span = Span(300.0)
    back: Span = Span(120.0)
    noise: float = 0.03
    """Of the value, to both sides."""


class QueryPlan(_Part, frozen=True, kw_only=True):
    """A query that runs in the database."""

    text: str
    pid: int
    fault: str = ""
    """It hangs for as long as this fault is there; without one it is always just about to end."""
    since: Span = Span()
    """So long after the fault it began."""


class MetricsPlan(_Part, frozen=True, kw_only=True):
    """What a workload measures of itself, and from which series it follows."""

    workload: str
    prefix: str = ""
    """Before its own names: `tensafe_http_requests_total`."""
    requests: str = ""
    """The name of a series, in requests a second."""
    errors: str = ""
    latency: str = ""
    """Of 95 of 100 requests."""
    connections: str = ""
    pool: int = 100
    """So many connections the database allows."""
    cpu: str = ""
    """Of what the limits allow."""


class LogPlan(_Part, frozen=True, kw_only=True):
    """Something that the containers of a workload write to their log again and again."""

    workload: str
    """A deployment, a stateful set or a job."""
    say: tuple[str, ...]
    """One of these at a time, with placeholders (`templates.py`); a line feed begins a trace."""
    image: str = ""
    """Only pods with this image; empty: all."""
    format: Format = "python"
    level: str = "INFO"
    source: str = "app"
    """The program's own word for who says it."""
    when: Literal["run", "start", "crash"] = "run"
    """All sentences one after the other when a container starts or its fault kills it, or one now and then while it runs."""
    rate: float = 0.0
    """Records in a scenario second, in each pod."""
    worst: float = 0.0
    """The same while the fault is there, after `over`."""
    fault: str = ""
    over: Span = Span(60.0)
    back: Span = Span(60.0)


class Step(_Part, frozen=True, kw_only=True, tag_field="what"):
    at: Span = Span()


class RolloutStep(Step, frozen=True, kw_only=True, tag="rollout"):
    deployment: str
    image: str
    cause: str = ""


class ScaleStep(Step, frozen=True, kw_only=True, tag="scale"):
    deployment: str
    replicas: int


class CrashStep(Step, frozen=True, kw_only=True, tag="crash"):
    """Some pods of a deployment crash, a given number of times each."""

    deployment: str
    pods: int = 1
    times: int = 1
    exit: int = 137
    reason: str = "OOMKilled"
    message: str = ""


class DeleteStep(Step, frozen=True, kw_only=True, tag="delete"):
    deployment: str
    pods: int = 1


class ChurnStep(Step, frozen=True, kw_only=True, tag="churn"):
    """The readiness of a deployment's pods flaps, many times a scenario second."""

    deployment: str
    per_second: float
    lasts: Span


class NodeStep(Step, frozen=True, kw_only=True, tag="node"):
    node: str
    ready: bool


class EventStep(Step, frozen=True, kw_only=True, tag="event"):
    """Something that a program of the cluster reports, in one of the three shapes of events."""

    object: str
    """`pod/tensafe-postgresql-0`"""
    reason: str
    message: str
    type: Literal["Normal", "Warning"] = "Warning"
    shape: Literal["counted", "series", "once"] = "counted"
    times: int = 1
    every: Span = Span(10.0)
    by: str = "tensafe.dev/gameday"
    while_fault: str = ""
    """Said only while this fault is there."""


class EndpointStep(Step, frozen=True, kw_only=True, tag="endpoint"):
    """What an address of the service answers from now on."""

    path: str
    status: int


class ServerStep(Step, frozen=True, kw_only=True, tag="server"):
    """The API server itself refuses requests."""

    status: int
    times: int
    path: str = ""
    retry_after: int = 1


AnyStep = RolloutStep | ScaleStep | CrashStep | DeleteStep | ChurnStep | NodeStep | EventStep | EndpointStep | ServerStep


class Scenario(_Part, frozen=True, kw_only=True):
    title: str
    world: WorldPlan
    summary: str = ""
    begins: Span = Span()
    """`-6m`: the first moment of the scenario was six minutes before the start."""
    alert: Span | None = None
    """When the alert fired, after the first moment."""
    steps: tuple[AnyStep, ...] = ()
    faults: tuple[Fault, ...] = ()
    heals: tuple[Heal, ...] = ()
    series: tuple[SeriesPlan, ...] = ()
    logs: tuple[LogPlan, ...] = ()
    metrics: MetricsPlan | None = None
    queries: tuple[QueryPlan, ...] = ()
    notice: tuple[str, ...] = ()


def read(given: str) -> Scenario:
    """A shipped scenario by its name, or a file by its path."""
    path = Path(given)
    if not given.endswith(".toml") and "/" not in given:
        path = SHIPPED / f"{given}.toml"
        if not path.is_file():
            raise ScenarioTrouble(
                f"There is no scenario {given}; the shipped ones are {', '.join(shipped())}, and a file of your own is named by its path."
            )
    try:
        return parse(path.read_text(encoding="utf-8"), given if path.parent != SHIPPED else path.name)
    except OSError as error:
        raise ScenarioTrouble(f"{path} cannot be read ({error.strerror}); name a TOML file, or one of {', '.join(shipped())}.") from None
    except UnicodeDecodeError:
        raise ScenarioTrouble(f"{path} is not UTF-8 text; save it as UTF-8.") from None


def shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def parse(text: str, file: str) -> Scenario:
    try:
        scenario = msgspec.convert(tomllib.loads(text), Scenario, dec_hook=_span)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioTrouble(f"{file} is no TOML: {error}.") from None
    except msgspec.ValidationError as error:
        raise ScenarioTrouble(f"{file}: {_advice(str(error))}") from None
    for key, wrong in _wrong(scenario):
        raise ScenarioTrouble(f"{file}: {key}: {wrong}")
    return scenario


def _span(wanted: type, value: Any) -> Any:
    if wanted is not Span:
        raise NotImplementedError(wanted)
    if not isinstance(value, str):
        raise ValueError("a time is written in quotes: 45s, 6m, 1h30m or 20d")
    return Span.read(value)


def _advice(error: str) -> str:
    """msgspec's sentence with the key first and in TOML's own words."""
    what, _, where = error.partition(" - at `$")
    key = where.rstrip("`").lstrip(".") or "the file"
    for theirs, ours in (
        ("`array`", "a list"),
        ("`object`", "a table"),
        ("`str`", "text"),
        ("`int`", "a whole number"),
        ("`float`", "a number"),
    ):
        what = what.replace(theirs, ours)
    if found := re.match(r"Object contains unknown field `(.*)`", what):
        what = f"there is no key {found[1]} here"
    elif found := re.match(r"Object missing required field `(.*)`", what):
        what = f"the key {found[1]} is missing"
    return f"{key}: {what}."


def _wrong(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """What the types alone cannot see."""
    world = scenario.world
    deployments = {plan.name for plan in world.deployments}
    faults = {fault.name for fault in scenario.faults}
    if not world.nodes:
        yield "world.nodes", "at least one node is needed."
    workloads: tuple[Workload, ...] = (*world.deployments, *world.statefulsets)
    for name in (
        world.namespace,
        *world.nodes,
        *(w.name for w in workloads),
        *(j.name for j in world.jobs),
        *(s.name for s in world.services),
    ):
        if not _NAME.match(name):
            yield "world", f'"{name}" is no name for an object; use small letters, digits and dashes.'
    for workload in workloads:
        if not workload.releases:
            yield f"world, {workload.name}", "a workload needs at least one release."
        if not workload.labels:
            yield f"world, {workload.name}", "a workload needs labels by which it finds its pods."
        if workload.replicas < 0:
            yield f"world, {workload.name}.replicas", "there cannot be fewer than 0."
        revisions = [release.revision for release in workload.releases]
        if revisions != sorted(set(revisions)):
            yield f"world, {workload.name}.releases", "revisions must rise from one release to the next."
    for plan in world.deployments:
        for key, share in (("surge", plan.surge), ("unavailable", plan.unavailable)):
            if isinstance(share, str) and not re.fullmatch(r"\d+%", share):
                yield f"world, {plan.name}.{key}", f'"{share}" is neither a number nor a share such as "25%".'
        if plan.surge in (0, "0%") and plan.unavailable in (0, "0%"):
            yield f"world, {plan.name}", "surge and unavailable cannot both be 0: no rollout would ever move."
    for n, fault in enumerate(scenario.faults):
        if fault.deployment not in deployments:
            yield f"faults[{n}].deployment", _unknown("deployment", fault.deployment, deployments)
        if fault.lives[0].seconds > fault.lives[1].seconds or fault.lives[0].seconds <= 0:
            yield f"faults[{n}].lives", "the first time must be above 0 and not above the second."
    for n, heal in enumerate(scenario.heals):
        if heal.fault not in faults:
            yield f"heals[{n}].fault", _unknown("fault", heal.fault, faults)
    for n, series in enumerate(scenario.series):
        if series.fault not in faults:
            yield f"series[{n}].fault", _unknown("fault", series.fault, faults)
    if scenario.metrics is not None:
        yield from _wrong_metrics(scenario.metrics, deployments, {series.name for series in scenario.series})
    for n, query in enumerate(scenario.queries):
        if query.fault and query.fault not in faults:
            yield f"queries[{n}].fault", _unknown("fault", query.fault, faults)
    yield from _wrong_logs(scenario, {w.name for w in workloads} | {job.name for job in world.jobs}, faults)
    for n, step in enumerate(scenario.steps):
        deployment = getattr(step, "deployment", None)
        if deployment is not None and deployment not in deployments:
            yield f"steps[{n}].deployment", _unknown("deployment", deployment, deployments)
        if isinstance(step, NodeStep) and step.node not in world.nodes:
            yield f"steps[{n}].node", _unknown("node", step.node, set(world.nodes))
        if isinstance(step, EventStep) and not re.fullmatch(r"(pod|deployment|statefulset|replicaset|node|service|job)/[^/]+", step.object):
            yield f"steps[{n}].object", f'"{step.object}" names no object; write pod/NAME or deployment/NAME.'
        if isinstance(step, EventStep) and step.while_fault and step.while_fault not in faults:
            yield f"steps[{n}].while_fault", _unknown("fault", step.while_fault, faults)


def _wrong_logs(scenario: Scenario, workloads: set[str], faults: set[str]) -> Iterator[tuple[str, str]]:
    for n, plan in enumerate(scenario.logs):
        if plan.workload not in workloads:
            yield f"logs[{n}].workload", _unknown("workload", plan.workload, workloads)
        if plan.fault and plan.fault not in faults:
            yield f"logs[{n}].fault", _unknown("fault", plan.fault, faults)
        if not plan.say:
            yield f"logs[{n}].say", "at least one sentence is needed."
        if min(plan.rate, plan.worst) < 0 or max(plan.rate, plan.worst) > 10_000:
            yield f"logs[{n}].rate", "a pod says from 0 to 10,000 sentences a second."
        for text in plan.say:
            try:
                Template(text)
            except ValueError as error:
                yield f"logs[{n}].say", f"{error}."


def _wrong_metrics(plan: MetricsPlan, deployments: set[str], series: set[str]) -> Iterator[tuple[str, str]]:
    if plan.workload not in deployments:
        yield "metrics.workload", _unknown("deployment", plan.workload, deployments)
    if not re.fullmatch(r"([a-z][a-z0-9_]*_)?", plan.prefix):
        yield "metrics.prefix", f'"{plan.prefix}" begins no name; write small letters and digits, with _ at the end.'
    for key in ("requests", "errors", "latency", "connections", "cpu"):
        if (name := getattr(plan, key)) and name not in series:
            yield f"metrics.{key}", _unknown("series", name, series)


def _unknown(noun: str, name: str, known: set[str]) -> str:
    return f"there is no {noun} {name}; there {'is' if len(known) == 1 else 'are'} {', '.join(sorted(known)) or 'none'}."
