"""The kinds of objects that the simulated cluster knows."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Key = tuple[str, str]
"""Namespace (empty for objects of the whole cluster) and name."""


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One kind of object, and how the API calls it."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    scalable: bool = False

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """As the API server's sentences name it: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def singular(self) -> str:
        return self.kind.lower()


PODS = Resource("", "v1", "pods", "Pod", short=("po",), categories=("all",))
NODES = Resource("", "v1", "nodes", "Node", namespaced=False, short=("no",))
NAMESPACES = Resource("", "v1", "namespaces", "Namespace", namespaced=False, short=("ns",))
SERVICES = Resource("", "v1", "services", "Service", short=("svc",), categories=("all",))
EVENTS = Resource("", "v1", "events", "Event", short=("ev",))
NEW_EVENTS = Resource("events.k8s.io", "v1", "events", "Event", short=("ev",))
DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment", short=("deploy",), categories=("all",), scalable=True)
REPLICASETS = Resource("apps", "v1", "replicasets", "ReplicaSet", short=("rs",), categories=("all",), scalable=True)
STATEFULSETS = Resource("apps", "v1", "statefulsets", "StatefulSet", short=("sts",), categories=("all",), scalable=True)
BUDGETS = Resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", short=("pdb",))
AUTOSCALERS = Resource("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", short=("hpa",), categories=("all",))
JOBS = Resource("batch", "v1", "jobs", "Job", categories=("all",))

POD_METRICS = Resource("metrics.k8s.io", "v1beta1", "pods", "PodMetrics")
NODE_METRICS = Resource("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", namespaced=False)
"""Computed when asked for; nothing of them is stored, and they cannot be watched."""

METRICS = (POD_METRICS, NODE_METRICS)
RESOURCES = (PODS, NODES, NAMESPACES, SERVICES, EVENTS, DEPLOYMENTS, REPLICASETS, STATEFULSETS, JOBS, BUDGETS, AUTOSCALERS, NEW_EVENTS)
BY_KIND = {resource.kind: resource for resource in RESOURCES if resource is not NEW_EVENTS}


def find(group: str, version: str, plural: str) -> Resource | None:
    return next((r for r in (*RESOURCES, *METRICS) if (r.group, r.version, r.plural) == (group, version, plural)), None)


def stored(resource: Resource) -> Resource:
    """Under which kind its objects are kept: both APIs of events show the same ones."""
    return EVENTS if resource is NEW_EVENTS else resource
