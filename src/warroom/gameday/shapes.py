"""The objects of the simulated cluster as the API shows them, built from the plans of a scenario."""

from collections.abc import Iterable
from datetime import datetime

from warroom.gameday.agenda import micro, stamp
from warroom.gameday.plans import DeploymentPlan, JobPlan, Probe, ServicePlan, StatefulSetPlan, Workload
from warroom.gameday.resources import Json, Resource
from warroom.gameday.world import copied

REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
CAUSE = "kubernetes.io/change-cause"
HASH = "pod-template-hash"


def named(name: str, namespace: str = "", **metadata: object) -> Json:
    return {"name": name, **({"namespace": namespace} if namespace else {}), **metadata}


def owner(resource: Resource, object: Json) -> Json:
    return {
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "name": object["metadata"]["name"],
        "uid": object["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def condition(kind: str, status: bool, at: datetime, reason: str = "", message: str = "", **more: object) -> Json:
    made: Json = {"type": kind, "status": "True" if status else "False", "lastTransitionTime": stamp(at)}
    return {**made, **({"reason": reason} if reason else {}), **({"message": message} if message else {}), **more}


def namespace(name: str, created: datetime) -> Json:
    return {
        "metadata": named(name, labels={"kubernetes.io/metadata.name": name}, creationTimestamp=stamp(created)),
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def node(name: str, number: int, created: datetime, now: datetime) -> Json:
    room = {"cpu": "16", "memory": "65536Mi", "ephemeral-storage": "200Gi", "pods": "110"}
    healthy = (
        ("MemoryPressure", False, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", False, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", False, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ("Ready", True, "KubeletReady", "kubelet is posting ready status"),
    )
    labels = {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": f"zone-{number}",
    }
    return {
        "metadata": named(name, labels=labels, creationTimestamp=stamp(created)),
        "spec": {"podCIDR": f"10.0.{number}.0/24"},
        "status": {
            "capacity": room,
            "allocatable": {**room, "cpu": "15800m"},
            "conditions": [condition(k, s, created, r, m, lastHeartbeatTime=stamp(now)) for k, s, r, m in healthy],
            "addresses": [{"type": "InternalIP", "address": f"192.0.2.{10 + number}"}, {"type": "Hostname", "address": name}],
            "nodeInfo": {
                "architecture": "amd64",
                "bootID": "",
                "containerRuntimeVersion": "containerd://2.1.4",
                "kernelVersion": "6.12.0",
                "kubeProxyVersion": "",
                "kubeletVersion": "v1.37.2",
                "machineID": "",
                "operatingSystem": "linux",
                "osImage": "Simulated Linux",
                "systemUUID": "",
            },
        },
    }


def _probe(plan: Probe) -> Json:
    return {
        "httpGet": {"path": plan.path, "port": plan.port, "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": max(1, int(plan.every.seconds)),
        "successThreshold": 1,
        "failureThreshold": 3,
    }


def template(plan: Workload, image: str) -> Json:
    container: Json = {"name": plan.container, "image": image}
    if plan.port:
        container["ports"] = [{"name": "http" if plan.port >= 8000 else "service", "containerPort": plan.port, "protocol": "TCP"}]
    if plan.metrics:
        container.setdefault("ports", []).append({"name": "metrics", "containerPort": plan.metrics, "protocol": "TCP"})
    if plan.env:
        container["env"] = [{"name": name, "value": value} for name, value in plan.env.items()]
    limits = {**({"cpu": plan.cpu} if plan.cpu else {}), **({"memory": plan.memory} if plan.memory else {})}
    container["resources"] = {"limits": limits, "requests": dict(limits)} if limits else {}
    if plan.liveness:
        container["livenessProbe"] = _probe(plan.liveness)
    if plan.readiness:
        container["readinessProbe"] = _probe(plan.readiness)
    container |= {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "imagePullPolicy": "IfNotPresent",
    }
    return {"metadata": {"labels": dict(plan.labels)}, "spec": pod_spec([container], "Always")}


def pod_spec(containers: list[Json], restart: str) -> Json:
    return {
        "containers": containers,
        "restartPolicy": restart,
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
    }


def deployment(plan: DeploymentPlan, space: str, created: datetime) -> Json:
    last = plan.releases[-1]
    notes = {REVISION: str(last.revision), **({CAUSE: last.cause} if last.cause else {})}
    return {
        "metadata": named(
            plan.name, space, labels=dict(plan.labels), annotations=notes, generation=last.revision, creationTimestamp=stamp(created)
        ),
        "spec": {
            "replicas": plan.replicas,
            "selector": {"matchLabels": dict(plan.labels)},
            "template": template(plan, last.image),
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": plan.unavailable, "maxSurge": plan.surge}},
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": int(plan.deadline.seconds),
        },
        "status": {},
    }


def replica_set(deployment: Json, pods: Json, hash: str, replicas: int, reference: Json, notes: dict[str, str]) -> Json:
    made = copied(pods)
    made["metadata"].setdefault("labels", {})[HASH] = hash
    metadata = deployment["metadata"]
    return {
        "metadata": named(
            f"{metadata['name']}-{hash}",
            metadata["namespace"],
            generation=1,
            labels=dict(made["metadata"]["labels"]),
            annotations=notes,
            ownerReferences=[reference],
        ),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {**deployment["spec"]["selector"].get("matchLabels", {}), HASH: hash}},
            "template": made,
        },
        "status": {"replicas": 0},
    }


def stateful_set(plan: StatefulSetPlan, space: str, created: datetime) -> Json:
    last = plan.releases[-1]
    return {
        "metadata": named(plan.name, space, labels=dict(plan.labels), generation=last.revision, creationTimestamp=stamp(created)),
        "spec": {
            "replicas": plan.replicas,
            "selector": {"matchLabels": dict(plan.labels)},
            "template": template(plan, last.image),
            "serviceName": plan.name,
            "podManagementPolicy": "OrderedReady",
            "updateStrategy": {"type": "RollingUpdate"},
            "revisionHistoryLimit": 10,
        },
        "status": {},
    }


def service(plan: ServicePlan, space: str, number: int, created: datetime) -> Json:
    address = f"10.96.0.{10 + number}"
    return {
        "metadata": named(plan.name, space, creationTimestamp=stamp(created)),
        "spec": {
            "type": "ClusterIP",
            "clusterIP": address,
            "clusterIPs": [address],
            "selector": dict(plan.selector),
            "ports": [{"protocol": "TCP", "port": plan.port, "targetPort": plan.port}],
            "sessionAffinity": "None",
        },
        "status": {"loadBalancer": {}},
    }


def pod(name: str, space: str, pods: Json, reference: Json, labels: dict[str, str] | None = None) -> Json:
    """A pod that nobody has looked at yet."""
    return {
        "metadata": named(name, space, labels={**pods["metadata"].get("labels", {}), **(labels or {})}, ownerReferences=[reference]),
        "spec": copied(pods["spec"]),
        "status": {"phase": "Pending", "qosClass": quality(pods["spec"]["containers"])},
    }


def quality(containers: Iterable[Json]) -> str:
    limits = [container.get("resources", {}).get("limits", {}) for container in containers]
    return "Guaranteed" if all({"cpu", "memory"} <= set(limit) for limit in limits) else "Burstable" if any(limits) else "BestEffort"


def container_status(container: Json, state: Json, *, ready: bool, of: str = "", restarts: int = 0, last: Json | None = None) -> Json:
    """`of` is the pod, so that no two containers have one id."""
    image = container["image"]
    return {
        "name": container["name"],
        "state": state,
        "lastState": last or {},
        "ready": ready,
        "restartCount": restarts,
        "image": image,
        "imageID": "" if "waiting" in state and not restarts else f"registry.example/{image}",
        "containerID": "" if "waiting" in state and not restarts else f"containerd://{hash_of(f'{of}/{image}/{restarts}'):064x}",
        "started": "running" in state,
    }


def hash_of(text: str) -> int:
    """The same in every process, which `hash` is not."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def pod_conditions(created: datetime, at: datetime, *, ready: bool, reason: str = "ContainersNotReady", message: str = "") -> list[Json]:
    """Of a pod that has a node."""
    unready = (reason, message) if not ready else ("", "")
    return [
        condition("PodReadyToStartContainers", True, created),
        condition("Initialized", True, created),
        condition("Ready", ready, at, *unready),
        condition("ContainersReady", ready, at, *unready),
        condition("PodScheduled", True, created),
    ]


def finished_job(plan: JobPlan, space: str, created: datetime, finished: datetime) -> Json:
    labels = {"batch.kubernetes.io/job-name": plan.name, "job-name": plan.name}
    return {
        "metadata": named(plan.name, space, labels=dict(labels), creationTimestamp=stamp(created), generation=1),
        "spec": {
            "parallelism": 1,
            "completions": 1,
            "backoffLimit": 6,
            "selector": {"matchLabels": {"batch.kubernetes.io/job-name": plan.name}},
            "template": {
                "metadata": {"labels": labels},
                "spec": pod_spec([{"name": plan.container, "image": plan.image, "resources": {}}], "Never"),
            },
        },
        "status": {
            "conditions": [condition("Complete", True, finished, "CompletionsReached", "Reached expected number of succeeded pods")],
            "startTime": stamp(created),
            "completionTime": stamp(finished),
            "succeeded": 1,
            "ready": 0,
        },
    }


def event(
    name: str,
    space: str,
    subject: Json,
    type: str,
    reason: str,
    message: str,
    *,
    at: datetime,
    shape: str,
    by: str,
    host: str = "",
    action: str = "",
) -> Json:
    """A core/v1 event, seen once so far.

    `counted`: the old shape of controllers. `once` and `series`: the new one, whose old times are null.
    """
    made: Json = {
        "metadata": named(name, space, creationTimestamp=stamp(at)),
        "involvedObject": subject,
        "reason": reason,
        "message": message,
        "type": type,
    }
    if shape == "counted":
        return made | {
            "source": {"component": by, **({"host": host} if host else {})},
            "firstTimestamp": stamp(at),
            "lastTimestamp": stamp(at),
            "count": 1,
            "eventTime": None,
            "reportingComponent": by,
            "reportingInstance": host,
        }
    made |= {"source": {}, "firstTimestamp": None, "lastTimestamp": None, "eventTime": micro(at)}
    made |= {"action": action or reason, "reportingComponent": by, "reportingInstance": f"{by.rpartition('/')[2]}-0"}
    return made | ({"series": {"count": 1, "lastObservedTime": micro(at)}} if shape == "series" else {})


def new_event(core: Json) -> Json:
    """The same event as events.k8s.io/v1 shows it."""
    made: Json = {
        "metadata": core["metadata"],
        "eventTime": core.get("eventTime"),
        "reportingController": core.get("reportingComponent", ""),
        "reportingInstance": core.get("reportingInstance", ""),
        "action": core.get("action", ""),
        "reason": core["reason"],
        "regarding": core["involvedObject"],
        "note": core["message"],
        "type": core["type"],
        "deprecatedSource": core.get("source", {}),
        "deprecatedFirstTimestamp": core.get("firstTimestamp"),
        "deprecatedLastTimestamp": core.get("lastTimestamp"),
    }
    if "count" in core:
        made["deprecatedCount"] = core["count"]
    if "series" in core:
        made["series"] = core["series"]
    return made
