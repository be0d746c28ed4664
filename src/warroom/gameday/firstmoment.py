"""The cluster as it stands when a scenario begins: what runs since long ago."""

import random
from collections.abc import Callable
from datetime import datetime

from warroom.gameday import fill, shapes
from warroom.gameday.agenda import Agenda, stamp
from warroom.gameday.controllers import Controllers
from warroom.gameday.kubelet import Kubelet
from warroom.gameday.plans import DeploymentPlan, JobPlan, StatefulSetPlan, Workload, WorldPlan
from warroom.gameday.resources import DEPLOYMENTS, JOBS, NAMESPACES, NODES, PODS, REPLICASETS, SERVICES, STATEFULSETS, Json
from warroom.gameday.world import World


def build(world: World, agenda: Agenda, rng: random.Random, plan: WorldPlan, start: datetime, many: int) -> None:
    """Namespaces, nodes and services, before anything runs on them."""
    age = agenda.ago(plan.age.seconds)
    for name in ("default", "kube-system", *(() if plan.namespace == "default" else (plan.namespace,))):
        world.add(NAMESPACES, shapes.namespace(name, age))
    for n, name in enumerate(plan.nodes, start=1):
        world.add(NODES, shapes.node(name, n, age, start))
    for n, service in enumerate(plan.services):
        world.add(SERVICES, shapes.service(service, plan.namespace, n, age))
    if many:
        fill.fill(world, rng, plan.nodes, many, agenda.now)


