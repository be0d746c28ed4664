"""What the world says now: ephemeral, whole and immutable."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec

from warroom.core.company import Client

if TYPE_CHECKING:
    from warroom.core.adoption import Written

T = TypeVar("T", covariant=True)
State = Literal["loading", "live", "stale", "trouble"]
STALE_AFTER = timedelta(seconds=15)


class Container(msgspec.Struct, frozen=True, gc=False):
    """One container of a pod. `state` is the reason in the API's words (`Running`, `CrashLoopBackOff`, `Completed` ...)."""

    name: str
    image: str
    ready: bool
    restarts: int
    state: str
    exit_code: int | None = None
    """Of the state now, when it has ended."""
    last_reason: str = ""
    last_exit: int | None = None
    last_finished: datetime | None = None
    last_started: datetime | None = None
    message: str = ""
    started: datetime | None = None
    probes: str = ""
    """The probes it has, in a few words (`liveness GET /health :8000 every 10 s`)."""
    init: bool = False


class Pod(msgspec.Struct, frozen=True):
    """A pod, as far as the console shows it. `key` is unique in a cluster."""

    key: str
    namespace: str
    name: str
    uid: str
    created: datetime | None
    phase: str
    node: str
    owner: str
    """`ReplicaSet/tensafe-server-7d9f8b6c4d`, or empty: nothing brings it back."""
    template_hash: str
    """The pod-template-hash, which ties a pod to its ReplicaSet; empty elsewhere."""
    containers: tuple[Container, ...]
    deleting: datetime | None = None
    reason: str = ""
    """Of the pod itself (`Evicted`), or why it is not scheduled."""
    message: str = ""
    labels: tuple[tuple[str, str], ...] = ()


class Revision(msgspec.Struct, frozen=True):
    """One ReplicaSet of a deployment: what was rolled out, and when."""

    number: int
    name: str
    template_hash: str
    created: datetime | None
    images: tuple[tuple[str, str], ...]
    """Container and image."""
    replicas: int
    cause: str = ""
    changed: datetime | None = None
    """When it last became the newest: a roll-back renumbers an old ReplicaSet."""


class Deployment(msgspec.Struct, frozen=True):
    key: str
    namespace: str
    name: str
    replicas: int
    ready: int
    updated: int
    revision: int
    revisions: tuple[Revision, ...]
    """Newest first."""
    paused: bool = False
    trouble: str = ""
    """The deployment's own complaint (`ProgressDeadlineExceeded: ...`), or empty."""
    selector: tuple[tuple[str, str], ...] = ()


class ClusterEvent(msgspec.Struct, frozen=True):
    """An event of the cluster; repeats of one cause are one event with a count. `at` is its last time."""

    key: str
    namespace: str
    warning: bool
    reason: str
    kind: str
    object: str
    message: str
    count: int
    at: datetime | None
    first: datetime | None = None
    source: str = ""


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Which cluster this is. The pin is server, certificate authority and the UID of kube-system; names are for people."""

    context: str
    server: str
    namespaces: tuple[str, ...]
    ca: str = ""
    """SHA-256 of the certificate authority's bytes; empty: the system's own."""
    uid: str = ""
    """Of the namespace kube-system; empty: not readable."""

    def same(self, other: "Cluster") -> bool:
        """Whether both are one cluster, as far as both know."""
        return (self.server, self.ca) == (other.server, other.ca) and (not self.uid or not other.uid or self.uid == other.uid)


class Pattern(msgspec.Struct, frozen=True):
    """Error events of a log that say the same but for the values in them, which stand as `<*>`."""

    id: str
    text: str
    count: int
    minutes: tuple[int, ...] = ()
    """Events in each of the last minutes, the newest last."""
    first: datetime | None = None
    last: datetime | None = None
    sources: tuple[tuple[str, int], ...] = ()
    """Pod (or file) and its share of `count`, the most first."""
    revisions: tuple[tuple[str, int], ...] = ()
    """Pod-template-hash and its share of `count`, the most first."""
    example: str = ""
    """One whole event, with its trace."""
    values: tuple[tuple[tuple[str, int], ...], ...] = ()
    """For each of the first masked fields: its most frequent values and their counts."""
    new: bool = False
    """Not seen before the incident began."""


class Tally(msgspec.Struct, frozen=True):
    """The error events of all followed logs. Patterns by rate, the worst first."""

    patterns: tuple[Pattern, ...] = ()
    lines: int = 0
    events: int = 0
    not_folded: int = 0
    """Events that the budget left without a pattern."""
    dropped: int = 0
    """Lines that were not looked at."""
    gaps: int = 0
    """Times at which a stream cannot know what it missed."""
    streams: int = 0
    left_out: int = 0
    """Containers that are not followed, since the setting `log_streams` allows no more."""
    failing: int = 0
    """Of `streams`, those that give nothing now."""
    why: str = ""
    """Why one of them gives nothing, in one line."""
    since: datetime | None = None


class Series(msgspec.Struct, frozen=True):
    """One measured figure. `value` is None when there is none, and `why` says so in words (`no data`, `no traffic`, `NaN` ...)."""

    id: str
    """`requests`, `errors` (a ratio, 0 to 1), `p50` `p95` `p99` (seconds), `saturation` (a ratio), `connections`; or the user's own."""
    title: str
    unit: str
    """`1/s`, `ratio`, `s`, or a word of the user."""
    value: float | None = None
    why: str = ""
    at: datetime | None = None
    points: tuple[tuple[datetime, float | None], ...] = ()
    """Past values, oldest first; None where nothing is known."""
    baseline: float | None = None
    """What is normal: frozen at the incident's start."""
    source: str = ""
    """Where it was measured (`prometheus`, `5 pods /metrics`)."""


