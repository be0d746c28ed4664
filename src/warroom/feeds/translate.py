"""From the API's shapes to the console's values."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from warroom.core.readings import ClusterEvent, Container, Deployment, Pod, Revision
from warroom.feeds.wire import (
    Condition,
    ContainerSpec,
    ContainerState,
    ContainerStatus,
    DeploymentWire,
    EventWire,
    Owner,
    PodWire,
    Probe,
    ReplicaSetWire,
)

Of = Callable[[datetime], datetime]
"""The clock's own time for a stamp of the API."""
T = TypeVar("T")
REVISION = "deployment.kubernetes.io/revision"
CAUSE = "kubernetes.io/change-cause"
HASH = "pod-template-hash"


class Shared:
    """Equal values kept once: ten thousand pods have few different labels, probes and images."""

    def __init__(self) -> None:
        self._kept: dict[object, object] = {}

    def __call__(self, value: T) -> T:
        if len(self._kept) > 50_000:  # names that are never seen again must not pile up for ever
            self._kept.clear()
        return self._kept.setdefault(value, value)  # type: ignore[return-value]


def key(namespace: str, name: str) -> str:
    return f"{namespace}/{name}"


def pod(wire: PodWire, of: Of, shared: Shared) -> Pod:
    meta, spec, status = wire.metadata, wire.spec, wire.status
    reason, message = status.reason, status.message
    if not reason and not spec.node_name:
        reason, message = _unscheduled(status.conditions or ())
    labels = meta.labels or {}
    statuses = {one.name: one for one in status.container_statuses} if status.container_statuses else {}
    containers = [_container(one, statuses.get(one.name), of, shared, False) for one in spec.containers or ()]
    if spec.init_containers:
        firsts = {one.name: one for one in status.init_container_statuses or ()}
        # A sidecar is written as an init container that restarts; it counts as a container, as for kubectl.
        containers = [
            _container(one, firsts.get(one.name), of, shared, one.restart_policy != "Always") for one in spec.init_containers
        ] + containers
    return Pod(
        key=f"{meta.namespace}/{meta.name}",
        namespace=shared(meta.namespace),
        name=meta.name,
        uid=meta.uid,
        created=of(meta.creation_timestamp) if meta.creation_timestamp else None,
        phase=shared(status.phase),
        node=shared(spec.node_name),
        owner=shared(_owner(meta.owner_references)),
        template_hash=shared(labels.get(HASH, "")),
        containers=tuple(containers),
        deleting=of(meta.deletion_timestamp) if meta.deletion_timestamp else None,
        reason=shared(reason),
        message=message,
        labels=shared(tuple(labels.items())),
    )


def _unscheduled(conditions: Iterable[Condition]) -> tuple[str, str]:
    for one in conditions:
        if one.type == "PodScheduled" and one.status == "False":
            return one.reason, one.message
    return "", ""


def _owner(owners: tuple[Owner, ...] | None) -> str:
    for one in owners or ():
        if one.controller:
            return f"{one.kind}/{one.name}"
    return ""


def _container(spec: ContainerSpec, status: ContainerStatus | None, of: Of, shared: Shared, init: bool) -> Container:
    probes = shared(_probes(spec)) if spec.liveness_probe or spec.readiness_probe or spec.startup_probe else ""
    image, name = shared(spec.image), shared(spec.name)
    if status is None:
        return Container(name=name, image=image, ready=False, restarts=0, state="", probes=probes, init=init)
    now = status.state
    started, exit_code, message, word = None, None, "", ""
    if now is not None:
        if now.running is not None:
            word, started = "Running", now.running.started_at
        elif now.terminated is not None:
            exit_code, message, started = now.terminated.exit_code, now.terminated.message, now.terminated.started_at
            word = _ended(now)
        elif now.waiting is not None:
            word, message = now.waiting.reason, now.waiting.message
    last = status.last_state.terminated if status.last_state is not None else None
    if last is None:
        return Container(
            name=name,
            image=image,
            ready=status.ready,
            restarts=status.restart_count,
            state=shared(word),
            exit_code=exit_code,
            message=message,
            started=of(started) if started else None,
            probes=probes,
            init=init,
        )
    return Container(
        name=name,
        image=image,
        ready=status.ready,
        restarts=status.restart_count,
        state=shared(word),
        exit_code=exit_code,
        last_reason=shared(last.reason),
        last_exit=last.exit_code,
        last_finished=of(last.finished_at) if last.finished_at else None,
        last_started=of(last.started_at) if last.started_at else None,
        message=message or last.message,
        started=of(started) if started else None,
        probes=probes,
        init=init,
    )


def _ended(state: ContainerState) -> str:
    ended = state.terminated
    if ended is None:
        return ""
    return ended.reason or (f"Signal:{ended.signal}" if ended.signal else f"ExitCode:{ended.exit_code}")


