"""Gives pods a node, starts their containers, lets faulty ones crash, and ends what is deleted."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from warroom.gameday import shapes
from warroom.gameday.agenda import Agenda, moment, stamp
from warroom.gameday.attempts import Attempts, attempts_of
from warroom.gameday.plans import Fault
from warroom.gameday.recorder import Recorder
from warroom.gameday.resources import NODES, PODS, Json, Key
from warroom.gameday.world import Change, World

Told = Callable[[str, str, str], None]
"""What happened, to what, in which words: for the log of the run."""

STEADY = 600.0
"""A container that lived so long starts its back-off afresh."""


@dataclass(slots=True)
class _Life:
    """What the kubelet remembers of one pod."""

    key: Key
    number: int
    """In the order of their coming; stamps are too coarse for that when time runs fast."""
    restarts: int = 0
    crashes: int = 0
    """In a row; they make the back-off."""
    doomed: int = 0
    """Crashes that a step of the scenario still owes it."""
    verdict: Fault | None = None


class Kubelet:
    """One for all nodes. `faulty` says what is wrong with a pod now, if anything."""

    def __init__(
        self, world: World, agenda: Agenda, rng: random.Random, recorder: Recorder, faulty: Callable[[Json], Fault | None], told: Told
    ) -> None:
        self._world = world
        self._agenda = agenda
        self._rng = rng
        self._recorder = recorder
        self._faulty = faulty
        self._told = told
        self._lives: dict[str, _Life] = {}
        self._attempts: dict[str, Attempts] = {}
        self._addresses = 0
        self._births = 0
        world.listeners.append(self._changed)

    def delete(self, key: Key, grace: int | None = None) -> Json | None:
        """Marks a pod for deletion; it is gone a moment later, or at once with a grace of 0."""
        pod = self._world.copy(PODS, *key)
        if pod is None:
            return None
        if grace == 0:
            self._world.remove(PODS, *key)
            return pod
        metadata = pod["metadata"]
        if "deletionTimestamp" in metadata:
            return pod
        seconds = pod["spec"].get("terminationGracePeriodSeconds", 30) if grace is None else grace
        metadata["deletionTimestamp"] = stamp(self._agenda.now + timedelta(seconds=seconds))
        metadata["deletionGracePeriodSeconds"] = seconds
        marked = self._world.put(PODS, pod)
        if pod["status"].get("phase") == "Running":
            for container in pod["spec"]["containers"]:
                self._say(pod, "Normal", "Killing", f"Stopping container {container['name']}", container["name"])
        self._agenda.after(self._rng.uniform(0.6, 1.5), lambda: self._gone(metadata["uid"], key))
        return marked

    def strike(self, fault: Fault, pods: list[Json]) -> None:
        """A fault came over pods that run."""
        for pod in pods:
            uid = pod["metadata"]["uid"]
            if uid in self._lives and pod["status"].get("phase") == "Running" and self._lives[uid].verdict is None:
                self._sicken(uid, fault, self._lives[uid].restarts)

    def crash(self, pod: Json, fault: Fault, times: int) -> None:
        """Crashes a pod now, and `times - 1` times more when it comes back."""
        life = self._lives.get(pod["metadata"]["uid"])
        if life is not None:
            life.doomed = times
            life.verdict = fault
            self._crash(pod["metadata"]["uid"], life.restarts, fault)

    def turn(self, pod: Json, ready: bool) -> None:
        """The node of a pod was lost, or is back: a pod that its fault keeps down stays down."""
        life = self._lives.get(pod["metadata"]["uid"])
        fresh = self._alive(pod["metadata"]["uid"])
        if life is None or fresh is None or (ready and life.verdict is not None):
            return
        if not ready or "running" in fresh["status"]["containerStatuses"][0]["state"]:
            self._set_ready(fresh, ready)

    def flap(self, pod: Json) -> None:
        """A probe succeeds that failed just now, or the other way round."""
        self._set_ready(pod, not is_ready(pod))

    def address(self, node: str) -> str:
        self._addresses += 1
        stored = self._world.get(NODES, "", node)
        network = stored.object["spec"]["podCIDR"].rpartition(".")[0] if stored else "10.0.0"
        return f"{network}.{self._addresses % 250 + 4}"

    def born(self, pod: Json) -> int:
        """A higher number for a younger pod."""
        life = self._lives.get(pod["metadata"]["uid"])
        return life.number if life is not None else 0

    def attempts(self, pod: Json) -> Attempts:
        """The runs of its containers, as far as they are remembered."""
        return self._attempts.get(pod["metadata"]["uid"]) or Attempts()

    def sick(self, pod: Json) -> Fault | None:
        """What is wrong with it, once its probes have noticed."""
        life = self._lives.get(pod["metadata"]["uid"])
        return life.verdict if life is not None and not is_ready(pod) else None

    def node(self) -> str | None:
        """A node that takes pods."""
        ready = [item.object for item in self._world.all(NODES) if not item.object["spec"].get("unschedulable") and is_ready(item.object)]
        return str(self._rng.choice(ready)["metadata"]["name"]) if ready else None

    def _changed(self, change: Change) -> None:
        if change.after.resource is not PODS:
            return
        pod = change.after.object
        uid = pod["metadata"]["uid"]
        if change.type == "ADDED":
            self._births += 1
            self._attempts[uid] = attempts_of(pod)
            status = pod["status"].get("containerStatuses", [{}])[0]
            if pod["status"].get("phase") == "Running":
                self._lives[uid] = _Life(change.after.key, self._births, status.get("restartCount", 0))
            elif pod["status"].get("phase") == "Pending":
                self._lives[uid] = _Life(change.after.key, self._births)
                self._agenda.after(self._rng.uniform(0.05, 0.3), lambda: self._bind(uid))
        elif change.type == "DELETED":
            self._lives.pop(uid, None)
            self._attempts.pop(uid, None)

    def _alive(self, uid: str, restarts: int | None = None) -> Json | None:
        """A copy of the pod, if it is still there, is not going, and has not restarted since."""
        life = self._lives.get(uid)
        if life is None or (restarts is not None and life.restarts != restarts):
            return None
        pod = self._world.copy(PODS, *life.key)
        return None if pod is None or "deletionTimestamp" in pod["metadata"] else pod

    def _gone(self, uid: str, key: Key) -> None:
        stored = self._world.get(PODS, *key)
        if stored is not None and stored.object["metadata"]["uid"] == uid:
            self._world.remove(PODS, *key)

    def _bind(self, uid: str) -> None:
        pod = self._alive(uid)
        if pod is None:
            return
        node = self.node()
        now = self._agenda.now
        if node is None:
            count = len(self._world.all(NODES))
            message = f"0/{count} nodes are available: {count} node(s) were not ready or unschedulable."
            pod["status"]["conditions"] = [shapes.condition("PodScheduled", False, now, "Unschedulable", message)]
            pod = self._world.put(PODS, pod)
            self._recorder.tell("Pod", pod, "Warning", "FailedScheduling", message, by="default-scheduler", shape="series")
            self._agenda.after(10.0, lambda: self._bind(uid))
            return
        pod["spec"]["nodeName"] = node
        waiting = {"waiting": {"reason": "ContainerCreating"}}
        pod["status"] |= {
            "conditions": shapes.pod_conditions(now, now, ready=False, message=unready(pod)),
            "hostIP": self.host(node),
            "startTime": stamp(now),
            "containerStatuses": [shapes.container_status(container, waiting, ready=False) for container in pod["spec"]["containers"]],
        }
        pod = self._world.put(PODS, pod)
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        self._recorder.tell(
            "Pod", pod, "Normal", "Scheduled", f"Successfully assigned {name} to {node}", by="default-scheduler", shape="once"
        )
        self._agenda.after(self._rng.uniform(0.8, 2.5), lambda: self._start(uid, 0))

    def _start(self, uid: str, restarts: int) -> None:
        pod = self._alive(uid)
        if pod is None:
            return
        life = self._lives[uid]
        life.restarts = restarts
        now = self._agenda.now
        self._attempts[uid].start(restarts, now)
        status = pod["status"]
        status["phase"] = "Running"
        if "podIP" not in status:
            status["podIP"] = self.address(pod["spec"]["nodeName"])
            status["podIPs"] = [{"ip": status["podIP"]}]
        old = {item["name"]: item for item in status["containerStatuses"]}
        status["containerStatuses"] = [
            shapes.container_status(
                container,
                {"running": {"startedAt": stamp(now)}},
                ready=False,
                of=uid,
                restarts=restarts if n == 0 else 0,
                last=_last(old.get(container["name"], {})),
            )
            for n, container in enumerate(pod["spec"]["containers"])
        ]
        self._world.put(PODS, pod)
        for container in pod["spec"]["containers"]:
            self._say(pod, "Normal", "Pulled", f'Container image "{container["image"]}" already present on machine', container["name"])
            self._say(pod, "Normal", "Created", f"Created container: {container['name']}", container["name"])
            self._say(pod, "Normal", "Started", f"Started container {container['name']}", container["name"])
        fault = life.verdict if life.doomed > 0 else self._faulty(pod)
        life.verdict = fault
        if fault is not None:
            self._sicken(uid, fault, restarts)
        if fault is None or fault.ready:
            self._agenda.after(self._rng.uniform(1.5, 4.0), lambda: self._ready(uid, restarts))

    def _sicken(self, uid: str, fault: Fault, restarts: int) -> None:
        """Lets a container live its short life, and its probes fail before the end."""
        life = self._lives[uid]
        life.verdict = fault
        least, most = fault.first if fault.first is not None and life.crashes == 0 else fault.lives
        lasts = self._rng.uniform(least.seconds, most.seconds)
        if not fault.ready:
            self._agenda.after(min(2.0, lasts * 0.3), lambda: self._fail_probe(uid, restarts, fault, "Readiness"))
            self._agenda.after(lasts * 0.8, lambda: self._fail_probe(uid, restarts, fault, "Liveness"))
        self._agenda.after(lasts, lambda: self._crash(uid, restarts, fault))

    def _fail_probe(self, uid: str, restarts: int, fault: Fault, probe: str) -> None:
        pod = self._alive(uid, restarts)
        if pod is None or self._lives[uid].verdict is not fault:
            return
        container = pod["spec"]["containers"][0]
        if f"{probe.lower()}Probe" in container:
            self._say(
                pod, "Warning", "Unhealthy", f"{probe} probe failed: HTTP probe failed with statuscode: {fault.status}", container["name"]
            )
        self._set_ready(pod, False)

    def _ready(self, uid: str, restarts: int) -> None:
        pod = self._alive(uid, restarts)
        if pod is not None and "running" in pod["status"]["containerStatuses"][0]["state"] and not is_ready(pod):
            self._set_ready(pod, True)
            self._told("ready", f"pod/{pod['metadata']['name']}", "its containers are ready")

    def _set_ready(self, pod: Json, ready: bool) -> None:
        if is_ready(pod) == ready:
            return
        for status in pod["status"]["containerStatuses"]:
            status["ready"] = ready
        self._mark(pod, ready)
        self._world.put(PODS, pod)

    def _mark(self, pod: Json, ready: bool) -> None:
        """The conditions that say whether a pod is ready; a transition is stamped only where there is one."""
        for condition in pod["status"]["conditions"]:
            if condition["type"] in ("Ready", "ContainersReady") and (condition["status"] == "True") is not ready:
                fresh = shapes.condition(
                    condition["type"], ready, self._agenda.now, *(("", "") if ready else ("ContainersNotReady", unready(pod)))
                )
                condition.clear()
                condition.update(fresh)

    def _crash(self, uid: str, restarts: int, fault: Fault) -> None:
        pod = self._alive(uid, restarts)
        if pod is None or "running" not in pod["status"]["containerStatuses"][0]["state"]:
            return
        life = self._lives[uid]
        if life.doomed <= 0 and self._faulty(pod) is not fault:
            life.verdict = None
            self._agenda.after(2.0, lambda: self._ready(uid, restarts))
            return
        life.doomed = max(0, life.doomed - 1)
        now = self._agenda.now
        self._attempts[uid].end(now, fault.name)
        status = pod["status"]["containerStatuses"][0]
        started = moment(status["state"]["running"]["startedAt"])
        life.crashes = 1 if now - started > self._agenda.span(STEADY) else life.crashes + 1
        status["state"] = {
            "terminated": {
                "exitCode": fault.exit,
                "reason": fault.reason,
                **({"message": fault.message} if fault.message else {}),
                "startedAt": stamp(started),
                "finishedAt": stamp(now),
                "containerID": status["containerID"],
            }
        }
        status["ready"] = status["started"] = False
        self._mark(pod, False)
        self._world.put(PODS, pod)
        self._told("crashed", f"pod/{pod['metadata']['name']}", f"exit {fault.exit}, {fault.message or fault.reason}")
        wait = 0.0 if life.crashes == 1 else min(300.0, 10.0 * 2 ** (life.crashes - 2))
        if wait:
            self._agenda.after(self._rng.uniform(1.0, 2.0), lambda: self._back_off(uid, restarts, wait, int(wait)))
        else:
            self._agenda.after(self._rng.uniform(1.0, 2.0), lambda: self._start(uid, restarts + 1))

    def _back_off(self, uid: str, restarts: int, left: float, whole: int) -> None:
        """Waits, and says so every ten seconds."""
        pod = self._alive(uid, restarts)
        if pod is None:
            return
        status = pod["status"]["containerStatuses"][0]
        name, space = pod["metadata"]["name"], pod["metadata"]["namespace"]
        if "terminated" in status["state"]:
            status["lastState"] = status["state"]
            message = f"back-off {_spoken(whole)} restarting failed container={status['name']} pod={name}_{space}({uid})"
            status["state"] = {"waiting": {"reason": "CrashLoopBackOff", "message": message}}
            self._world.put(PODS, pod)
        message = f"Back-off restarting failed container {status['name']} in pod {name}_{space}({uid})"
        self._say(pod, "Warning", "BackOff", message, status["name"])
        if left > 10.0:
            self._agenda.after(10.0, lambda: self._back_off(uid, restarts, left - 10.0, whole))
        else:
            self._agenda.after(left, lambda: self._start(uid, restarts + 1))

    def _say(self, pod: Json, type: str, reason: str, message: str, container: str) -> None:
        self._recorder.tell("Pod", pod, type, reason, message, by="kubelet", host=pod["spec"].get("nodeName", ""), container=container)

    def host(self, node: str) -> str:
        stored = self._world.get(NODES, "", node)
        return str(stored.object["status"]["addresses"][0]["address"]) if stored else ""


def is_ready(object: Json) -> bool:
    """Of a pod or a node."""
    return any(c["type"] == "Ready" and c["status"] == "True" for c in object["status"].get("conditions", ()))


def unready(pod: Json) -> str:
    return f"containers with unready status: [{' '.join(container['name'] for container in pod['spec']['containers'])}]"


def _last(old: Json) -> Json:
    """What becomes the last state when a container starts again."""
    state = old.get("state", {})
    return state if "terminated" in state else old.get("lastState") or {}


def _spoken(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