class Health(msgspec.Struct, frozen=True):
    """One answer of a health endpoint. `status` is the HTTP status, None without an answer; `trouble` then says why."""

    target: str
    """A pod's key, or the public address."""
    endpoint: str
    status: int | None
    seconds: float
    at: datetime
    trouble: str = ""
    body: str = ""
    """Its first 400 characters."""


class Usage(msgspec.Struct, frozen=True):
    """What a pod uses, by metrics.k8s.io."""

    pod: str
    """Its key."""
    cpu: float
    """Cores."""
    memory: int
    """Bytes."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the measurements say of one criterion or trigger; `human`: its words ask for nothing that is measured."""

    id: str
    criterion: str
    """In the runbook's words."""
    section: str
    """The heading that it stands below."""
    level: str = ""
    """Of a criterion; a trigger has none."""
    line: int = 0
    verdict: Literal["true", "false", "unknown", "human"]
    evidence: str = ""
    """`error rate 14.2 % > 10 % for 5 min`."""
    figure: str = ""
    """The measured value alone: `14.2 %`."""
    stood: bool = False
    """Of an unknown one: it was true when that was last known."""
    since: datetime | None = None
    """Of a true one that still is: when its breach began."""


class Lease(msgspec.Struct, frozen=True):
    """Who is on watch; number 0: nobody. Of two with different numbers the higher one counts."""

    number: int
    holder: str
    mine: bool
    consoles: int
    """How many are open, this one among them."""


class Tried(msgspec.Struct, frozen=True):
    """How often something was sent, and how that went so far. Times are seconds since 1970, in the world's time."""

    id: str
    attempts: int = 0
    begun: float = 0.0
    next: float = 0.0
    """Not before then."""
    unsure: bool = False
    """It was begun, and nobody knows whether the service has it."""
    error: str = ""


class Posted(msgspec.Struct, frozen=True):
    """What this console can send, and what was tried so far by whichever console."""

    able: frozenset[str] = frozenset()
    """Services that are configured here."""
    tries: tuple[Tried, ...] = ()


# Readings and worlds are equal only to themselves: equality of values would walk every pod at every beat.
@dataclass(frozen=True, slots=True, eq=False)
class Reading(Generic[T]):
    """A whole value as it was at a moment; the newest wins, so dropping one is harmless.

    `trouble` says why it is old, if it is: its first line in a word or two for the head of a pane (`forbidden`), the
    following lines what happened, to what, and what to do. `progress` says how far a first list has come.
    """

    value: T
    at: datetime | None = None
    trouble: str = ""
    progress: str = ""
    lasts: timedelta = STALE_AFTER
    """How long it stays young: what is asked for seldom is not old at once."""

    def repeats(self, other: "Reading[Any]") -> bool:
        """Whether it is no news: the same value, as old, with the same trouble."""
        return self.value is other.value and (self.at, self.trouble, self.progress) == (other.at, other.trouble, other.progress)

    def state(self, now: datetime) -> State:
        """Trouble is for a value that never was good; with a last good value, or without news, it is stale."""
        if self.at is None:
            return "trouble" if self.trouble else "loading"
        return "stale" if self.trouble or now - self.at > self.lasts else "live"


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """All readings together, a field per feed."""

    pods: Reading[tuple[Pod, ...]] = field(default_factory=lambda: Reading(()))
    events: Reading[tuple[ClusterEvent, ...]] = field(default_factory=lambda: Reading(()))
    deployments: Reading[tuple[Deployment, ...]] = field(default_factory=lambda: Reading(()))
    cluster: Reading[Cluster | None] = field(default_factory=lambda: Reading(None))
    tally: Reading[Tally | None] = field(default_factory=lambda: Reading(None))
    metrics: Reading[tuple[Series, ...]] = field(default_factory=lambda: Reading(()))
    health: Reading[tuple[Health, ...]] = field(default_factory=lambda: Reading(()))
    usage: Reading[tuple[Usage, ...]] = field(default_factory=lambda: Reading(()))
    verdicts: Reading[tuple[Verdict, ...]] = field(default_factory=lambda: Reading(()))
    watch: Reading[Lease | None] = field(default_factory=lambda: Reading(None))
    outbox: Reading[Posted] = field(default_factory=lambda: Reading(Posted()))
    company: Reading[tuple[Client, ...]] = field(default_factory=lambda: Reading(()))
    written: Reading["Written | None"] = field(default_factory=lambda: Reading(None))
