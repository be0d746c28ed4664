"""Starts the simulated cluster, and tells where it is."""

import asyncio
import contextlib
import json
import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from warroom.gameday import scenario as scenarios
from warroom.gameday.agenda import micro
from warroom.gameday.gateway import Gateway
from warroom.gameday.levers import Lever
from warroom.gameday.pagerduty import ROUTING_KEY, SENDER, Pagerduty
from warroom.gameday.prometheus import Prometheus
from warroom.gameday.realprometheus import real_prometheus
from warroom.gameday.resources import Json
from warroom.gameday.scenario import Scenario
from warroom.gameday.series import Sample
from warroom.gameday.server import Server
from warroom.gameday.simulation import Happening, Simulation
from warroom.gameday.slack import Slack
from warroom.gameday.statuspage import PAGE, Statuspage
from warroom.gameday.timeseries import Timeseries

CONTEXT = "gameday"
KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: gameday
clusters:
- name: gameday
  cluster:
    server: {api}
users:
- name: gameday
  user:
    token: {token}
contexts:
- name: gameday
  context:
    cluster: gameday
    user: gameday
    namespace: {namespace}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A simulated cluster that runs until its block ends."""

    home: Path
    api: str
    token: str
    name: str
    simulation: Simulation
    server: Server
    public: str | None
    """Where the service answers the world, if the scenario says what it measures."""
    prometheus: str | None
    epoch: datetime
    speed: float
    services: Mapping[str, str]
    """Where the services that stand in answer, and what they accept."""

    @property
    def kubeconfig(self) -> Path:
        return self.home / "kubeconfig"

    @property
    def scenario(self) -> Scenario:
        return self.simulation.scenario

    def facts(self) -> dict[str, Any]:
        """The first line that `warroom gameday` prints; null where there is no such service."""
        return {
            "home": str(self.home),
            "kubeconfig": str(self.kubeconfig),
            "api": self.api,
            "context": CONTEXT,
            "namespace": self.scenario.world.namespace,
            "prometheus": self.prometheus,
            "pagerduty": self.services["pagerduty"],
            "slack": self.services["slack"],
            "statuspage": self.services["statuspage"],
            "health": f"{self.public}/health" if self.public else None,
            "scenario": self.name,
            "accepted": {name: value for name, value in self.services.items() if name not in ("pagerduty", "slack", "statuspage")},
        }

    def lever(self, lever: Lever) -> None:
        self.server.pull(lever)

    def report(self) -> Json:
        return self.server.report()

    def series(self, at: datetime) -> tuple[Sample, ...]:
        return self.simulation.series(at)


@asynccontextmanager
async def serve(
    home: Path,
    scenario: str = "bad-release",
    *,
    clock: Callable[[], datetime],
    speed: float = 1.0,
    seed: int = 0,
    port: int = 0,
    fill: int = 0,
    real: bool = False,
    on_event: Callable[[Happening], None] | None = None,
) -> AsyncIterator[Served]:
    """Serves on 127.0.0.1 and writes `kubeconfig` and `clock.json` into the home.

    `clock` tells real time in UTC; `real` starts a real Prometheus in place of the simulated one. Raises ScenarioTrouble,
    and OSError when the port is taken; in both cases nothing was written. Raises NoPrometheus.
    """
    if not 0 < speed <= 3600:
        raise scenarios.ScenarioTrouble(f"--speed {speed:g} cannot be played; use a number above 0, up to 3600.")
    played = scenarios.read(scenario)
    epoch = clock()
    simulation = Simulation(played, start=epoch, speed=speed, seed=seed, many=fill, told=on_event)
    token = secrets.token_hex(16)
    server = Server(simulation, clock, token)
    async with contextlib.AsyncExitStack() as stack:
        api = await stack.enter_async_context(_listening(server.app(), port))
        public = prometheus = None
        if played.metrics is not None:
            public = await stack.enter_async_context(_listening(Gateway(simulation, server.endpoints, clock).app()))
            prometheus = await stack.enter_async_context(_listening(Prometheus(simulation, clock).app()))
        _write(home, api, token, played.world.namespace, epoch, speed)
        if real and public is not None:
            prometheus = await stack.enter_async_context(real_prometheus(home, Timeseries(simulation), public))
        services = await stack.enter_async_context(_standing_in(simulation, clock, speed))
        playing = asyncio.create_task(_play(simulation, server, clock))
        try:
            yield Served(home, api, token, scenario, simulation, server, public, prometheus, epoch, speed, services)
        finally:
            server.end()
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await playing


@asynccontextmanager
async def _standing_in(simulation: Simulation, clock: Callable[[], datetime], speed: float) -> AsyncIterator[dict[str, str]]:
    """PagerDuty, Slack and Statuspage, whose people live at the scenario's speed."""
    token = secrets.token_hex(16)
    pager = Pagerduty(clock, token, simulation.tell, span=lambda seconds: timedelta(seconds=seconds / speed))
    async with contextlib.AsyncExitStack() as stack:
        pagerduty = await stack.enter_async_context(_listening(pager.app()))
        chat = await stack.enter_async_context(_listening(Slack(clock, token, simulation.tell).app()))
        page = await stack.enter_async_context(_listening(Statuspage(clock, token, simulation.tell).app()))
        yield {
            "pagerduty": pagerduty,
            "events": f"{pagerduty}/v2",
            "incident": pager.alert(simulation.scenario.title),
            "from": SENDER,
            "routing_key": ROUTING_KEY,
            "slack": f"{chat}/api",
            "statuspage": f"{page}/v1",
            "page": PAGE,
            "token": token,
        }


@asynccontextmanager
async def _listening(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """An address on loopback, served until the block ends."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _play(simulation: Simulation, server: Server, clock: Callable[[], datetime]) -> None:
    """Lets happen what is due, and sleeps until the next."""
    while True:
        server.stirred.clear()
        simulation.advance(clock())
        due = simulation.due()
        wait = None if due is None else max(0.001, (due - clock()).total_seconds())
        # Not wait_for: in Python 3.11 it loses a cancellation that comes together with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await server.stirred.wait()


def _write(home: Path, api: str, token: str, namespace: str, epoch: datetime, speed: float) -> None:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _private(home / "kubeconfig", KUBECONFIG.format(api=api, token=token, namespace=namespace))
    _private(home / "clock.json", json.dumps({"epoch": micro(epoch), "speed": speed}) + "\n")


def _private(path: Path, text: str) -> None:
    """Whole or not at all, and for nobody else: another console may read it at any moment."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
