"""Logs behind a real HTTP server on loopback, by a kubelet's rules; streams can be cut in mid-line, and logs rotated."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import kubernetes.aio.client
import kubernetes.aio.config  # noqa: F401  loaded here, since a thread that loads it while a test spins takes long
from aiohttp import web

from feeds.loopback import Api
from feeds.store import PODS, pod
from hand import T0


@dataclass
class Run:
    """The log of one run of a container. `first` lines were rotated away."""

    lines: list[bytes] = field(default_factory=list)
    first: int = 0
    over: bool = False


@dataclass
class Log:
    """A container. Stamps grow by `step` for each line."""

    step: timedelta = timedelta(milliseconds=70)
    runs: list[Run] = field(default_factory=lambda: [Run()])
    waiting: str = ""
    """Why it has not started yet."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    written: int = 0

    @property
    def everything(self) -> bytes:
        return b"".join(line + b"\n" for run in self.runs for line in run.lines)

    def write(self, *texts: bytes) -> None:
        for text in texts:
            self.written += 1
            at = T0 + self.step * self.written
            self.runs[-1].lines.append(at.strftime("%Y-%m-%dT%H:%M:%S.%f").encode() + b"000Z " + text)
        self.wake()

    def rotate(self) -> None:
        self.runs[-1].first = len(self.runs[-1].lines)

    def end(self) -> None:
        self.runs[-1].over = True
        self.wake()

    def start(self) -> None:
        """Again."""
        self.runs[-1].over = True
        self.runs.append(Run())
        self.wake()

    def wake(self) -> None:
        self.news.set()
        self.news = asyncio.Event()


class Kubelet(Api):
    """An Api whose pods write logs. `allowance` says after how many bytes the next connections break."""

    def __init__(self) -> None:
        super().__init__()
        self.logs: dict[tuple[str, str], Log] = {}
        self.allowance: list[int] = []
        self.cuts = 0
        self.queries: list[dict[str, str]] = []
        self.refuse_logs: tuple[int, str] | None = None
        self.deaf = False
        """The pod does not tell yet that its container restarted."""

    def add(self, name: str, *containers: str, **labels: str) -> Log:
        """A pod that runs; the log of its first container."""
        thing = pod(name)
        names = containers or ("server",)
        thing["metadata"]["labels"] |= labels
        thing["spec"]["containers"] = [{"name": each} for each in names]
        thing["status"]["containerStatuses"] = [{**thing["status"]["containerStatuses"][0], "name": each} for each in names]
        for each in names:
            self.logs[name, each] = Log()
        self.store.put(PODS, thing)
        return self.logs[name, names[0]]

    def remove(self, name: str) -> None:
        self.store.delete(PODS, f"shop/{name}")
        for (its, _), log in self.logs.items():
            if its == name:
                log.end()

    def crash(self, name: str, container: str = "server") -> None:
        """It waits to be started again."""
        self.logs[name, container].end()
        self._tell(name, container, {"waiting": {"reason": "CrashLoopBackOff"}})

    def restart(self, name: str, container: str = "server") -> None:
        self.logs[name, container].start()
        if not self.deaf:
            self.tell_restart(name, container)

    def tell_restart(self, name: str, container: str = "server") -> None:
        self._tell(name, container, {"running": {"startedAt": "2026-02-03T02:00:00Z"}})

    def _tell(self, name: str, container: str, state: Mapping[str, Any]) -> None:
        thing = self.store.objects[PODS][f"shop/{name}"]
        status = next(each for each in thing["status"]["containerStatuses"] if each["name"] == container)
        status["restartCount"] = len(self.logs[name, container].runs) - 1
        status["state"] = state
        status["lastState"] = {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": "2026-02-03T02:00:00Z"}}
        self.store.put(PODS, thing)

    async def _things(self, request: web.Request) -> web.StreamResponse:
        if (no := self._welcome(request)) is not None:
            return no
        if request.path.endswith("/log"):
            return await self._log(request)
        if wanted := request.query.get("fieldSelector", "").removeprefix("metadata.name="):
            things = [thing for thing in self.store.objects.get(PODS, {}).values() if thing["metadata"]["name"] == wanted]
            return web.json_response({"metadata": {"resourceVersion": str(self.store.version)}, "items": things})
        return await super()._things(request)

    async def _log(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        self.queries.append(query)
        log = self.logs.get((request.path.split("/")[-2], query["container"]))
        if self.refuse_logs is not None or log is None:
            status, message = self.refuse_logs or (404, "no such pod")
            return web.json_response({"message": message, "code": status}, status=status)
        if log.waiting:
            return web.json_response({"message": f"container is waiting to start: {log.waiting}", "code": 400}, status=400)
        previous = query.get("previous") == "true"
        if previous and len(log.runs) < 2:
            return web.json_response({"message": "previous terminated container not found", "code": 400}, status=400)
        # While it waits to start again, the run before is still the current one.
        run = log.runs[-1 if not previous or log.runs[-1].over else -2]
        return await self._send(request, log, run, query)

    async def _send(self, request: web.Request, log: Log, run: Run, query: Mapping[str, str]) -> web.StreamResponse:
        assert query["timestamps"] == "true"
        left = self.allowance.pop(0) if self.allowance else None
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        at = max(run.first, len(run.lines) - int(query.get("tailLines") or len(run.lines)))
        since = query.get("sinceTime", "")[:19].encode()
        try:
            while True:
                news = log.news
                for line in run.lines[at:]:
                    at += 1
                    if line[:19] < since:
                        continue
                    text = line + b"\n"
                    if left is not None and len(text) > left:
                        await response.write(text[:left] or b"2")
                        assert request.transport is not None
                        request.transport.abort()
                        self.cuts += 1
                        return response
                    left = None if left is None else left - len(text)
                    await response.write(text)
                if query.get("follow") != "true" or run.over:
                    return response
                await news.wait()
        finally:
            self.open.discard(task)
