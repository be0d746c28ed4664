"""One night as every snapshot shows it: a bad release, sixteen minutes after the alert."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from textual.pilot import Pilot

from core.story import Story
from hand import T0, HandClock
from ui.console import HandFeed, HandRoom, console, good, until
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Acknowledge, Declare
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.timeline import Note
from warroom.core.entries import RunbookText
from warroom.core.incident import Incident
from warroom.core.logs import LogPart
from warroom.core.ports import RawLogs
from warroom.core.readings import (
    Cluster,
    ClusterEvent,
    Container,
    Deployment,
    Health,
    Pattern,
    Pod,
    Reading,
    Revision,
    Series,
    Tally,
    Usage,
)
from warroom.library import default_runbook, read_text
from warroom.runbook.model import Runbook
from warroom.ui.app import WarRoomApp
from warroom.ui.messages import FeedRead

Opened = tuple[WarRoomApp, Pilot[None]]

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


def rising(calm: float, now: float, over: float = 9, steps: int = 60) -> tuple[tuple[datetime, float | None], ...]:
    """Half an hour of points: calm until the release, then up or down to what it is now, within `over` minutes."""
    out = list[tuple[datetime, float | None]]()
    for n in range(steps):
        before = 30 * (steps - 1 - n) / steps
        way = min(1.0, max(0.0, (21 - before) / over))
        wobble = 1 + 0.03 * ((n * 7) % 5 - 2)
        out.append((ago(minutes=before, seconds=2), (calm + (now - calm) * way) * wobble))
    return tuple(out)


def series(id: str, title: str, unit: str, calm: float, value: float, **more: Any) -> Series:
    points = more.pop("points", rising(calm, value, more.pop("over", 9)))
    given = {"value": value, "at": ago(seconds=2), "points": points, "baseline": calm, "source": "prometheus"}
    return Series(id=id, title=title, unit=unit, **{**given, **more})


FIGURES: tuple[Series, ...] = (
    series("requests", "Traffic", "1/s", 262.0, 212.0, over=12),
    series("errors", "Error rate", "ratio", 0.003, 0.142, over=7),
    series("p50", "P50 latency", "s", 0.045, 0.061),
    series("p95", "P95 latency", "s", 0.310, 1.890),
    series("p99", "P99 latency", "s", 0.62, 3.4),
    series("saturation", "CPU of limits", "ratio", 0.38, 0.88, over=10),
    series("connections", "DB connections", "", 41.0, 96.0, over=14),
)


def answer(target: str, endpoint: str, status: int | None, seconds: float, **more: Any) -> Health:
    return Health(target=target, endpoint=endpoint, status=status, seconds=seconds, at=ago(seconds=4), **more)


HEALTH: tuple[Health, ...] = (
    *(answer(f"tensafe/tensafe-server-{OLD}-{end}", "/health", 200, 0.012) for end in ("2lq7w", "9dkfz", "vt6cm")),
    answer(f"tensafe/tensafe-server-{NEW}-x2v9k", "/health", 500, 0.004, body='{"status": "unhealthy"}'),
    answer(f"tensafe/tensafe-server-{OLD}-2lq7w", "/health/db", 200, 0.031),
    answer("https://api.tensafe.io/health", "/health", 200, 0.184),
)
TRACE = """2026-02-03T02:51:35.102Z ERROR train_step failed job=7f31d0
Traceback (most recent call last):
  File "/app/tensafe/train/step.py", line 212, in train_step
    eps = tenant.budget['dp_epsilon']
