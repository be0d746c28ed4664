"""Faults of the services that stand in: on demand, or by chance."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import msgspec
from aiohttp import web

FaultKind = Literal["drop", "lost", "delay", "stall", "timeout", "limit", "limit_bare", "busy", "broke", "refuse"]
"""`drop`: cut off, nothing done; `lost`: done, and then cut off; `delay`: done late and answered; `stall`: done late, also when
nobody waits any more; `timeout`: done at once, answered late; `limit`: 429 with its headers, `limit_bare` without; `busy`: 503, nothing
done; `broke`: done, and 500 all the same; `refuse`: the service's own no, at HTTP 200 where that is its way.
"""
DONE = frozenset(("lost", "delay", "timeout", "broke"))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refused = Callable[[str], web.Response]


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the next requests meet whose path has `path` in it."""

    fault: FaultKind
    times: int = 1
    path: str = ""
    seconds: float = 30.0
    error: str = "internal_error"


class Faults:
    """`chances` are by kind, from 0 to 1, for every request that changes something; the same seed gives the same faults."""

    def __init__(self, chances: Mapping[FaultKind, float] | None = None, seed: int = 0, seconds: float = 30.0) -> None:
        self._chances, self._rng, self._seconds = dict(chances or {}), random.Random(seed), seconds
        self._left: list[tuple[Fault, int]] = []
        self._late: set[asyncio.Task[Any]] = set()
        self.met: dict[str, int] = {}

    def pull(self, fault: Fault) -> None:
        self._left.append((fault, fault.times))

    def reset(self) -> None:
        self._left.clear()

    def next(self, method: str, path: str) -> Fault | None:
        for n, (fault, times) in enumerate(self._left):
            if fault.path in path:
                self._left[n : n + 1] = [(fault, times - 1)] if times > 1 else []
                return fault
        if method == "GET":
            return None
        drawn = self._rng.random()
        for kind, chance in self._chances.items():
            if (drawn := drawn - chance) < 0:
                return Fault(kind, seconds=self._seconds)
        return None

    async def meet(
        self, fault: Fault, request: web.Request, handler: Handler, refused: Callable[[str], web.Response]
    ) -> web.StreamResponse:
        self.met[fault.fault] = self.met.get(fault.fault, 0) + 1
        match fault.fault:
            case "limit" | "limit_bare":
                headers = {"Retry-After": f"{fault.seconds:g}", "ratelimit-reset": f"{fault.seconds:g}"} if fault.fault == "limit" else {}
                error = {"error": {"message": "Rate Limit Exceeded", "code": 2020}}
                return web.json_response(error, status=429, headers=headers)
            case "busy":
                return web.json_response({"message": "busy"}, status=503)
            case "refuse":
                return refused(fault.error)
            case "stall":
                await request.read()  # it is here; whoever sent it may go
                return await self._anyway(asyncio.sleep(fault.seconds), handler, request)
            case "drop":
                cut(request)
                return web.Response(status=500)
        response = await handler(request)
        if fault.fault == "lost":
            cut(request)
        elif fault.fault in ("delay", "timeout"):
            await asyncio.sleep(fault.seconds)
        elif fault.fault == "broke":
            return web.json_response({"message": "internal error"}, status=500)
        return response

    async def _anyway(self, wait: Awaitable[None], handler: Handler, request: web.Request) -> web.StreamResponse:
        async def later() -> web.StreamResponse:
            await wait
            return await handler(request)

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return await asyncio.shield(task)


def cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
