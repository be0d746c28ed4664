"""A scripted incident as a team writes it in TOML: the cluster, what goes wrong when, what heals it, what people should notice."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from warroom.gameday.plans import Fault, Heal, LogPlan, MetricsPlan, Part, QueryPlan, SeriesPlan, Span, Workload, WorldPlan
from warroom.gameday.steps import AnyStep, EventStep, NodeStep
from warroom.gameday.templates import Template

SHIPPED = Path(__file__).parent / "scenarios"

_NAME = re.compile(r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")


class ScenarioTrouble(Exception):
    """A scenario cannot be played; its text is one sentence with file and key."""


class Scenario(Part, frozen=True, kw_only=True):
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
        *(b.name for b in world.budgets),
        *(a.name for a in world.autoscalers),
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
    for autoscaler in world.autoscalers:
        if autoscaler.deployment not in deployments:
            yield f"world, {autoscaler.name}.deployment", _unknown("deployment", autoscaler.deployment, deployments)
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
