"""Simulated clusters for the tests: played by hand without a socket, or served to the real kubectl."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warroom.clock import SystemClock
from warroom.gameday import scenario
from warroom.gameday.resources import PODS, Json
from warroom.gameday.scenario import Scenario
from warroom.gameday.serve import Served, serve
from warroom.gameday.simulation import Simulation

START = datetime(2026, 2, 3, 2, 40, tzinfo=UTC)

SMALL = """
title = "One service"
[world]
namespace = "shop"
nodes = ["node-1", "node-2"]
[[world.deployments]]
name = "api"
labels = { app = "api" }
replicas = 3
surge = 1
unavailable = 0
container = "api"
readiness = { path = "/", port = 80 }
deadline = "60s"
releases = [{ revision = 1, image = "api:1", age = "2d", cause = "first" }]
"""


class Play:
    """A simulation whose time moves only when a test moves it."""

    def __init__(self, played: Scenario, **how: float) -> None:
        self.now = START
        speed, seed = how.get("speed", 1.0), int(how.get("seed", 1))
        self.simulation = Simulation(played, start=START, speed=speed, seed=seed, many=int(how.get("many", 0)))
        self.world = self.simulation.world

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.simulation.advance(self.now)

    def pods(self, part: str = "") -> list[Json]:
        return [item.object for item in self.world.all(PODS, self.simulation.scenario.world.namespace) if part in item.key[1]]


@pytest.fixture
def play() -> Callable[..., Play]:
    def made(text: str = SMALL, **how: float) -> Play:
        return Play(scenario.parse(text, "test.toml") if "\n" in text else scenario.read(text), **how)

    return made


@dataclass
class Said:
    """What kubectl printed, and how it ended."""

    out: str
    err: str
    code: int

    @property
    def rows(self) -> list[list[str]]:
        return [line.split() for line in self.out.splitlines()]


@dataclass
class Kubectl:
    """The real one, with a home of its own, on a served simulation."""

    served: Served
    home: Path
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.home), "KUBECONFIG": str(self.served.kubeconfig), "PATH": os.environ["PATH"], "NO_PROXY": "*"}

    def command(self, *words: str) -> tuple[str, ...]:
        return (str(Path(sys.executable).parent / "kubectl"), *words)

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self.command(*words), stdout=pipe, stderr=pipe, stdin=asyncio.subprocess.DEVNULL, env=self.environment
        )
        self.running.append(process)
        return process

    async def __call__(self, *words: str) -> Said:
        process = await self.start(*words)
        out, err = await asyncio.wait_for(process.communicate(), 30)
        return Said(out.decode(), err.decode(), process.returncode or 0)


@pytest.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Served]]]:
    async with AsyncExitStack() as stack:

        async def start(text: str = "bad-release", **how: float) -> Served:
            if "\n" in text:
                (tmp_path / "own.toml").write_text(text, encoding="utf-8")
                text = str(tmp_path / "own.toml")
            speed, seed, fill = how.get("speed", 20.0), int(how.get("seed", 1)), int(how.get("fill", 0))
            return await stack.enter_async_context(
                serve(tmp_path / "home", text, clock=SystemClock().now, speed=speed, seed=seed, fill=fill)
            )

        yield start


@pytest.fixture
async def kubectl(serving: Callable[..., Awaitable[Served]], tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Kubectl]]]:
    made: list[Kubectl] = []

    async def start(text: str = "bad-release", **how: float) -> Kubectl:
        made.append(Kubectl(await serving(text, **how), tmp_path))
        return made[-1]

    yield start
    for kubectl in made:
        for process in kubectl.running:
            if process.returncode is None:
                process.kill()
                await process.wait()
