"""The small cluster behind a real HTTP server on loopback, and a console's view of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from feeds.store import Store
from hand import HandClock
from warroom.core.ports import AnyFeed
from warroom.core.readings import Cluster, Reading, World
from warroom.feeds.access import Access
from warroom.feeds.kubernetes import feeds
from warroom.feeds.supervise import Supervised


class Api:
    """Lists and watches of a Store. `refusals` are given to the next requests for a plural, in order."""

    def __init__(self) -> None:
        self.store = Store()
        self.asked: list[str] = []
        self.refusals: list[tuple[int, dict[str, str], bytes]] = []
        self.token = "good"
        self.uid = "uid-of-kube-system"
        self.answers_probes = True
        self.open: set[asyncio.Task[Any]] = set()
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/version", self._version)
        app.router.add_get("/api/v1/namespaces/kube-system", self._kube_system)
        app.router.add_get("/{path:.+}", self._things)
        # A real kill, not a polite end: open watches are cut.
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        for task in self.open:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def kubeconfig(self, folder: Path, **context: Any) -> Path:
        path = folder / "kubeconfig"
        config = {
            "current-context": "it",
            "clusters": [{"name": "it", "cluster": {"server": f"http://127.0.0.1:{self.port}"}}],
            "users": [{"name": "ada", "user": {"tokenFile": "token"}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "ada", "namespace": "shop", **context}}],
        }
        path.write_bytes(msgspec.yaml.encode(config))
        (folder / "token").write_text(self.token + "\n")
        return path

    def _welcome(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"kind": "Status", "message": "Unauthorized", "reason": "Unauthorized", "code": 401}, status=401)
        return None

    async def _version(self, request: web.Request) -> web.Response:
        self.asked.append("probe")
        if not self.answers_probes:
            await asyncio.Event().wait()
        return self._welcome(request) or web.json_response({"major": "1"})

    async def _kube_system(self, request: web.Request) -> web.Response:
        self.asked.append("who")
        if not self.uid:
            return web.json_response({"message": "forbidden"}, status=403)
        return self._welcome(request) or web.json_response({"metadata": {"name": "kube-system", "uid": self.uid}})

    async def _things(self, request: web.Request) -> web.StreamResponse:
        plural = request.path.rsplit("/", 1)[-1]
        if plural == "pods":
            self.asked.append("watch" if "watch" in request.query else "list")
            if self.refusals:
                status, headers, body = self.refusals.pop(0)
                return web.Response(status=status, headers=headers, body=body)
        if (no := self._welcome(request)) is not None:
            return no
        if "watch" not in request.query:
            return web.Response(body=self.store.page(request.path, request.query), content_type="application/json")
        return await self._watch(request)

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        after = int(request.query["resourceVersion"])
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        try:
            while True:
                news = self.store.news
                for version, line in self.store.lines(request.path, after):
                    after = version
                    await response.write(line)
                await news.wait()
        finally:
            self.open.discard(task)

    async def cut_watches(self) -> None:
        """In the middle of a chunk."""
        for task in tuple(self.open):
            task.cancel()


async def breathe() -> None:
    """A turn of the real world: sockets and threads, which no hand drives."""
    for _ in range(3):
        await asyncio.to_thread(lambda: None)


class Console:
    """The newest reading of every feed, supervised as in the console."""

    def __init__(self, made: Sequence[AnyFeed], hand: HandClock) -> None:
        self.hand = hand
        self.supervised = {one.field: Supervised(one, _first(one), hand, hand.sleep, chance=lambda: 1.0) for one in made}
        self.readings: dict[str, Reading[Any]] = {}
        self.history: dict[str, list[Reading[Any]]] = {field: [] for field in self.supervised}

    async def collect(self, field: str) -> None:
        async for reading in self.supervised[field].readings():
            self.readings[field] = reading
            self.history[field].append(reading)

    def state(self, field: str = "pods") -> str:
        return self.readings[field].state(self.hand.now()) if field in self.readings else "none"

    def trouble(self, field: str = "pods") -> str:
        return self.readings[field].trouble if field in self.readings else ""

    async def until(self, true: Callable[[], bool], step: float = 0.1) -> None:
        """Time goes on by hand until it is so. The test's time-out is the end of patience."""
        while not true():
            await self.hand.forward(step)
            await breathe()

    async def live(self, *fields: str) -> None:
        await self.until(lambda: all(self.state(field) == "live" for field in fields or self.supervised))

    async def during(self, seconds: float) -> None:
        end = self.hand.now().timestamp() + seconds
        await self.until(lambda: self.hand.now().timestamp() >= end)


def _first(feed: AnyFeed) -> Reading[Any]:
    first: Reading[Any] = getattr(World(), feed.field)
    return first


@asynccontextmanager
async def console(kubeconfig: Path, hand: HandClock, pin: Cluster | None = None, **wish: Any) -> AsyncIterator[Console]:
    access = Access(kubeconfig=str(kubeconfig), environ={}, pin=pin, **wish)
    async with console_of(feeds(access, hand, hand.sleep, chance=lambda: 1.0), hand) as shown:
        yield shown


@asynccontextmanager
async def console_of(made: Sequence[AnyFeed], hand: HandClock) -> AsyncIterator[Console]:
    shown = Console(made, hand)
    tasks = [asyncio.create_task(shown.collect(field)) for field in shown.supervised]
    try:
        yield shown
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
