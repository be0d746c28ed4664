"""What we read of the API's JSON: slim values, and only the fields that the console shows."""

from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct, field

W = TypeVar("W")


class Slim(Struct, frozen=True, gc=False, rename="camel"):
    """No cycles are possible in what is decoded, so the collector need not look."""


class Owner(Slim, frozen=True):
    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool | None = None


class Meta(Slim, frozen=True):
    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    creation_timestamp: datetime | None = None
    deletion_timestamp: datetime | None = None
    labels: dict[str, str] | None = None
    owner_references: tuple[Owner, ...] | None = None


class AnnotatedMeta(Slim, frozen=True):
    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    creation_timestamp: datetime | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: tuple[Owner, ...] | None = None


# Pods


class HttpGet(Slim, frozen=True):
    path: str = ""
    port: int | str = ""


class Port(Slim, frozen=True):
    port: int | str = ""


class Exec(Slim, frozen=True):
    command: tuple[str, ...] | None = None


class Probe(Slim, frozen=True):
    http_get: HttpGet | None = None
    tcp_socket: Port | None = None
    exec: Exec | None = None
    grpc: Port | None = None
    period_seconds: int = 10


class ContainerSpec(Slim, frozen=True):
    name: str = ""
    image: str = ""
    restart_policy: str = ""
    liveness_probe: Probe | None = None
    readiness_probe: Probe | None = None
    startup_probe: Probe | None = None


class Running(Slim, frozen=True):
    started_at: datetime | None = None


class Waiting(Slim, frozen=True):
    reason: str = ""
    message: str = ""


class Terminated(Slim, frozen=True):
    exit_code: int = 0
    signal: int = 0
    reason: str = ""
    message: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None


class ContainerState(Slim, frozen=True):
    running: Running | None = None
    waiting: Waiting | None = None
    terminated: Terminated | None = None


class ContainerStatus(Slim, frozen=True):
    name: str = ""
    image: str = ""
    ready: bool = False
    restart_count: int = 0
    state: ContainerState | None = None
    last_state: ContainerState | None = None


class Condition(Slim, frozen=True):
    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""
    last_update_time: datetime | None = None


class PodSpec(Slim, frozen=True):
    containers: tuple[ContainerSpec, ...] | None = None
    init_containers: tuple[ContainerSpec, ...] | None = None
    node_name: str = ""


class PodStatus(Slim, frozen=True):
    phase: str = ""
    reason: str = ""
    message: str = ""
    conditions: tuple[Condition, ...] | None = None
    container_statuses: tuple[ContainerStatus, ...] | None = None
    init_container_statuses: tuple[ContainerStatus, ...] | None = None


class PodWire(Slim, frozen=True):
    metadata: Meta
    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()


# Deployments and their replica sets


class TemplateSpec(Slim, frozen=True):
    containers: tuple[ContainerSpec, ...] | None = None


class Template(Slim, frozen=True):
    spec: TemplateSpec = TemplateSpec()


class Selector(Slim, frozen=True):
    match_labels: dict[str, str] | None = None


class DeploymentSpec(Slim, frozen=True):
    replicas: int = 1
    paused: bool = False
    selector: Selector = Selector()


class DeploymentStatus(Slim, frozen=True):
    ready_replicas: int = 0
    updated_replicas: int = 0
    conditions: tuple[Condition, ...] | None = None


class DeploymentWire(Slim, frozen=True):
    metadata: AnnotatedMeta
    spec: DeploymentSpec = DeploymentSpec()
    status: DeploymentStatus = DeploymentStatus()


class ReplicaSetSpec(Slim, frozen=True):
    replicas: int = 1
    template: Template = Template()


class ReplicaSetStatus(Slim, frozen=True):
    replicas: int = 0


class ReplicaSetWire(Slim, frozen=True):
    metadata: AnnotatedMeta
    spec: ReplicaSetSpec = ReplicaSetSpec()
    status: ReplicaSetStatus = ReplicaSetStatus()


# Events


class Reference(Slim, frozen=True):
    kind: str = ""
    name: str = ""
    namespace: str = ""


class Source(Slim, frozen=True):
    component: str = ""
    host: str = ""


class Series(Slim, frozen=True):
    count: int = 0
    last_observed_time: datetime | None = None


class EventWire(Slim, frozen=True):
    metadata: Meta
    involved_object: Reference = Reference()
    reason: str = ""
    message: str = ""
    type: str = ""
    count: int | None = None
    first_timestamp: datetime | None = None
    last_timestamp: datetime | None = None
    event_time: datetime | None = None
    series: Series | None = None
    source: Source | None = None
    reporting_component: str = ""


# Lists, watches, refusals


class ListMeta(Slim, frozen=True):
    resource_version: str = ""
    next: str = field(default="", name="continue")
    remaining_item_count: int | None = None


class Page(Struct, Generic[W], gc=False):
    metadata: ListMeta = ListMeta()
    items: list[W] | None = None


class Change(Struct, Generic[W], gc=False):
    """A line of a watch."""

    type: str
    object: W


class Status(Slim, frozen=True):
    message: str = ""
    reason: str = ""
    code: int = 0


class Kinded(Slim, frozen=True):
    """Any object, as far as what it is."""

    kind: str = ""


class Named(Slim, frozen=True):
    """Any object, as far as its metadata."""

    metadata: Meta


# Usage


class ContainerMetrics(Slim, frozen=True):
    name: str = ""
    usage: dict[str, str] = {}


class PodMetrics(Slim, frozen=True):
    metadata: Meta = Meta()
    containers: tuple[ContainerMetrics, ...] = ()


class PodMetricsList(Slim, frozen=True):
    items: tuple[PodMetrics, ...] = ()


# Services


class ServicePort(Slim, frozen=True):
    name: str = ""
    port: int = 0


class ServiceSpec(Slim, frozen=True):
    ports: tuple[ServicePort, ...] = ()


class ServiceWire(Slim, frozen=True):
    metadata: Meta = Meta()
    spec: ServiceSpec = ServiceSpec()


class ServiceList(Slim, frozen=True):
    items: tuple[ServiceWire, ...] = ()
