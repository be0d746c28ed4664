"""Objects as rows, for clients that ask for a Table."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from warroom.gameday.agenda import moment
from warroom.gameday.kubelet import is_ready
from warroom.gameday.resources import (
    AUTOSCALERS,
    BUDGETS,
    DEPLOYMENTS,
    EVENTS,
    JOBS,
    NAMESPACES,
    NEW_EVENTS,
    NODES,
    PODS,
    REPLICASETS,
    SERVICES,
    STATEFULSETS,
    Json,
    Resource,
)
from warroom.gameday.world import Stored

Row = Callable[[Json, datetime], list[object]]
NONE = "<none>"


def spoken(time: timedelta) -> str:
    """An age as kubectl prints it: `41s`, `2m5s`, `21m`, `3h2m`, `6d`, `61d`, `2y17d`."""
    seconds = int(time.total_seconds())
    if seconds < 0:
        return "0s" if seconds >= -2 else "<invalid>"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return _two(minutes, "m", seconds % 60, "s")
    if hours < 3:
        return f"{minutes}m"
    if hours < 8:
        return _two(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return _two(days, "d", hours % 24, "h")
    if days < 730:
        return f"{days}d"
    return _two(days // 365, "y", days % 365, "d") if days < 8 * 365 else f"{days // 365}y"


def _two(large: int, unit: str, small: int, part: str) -> str:
    return f"{large}{unit}{small}{part}" if small else f"{large}{unit}"


def age(text: str | None, now: datetime) -> str:
    return spoken(now - moment(text)) if text else "<unknown>"


def _born(object: Json, now: datetime) -> str:
    return age(object["metadata"].get("creationTimestamp"), now)


def _pairs(labels: Json | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or NONE


def _containers(object: Json) -> tuple[str, str]:
    containers = object["spec"]["template"]["spec"]["containers"]
    return ",".join(c["name"] for c in containers), ",".join(c["image"] for c in containers)


def pod_reason(object: Json) -> str:
    """The word in the column STATUS."""
    status = object["status"]
    reason = str(status.get("reason") or status.get("phase", "Unknown"))
    statuses = status.get("containerStatuses", [])
    for container in reversed(statuses):
        state = container.get("state", {})
        if waits := state.get("waiting", {}).get("reason"):
            reason = waits
        elif "terminated" in state:
            ended = state["terminated"]
            reason = ended.get("reason") or (f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended['exitCode']}")
    if reason == "Completed" and any(c.get("ready") and "running" in c.get("state", {}) for c in statuses):
        reason = "Running" if is_ready(object) else "NotReady"
    if "deletionTimestamp" in object["metadata"]:
        return "Unknown" if status.get("reason") == "NodeLost" else "Terminating"
    return reason


def _pod(object: Json, now: datetime) -> list[object]:
    statuses = object["status"].get("containerStatuses", [])
    restarts = sum(c.get("restartCount", 0) for c in statuses)
    ends = [c["lastState"]["terminated"]["finishedAt"] for c in statuses if c.get("lastState", {}).get("terminated")]
    total = len(object["spec"]["containers"])
    return [
        object["metadata"]["name"],
        f"{sum(bool(c.get('ready')) for c in statuses)}/{total}",
        pod_reason(object),
        f"{restarts} ({age(max(ends), now)} ago)" if restarts and ends else str(restarts),
        _born(object, now),
        object["status"].get("podIP") or NONE,
        object["spec"].get("nodeName") or NONE,
        NONE,
        NONE,
    ]


def _deployment(object: Json, now: datetime) -> list[object]:
    status = object["status"]
    ready = f"{status.get('readyReplicas', 0)}/{object['spec']['replicas']}"
    counts = [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    return [
        object["metadata"]["name"],
        ready,
        *counts,
        _born(object, now),
        *_containers(object),
        _pairs(object["spec"]["selector"].get("matchLabels")),
    ]


def _replica_set(object: Json, now: datetime) -> list[object]:
    status = object["status"]
    counts = [object["spec"]["replicas"], status.get("replicas", 0), status.get("readyReplicas", 0)]
    return [
        object["metadata"]["name"],
        *counts,
        _born(object, now),
        *_containers(object),
        _pairs(object["spec"]["selector"].get("matchLabels")),
    ]


def _stateful_set(object: Json, now: datetime) -> list[object]:
    ready = f"{object['status'].get('readyReplicas', 0)}/{object['spec']['replicas']}"
    return [object["metadata"]["name"], ready, _born(object, now), *_containers(object)]


def _node(object: Json, now: datetime) -> list[object]:
    status, info = object["status"], object["status"]["nodeInfo"]
    addresses = {a["type"]: a["address"] for a in status["addresses"]}
    word = "Ready" if is_ready(object) else "NotReady"
    return [
        object["metadata"]["name"],
        word + (",SchedulingDisabled" if object["spec"].get("unschedulable") else ""),
        NONE,
        _born(object, now),
        info["kubeletVersion"],
        addresses.get("InternalIP", NONE),
        addresses.get("ExternalIP", NONE),
        info["osImage"],
        info["kernelVersion"],
        info["containerRuntimeVersion"],
    ]


def _event(object: Json, now: datetime) -> list[object]:
    about = object["involvedObject"]
    series = object.get("series") or {}
    first = object.get("firstTimestamp") or object.get("eventTime") or object["metadata"]["creationTimestamp"]
    last = series.get("lastObservedTime") or object.get("lastTimestamp") or object.get("eventTime")
    path = str(about.get("fieldPath", ""))
    source = object.get("source") or {}
    return [
        age(last, now),
        object["type"],
        object["reason"],
        f"{about['kind'].lower()}/{about['name']}",
        path,
        ", ".join(filter(None, (source.get("component") or object.get("reportingComponent", ""), source.get("host", "")))),
        object["message"].strip(),
        age(first, now),
        series.get("count") or object.get("count") or 1,
        object["metadata"]["name"],
    ]


def _namespace(object: Json, now: datetime) -> list[object]:
    return [object["metadata"]["name"], object["status"]["phase"], _born(object, now)]


def _service(object: Json, now: datetime) -> list[object]:
    spec = object["spec"]
    ports = ",".join(f"{port['port']}/{port['protocol']}" for port in spec["ports"]) or NONE
    return [object["metadata"]["name"], spec["type"], spec["clusterIP"], NONE, ports, _born(object, now), _pairs(spec.get("selector"))]


def _job(object: Json, now: datetime) -> list[object]:
    spec, status = object["spec"], object["status"]
    word = next((c["type"] for c in status.get("conditions", ()) if c["status"] == "True"), "Running")
    took = spoken(moment(status["completionTime"]) - moment(status["startTime"])) if "completionTime" in status else ""
    completions = f"{status.get('succeeded', 0)}/{spec['completions']}"
    return [
        object["metadata"]["name"],
        word,
        completions,
        took,
        _born(object, now),
        *_containers(object),
        _pairs(spec["selector"].get("matchLabels")),
    ]


def _budget(object: Json, now: datetime) -> list[object]:
    return [
        object["metadata"]["name"],
        str(object["spec"]["minAvailable"]),
        "N/A",
        str(object["status"]["disruptionsAllowed"]),
        _born(object, now),
    ]


def _autoscaler(object: Json, now: datetime) -> list[object]:
    spec = object["spec"]
    cpu = spec["metrics"][0]["resource"]["target"]["averageUtilization"]
    return [
        object["metadata"]["name"],
        f"{spec['scaleTargetRef']['kind']}/{spec['scaleTargetRef']['name']}",
        f"cpu: {cpu}%/{cpu}%",
        str(spec["minReplicas"]),
        str(spec["maxReplicas"]),
        str(object["status"]["currentReplicas"]),
        _born(object, now),
    ]


# Name of the column, and 1 for those that only `-o wide` shows.
_NAME, _AGE = ("Name", 0), ("Age", 0)
_WIDE = (("Containers", 1), ("Images", 1), ("Selector", 1))
_EVENT_COLUMNS = (
    ("Last Seen", 0),
    ("Type", 0),
    ("Reason", 0),
    ("Object", 0),
    ("Subobject", 1),
    ("Source", 1),
    ("Message", 0),
    ("First Seen", 1),
    ("Count", 1),
    ("Name", 1),
)
_SHAPES: dict[Resource, tuple[tuple[tuple[str, int], ...], Row]] = {
    PODS: (
        (_NAME, ("Ready", 0), ("Status", 0), ("Restarts", 0), _AGE, ("IP", 1), ("Node", 1), ("Nominated Node", 1), ("Readiness Gates", 1)),
        _pod,
    ),
    DEPLOYMENTS: ((_NAME, ("Ready", 0), ("Up-to-date", 0), ("Available", 0), _AGE, *_WIDE), _deployment),
    REPLICASETS: ((_NAME, ("Desired", 0), ("Current", 0), ("Ready", 0), _AGE, *_WIDE), _replica_set),
    STATEFULSETS: ((_NAME, ("Ready", 0), _AGE, ("Containers", 1), ("Images", 1)), _stateful_set),
    NODES: (
        (
            _NAME,
            ("Status", 0),
            ("Roles", 0),
            _AGE,
            ("Version", 0),
            ("Internal-IP", 1),
            ("External-IP", 1),
            ("OS-Image", 1),
            ("Kernel-Version", 1),
            ("Container-Runtime", 1),
        ),
        _node,
    ),
    EVENTS: (_EVENT_COLUMNS, _event),
    NEW_EVENTS: (_EVENT_COLUMNS, _event),
    NAMESPACES: ((_NAME, ("Status", 0), _AGE), _namespace),
    SERVICES: ((_NAME, ("Type", 0), ("Cluster-IP", 0), ("External-IP", 0), ("Port(s)", 0), _AGE, ("Selector", 1)), _service),
    BUDGETS: ((_NAME, ("Min Available", 0), ("Max Unavailable", 0), ("Allowed Disruptions", 0), _AGE), _budget),
    AUTOSCALERS: ((_NAME, ("Reference", 0), ("Targets", 0), ("MinPods", 0), ("MaxPods", 0), ("Replicas", 0), _AGE), _autoscaler),
    JOBS: ((_NAME, ("Status", 0), ("Completions", 0), ("Duration", 0), _AGE, *_WIDE), _job),
}
_NUMBERS = {"Up-to-date", "Available", "Desired", "Current", "Count"}


def columns(resource: Resource) -> list[Json]:
    return [
        {
            "name": name,
            "type": "integer" if name in _NUMBERS else "string",
            "format": "name" if name == "Name" else "",
            "description": name,
            "priority": wide,
        }
        for name, wide in _SHAPES[resource][0]
    ]


def row(resource: Resource, item: Stored, now: datetime, include: str) -> Json:
    """`include` is Metadata, Object or None, as the client asked."""
    cells = _SHAPES[resource][1](item.object, now)
    if include == "None":
        return {"cells": cells, "object": None}
    if include == "Object":
        return {"cells": cells, "object": {"kind": resource.kind, "apiVersion": resource.api_version, **item.object}}
    return {
        "cells": cells,
        "object": {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item.object["metadata"]},
    }


def table(resource: Resource, items: Iterable[Stored], now: datetime, include: str, metadata: Json, *, heads: bool = True) -> Json:
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": columns(resource) if heads else None,
        "rows": [row(resource, item, now, include) for item in items],
    }


def bookmark(resource: Resource, object: Json) -> Json:
    """A row of empty cells: what a real server makes of an object without a name."""
    cells: list[Any] = ["0" if name in _NUMBERS else "<unknown>" if name == "Age" else "" for name, _ in _SHAPES[resource][0]]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": object["metadata"]["resourceVersion"]},
        "columnDefinitions": None,
        "rows": [{"cells": cells, "object": object}],
    }
