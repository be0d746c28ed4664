"""The public address of the service, on loopback: what customers get, and the metrics for a Prometheus of your own."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from warroom.gameday import exposition
from warroom.gameday.endpoints import Endpoints
from warroom.gameday.simulation import Simulation


class Gateway:
    def __init__(self, simulation: Simulation, endpoints: Endpoints, clock: Callable[[], datetime]) -> None:
        self._simulation = simulation
        self._endpoints = endpoints
        self._clock = clock

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/{path:.*}", self._public)
        return app

    async def _metrics(self, _: web.Request) -> web.Response:
        now = self._clock()
        self._simulation.advance(now)
        return web.Response(body=self._endpoints.whole(now), headers={"Content-Type": exposition.TYPE})

    async def _public(self, request: web.Request) -> web.Response:
        now = self._clock()
        self._simulation.advance(now)
        given = self._endpoints.public(request.path, now)
        return web.Response(status=given.status, body=given.body, headers={"Content-Type": given.type})
