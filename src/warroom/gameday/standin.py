"""What the services that stand in have in common: faults, limits, and a page that shows what they received."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from aiohttp import web

from warroom.gameday.faults import Fault, Faults, Handler

OURS = "/_gameday"
Tell = Callable[[str, str, str], None]
"""What, to which object, in words."""


class StandIn:
    """`tell` hears what a person would notice."""

    def __init__(self, clock: Callable[[], datetime], tell: Tell = lambda *_: None, faults: Faults | None = None) -> None:
        self.clock, self.tell, self.faults = clock, tell, faults or Faults()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._faulty])
        app.router.add_post(f"{OURS}/faults", self._pull)
        app.router.add_delete(f"{OURS}/faults", self._reset)
        app.router.add_get(f"{OURS}/state", self._state)
        self.routes(app.router)
        return app

    def routes(self, router: web.UrlDispatcher) -> None:
        raise NotImplementedError

    def state(self) -> Any:
        """Everything that it has, for whoever checks what arrived."""
        raise NotImplementedError

    def refused(self, error: str) -> web.Response:
        return web.json_response({"error": {"message": error, "code": 2001}}, status=400)

    @web.middleware
    async def _faulty(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(OURS):
            return await handler(request)
        fault = self.faults.next(request.method, request.path)
        return await (self.faults.meet(fault, request, handler, self.refused) if fault else handler(request))

    async def _pull(self, request: web.Request) -> web.Response:
        try:
            self.faults.pull(msgspec.json.decode(await request.read(), type=Fault))
        except msgspec.DecodeError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({})

    async def _reset(self, _: web.Request) -> web.Response:
        self.faults.reset()
        return web.json_response({})

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response(self.state())


class Limit:
    """So many requests within a rolling span; 0: as many as you like."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._span = most, timedelta(seconds=seconds)
        self._seen: deque[datetime] = deque()

    def wait(self, now: datetime) -> float:
        """Seconds until another is allowed; 0: it is, and counts."""
        while self._seen and now - self._seen[0] >= self._span:
            self._seen.popleft()
        if self._most and len(self._seen) >= self._most:
            return max(0.001, (self._seen[0] + self._span - now).total_seconds())
        self._seen.append(now)
        return 0.0


async def document(request: web.Request) -> dict[str, Any]:
    """The JSON object of a body; empty where it is none."""
    try:
        found = msgspec.json.decode(await request.read())
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
