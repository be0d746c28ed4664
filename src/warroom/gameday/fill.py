"""Many plain pods in a namespace of their own, for benchmarks."""

import random
from datetime import datetime, timedelta

from warroom.gameday import shapes
from warroom.gameday.agenda import stamp
from warroom.gameday.resources import NAMESPACES, PODS, Json
from warroom.gameday.world import World

SPACE = "fill"


def fill(world: World, rng: random.Random, nodes: tuple[str, ...], count: int, now: datetime) -> None:
    """About 7 kB each as JSON. They share their specs in memory; nothing may change those in place."""
    world.add(NAMESPACES, shapes.namespace(SPACE, now - timedelta(days=30)))
    created = now - timedelta(days=3)
    specs = {node: {**_spec(), "nodeName": node} for node in nodes}
    for n in range(count):
        name = f"fill-{n:05d}-{rng.getrandbits(32):08x}"
        world.add(PODS, _pod(name, n, specs[nodes[n % len(nodes)]], created))


def churn(world: World, rng: random.Random) -> None:
    """One of them restarts."""
    keys = world.keys(PODS, SPACE)
    if keys:
        pod = world.copy(PODS, *rng.choice(keys))
        if pod is not None:
            pod["status"]["containerStatuses"][0]["restartCount"] += 1
            world.put(PODS, pod)


def _spec() -> Json:
    env = [{"name": f"SETTING_{n:02d}", "value": f"a value of an ordinary length, number {n}"} for n in range(24)]
    mounts = [{"name": f"volume-{n}", "mountPath": f"/var/lib/fill/volume-{n}", "readOnly": True} for n in range(6)]
    probe = {
        "httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"},
        "periodSeconds": 10,
        "timeoutSeconds": 1,
        "failureThreshold": 3,
    }
    limits = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}

    def container(name: str) -> Json:
        return {
            "name": name,
            "image": f"registry.example/fill/{name}:2.3.1",
            "args": ["--listen=:8080", "--log=json"],
            "env": env,
            "resources": limits,
            "volumeMounts": mounts,
            "livenessProbe": probe,
            "readinessProbe": probe,
            "imagePullPolicy": "IfNotPresent",
        }

    volumes = [{"name": f"volume-{n}", "configMap": {"name": f"settings-{n}", "defaultMode": 420}} for n in range(6)]
    return {**shapes.pod_spec([container("main"), container("side")], "Always"), "volumes": volumes}


def _pod(name: str, number: int, spec: Json, created: datetime) -> Json:
    running = {"running": {"startedAt": stamp(created)}}
    address = f"10.{128 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
    labels = {
        "app.kubernetes.io/name": "fill",
        "app.kubernetes.io/instance": "fill",
        "app.kubernetes.io/version": "2.3.1",
        "team": "platform",
    }
    return {
        "metadata": shapes.named(name, SPACE, labels=labels, creationTimestamp=stamp(created)),
        "spec": spec,
        "status": {
            "phase": "Running",
            "qosClass": "Burstable",
            "startTime": stamp(created),
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": shapes.pod_conditions(created, created, ready=True),
            "containerStatuses": [shapes.container_status(container, running, ready=True, of=name) for container in spec["containers"]],
        },
    }
