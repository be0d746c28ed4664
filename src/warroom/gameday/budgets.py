"""Disruption budgets, whose status follows the pods; and autoscalers, whose figures always sit on their target."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from warroom.gameday import shapes
from warroom.gameday.agenda import Agenda, stamp
from warroom.gameday.kubelet import is_ready
from warroom.gameday.plans import AutoscalerPlan, BudgetPlan, WorldPlan
from warroom.gameday.resources import AUTOSCALERS, BUDGETS, DEPLOYMENTS, PODS, Json
from warroom.gameday.world import Change, World

PAUSE = 0.2
"""Scenario seconds until a change of the pods is in the status."""


class Budgets:
    """Keeps up how many pods each budget lets go."""

    def __init__(self, world: World, agenda: Agenda) -> None:
        self._world, self._agenda, self._waits = world, agenda, False
        world.listeners.append(self._changed)

    def _changed(self, change: Change) -> None:
        if change.after.resource in (PODS, BUDGETS) and not self._waits:
            self._waits = True
            self._agenda.after(PAUSE, self._count)

    def _count(self) -> None:
        self._waits = False
        for item in self._world.all(BUDGETS):
            budget = self._world.copy(BUDGETS, *item.key)
            if budget is not None:
                budget["status"] = status(budget, [pod.object for pod in self._world.all(PODS, item.key[0])])
                self._world.put(BUDGETS, budget)


def guard(world: World, agenda: Agenda, plan: WorldPlan) -> Budgets:
    """All of a scenario's. Their names give their ids, so that they change nothing of what is random."""
    created = agenda.ago(plan.age.seconds)
    kept = Budgets(world, agenda)
    for one in plan.budgets:
        world.add(BUDGETS, _known(budget(one, plan.namespace, created)))
    for each in plan.autoscalers:
        replicas = next(deployment.replicas for deployment in plan.deployments if deployment.name == each.deployment)
        world.add(AUTOSCALERS, _known(autoscaler(each, plan.namespace, created, replicas)))
    return kept


def _known(object: Json) -> Json:
    metadata = object["metadata"]
    return {**object, "metadata": {**metadata, "uid": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{metadata['name']}.{metadata['namespace']}"))}}


def status(budget: Json, pods: Iterable[Json]) -> Json:
    wanted = budget["spec"]["selector"]["matchLabels"]
    mine = [pod for pod in pods if wanted.items() <= (pod["metadata"].get("labels") or {}).items() and pod["status"]["phase"] == "Running"]
    healthy, least = sum(map(is_ready, mine)), budget["spec"]["minAvailable"]
    return {
        "observedGeneration": 1,
        "expectedPods": len(mine),
        "currentHealthy": healthy,
        "desiredHealthy": least,
        "disruptionsAllowed": max(0, healthy - least),
    }


def budget(plan: BudgetPlan, namespace: str, created: datetime) -> Json:
    spec = {"minAvailable": plan.least, "selector": {"matchLabels": dict(plan.selector)}}
    made = shapes.named(plan.name, namespace, creationTimestamp=stamp(created), generation=1)
    return {"metadata": made, "spec": spec, "status": status({"spec": spec}, ())}


def autoscaler(plan: AutoscalerPlan, namespace: str, created: datetime, replicas: int) -> Json:
    to = {"apiVersion": DEPLOYMENTS.api_version, "kind": DEPLOYMENTS.kind, "name": plan.deployment}
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": plan.cpu}}
    now = {"name": "cpu", "current": {"averageUtilization": plan.cpu, "averageValue": "1"}}
    return {
        "metadata": shapes.named(plan.name, namespace, creationTimestamp=stamp(created)),
        "spec": {
            "scaleTargetRef": to,
            "minReplicas": plan.least,
            "maxReplicas": plan.most,
            "metrics": [{"type": "Resource", "resource": cpu}],
        },
        "status": {
            "currentReplicas": replicas,
            "desiredReplicas": replicas,
            "currentMetrics": [{"type": "Resource", "resource": now}],
            "conditions": [shapes.condition("AbleToScale", True, created, "ReadyForNewScale", "recommended size matches current size")],
        },
    }
