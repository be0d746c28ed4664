"""What the watch would write into an incident now, as far as it is not written yet."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from msgspec import structs

from warroom.core.changes import recent_changes
from warroom.core.entries import Draft, Entry, Observed
from warroom.core.figures import NAMES, spelled
from warroom.core.incident import Incident
from warroom.core.onset import nearest, onset, onset_words
from warroom.core.pods import FAILING, restarts, state_word, trouble_rank
from warroom.core.readings import Pod, Series, World
from warroom.core.service import readiness
from warroom.runbook.measures import measures
from warroom.runbook.model import Runbook

Decided = Literal["true", "false", "unknown"]
SAMPLED = ("errors", "p95", "requests")
MINUTE = timedelta(minutes=1)
EACH = 20
"""Failing pods of one owner that are written one by one."""


def observations(runbook: Runbook, incident: Incident, world: World, now: datetime) -> tuple[Draft, ...]:
    """In the order in which they happened, as far as that is known; nothing before there is an incident, or after it was closed."""
    if not incident.open:
        return ()
    known = frozenset(incident.observed)
    found = [
        *_rollouts(incident, world),
        *_baselines(incident, world, now),
        *_verdicts(runbook, incident, world, now),
        *_onset(runbook, incident, world),
        *_pods(known, world, now),
        *_sample(runbook, incident, world, now),
    ]
    return tuple(draft for draft in found if isinstance(draft.fact, Observed) and draft.fact.key not in known)


def frozen(incident: Incident) -> dict[str, float]:
    """What was normal when the incident began, by series."""
    return {
        id: value
        for entry in incident.observed.values()
        if isinstance(fact := entry.fact, Observed) and fact.what == "baseline"
        for id, value in fact.values
        if value is not None
    }


def recalled(incident: Incident, world: World) -> World:
    """The world with the minutes that the watch has sampled before its figures begin."""
    facts = ((entry.at, entry.fact) for entry in incident.entries)
    samples = [(at, dict(fact.values)) for at, fact in facts if isinstance(fact, Observed) and fact.what == "sample"]
    if not samples or not world.metrics.value:
        return world
    grown = []
    for one in world.metrics.value:
        first = min([at for at, _ in one.points] + ([one.at] if one.at else []), default=None)
        past = tuple((at, values.get(one.id)) for at, values in samples if one.id in values and (first is None or at < first))
        grown.append(structs.replace(one, points=(*past, *one.points)))
    return replace(world, metrics=replace(world.metrics, value=tuple(grown)))


def proposed_start(incident: Incident) -> Entry | None:
    """When the figures say that it began, where that is not what the incident says already."""
    entry = incident.observed.get("onset")
    return entry if entry and incident.detected and incident.at(entry) != incident.detected else None


def _rollouts(incident: Incident, world: World) -> Iterator[Draft]:
    for change in reversed(recent_changes(world.deployments.value, incident.detected)):
        if change.recent:
            said = f"rollout of {change.object}: {change.what}" + (f" ({change.cause})" if change.cause else "")
            yield Draft(Observed(what="rollout", key=f"rollout/{change.key}", text=said, about=change.object), change.at)


def _baselines(incident: Incident, world: World, now: datetime) -> Iterator[Draft]:
    for one in world.metrics.value:
        if one.baseline is not None:
            said = f"normal {NAMES.get(one.id, one.title)} is {spelled(one.baseline, one.unit)}"
            yield Draft(Observed(what="baseline", key=f"baseline/{one.id}", text=said, about=one.id, values=((one.id, one.baseline),)), now)


def _verdicts(runbook: Runbook, incident: Incident, world: World, now: datetime) -> Iterator[Draft]:
    for one in world.verdicts.value:
        was = verdict_of(incident, one.id)
        if one.verdict != "human" and one.verdict != was and runbook.item(one.id) is not None:
            said = f"{_CHANGED[one.verdict]} {one.criterion}: {one.evidence}"
            key = f"verdict/{one.id}/{now:%Y%m%dT%H%M%S.%f}"
            fact = Observed(what="verdict", key=key, text=said, about=one.id, verdict=one.verdict, was=was, evidence=one.evidence)
            yield Draft(fact, now)


def verdict_of(incident: Incident, item: str) -> Decided:
    """What was measured last, as the entries say."""
    entry = incident.measured.get(item)
    return entry.fact.verdict or "unknown" if entry and isinstance(entry.fact, Observed) else "unknown"


def _onset(runbook: Runbook, incident: Incident, world: World) -> Iterator[Draft]:
    """Looked for when a figure is believed to be bad, in the series of that figure."""
    series: Mapping[str, Series] = {one.id: one for one in world.metrics.value}
    read = measures(runbook) if any(one.verdict == "true" for one in world.verdicts.value) else {}
    bad = {measure.what for one in world.verdicts.value if one.verdict == "true" for measure in read.get(one.id, ()) if measure.speaks}
    for id in ("errors", "p95", *sorted(bad)):
        if id in bad and id in series and (found := onset(series[id].points)):
            change = nearest(recent_changes(world.deployments.value, incident.detected), found.at)
            yield Draft(Observed(what="onset", key="onset", text=onset_words(series[id], found, change), about=id), found.at)
            return


def _pods(known: frozenset[str], world: World, now: datetime) -> Iterator[Draft]:
    if world.pods.trouble:
        return
    written = Counter(key.split("/")[1] for key in known if key.startswith("pod/"))
    for pod in world.pods.value:
        if trouble_rank(pod) != FAILING:
            continue
        owner = pod.owner.rpartition("/")[2] or pod.name
        key = f"pod/{owner}/{pod.uid}"
        if key in known:
            continue
        written[owner] += 1
        if written[owner] <= EACH:
            yield Draft(Observed(what="pod", key=key, text=_failing(pod), about=pod.key), now)
        elif f"pods/{owner}" not in known:
            said = f"more than {EACH} pods of {owner} fail: no more of them are written"
            yield Draft(Observed(what="pod", key=f"pods/{owner}", text=said, about=owner), now)
            known |= {f"pods/{owner}"}


def _failing(pod: Pod) -> str:
    worst = next((one for one in pod.containers if not one.ready and not one.init), None)
    code = worst.exit_code if worst and worst.exit_code is not None else worst.last_exit if worst else None
    count = restarts(pod)
    facts = (f"exit {code}" if code else "", f"{count} restart{'' if count == 1 else 's'}" if count else "")
    return ", ".join([f"{pod.name} {state_word(pod)}", *(fact for fact in facts if fact)])


def _sample(runbook: Runbook, incident: Incident, world: World, now: datetime) -> Iterator[Draft]:
    """Once a minute, until it is resolved."""
    minute = now.replace(second=0, microsecond=0)
    if incident.resolved or (incident.sampled is not None and incident.sampled >= minute):
        return
    series = {one.id: one.value for one in world.metrics.value}
    values: list[tuple[str, float | None]] = [(id, series[id]) for id in SAMPLED if id in series]
    if (found := readiness(runbook, world)) is not None and not found[1].trouble:
        values += [("ready", float(found[0].ready)), ("wanted", float(found[0].wanted))]
    if values:
        yield Draft(Observed(what="sample", key=f"sample/{minute:%Y%m%dT%H%M}", values=tuple(values)), now)


_CHANGED = {"true": "met:", "false": "not met:", "unknown": "unknown now:"}
