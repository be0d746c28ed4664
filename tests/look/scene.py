"""One night as every snapshot shows it: a bad release, sixteen minutes after the alert."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.story import Story
from hand import T0, HandClock
from ui.console import HandFeed, HandRoom, console, good
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Acknowledge, Declare
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.timeline import Note
from warroom.core.entries import RunbookText
from warroom.core.incident import Incident
from warroom.core.readings import Cluster, ClusterEvent, Container, Deployment, Pod, Reading, Revision
from warroom.library import default_runbook, read_text
from warroom.runbook.model import Runbook
from warroom.ui.app import WarRoomApp

TEXT, FILE = default_runbook()
RUNBOOK: Runbook = read_text(TEXT, FILE)
CLUSTER = Cluster(context="prod-eu-1", server="https://10.0.0.1:6443", namespaces=("tensafe",), uid="3c9f")
ALERTED = T0 - timedelta(seconds=966)
SERVER = "liveness GET /health :8000 every 10 s, readiness GET /ready :8000 every 10 s"
NEW, OLD, WORKER = "7d9f8b6c4d", "6b5f9c7d88", "5c8d7f9b6f"


def ago(**units: float) -> datetime:
    return T0 - timedelta(**units)


def pod(
    name: str,
    image: str,
    created: datetime,
    *,
    state: str = "Running",
    restarts: int = 0,
    last: datetime | None = None,
    exit_code: int | None = None,
    owner: str = "",
    hash: str = "",
    node: str = "eu-1a-04",
    probes: str = "",
    namespace: str = "tensafe",
) -> Pod:
    """A pod of one container; it is ready when it runs."""
    container = Container(
        name="server",
        image=image,
        ready=state == "Running",
        restarts=restarts,
        state=state,
        exit_code=exit_code,
        last_reason="Error" if last else "",
        last_exit=1 if last else None,
        last_started=last - timedelta(seconds=5) if last else None,
        last_finished=last,
        started=created if state == "Running" else None,
        probes=probes,
    )
    return Pod(
        key=f"{namespace}/{name}",
        namespace=namespace,
        name=name,
        uid=name,
        created=created,
        phase="Succeeded" if state == "Completed" else "Running",
        node=node,
        owner=owner or (f"ReplicaSet/{name.rpartition('-')[0]}" if hash else ""),
        template_hash=hash,
        containers=(container,),
    )


def server(end: str, hash: str, tag: str, created: datetime, **more: Any) -> Pod:
    return pod(f"tensafe-server-{hash}-{end}", f"tensafe/server:{tag}", created, hash=hash, probes=SERVER, **more)


PODS: tuple[Pod, ...] = (
    server("2lq7w", OLD, "2.8.0", ago(days=6), node="eu-1a-01"),
    server("9dkfz", OLD, "2.8.0", ago(days=6), node="eu-1a-02"),
    server("vt6cm", OLD, "2.8.0", ago(days=6), node="eu-1b-01"),
    server("x2v9k", NEW, "2.8.1", ago(minutes=21, seconds=2), state="CrashLoopBackOff", restarts=7, last=ago(seconds=41)),
    server("q8m4t", NEW, "2.8.1", ago(minutes=21, seconds=3), state="CrashLoopBackOff", restarts=7, last=ago(seconds=63)),
    server("h5znl", NEW, "2.8.1", ago(minutes=21, seconds=4), state="Error", restarts=6, last=ago(seconds=12), exit_code=1),
    pod(f"tensafe-worker-{WORKER}-4kjxp", "tensafe/worker:2.7.9", ago(days=12), hash=WORKER, restarts=1, last=ago(days=3)),
    pod(f"tensafe-worker-{WORKER}-w7rht", "tensafe/worker:2.7.9", ago(days=12), hash=WORKER, node="eu-1b-02"),
    pod("tensafe-dp-accountant-66c5d9f7b8-mm2zd", "tensafe/dp-accountant:1.4.0", ago(days=20), hash="66c5d9f7b8"),
    pod("tensafe-he-lora-0", "tensafe/he-lora:0.9.2", ago(days=20), owner="StatefulSet/tensafe-he-lora", node="eu-gpu-01"),
    pod("tensafe-postgresql-0", "postgres:16.4", ago(days=61), owner="StatefulSet/tensafe-postgresql"),
    pod("tensafe-redis-0", "redis:7.4", ago(days=61), owner="StatefulSet/tensafe-redis"),
    pod("tensafe-migrate-2-8-1-kk9vd", "tensafe/server:2.8.1", ago(minutes=22), state="Completed", owner="Job/tensafe-migrate-2-8-1"),
)


def event(
    reason: str,
    kind: str,
    name: str,
    message: str,
    at: datetime,
    count: int = 1,
    warning: bool = True,
    source: str = "kubelet",
) -> ClusterEvent:
    return ClusterEvent(
        key=f"tensafe/{name}.{reason}",
        namespace="tensafe",
        warning=warning,
        reason=reason,
        kind=kind,
        object=name,
        message=message,
        count=count,
        at=at,
        first=at - timedelta(seconds=20 * (count - 1)),
        source=source,
    )


NAMES = {end: f"tensafe-server-{NEW}-{end}" for end in ("x2v9k", "q8m4t", "h5znl")}
EVENTS: tuple[ClusterEvent, ...] = (
    event("BackOff", "Pod", NAMES["x2v9k"], f"Back-off restarting failed container server in pod {NAMES['x2v9k']}", ago(seconds=4), 43),
    event("Unhealthy", "Pod", NAMES["h5znl"], "Liveness probe failed: HTTP probe failed with statuscode: 500", ago(seconds=12), 6),
    event("BackOff", "Pod", NAMES["q8m4t"], f"Back-off restarting failed container server in pod {NAMES['q8m4t']}", ago(seconds=31), 41),
    event(
        "ProgressDeadlineExceeded",
        "Deployment",
        "tensafe-server",
        f'ReplicaSet "tensafe-server-{NEW}" has timed out progressing.',
        ago(minutes=2),
    ),
    event("FailedToUpdateEndpoint", "Endpoints", "tensafe-server", "endpoint 10.0.3.44 removed: not ready", ago(minutes=9), 3),
    event("Pulled", "Pod", NAMES["x2v9k"], 'Container image "tensafe/server:2.8.1" already present on machine', ago(minutes=20), 3, False),
    event(
        "ScalingReplicaSet", "Deployment", "tensafe-server", f"Scaled up replica set tensafe-server-{NEW} to 3", ago(minutes=21), 1, False
    ),
    event(
        "ScalingReplicaSet", "Deployment", "tensafe-server", f"Scaled down replica set tensafe-server-{OLD} to 3", ago(minutes=21), 1, False
    ),
    event("Completed", "Job", "tensafe-migrate-2-8-1", "Job completed", ago(minutes=22), 1, False),
)


def deployment(name: str, replicas: int, ready: int, number: int, *rollouts: tuple[str, str, datetime]) -> Deployment:
    """`rollouts` are hash, image and time, newest first."""
    revisions = tuple(
        Revision(
            number=number - n,
            name=f"{name}-{hash}",
            template_hash=hash,
            created=at,
            images=(("server", image),),
            replicas=replicas if n == 0 else 0,
            cause="release 2.8.1 by ci-deployer" if image.endswith("2.8.1") else "",
        )
        for n, (hash, image, at) in enumerate(rollouts)
    )
    return Deployment(
        key=f"tensafe/{name}",
        namespace="tensafe",
        name=name,
        replicas=replicas,
        ready=ready,
        updated=ready,
        revision=number,
        revisions=revisions,
    )


DEPLOYMENTS: tuple[Deployment, ...] = (
    deployment(
        "tensafe-server",
        6,
        3,
        42,
        (NEW, "tensafe/server:2.8.1", ago(minutes=21, seconds=5)),
        (OLD, "tensafe/server:2.8.0", ago(days=6)),
    ),
    deployment(
        "tensafe-worker", 2, 2, 17, (WORKER, "tensafe/worker:2.7.9", ago(days=12)), ("7b9c6d5f44", "tensafe/worker:2.7.8", ago(days=33))
    ),
    deployment("tensafe-dp-accountant", 1, 1, 9, ("66c5d9f7b8", "tensafe/dp-accountant:1.4.0", ago(days=20))),
)


def incident() -> Incident:
    """P2 since 02:40: ada commands, phase 2 of 5, the first Slack update is owed."""
    story = Story(RUNBOOK, ALERTED)
    text = RunbookText(text=TEXT, sha256="a" * 64, file=FILE)
    story.does(
        3.8,
        Declare(
            title="tensafe-server failing since release 2.8.1",
            runbook=text,
            severity="P2",
            reason="one in seven requests fails",
            alerted=ALERTED,
            cluster=CLUSTER,
            ticks=("Major feature completely unavailable",),
        ),
    )
    story.does(3.9, Acknowledge())
    story.does(4.0, TakeRole("Incident Commander", "ada"))
    story.does(4.1, TakeRole("Communications Lead", "mel"), by="mel")
    story.does(5.2, Tick("Error rate > 10%"), by="tom")
    story.does(6.0, SetPhase(2))
    story.does(9.7, Note("only jobs with a DP budget fail, plain jobs pass"), by="tom")
    story.does(13.3, Note("hypothesis: 2.8.1 reads dp_epsilon before the accountant answers"), by="tom")
    return story.incident


def feeds(
    pods: Reading[tuple[Pod, ...]] | None = None,
    events: Reading[tuple[ClusterEvent, ...]] | None = None,
    deployments: Reading[tuple[Deployment, ...]] | None = None,
) -> Sequence[HandFeed]:
    """Live unless another reading is given."""
    fresh = ago(seconds=1)
    return (
        HandFeed("cluster", good(CLUSTER, fresh)),
        HandFeed("pods", pods or good(PODS, fresh)),
        HandFeed("events", events or good(EVENTS, fresh)),
        HandFeed("deployments", deployments or good(DEPLOYMENTS, fresh)),
    )


def scene(*, quiet: bool = False, readings: Sequence[HandFeed] | None = None, **options: Any) -> WarRoomApp:
    """The console in that night; quiet: before anything was declared, with the same cluster."""
    room = HandRoom(None if quiet else incident(), RUNBOOK)
    return console(room, HandClock(), readings or feeds(), **options)


def settled(app: WarRoomApp) -> bool:
    """All feeds of the scene have been read, and the screen has them."""
    readings: list[Reading[Any]] = [app.world.cluster, app.world.pods, app.world.events, app.world.deployments]
    known = all(reading.at or reading.trouble or reading.progress for reading in readings)
    return known and getattr(app.screen, "world", None) is app.world
