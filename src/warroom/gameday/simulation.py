"""A scenario being played: the cluster of its first moment, and everything that follows from it."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from warroom.gameday import fill, shapes
from warroom.gameday.agenda import Agenda, micro, stamp
from warroom.gameday.attempts import Attempts
from warroom.gameday.budgets import guard
from warroom.gameday.controllers import LETTERS, Controllers, plain
from warroom.gameday.figures import RETAINED, Figures
from warroom.gameday.firstmoment import FirstMoment, build
from warroom.gameday.kubelet import Kubelet, is_ready
from warroom.gameday.levers import Churn, Expire, Lever, Levers, Refuse
from warroom.gameday.loglines import LogLines, Voice
from warroom.gameday.meters import Meters, Outage
from warroom.gameday.plans import Fault, LogPlan, MetricsPlan, QueryPlan
from warroom.gameday.recorder import Recorder
from warroom.gameday.resources import BY_KIND, DEPLOYMENTS, NODES, PODS, REPLICASETS, Json
from warroom.gameday.scenario import Scenario
from warroom.gameday.series import Course, Sample, sample
from warroom.gameday.steps import (
    AnyStep,
    ChurnStep,
    CrashStep,
    DeleteStep,
    EndpointStep,
    EventStep,
    NodeStep,
    RolloutStep,
    ScaleStep,
    ServerStep,
)
from warroom.gameday.world import Change, World

LATE = 0.1
"""Scenario seconds of changes of many pods that are made up for."""
CHURNED_EVERY = 0.02
"""Scenario seconds between two changes of many pods."""
Happening = dict[str, str]
"""`at`, `what`, `object`, `message`."""


class Simulation:
    """Pure: time comes with `advance`, chance from the seed. `start` is the moment people arrive; what the scenario
    begins with a negative time has happened by then, and is stamped so.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        start: datetime,
        speed: float = 1.0,
        seed: int = 0,
        many: int = 0,
        told: Callable[[Happening], None] | None = None,
    ) -> None:
        self.scenario = scenario
        self.start = start
        self.seed = seed
        self.log: list[Happening] = []
        self.levers = Levers()
        self.endpoints: dict[str, int] = {}
        """What the service answers by path, where a step has said so; anything else answers 200."""
        self._listener = told
        self._rng = random.Random(seed)
        first = start + timedelta(seconds=scenario.begins.seconds / speed)
        self.agenda = Agenda(min(first, start), speed)
        self.world = World(self._rng, lambda: self.agenda.now)
        self._plans = {plan.name: plan for plan in scenario.series}
        self._faults = {fault.name: fault for fault in scenario.faults}
        self._courses = {fault.name: Course(speed) for fault in scenario.faults}
        self._voices = tuple(self._voice(plan) for plan in scenario.logs)
        self._recorder = Recorder(self.world, self.agenda, self._rng)
        build(self.world, self.agenda, self._rng, scenario.world, start, many)
        self._kubelet = Kubelet(self.world, self.agenda, self._rng, self._recorder, self._faulty, self._tell)
        self._controllers = Controllers(self.world, self.agenda, self._rng, self._recorder, self._kubelet, self._hash, self._tell)
        FirstMoment(self.world, self.agenda, self._kubelet, self._controllers, scenario.world, self._hash).run()
        guard(self.world, self.agenda, scenario.world)
        self.world.listeners.append(self._changed)
        self.figures: Figures | None = None
        self.meters: Meters | None = None
        if scenario.metrics is not None:
            self._measure(scenario.metrics)
        delay = max(0.0, scenario.begins.seconds)
        for fault in scenario.faults:
            self.agenda.after(delay + fault.at.seconds, self._judge)
        for step in scenario.steps:
            self.agenda.after(delay + step.at.seconds, partial(self._step, step))
        self.agenda.advance(start)

    def advance(self, to: datetime) -> None:
        self.agenda.advance(to)

    def due(self) -> datetime | None:
        return self.agenda.due()

    def series(self, at: datetime) -> tuple[Sample, ...]:
        """The figures at a moment, past or present."""
        return tuple(sample(plan, self._courses[plan.fault], at, self.start, self.seed) for plan in self.scenario.series)

    def figure(self, name: str, at: datetime) -> Sample:
        """One of them."""
        plan = self._plans[name]
        return sample(plan, self._courses[plan.fault], at, self.start, self.seed)

    def _measure(self, plan: MetricsPlan) -> None:
        outage = Outage()
        self.figures = Figures(plan, self.figure, self.agenda.speed, outage.at)
        space = self.scenario.world.namespace
        self.meters = Meters(self.world, self.figures, space, lambda pod: self.workload(pod) == plan.workload, outage)
        self.meters.whole.add(self.figures.between(self.agenda.now - RETAINED, self.agenda.now))

    def lasts(self, query: QueryPlan, now: datetime) -> timedelta | None:
        """How long a query of the database has run, in scenario time; None when it does not."""
        if not query.fault:
            return timedelta(milliseconds=6)
        since = self._courses[query.fault].since
        if since is None:
            return None
        lasts = (now - since) * self.agenda.speed - timedelta(seconds=query.since.seconds)
        return lasts if lasts > timedelta() else None

    def attempts(self, pod: Json) -> Attempts:
        """The runs of a pod's containers."""
        return self._kubelet.attempts(pod)

    def sick(self, pod: Json) -> Fault | None:
        """What its probes have noticed."""
        return self._kubelet.sick(pod)

    def log_lines(self, pod: Json, container: str) -> LogLines:
        """What a container of a pod writes."""
        metadata = pod["metadata"]
        image = next(c["image"] for c in pod["spec"]["containers"] if c["name"] == container)
        facts = {"pod": metadata["name"], "image": image, "hash": metadata.get("labels", {}).get(shapes.HASH, "")}
        workload = self.workload(pod) if metadata["namespace"] == self.scenario.world.namespace else ""
        voices = [voice for voice in self._voices if voice.plan.workload == workload and voice.plan.image in ("", image)]
        return LogLines(voices, f"{metadata['name']}/{container}", facts, self.start, self.agenda.speed, self.seed)

    def workload(self, pod: Json) -> str:
        """The deployment, stateful set or job to which a pod belongs."""
        owner = next(iter(pod["metadata"].get("ownerReferences", ())), None)
        if owner is None or owner["kind"] != "ReplicaSet":
            return str(owner["name"]) if owner else ""
        replicas = self.world.get(REPLICASETS, pod["metadata"]["namespace"], owner["name"])
        return str(replicas.object["metadata"]["ownerReferences"][0]["name"]) if replicas else ""

    def _voice(self, plan: LogPlan) -> Voice:
        course = self._courses.get(plan.fault)
        return Voice(plan, (lambda at: course.followed(at, plan.over.seconds, plan.back.seconds)) if course else lambda at: 0.0)

    def delete_pod(self, namespace: str, name: str, grace: int | None) -> Json | None:
        return self._kubelet.delete((namespace, name), grace)

    def pull(self, lever: Lever) -> None:
        """Does to the server what a lever says."""
        self.levers.pull(lever)
        if isinstance(lever, Expire):
            self.world.forget()
        elif isinstance(lever, Churn) and lever.per_second > 0:
            # In real seconds, whatever the speed of the scenario.
            for n in range(int(lever.per_second * lever.seconds)):
                self.agenda.after(n / lever.per_second * self.agenda.speed, lambda: fill.churn(self.world, self._rng))

    def _hash(self, template: Json) -> str:
        """The pod-template-hash: the scenario's own where it names one, else made of the template."""
        for container in template["spec"]["containers"]:
            if container["image"] in self.scenario.world.hashes and not _touched(template):
                return self.scenario.world.hashes[container["image"]]
        value = shapes.hash_of(repr(plain(template)))
        return "".join(LETTERS[value // len(LETTERS) ** n % len(LETTERS)] for n in range(10))

    # Steps

    def _step(self, step: AnyStep) -> None:
        space = self.scenario.world.namespace
        match step:
            case RolloutStep():
                object = self.world.copy(DEPLOYMENTS, space, step.deployment)
                if object is not None:
                    object["spec"]["template"]["spec"]["containers"][0]["image"] = step.image
                    notes = object["metadata"].setdefault("annotations", {})
                    notes.pop(shapes.CAUSE, None)
                    notes |= {shapes.CAUSE: step.cause} if step.cause else {}
                    object["metadata"]["generation"] += 1
                    self.world.put(DEPLOYMENTS, object)
            case ScaleStep():
                object = self.world.copy(DEPLOYMENTS, space, step.deployment)
                if object is not None:
                    object["spec"]["replicas"] = step.replicas
                    object["metadata"]["generation"] += 1
                    self.world.put(DEPLOYMENTS, object)
            case CrashStep():
                died = Fault(name="", deployment=step.deployment, exit=step.exit, reason=step.reason, message=step.message)
                for pod in self._rng.sample(chosen := self._pods_of(step.deployment), min(step.pods, len(chosen))):
                    self._kubelet.crash(pod, died, step.times)
            case DeleteStep():
                for pod in self._rng.sample(chosen := self._pods_of(step.deployment), min(step.pods, len(chosen))):
                    self._kubelet.delete((space, pod["metadata"]["name"]))
            case ChurnStep():
                self._churn(step, int(step.per_second * step.lasts.seconds))
            case NodeStep():
                self._turn_node(step.node, step.ready)
            case EventStep():
                self._say(step, step.times)
            case EndpointStep():
                self.endpoints[step.path] = step.status
                self._tell("endpoint", step.path, f"answers {step.status}")
            case ServerStep():
                self.pull(Refuse(status=step.status, times=step.times, path=step.path, retry_after=step.retry_after))
                self._tell("refusing", "server", f"{step.times} requests get {step.status}")

    def _say(self, step: EventStep, left: int) -> None:
        if step.while_fault and not self._courses[step.while_fault].there:
            return
        kind, _, name = step.object.partition("/")
        kinds = {resource.singular: resource for resource in BY_KIND.values()}
        resource = kinds[kind]
        found = self.world.get(resource, self.scenario.world.namespace if resource.namespaced else "", name)
        if found is not None:
            self._recorder.tell(resource.kind, found.object, step.type, step.reason, step.message, by=step.by, shape=step.shape)
            if left == step.times:
                self._tell("event", step.object, f"{step.reason}: {step.message}")
        if left > 1:
            self.agenda.after(step.every.seconds, lambda: self._say(step, left - 1))

    def _churn(self, step: ChurnStep, left: int) -> None:
        """Several at a time, since an act of its own for each would cost more than the change.

        What a slow machine did not manage is left out: else it would have ever more to do.
        """
        if (late := self.agenda.behind) > LATE:
            left -= int(late * step.per_second)
            if left > 0:
                self.agenda.after(late, lambda: self._churn(step, left))
            return
        pods = self.world.keys(PODS, self.scenario.world.namespace)
        mine = [key for key in pods if key[1].startswith(f"{step.deployment}-")]
        now = max(1, min(left, round(step.per_second * CHURNED_EVERY)))
        for _ in range(now if mine else 0):
            pod = self.world.copy(PODS, *self._rng.choice(mine))
            if pod is not None and "running" in pod["status"].get("containerStatuses", [{"state": {}}])[0]["state"]:
                self._kubelet.flap(pod)
        if left > now:
            self.agenda.after(now / step.per_second, lambda: self._churn(step, left - now))

    def _turn_node(self, name: str, ready: bool) -> None:
        """A node that is lost takes the readiness of its pods with it; they are not moved elsewhere."""
        node = self.world.copy(NODES, "", name)
        if node is None:
            return
        now = self.agenda.now
        reason, message = (
            ("KubeletReady", "kubelet is posting ready status") if ready else ("NodeStatusUnknown", "Kubelet stopped posting node status.")
        )
        fresh = shapes.condition("Ready", ready, now, reason, message, lastHeartbeatTime=stamp(now))
        if not ready:
            fresh["status"] = "Unknown"
        node["status"]["conditions"] = [c for c in node["status"]["conditions"] if c["type"] != "Ready"] + [fresh]
        node = self.world.put(NODES, node)
        word = "NodeReady" if ready else "NodeNotReady"
        self._recorder.tell("Node", node, "Normal", word, f"Node {name} status is now: {word}", by="node-controller")
        for pod in [item.object for item in self.world.all(PODS)]:
            if pod["spec"].get("nodeName") == name and pod["status"].get("phase") == "Running":
                self._kubelet.turn(pod, ready)
        self._tell("node", f"node/{name}", "ready" if ready else "not ready")

    def _pods_of(self, deployment: str) -> list[Json]:
        """Those that run, are ready and stay."""
        found = self.world.get(DEPLOYMENTS, self.scenario.world.namespace, deployment)
        if found is None:
            return []
        pods = [pod for replicas in self.world.owned(REPLICASETS, found.object) for pod in self.world.owned(PODS, replicas)]
        return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"] and is_ready(pod)]

    # Faults

    def _faulty(self, pod: Json) -> Fault | None:
        for fault in self._faults.values():
            if self._courses[fault.name].there and pod["metadata"]["namespace"] == self.scenario.world.namespace and self._hit(fault, pod):
                return fault
        return None

    def _hit(self, fault: Fault, pod: Json) -> bool:
        owners = [reference["name"] for reference in pod["metadata"].get("ownerReferences", ()) if reference["kind"] == "ReplicaSet"]
        replicas = next((found for name in owners if (found := self.world.get(REPLICASETS, pod["metadata"]["namespace"], name))), None)
        of = [reference["name"] for reference in replicas.object["metadata"]["ownerReferences"]] if replicas else []
        images = [container["image"] for container in pod["spec"]["containers"]]
        return fault.deployment in of and (not fault.image or fault.image in images)

    def _judge(self) -> None:
        """Which faults are there now, by what the deployments are and by the time."""
        begun = self.start + self.agenda.span(self.scenario.begins.seconds)
        for fault in self._faults.values():
            course = self._courses[fault.name]
            found = self.world.get(DEPLOYMENTS, self.scenario.world.namespace, fault.deployment)
            there = found is not None and self.agenda.now >= begun + self.agenda.span(fault.at.seconds)
            if there and found is not None:
                images = [container["image"] for container in found.object["spec"]["template"]["spec"]["containers"]]
                there = not fault.image or fault.image in images
                for heal in self.scenario.heals:
                    if heal.fault != fault.name:
                        continue
                    if heal.by == "replicas" and found.object["spec"]["replicas"] <= heal.replicas:
                        there = False
                    if heal.by == "time":
                        since = next((at for at, was in reversed(course.turns) if was), None)
                        if since is not None and self.agenda.now - since >= self.agenda.span(heal.after.seconds):
                            there = False
            if there == course.there:
                continue
            course.turn(self.agenda.now, there)
            self._tell("fault" if there else "healed", f"deployment/{fault.deployment}", fault.name)
            if there:
                self._kubelet.strike(
                    fault, [item.object for item in self.world.all(PODS, self.scenario.world.namespace) if self._hit(fault, item.object)]
                )
                for heal in self.scenario.heals:
                    if heal.fault == fault.name and heal.by == "time":
                        self.agenda.after(heal.after.seconds, self._judge)

    def _changed(self, change: Change) -> None:
        if (
            change.after.resource is PODS
            and change.type == "DELETED"
            and change.after.object["metadata"]["namespace"] == self.scenario.world.namespace
        ):
            self._tell("gone", f"pod/{change.after.object['metadata']['name']}", "deleted")
        if change.after.resource is not DEPLOYMENTS:
            return
        object = change.after.object
        name = f"deployment/{object['metadata']['name']}"
        if change.before is not None and change.type == "MODIFIED":
            was, now = change.before.object["spec"], object["spec"]
            if plain(was["template"]) != plain(now["template"]):
                self._tell("rollout", name, ", ".join(container["image"] for container in now["template"]["spec"]["containers"]))
            if was["replicas"] != now["replicas"]:
                self._tell("scaled", name, f"from {was['replicas']} to {now['replicas']}")
        if change.before is None or change.before.object["spec"] != object["spec"] or change.type == "DELETED":
            self._judge()

    def tell(self, what: str, object: str, message: str) -> None:
        """What happens outside of the cluster, among those who are told of it."""
        self._tell(what, object, message)

    def _tell(self, what: str, object: str, message: str) -> None:
        happening = {"at": micro(self.agenda.now), "what": what, "object": object, "message": message}
        self.log.append(happening)
        if self._listener is not None:
            self._listener(happening)


def _touched(template: Json) -> bool:
    """Whether somebody restarted it by annotation, which makes another template of the same image."""
    return bool(template["metadata"].get("annotations"))
