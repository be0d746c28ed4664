"""The API server's way to the programs in the cluster: a request to a pod or a service, handed on."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from warroom.gameday import statuses
from warroom.gameday.asks import Ask
from warroom.gameday.endpoints import Endpoints, Unreachable
from warroom.gameday.resources import PODS, SERVICES, Json
from warroom.gameday.simulation import Simulation


class Proxy:
    """`NAME`, `NAME:PORT` or `http:NAME:PORT`, as kubectl and client libraries write it."""

    def __init__(self, simulation: Simulation, endpoints: Endpoints, clock: Callable[[], datetime]) -> None:
        self._simulation = simulation
        self._endpoints = endpoints
        self._clock = clock

    async def answer(self, request: web.Request, wanted: Ask) -> web.Response:
        scheme, name, port = _taken_apart(wanted.name)
        if scheme == "https":
            raise _unreached("http: server gave HTTP response to HTTPS client")
        pod, number = self._target(wanted, name, port)
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, text="Method Not Allowed\n")
        try:
            given = self._endpoints.ask(pod, number, f"/{wanted.rest}", self._clock())
        except Unreachable as unreachable:
            raise _unreached(str(unreachable)) from None
        return web.Response(status=given.status, body=given.body, headers={"Content-Type": given.type})

    def _target(self, wanted: Ask, name: str, port: str) -> tuple[Json, int]:
        found = self._simulation.world.get(wanted.resource, wanted.namespace, name)
        if wanted.resource not in (PODS, SERVICES):
            raise statuses.no_such_path()
        if found is None:
            raise statuses.not_found(wanted.resource, name)
        if wanted.resource is PODS:
            return found.object, self._endpoints.port(found.object, port)
        behind = self._endpoints.behind(found.object, port)
        if behind is None:
            said = f'no endpoints available for service "{name}"'
            raise statuses.Refused(503, "ServiceUnavailable", said)
        return behind


def _unreached(why: str) -> statuses.Refused:
    return statuses.Refused(503, "ServiceUnavailable", f"error trying to reach service: {why}")


def _taken_apart(name: str) -> tuple[str, str, str]:
    """Scheme, name and port; a port that is not said is empty."""
    match name.split(":"):
        case [only]:
            return "http", only, ""
        case [named, port]:
            return "http", named, port
        case [scheme, named, port]:
            return scheme or "http", named, port
    raise statuses.bad_request(f'invalid service request "{name}"')
