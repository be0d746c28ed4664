"""What the cluster said before a change: the object, and what stands around it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from warroom.core.compared import Json

WORKLOADS = ("deployment", "statefulset", "replicaset", "daemonset")
OF_ONE_POD = frozenset(
    ("pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index")
)
"""Labels that tell pods of one workload apart."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the cluster said. `budgets` and `scalers` are None where they could not be read."""

    target: Json
    sets: tuple[Json, ...] = ()
    """The ReplicaSets of the workload."""
    pods: tuple[Json, ...] = ()
    """Those of the workload, or of the node; of a pod, it and those like it."""
    budgets: tuple[Json, ...] | None = None
    scalers: tuple[Json, ...] | None = None
    after: Json | None = None
    """The object as the dry run says it would be."""


class Told:
    """What is collected for the card."""

    def __init__(self) -> None:
        self.serious, self.mild, self.calm, self.effects = list[str](), list[str](), list[str](), list[str]()


def is_ready(pod: Json) -> bool:
    conditions: Sequence[Mapping[str, Any]] = (pod.get("status") or {}).get("conditions") or []
    return "deletionTimestamp" not in pod["metadata"] and any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def selector_of(target: Json, kind: str) -> str:
    """Labels that find the pods of a workload, or those like this pod; empty: there are none."""
    if kind == "pod":
        labels = target["metadata"].get("labels") or {}
        found: Iterable[tuple[str, str]] = ((key, value) for key, value in labels.items() if key not in OF_ONE_POD)
    else:
        found = (((target.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}).items()
    return ",".join(f"{key}={value}" for key, value in found)


def belongs(child: Json, parent: Json) -> bool:
    uid = parent["metadata"].get("uid")
    return any(one.get("uid") == uid for one in child["metadata"].get("ownerReferences") or [])


def template(workload: Json) -> Json:
    found: Json = (workload.get("spec") or {}).get("template") or {}
    return found


def template_hash(whole: Json) -> str:
    return str((whole["metadata"].get("labels") or {}).get("pod-template-hash", ""))


def made(whole: Json) -> datetime:
    return datetime.fromisoformat(whole["metadata"]["creationTimestamp"])
