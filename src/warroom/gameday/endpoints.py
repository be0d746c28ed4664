"""What the programs in the pods answer when somebody asks them over HTTP: health, database, metrics."""

import json
from dataclasses import dataclass
from datetime import datetime

from warroom.gameday import exposition
from warroom.gameday.agenda import moment
from warroom.gameday.exposition import Measured
from warroom.gameday.resources import PODS, SERVICES, Json
from warroom.gameday.simulation import Simulation
from warroom.gameday.timeseries import Timeseries
from warroom.gameday.usage import Usage, cores

JSON = "application/json"
STRAINED = 0.9
"""From this share of its connections on the database counts as degraded."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    type: str = JSON


class Unreachable(Exception):
    """Nobody listens there; its text is the system's own."""


class Endpoints:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.usage = Usage(simulation)
        self.series = Timeseries(simulation)

    def ask(self, pod: Json, port: int, path: str, now: datetime) -> Answer:
        """A request that has come as far as the pod. Raises Unreachable."""
        address = pod["status"].get("podIP", "")
        if not address or not _runs(pod) or port not in self.ports(pod):
            raise Unreachable(f"dial tcp {address or '<nil>'}:{port}: connect: connection refused")
        plan = self._simulation.scenario.metrics
        measured = plan is not None and self._simulation.workload(pod) == plan.workload
        clean = "/" + path.partition("?")[0].strip("/")
        if measured and port == self.port(pod, "metrics"):
            return Answer(200, self.metrics(pod, now), exposition.TYPE) if clean == "/metrics" else _missing()
        told = self._simulation.endpoints.get(clean)
        if told is not None:
            return _json(told, {"status": "ok" if told < 400 else "failing"})
        if (fault := self._simulation.sick(pod)) is not None and clean.startswith(("/health", "/ready", "/live")):
            return _json(fault.status, {"status": "failing", "error": fault.message or fault.reason})
        match clean:
            case "/health" | "/healthz" | "/ready" | "/live":
                return _json(200, {"status": "ok", "version": pod["spec"]["containers"][0]["image"].rpartition(":")[2]})
            case "/health/db" if measured:
                return self._database(now)
        return _missing()

    def ports(self, pod: Json) -> list[int]:
        """On which its containers listen, the first one first."""
        return [port["containerPort"] for container in pod["spec"]["containers"] for port in container.get("ports", ())]

    def port(self, pod: Json, given: str) -> int:
        """By number, by name, or the first."""
        for container in pod["spec"]["containers"]:
            for port in container.get("ports", ()):
                if given in ("", port.get("name"), str(port["containerPort"])):
                    return int(port["containerPort"])
        return int(given) if given.isdigit() else 80

    def behind(self, service: Json, given: str) -> tuple[Json, int] | None:
        """A ready pod of a service and the port meant there; None when nothing stands behind it."""
        port = next((p for p in service["spec"]["ports"] if given in ("", p.get("name"), str(p["port"]))), None)
        if port is None:
            return None
        wanted = service["spec"].get("selector", {}).items()
        for item in self._simulation.world.all(PODS, service["metadata"]["namespace"]):
            labels = item.object["metadata"].get("labels", {}).items()
            status = (item.object["status"].get("containerStatuses") or [{}])[0]
            if wanted <= labels and status.get("ready") and "deletionTimestamp" not in item.object["metadata"]:
                return item.object, int(port["targetPort"])
        return None

    def public(self, path: str, now: datetime) -> Answer:
        """What the world outside gets from the measured service: a ready pod's answer, or none."""
        plan = self._simulation.scenario.metrics
        space = self._simulation.scenario.world.namespace
        service = self._simulation.world.get(SERVICES, space, plan.workload) if plan is not None else None
        found = self.behind(service.object, "") if service is not None else None
        if found is None:
            return Answer(503, b"no healthy upstream\n", "text/plain")
        try:
            return self.ask(*found, path, now)
        except Unreachable:
            return Answer(502, b"upstream connect error\n", "text/plain")

    def metrics(self, pod: Json, now: datetime) -> bytes:
        """Of one pod of the measured service."""
        plan, figures, meters = self._simulation.scenario.metrics, self._simulation.figures, self._simulation.meters
        assert plan is not None
        assert figures is not None
        assert meters is not None
        container, current = pod["spec"]["containers"][0], figures.at(now)
        _, memory = self.usage.of(pod, container, now)
        started = moment(pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"])
        share = round(current.connections / max(1, meters.serving))
        most = cores(container.get("resources", {}).get("limits", {}).get("cpu", ""))
        return exposition.text(plan, Measured(meters.of(pod, now).whole(), current, share, most, memory, started))

    def whole(self, now: datetime) -> bytes:
        """Of all its pods together, as its gateway counts it."""
        plan, meters = self._simulation.scenario.metrics, self._simulation.meters
        if plan is None or meters is None:
            return b""
        meters.settle(now)
        return exposition.text(plan, self.series.measured(meters.whole.whole(), now))

    def _database(self, now: datetime) -> Answer:
        plan, figures = self._simulation.scenario.metrics, self._simulation.figures
        assert plan is not None
        assert figures is not None
        used = int(figures.at(now).connections)
        strained = used >= STRAINED * plan.pool
        database = {"reachable": True, "connections": used, "max": plan.pool}
        return _json(200, {"status": "degraded" if strained else "ok", "database": database})


def _runs(pod: Json) -> bool:
    return any("running" in status["state"] for status in pod["status"].get("containerStatuses", ()))


def _json(status: int, body: Json) -> Answer:
    return Answer(status, json.dumps(body).encode())


def _missing() -> Answer:
    return _json(404, {"detail": "Not Found"})
