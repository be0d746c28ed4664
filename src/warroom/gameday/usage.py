"""The CPU and memory that pods and nodes use, and what metrics.k8s.io says of them."""

from datetime import datetime

from warroom.gameday import statuses
from warroom.gameday.agenda import stamp
from warroom.gameday.asks import Ask
from warroom.gameday.reads import chosen
from warroom.gameday.resources import NODES, POD_METRICS, PODS, Json
from warroom.gameday.series import GRAIN
from warroom.gameday.shapes import hash_of
from warroom.gameday.simulation import Simulation

MIB = 1024 * 1024
WINDOW = "15s"
_UNITS = {"Ki": 1024.0, "Mi": 1024.0**2, "Gi": 1024.0**3}


def cores(quantity: str) -> float:
    """`250m` is a quarter."""
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity or 0)


def memory(quantity: str) -> float:
    return float(quantity[:-2]) * _UNITS[quantity[-2:]] if quantity[-2:] in _UNITS else float(quantity or 0)


class Usage:
    """A pod of the measured service uses what the scenario says; any other one its own steady share of what it may."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def of(self, pod: Json, container: Json, now: datetime) -> tuple[float, float]:
        """Cores and bytes."""
        limits = container.get("resources", {}).get("limits", {})
        most, room = cores(limits.get("cpu", "")) or 0.5, memory(limits.get("memory", "")) or 256.0 * MIB
        name = f"{pod['metadata']['name']}/{container['name']}"
        figures = self._simulation.figures
        if figures is not None and self._simulation.workload(pod) == figures.plan.workload and figures.plan.cpu:
            share = figures.at(now).cpu
        else:
            share = 0.15 + 0.5 * _chance(name)
        grain = int((now - self._simulation.start).total_seconds() * self._simulation.agenda.speed // GRAIN)
        wave = 1 + 0.06 * (_chance(f"{name}/{grain}") - 0.5)
        return share * most * wave, room * (0.35 + 0.4 * _chance(f"{name}/memory")) * (1 + (wave - 1) / 4)

    def answer(self, ask: Ask, now: datetime) -> Json:
        if ask.verb == "watch":
            raise statuses.Refused(405, "MethodNotAllowed", f"watch is not supported on resources of kind {ask.resource.plural}")
        if ask.verb not in ("get", "list"):
            raise statuses.not_allowed()
        of = PODS if ask.resource is POD_METRICS else NODES
        test = chosen(ask)
        shown = [
            made
            for item in self._simulation.world.all(of, ask.namespace)
            if test(item.object) and (made := self._pod(item.object, now) if of is PODS else self._node(item.object, now))
        ]
        kind = {"kind": ask.resource.kind, "apiVersion": ask.resource.api_version}
        if ask.verb == "list":
            return {**kind, "kind": f"{ask.resource.kind}List", "metadata": {}, "items": shown}
        if not shown:
            raise statuses.not_found(ask.resource, f"{ask.namespace}/{ask.name}" if ask.namespace else ask.name)
        return {**kind, **shown[0]}

    def _pod(self, pod: Json, now: datetime) -> Json | None:
        """None while nothing of it runs."""
        running = {status["name"] for status in pod["status"].get("containerStatuses", ()) if "running" in status["state"]}
        if not running:
            return None
        shown = []
        for container in pod["spec"]["containers"]:
            if container["name"] in running:
                shown.append({"name": container["name"], "usage": _quantities(*self.of(pod, container, now))})
        return self._shown(pod, now, containers=shown)

    def _node(self, node: Json, now: datetime) -> Json:
        name = node["metadata"]["name"]
        total = [0.2, 900.0 * MIB]
        """What the node itself needs."""
        for item in self._simulation.world.all(PODS):
            if item.object["spec"].get("nodeName") == name and item.object["status"].get("phase") == "Running":
                for container in item.object["spec"]["containers"]:
                    cpu, bytes = self.of(item.object, container, now)
                    total = [total[0] + cpu, total[1] + bytes]
        return self._shown(node, now, usage=_quantities(*total))

    def _shown(self, object: Json, now: datetime, **more: object) -> Json:
        metadata = {key: object["metadata"][key] for key in ("name", "namespace", "labels") if key in object["metadata"]}
        return {"metadata": {**metadata, "creationTimestamp": stamp(now)}, "timestamp": stamp(now), "window": WINDOW, **more}


def _quantities(cpu: float, bytes: float) -> Json:
    return {"cpu": f"{int(cpu * 1e9)}n", "memory": f"{int(bytes / 1024)}Ki"}


def _chance(text: str) -> float:
    return hash_of(text) / 2**64