class FirstMoment:
    def __init__(
        self, world: World, agenda: Agenda, kubelet: Kubelet, controllers: Controllers, plan: WorldPlan, hash: Callable[[Json], str]
    ) -> None:
        self._world = world
        self._agenda = agenda
        self._kubelet = kubelet
        self._controllers = controllers
        self._plan = plan
        self._hash = hash

    def run(self) -> None:
        """Everything that runs since long ago; the controllers find nothing to do but to write their status."""
        plan = self._plan
        for deployment in plan.deployments:
            self._run_deployment(deployment)
        for stateful in plan.statefulsets:
            self._run_stateful_set(stateful)
        for job in plan.jobs:
            self._run_job(job)

    def _run_deployment(self, plan: DeploymentPlan) -> None:
        space = self._plan.namespace
        object = self._world.add(DEPLOYMENTS, shapes.deployment(plan, space, self._agenda.ago(plan.releases[0].age.seconds + 40 * 86400)))
        settled = self._agenda.ago(plan.releases[-1].age.seconds)
        for n, release in enumerate(plan.releases):
            runs = n == len(plan.releases) - 1
            template = shapes.template(plan, release.image)
            notes = {shapes.REVISION: str(release.revision), **({shapes.CAUSE: release.cause} if release.cause else {})}
            hash = self._hash(template)
            made = shapes.replica_set(object, template, hash, plan.replicas if runs else 0, shapes.owner(DEPLOYMENTS, object), notes)
            made["metadata"]["creationTimestamp"] = stamp(self._agenda.ago(release.age.seconds))
            count = plan.replicas if runs else 0
            made["status"] = {
                "replicas": count,
                **({"fullyLabeledReplicas": count, "readyReplicas": count, "availableReplicas": count} if count else {}),
            }
            made["status"]["observedGeneration"] = 1
            replicas = self._world.add(REPLICASETS, made)
            if runs:
                said = f'ReplicaSet "{made["metadata"]["name"]}" has successfully progressed.'
                self._settle(object, settled, said)
                for number in range(plan.replicas):
                    name = f"{made['metadata']['name']}-{self._controllers.suffix()}"
                    pod = shapes.pod(name, space, replicas["spec"]["template"], shapes.owner(REPLICASETS, replicas))
                    pod["metadata"]["generateName"] = f"{made['metadata']['name']}-"
                    self._run(pod, plan, number, settled)

    def _settle(self, object: Json, at: datetime, said: str) -> None:
        fresh = self._world.copy(DEPLOYMENTS, object["metadata"]["namespace"], object["metadata"]["name"])
        if fresh is not None:
            known = (
                ("Available", "MinimumReplicasAvailable", "Deployment has minimum availability."),
                ("Progressing", "NewReplicaSetAvailable", said),
            )
            fresh["status"] = {
                "conditions": [shapes.condition(kind, True, at, reason, words, lastUpdateTime=stamp(at)) for kind, reason, words in known]
            }
            count = fresh["spec"]["replicas"]
            fresh["status"] |= {"replicas": count, "updatedReplicas": count, "readyReplicas": count, "availableReplicas": count}
            fresh["status"]["observedGeneration"] = fresh["metadata"]["generation"]
            self._world.put(DEPLOYMENTS, fresh)

    def _run_stateful_set(self, plan: StatefulSetPlan) -> None:
        space = self._plan.namespace
        created = self._agenda.ago(plan.releases[-1].age.seconds)
        object = self._world.add(STATEFULSETS, shapes.stateful_set(plan, space, created))
        for number in range(plan.replicas):
            name = f"{plan.name}-{number}"
            labels = {"apps.kubernetes.io/pod-index": str(number), "statefulset.kubernetes.io/pod-name": name}
            self._run(
                shapes.pod(name, space, object["spec"]["template"], shapes.owner(STATEFULSETS, object), labels), plan, number, created
            )

    def _run(self, pod: Json, plan: Workload, number: int, created: datetime) -> None:
        """A pod that has been ready since shortly after its creation."""
        created += self._agenda.span(number * 7.0)
        node, name = self._kubelet.node() or self._plan.nodes[0], pod["metadata"]["name"]
        started, last, restarts = created + self._agenda.span(3.0), None, 0
        if plan.restarted is not None and number == 0:
            restarts = plan.restarted.count
            ended = self._agenda.ago(plan.restarted.ago.seconds)
            begun, started = started, ended + self._agenda.span(1.0)
            died = {"exitCode": plan.restarted.exit, "reason": plan.restarted.reason}
            last = {"terminated": {**died, "startedAt": stamp(begun), "finishedAt": stamp(ended), "containerID": "containerd://0"}}
        pod["metadata"]["creationTimestamp"] = stamp(created)
        pod["spec"]["nodeName"] = node
        address = self._kubelet.address(node)
        pod["status"] |= {
            "phase": "Running",
            "conditions": shapes.pod_conditions(created, started + self._agenda.span(3.0), ready=True),
            "hostIP": self._kubelet.host(node),
            "podIP": address,
            "podIPs": [{"ip": address}],
            "startTime": stamp(created),
            "containerStatuses": [
                shapes.container_status(c, {"running": {"startedAt": stamp(started)}}, ready=True, of=name, restarts=restarts, last=last)
                for c in pod["spec"]["containers"]
            ],
        }
        self._world.add(PODS, pod)

    def _run_job(self, plan: JobPlan) -> None:
        space = self._plan.namespace
        created = self._agenda.ago(plan.age.seconds)
        finished = created + self._agenda.span(plan.took.seconds)
        job = self._world.add(JOBS, shapes.finished_job(plan, space, created, finished))
        name = f"{plan.name}-{self._controllers.suffix()}"
        pod = shapes.pod(name, space, job["spec"]["template"], shapes.owner(JOBS, job))
        node = self._kubelet.node() or self._plan.nodes[0]
        pod["metadata"]["creationTimestamp"] = stamp(created)
        pod["spec"]["nodeName"] = node
        ended = {
            "exitCode": 0,
            "reason": "Completed",
            "startedAt": stamp(created),
            "finishedAt": stamp(finished),
            "containerID": "containerd://0",
        }
        pod["status"] |= {
            "phase": "Succeeded",
            "conditions": shapes.pod_conditions(created, finished, ready=False, reason="PodCompleted"),
            "hostIP": self._kubelet.host(node),
            "startTime": stamp(created),
            "containerStatuses": [
                shapes.container_status(c, {"terminated": ended}, ready=False, of=name) for c in pod["spec"]["containers"]
            ],
        }
        self._world.add(PODS, pod)
