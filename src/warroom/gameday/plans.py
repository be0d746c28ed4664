"""What a scenario's file says of its cluster: workloads, what is wrong with them, what they measure and write."""

import re
from typing import Literal

import msgspec

from warroom.gameday.logformats import Format

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = re.compile(r"^([+-]?)((?:\d+(?:\.\d+)?[smhd])+)$")


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


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file; a key that it does not know is an error."""


class Probe(Part, frozen=True):
    path: str
    port: int
    every: Span = Span(10.0)


class Release(Part, frozen=True):
    """One version of a deployment that was rolled out before the scenario starts."""

    image: str
    revision: int = 1
    age: Span = Span(86400.0)
    cause: str = ""


class Restarted(Part, frozen=True):
    """The first pod has a past."""

    count: int
    ago: Span
    exit: int = 137
    reason: str = "OOMKilled"


class Workload(Part, frozen=True, kw_only=True):
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


class JobPlan(Part, frozen=True, kw_only=True):
    """A job that has finished."""

    name: str
    image: str
    container: str
    age: Span
    took: Span = Span(40.0)


class ServicePlan(Part, frozen=True, kw_only=True):
    name: str
    selector: dict[str, str]
    port: int


class BudgetPlan(Part, frozen=True, kw_only=True):
    """A disruption budget: so many of these pods have to stay ready."""

    name: str
    selector: dict[str, str]
    least: int


class AutoscalerPlan(Part, frozen=True, kw_only=True):
    """It is seen, and its figures sit on the target: it scales nothing."""

    name: str
    deployment: str
    least: int
    most: int
    cpu: int = 70
    """Percent."""


class WorldPlan(Part, frozen=True, kw_only=True):
    namespace: str
    nodes: tuple[str, ...]
    age: Span = Span(60 * 86400.0)
    """Of the namespace and the nodes."""
    deployments: tuple[DeploymentPlan, ...] = ()
    statefulsets: tuple[StatefulSetPlan, ...] = ()
    jobs: tuple[JobPlan, ...] = ()
    services: tuple[ServicePlan, ...] = ()
    budgets: tuple[BudgetPlan, ...] = ()
    autoscalers: tuple[AutoscalerPlan, ...] = ()
    hashes: dict[str, str] = {}
    """The pod-template-hash by image, where the names of pods should be known beforehand."""


class Heal(Part, frozen=True, kw_only=True):
    """What ends a fault: another image, few enough replicas, or time."""

    fault: str
    by: Literal["image", "replicas", "time"]
    how: str
    """What people do, in words."""
    replicas: int = 0
    """by = "replicas": so many or fewer."""
    after: Span = Span()
    """by = "time": so long after the fault began."""


class Fault(Part, frozen=True, kw_only=True):
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


class SeriesPlan(Part, frozen=True, kw_only=True):
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


class QueryPlan(Part, frozen=True, kw_only=True):
    """A query that runs in the database."""

    text: str
    pid: int
    fault: str = ""
    """It hangs for as long as this fault is there; without one it is always just about to end."""
    since: Span = Span()
    """So long after the fault it began."""


class MetricsPlan(Part, frozen=True, kw_only=True):
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


class LogPlan(Part, frozen=True, kw_only=True):
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
