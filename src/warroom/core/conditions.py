"""What the measurements say to a step's condition: "If recent deployment", "If not …", "(if identified)"."""

import re
from datetime import datetime
from typing import Literal

import msgspec

from warroom.core.changes import image_diff, is_recent, newest_made, when
from warroom.core.pods import FAILING, NOT_READY, is_ready, state_word, trouble_rank
from warroom.core.readings import Deployment, Pod, Revision, Series, World
from warroom.runbook.model import Step

_RELEASE = re.compile(r"\b(deploy\w*|releas\w*|roll-?outs?|rolled out|versions?|upgrad\w*|changes?)\b", re.IGNORECASE)
_PODS = re.compile(r"\b(identified|pods?|crash\w*|unhealthy|containers?)\b", re.IGNORECASE)
_CONNECTIONS = re.compile(r"\b(connections?|pool|exhaust\w*)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(not|no|isn.t|wasn.t|without|none)\b", re.IGNORECASE)
MOST = 3
"""Revisions that are told, the newest first."""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A revision as one compares it with the one before; `errors` is its share of the error logs, None where that is unknown."""

    number: int
    images: str
    at: datetime | None
    ready: int
    pods: int
    new: bool
    errors: float | None = None


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """`answer` is what was measured, and `why` says it in a sentence; a person answers all the same."""

    answer: Literal["yes", "no", "unknown"] = "unknown"
    why: str = "nothing that is measured speaks to this"
    releases: tuple[Release, ...] = ()
    changed: str = ""
    """What the newest revision runs instead of the one before."""
    pods: tuple[Pod, ...] = ()
    """The ones that fail, where the condition is about pods."""


def advice(step: Step, world: World, start: datetime | None) -> Advice:
    """`start` is when the incident began."""
    words = step.condition or ""
    if _RELEASE.search(words):
        found = _of_releases(step, world, start)
    elif _CONNECTIONS.search(words):
        return _of_connections(world)
    elif _PODS.search(words):
        found = _of_pods(world, start)
    else:
        return Advice()
    if _NOT.search(words) and found.answer != "unknown":
        return msgspec.structs.replace(found, answer="no" if found.answer == "yes" else "yes")
    return found


def _of_releases(step: Step, world: World, start: datetime | None) -> Advice:
    reading = world.deployments
    if reading.at is None:
        return Advice(why="the deployments of the cluster are not known")
    if start is None:
        return Advice(why="it is not known when the incident began")
    named = [one for one in reading.value if any(re.search(rf"\b{re.escape(one.name)}\b", each.command) for each in step.commands)]
    newest = [(at, one, made) for one in named or reading.value if (made := newest_made(one)) and (at := when(made))]
    if not newest:
        return Advice(why="the cluster has no deployment that was ever rolled out")
    at, deployment, made = max(newest, key=lambda each: each[0])
    # By age: a roll-back gives the release before it the highest number.
    older = [(one.created, one.number, one) for one in deployment.revisions if one.created and made.created and one.created < made.created]
    before = max(older, key=lambda each: each[:2])[2] if older else None
    told = f"revision {made.number} of {deployment.name} rolled out at {at:%H:%M:%S}"
    return Advice(
        answer="yes" if is_recent(made, start) else "no",
        why=f"{told}, {_distance(at, start)}" + ("" if made.number == deployment.revision else "; it was rolled back since"),
        releases=tuple(_release(one, deployment, world, start) for one in deployment.revisions[:MOST]),
        changed=image_diff(made, before),
    )


def _release(revision: Revision, deployment: Deployment, world: World, start: datetime) -> Release:
    mine = [pod for pod in world.pods.value if pod.template_hash and pod.template_hash == revision.template_hash]
    return Release(
        number=revision.number,
        images=", ".join(image.rsplit("/", 1)[-1] for _, image in revision.images),
        at=when(revision),
        ready=sum(map(is_ready, mine)),
        pods=len(mine),
        new=is_recent(revision, start) and revision is newest_made(deployment),
        errors=_errors(revision, world),
    )


def _errors(revision: Revision, world: World) -> float | None:
    patterns = world.tally.value.patterns if world.tally.value else ()
    whole = sum(count for pattern in patterns for _, count in pattern.revisions)
    mine = sum(count for pattern in patterns for hash, count in pattern.revisions if hash == revision.template_hash)
    return mine / whole if whole and revision.template_hash else None


def _distance(at: datetime, start: datetime) -> str:
    seconds = int(abs((at - start).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    long = f"{hours // 24} d" if hours >= 48 else f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
    return f"{long} {'before' if at <= start else 'after'} the start"


def _of_pods(world: World, start: datetime | None) -> Advice:
    if world.pods.at is None:
        return Advice(why="the pods of the cluster are not known")
    bad = tuple(pod for pod in world.pods.value if trouble_rank(pod, start) in (FAILING, NOT_READY))
    if not bad:
        return Advice(answer="no", why=f"all {len(world.pods.value)} pods are well")
    words = ", ".join(dict.fromkeys(state_word(pod) for pod in bad))
    return Advice(answer="yes", why=f"{len(bad)} of {len(world.pods.value)} pods fail: {words}", pods=bad)


def _of_connections(world: World) -> Advice:
    """How many are too many the runbook does not say, so only the figures are told."""
    told = [_figure(one) for one in world.metrics.value if one.id in ("connections", "saturation")]
    return Advice(why="; ".join(told)) if told else Advice(why="no connections are measured")


def _figure(series: Series) -> str:
    from warroom.core.figures import spelled

    normal = f", normal is {spelled(series.baseline, series.unit)}" if series.baseline is not None else ""
    return f"{series.title} {spelled(series.value, series.unit) if series.value is not None else series.why or 'unknown'}{normal}"
