"""The loopback API server with what stands behind its proxy, and a source on it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from feeds.loopback import Api
from hand import HandClock
from warroom.core.readings import Container, Pod, Reading
from warroom.feeds.access import Access
from warroom.feeds.source import Source

PODS = "/api/v1/namespaces/shop/pods"


@dataclass
class Said:
    """What is answered at one path."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answers = Said | Callable[[web.Request], Said]


class Behind(Api):
    """Answers by path; where there is none, as an API server that does not know the path. `hangs` holds paths that never answer."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, Answers] = {}
        self.hangs: set[str] = set()
        self.requests: list[str] = []

    async def _things(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request.path_qs)
        if (no := self._welcome(request)) is not None:
            return no
        if request.path in self.hangs:
            await asyncio.Event().wait()
        found = self.answers.get(request.path)
        if found is None:
            return status(404, "the server could not find the requested resource", "NotFound")
        said = found(request) if callable(found) else found
        body = said.body.encode() if isinstance(said.body, str) else said.body
        return web.Response(body=body, status=said.status, headers={"Content-Type": "text/plain", **said.headers})

    def refuse(self, path: str, code: int, message: str) -> None:
        self.answers[path] = Said(
            f'{{"kind":"Status","apiVersion":"v1","message":"{message}","code":{code}}}', code, {"Content-Type": "application/json"}
        )


def status(code: int, message: str, reason: str) -> web.Response:
    return web.json_response({"kind": "Status", "message": message, "reason": reason, "code": code}, status=code)


def pod(name: str, ready: bool = True, phase: str = "Running", owner: str = "ReplicaSet/web-7d9f") -> Pod:
    one = Container(name="web", image="web:1", ready=ready, restarts=0, state="Running" if ready else "CrashLoopBackOff")
    return Pod(f"shop/{name}", "shop", name, f"uid-{name}", None, phase, "node-1", owner, "7d9f", (one,))


@asynccontextmanager
async def source_on(api: Api, folder: Path, hand: HandClock, *pods: Pod) -> AsyncIterator[Source]:
    """Its pods are read already, and its session stays open."""
    access = Access(kubeconfig=str(api.kubeconfig(folder)), environ={})
    source = Source.of(access, hand, hand.sleep)
    source.pods.reading = Reading(tuple(pods), at=hand.now())
    async with source.server:
        yield source