KeyError: 'dp_epsilon'"""


def pattern(id: str, text: str, calm: int, now: int, *revisions: tuple[str, int], **more: Any) -> Pattern:
    """`revisions` are hashes and per cent of its events; `now` and `calm` are events a minute."""
    minutes = tuple(calm if n < 9 else round(calm + (now - calm) * min(1.0, (n - 8) / 5)) for n in range(30))
    minutes = (*minutes[:-1], minutes[-1] * T0.second // 60)  # the last one is not over
    count = sum(minutes) or 1
    shares = tuple((hash, count * share // 100) for hash, share in revisions)
    sources = (("tensafe/" + NAMES["x2v9k"], count * 3 // 5), ("tensafe/" + NAMES["q8m4t"], count - count * 3 // 5))
    given = {"sources": sources, "first": ago(minutes=21), "last": ago(seconds=1), "example": text.replace("<*>", "31"), "new": not calm}
    return Pattern(id=id, text=text, count=count, minutes=minutes, revisions=shares, **{**given, **more})


PATTERNS: tuple[Pattern, ...] = (
    pattern(
        "a1",
        "train_step failed job=<*> KeyError: 'dp_epsilon'",
        0,
        68,
        (NEW, 99),
        (OLD, 1),
        example=TRACE,
        values=((("7f31d0", 41), ("7f31c9", 40)),),
    ),
    pattern("a2", "502 POST /api/v1/train upstream reset after <*> ms", 0, 21, (NEW, 91), (OLD, 9)),
    pattern("a3", "PoolTimeout: no connection in <*> s, pool size <*>", 0, 13, (OLD, 88), (NEW, 12)),
    pattern("a4", "panic: nil budget for tenant <*> [recovered]", 0, 5, (NEW, 100)),
    pattern("a5", "401 jwt expired sub=<*>", 2, 2, (OLD, 60), (NEW, 40)),
    pattern("a6", "429 tenant <*> over its rate limit", 1, 1, (OLD, 52), (NEW, 48)),
    pattern("a7", "slow command <*> took <*> ms", 1, 0, sources=(("tensafe/tensafe-redis-0", 9),), last=ago(minutes=21)),
    pattern("a8", "\x1b[31mliveness\x1b[0m: GET /health 500 [@click=app.leave]", 0, 1, (NEW, 100)),
)
TALLY = Tally(
    patterns=PATTERNS,
    lines=412_000,
    events=sum(one.count for one in PATTERNS),
    streams=13,
    since=ago(minutes=30),
)
USAGE: tuple[Usage, ...] = tuple(
    Usage(pod=f"tensafe/{name}", cpu=cpu, memory=memory * 1024 * 1024)
    for name, cpu, memory in (
        (NAMES["h5znl"], 0.31, 402),
        (f"tensafe-server-{OLD}-2lq7w", 1.91, 2871),
        (f"tensafe-server-{OLD}-9dkfz", 1.874, 2903),
        (f"tensafe-server-{OLD}-vt6cm", 1.888, 2864),
        (f"tensafe-worker-{WORKER}-4kjxp", 0.64, 1210),
        (f"tensafe-worker-{WORKER}-w7rht", 0.655, 1198),
        ("tensafe-dp-accountant-66c5d9f7b8-mm2zd", 0.044, 310),
        ("tensafe-he-lora-0", 0.48, 3310),
        ("tensafe-postgresql-0", 1.42, 6120),
        ("tensafe-redis-0", 0.088, 512),
    )
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


def feeds(**others: Reading[Any]) -> Sequence[HandFeed]:
    """Live unless another reading is given for a field."""
    values = {
        "cluster": CLUSTER,
        "pods": PODS,
        "events": EVENTS,
        "deployments": DEPLOYMENTS,
        "tally": TALLY,
        "metrics": FIGURES,
        "health": HEALTH,
        "usage": USAGE,
    }
    return [HandFeed(field, others.get(field) or good(value, ago(seconds=1))) for field, value in values.items()]


def scene(*, quiet: bool = False, readings: Sequence[HandFeed] | None = None, **options: Any) -> WarRoomApp:
    """The console in that night; quiet: before anything was declared, with the same cluster."""
    room = HandRoom(None if quiet else incident(), RUNBOOK)
    return console(room, HandClock(), readings or feeds(), **options)


def settled(app: WarRoomApp) -> bool:
    """All feeds of the scene have been read, and the screen has them."""
    given = {feed.field for feed in app.feeds}
    readings: list[Reading[Any]] = [getattr(app.world, field) for field in given]
    known = all(reading.at or reading.trouble or reading.progress for reading in readings)
    return known and getattr(app.screen, "world", None) is app.world


class Logs:
    """The port of raw logs, driven by hand: what it says goes to whoever reads last."""

    def __init__(self, *first: LogPart) -> None:
        self.names: tuple[str, ...] = ("server", "proxy")
        self.first = first
        self.read_of: list[tuple[str, str, bool]] = []
        self.left = 0
        """How many no longer read."""
        self._parts: asyncio.Queue[LogPart] = asyncio.Queue()

    def containers(self, pod: str) -> tuple[str, ...]:
        return self.names

    async def read(self, pod: str, container: str, *, previous: bool = False, tail: int = 1000) -> AsyncIterator[LogPart]:
        self.read_of.append((pod, container, previous))
        try:
            for part in self.first:
                yield part
            while True:
                yield await self._parts.get()
        finally:
            self.left += 1

    async def says(self, part: LogPart) -> None:
        await self._parts.put(part)


@asynccontextmanager
async def opened(size: tuple[int, int] = (160, 48), *, logs: RawLogs | None = None, **readings: Reading[Any]) -> AsyncIterator[Opened]:
    """The console of that night under Pilot, with other readings for some fields."""
    app = scene(readings=feeds(**readings), logs=logs)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: settled(app))
        yield app, pilot


async def given(app: WarRoomApp, pilot: Pilot[None], field: str, reading: Reading[Any]) -> None:
    """A feed has something newer."""
    app.post_message(FeedRead(field, reading))
    await until(pilot, lambda: getattr(app.world, field) is reading and settled(app))