def _probes(spec: ContainerSpec) -> str:
    named = (("liveness", spec.liveness_probe), ("readiness", spec.readiness_probe), ("startup", spec.startup_probe))
    return ", ".join(f"{name} {_probe(probe)} every {probe.period_seconds} s" for name, probe in named if probe is not None)


def _probe(probe: Probe) -> str:
    if probe.http_get is not None:
        return f"GET {probe.http_get.path or '/'} :{probe.http_get.port}"
    if probe.tcp_socket is not None:
        return f"tcp :{probe.tcp_socket.port}"
    if probe.grpc is not None:
        return f"grpc :{probe.grpc.port}"
    if probe.exec is not None:
        return f"exec {' '.join(probe.exec.command or ())}"
    return "?"


def _images(containers: tuple[ContainerSpec, ...] | None) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.image) for one in containers or ())


class Owned(Revision, frozen=True, kw_only=True):
    """A replica set on its own, before it is joined with the deployment that owns it."""

    deployment: str
    """The UID of its deployment."""


def replica_set(wire: ReplicaSetWire, of: Of, shared: Shared) -> Owned:
    meta, notes = wire.metadata, wire.metadata.annotations or {}
    number = notes.get(REVISION, "")
    return Owned(
        number=int(number) if number.isdecimal() else 0,
        name=meta.name,
        template_hash=(meta.labels or {}).get(HASH, ""),
        created=of(meta.creation_timestamp) if meta.creation_timestamp else None,
        images=shared(_images(wire.spec.template.spec.containers)),
        replicas=wire.status.replicas,
        cause=notes.get(CAUSE, ""),
        deployment=next((one.uid for one in meta.owner_references or () if one.kind == "Deployment"), ""),
    )


class Bare(Deployment, frozen=True, kw_only=True):
    """A deployment on its own, before its replica sets are joined to it."""

    uid: str
    progressed: datetime | None
    """When the newest rollout last moved."""


def deployment(wire: DeploymentWire, of: Of, shared: Shared) -> Bare:
    meta, spec, status = wire.metadata, wire.spec, wire.status
    number = (meta.annotations or {}).get(REVISION, "")
    progressed, trouble = None, ""
    for one in status.conditions or ():
        if one.type == "Progressing":
            progressed = one.last_update_time
            if one.status == "False":
                trouble = f"{one.reason}: {one.message}"
        elif (one.type == "ReplicaFailure" and one.status == "True") or (one.type == "Available" and one.status == "False" and not trouble):
            trouble = f"{one.reason}: {one.message}"
    return Bare(
        key=key(meta.namespace, meta.name),
        namespace=shared(meta.namespace),
        name=meta.name,
        replicas=spec.replicas,
        ready=status.ready_replicas,
        updated=status.updated_replicas,
        revision=int(number) if number.isdecimal() else 0,
        revisions=(),
        paused=spec.paused,
        trouble=trouble,
        selector=tuple((spec.selector.match_labels or {}).items()),
        uid=meta.uid,
        progressed=of(progressed) if progressed else None,
    )


def joined(bare: Bare, owned: Iterable[Owned]) -> Deployment:
    """The deployment with its replica sets, newest first."""
    rolled = sorted(owned, key=lambda one: one.number, reverse=True)
    youngest = max((one.created for one in rolled if one.created), default=None)
    revisions = []
    for place, one in enumerate(rolled):
        changed = one.created
        # A roll-back gives an old replica set a new number and no new date: then only the deployment knows when.
        if place == 0 and one.created is not None and youngest is not None and one.created < youngest:
            changed = max(bare.progressed or youngest, youngest)
        revisions.append(
            Revision(
                number=one.number,
                name=one.name,
                template_hash=one.template_hash,
                created=one.created,
                images=one.images,
                replicas=one.replicas,
                cause=one.cause,
                changed=changed,
            )
        )
    return Deployment(
        key=bare.key,
        namespace=bare.namespace,
        name=bare.name,
        replicas=bare.replicas,
        ready=bare.ready,
        updated=bare.updated,
        revision=bare.revision,
        revisions=tuple(revisions),
        paused=bare.paused,
        trouble=bare.trouble,
        selector=bare.selector,
    )


def event(wire: EventWire, of: Of, shared: Shared) -> ClusterEvent:
    meta, series = wire.metadata, wire.series
    last = (series.last_observed_time if series else None) or wire.last_timestamp or wire.event_time or meta.creation_timestamp
    first = wire.first_timestamp or wire.event_time or meta.creation_timestamp
    source = wire.source.component if wire.source else ""
    return ClusterEvent(
        key=key(meta.namespace, meta.name),
        namespace=shared(meta.namespace),
        warning=wire.type == "Warning",
        reason=shared(wire.reason),
        kind=shared(wire.involved_object.kind),
        object=shared(wire.involved_object.name),
        message=shared(wire.message),
        count=max(1, wire.count or 0, series.count if series else 0),
        at=of(last) if last else None,
        first=of(first) if first else None,
        source=shared(source or wire.reporting_component),
    )
