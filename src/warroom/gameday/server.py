"""The simulated cluster behind HTTP: paths, credentials, refusals, and watches that stay open."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import web

from warroom.gameday import discovery, levers, protobuf, statuses
from warroom.gameday.asks import Ask, ask
from warroom.gameday.bells import Bells, rung
from warroom.gameday.endpoints import Endpoints
from warroom.gameday.exec import Exec
from warroom.gameday.logs import Logs
from warroom.gameday.programs import Programs
from warroom.gameday.proxy import Proxy
from warroom.gameday.reads import Reads
from warroom.gameday.resources import METRICS, PODS, Json
from warroom.gameday.simulation import Simulation
from warroom.gameday.watches import Watch
from warroom.gameday.writes import MERGE_PATCH, Writes

USER = "gameday"
LARGE = 128 * 1024
"""Bodies from this size on are compressed for clients that allow it."""
PIECE = 256 * 1024
BOOKMARK_EVERY = 60.0


class Server:
    """Whoever sends no token is the user of the kubeconfig: kubectl sends none over plain http. A wrong token is a 401."""

    def __init__(self, simulation: Simulation, clock: Callable[[], datetime], token: str) -> None:
        self._simulation = simulation
        self._clock = clock
        self._token = token
        self._reads = Reads(simulation.world)
        self._writes = Writes(simulation)
        self._open = 0
        self._requests: Counter[str] = Counter()
        self._bells = Bells()
        self._logs = Logs(simulation, self._bells, clock)
        self.endpoints = Endpoints(simulation)
        self._exec = Exec(simulation, Programs(simulation, self.endpoints), clock)
        self._proxy = Proxy(simulation, self.endpoints, clock)
        self._ending = False
        self.stirred = asyncio.Event()
        """Set when somebody changed something, so that what follows from it is not slept over."""

    def app(self) -> web.Application:
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    def end(self) -> None:
        """Open watches end cleanly."""
        self._ending = True
        self._simulation.levers.pull(levers.Cut())
        self._ring()

    def pull(self, lever: levers.Lever) -> None:
        """Does to the server what a lever says, also to the watches that are open."""
        self._simulation.advance(self._clock())
        self._simulation.pull(lever)
        if isinstance(lever, levers.Expire):
            self._reads.expire()
        self._ring()

    def _ring(self) -> None:
        self.stirred.set()
        self._bells.ring()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            user = self._who(request)
            if request.path.rstrip("/") == "/gameday" or request.path.startswith("/gameday/"):
                return await self._control(request)
            return await self._serve(request, user)
        except statuses.Refused as refused:
            return web.json_response(refused.body, status=refused.code, headers=refused.headers)

    def _who(self, request: web.Request) -> str:
        given = request.headers.get("Authorization")
        if given is not None and given != f"Bearer {self._token}":
            raise statuses.unauthorized()
        return USER

    async def _serve(self, request: web.Request, user: str) -> web.StreamResponse:
        path = request.path.rstrip("/")
        plain = self._plain(request, path)
        wanted = None if plain is not None else ask(request.method, path, request.query, request.headers.get("Accept", ""))
        verb = wanted.verb if wanted is not None else "get"
        self._requests[f"{verb} {path}"] += 1
        if (seconds := self._simulation.levers.delayed(path)) > 0:
            await asyncio.sleep(seconds)
        if (refuse := self._simulation.levers.refused(verb, path)) is not None:
            return self._refuse(request, refuse, wanted, user, verb)
        if plain is not None:
            return plain
        assert wanted is not None
        self._simulation.advance(self._clock())
        if wanted.resource is PODS and (wanted.verb, wanted.sub) == ("get", "log"):
            return await self._logs.answer(request, wanted.namespace, wanted.name)
        if wanted.resource is PODS and wanted.sub == "exec" and wanted.verb in ("get", "create"):
            return await self._exec.answer(request, wanted)
        if wanted.sub == "proxy":
            return await self._proxy.answer(request, wanted)
        if wanted.resource in METRICS:
            return web.json_response(self.endpoints.usage.answer(wanted, self._clock()))
        if wanted.verb == "watch":
            return await self._watch(request, wanted)
        if wanted.verb in ("get", "list") and not wanted.sub:
            read = self._reads.one if wanted.verb == "get" else self._reads.many
            return await self._reply(request, read(wanted, self._clock()))
        return web.json_response(await self._changed(request, wanted), dumps=lambda made: msgspec.json.encode(made).decode())

    def _plain(self, request: web.Request, path: str) -> web.Response | None:
        """The paths that are no objects."""
        if request.method == "POST" and path == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews":
            return self._review(request)
        if request.method != "GET":
            return None
        if path in ("/healthz", "/livez", "/readyz"):
            return web.Response(text="ok")
        if path == "/version":
            return web.json_response(discovery.VERSION)
        if path in ("/api", "/apis"):
            if "as=APIGroupDiscoveryList" in request.headers.get("Accept", "") and "v=v2;" in request.headers["Accept"]:
                body = json.dumps(discovery.aggregated(core=path == "/api"))
                return web.Response(body=body.encode(), headers={"Content-Type": discovery.AGGREGATED})
            return web.json_response(discovery.versions() if path == "/api" else discovery.group_list())
        parts = path.strip("/").split("/")
        listed: Json | None = None
        if parts == ["api", "v1"]:
            listed = discovery.resource_list("")
        elif parts[0] == "apis" and len(parts) == 2 and parts[1] in discovery.groups():
            listed = {"kind": "APIGroup", "apiVersion": "v1", **discovery.group(parts[1])}
        elif parts[0] == "apis" and len(parts) == 3 and parts[1] in discovery.groups() and parts[2] == discovery.version_of(parts[1]):
            listed = discovery.resource_list(parts[1])
        return web.json_response(listed) if listed is not None else None

    def _review(self, request: web.Request) -> web.Response:
        """May I? Always, so the question itself is not looked at."""
        if "json" not in request.content_type and request.content_type != protobuf.KIND:
            refused = statuses.unsupported("application/json, application/yaml")
            return web.json_response(refused.body, status=415)
        review = {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}, "spec": {}}
        return web.json_response({**review, "status": {"allowed": True, "reason": "gameday allows everything"}}, status=201)

    def _refuse(self, request: web.Request, refuse: levers.Refuse, wanted: Ask | None, user: str, verb: str) -> web.Response:
        after = refuse.retry_after if refuse.retry_after is not None else 1 if refuse.status == 429 else None
        headers = {"Retry-After": str(after)} if after is not None else {}
        if refuse.status == 0:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if refuse.status == 429:
            # As measured: no Status, a line of text.
            return web.Response(status=429, text="Too many requests, please try again later.\n", headers=headers)
        body = statuses.on_demand(refuse.status)
        if refuse.status == 403 and wanted is not None:
            body = statuses.forbidden(user, verb, wanted.resource, wanted.namespace, wanted.name, wanted.asked).body
        elif refuse.status == 403:
            body = statuses.forbidden_path(user, verb, request.path).body
        elif refuse.status == 404 and wanted is not None and wanted.name:
            body = statuses.not_found(wanted.resource, wanted.name).body
        elif refuse.status == 409 and wanted is not None and wanted.name:
            body = statuses.conflict(wanted.resource, wanted.name).body
        return web.json_response(body, status=refuse.status, headers=headers)

    async def _reply(self, request: web.Request, body: bytes) -> web.Response:
        response = web.Response(body=body, content_type="application/json")
        if len(body) >= LARGE and "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression(web.ContentCoding.gzip)
        return response

    async def _changed(self, request: web.Request, wanted: Ask) -> Json:
        body = await request.read()
        self._simulation.advance(self._clock())
        match wanted.verb, wanted.sub:
            case "get", "scale" if wanted.resource.scalable:
                made = self._writes.scale(wanted)
            case "patch", "":
                made = self._writes.patch(wanted, body, request.content_type)
            case "patch", "scale" if wanted.resource.scalable:
                made = self._writes.patch_scale(wanted, body, request.content_type)
            case "update", "scale" if wanted.resource.scalable:
                made = self._writes.patch_scale(wanted, body, MERGE_PATCH)
            case "delete", "":
                made = self._writes.delete(wanted, body, request.content_type)
            case _, "":
                raise statuses.not_allowed()
            case _:
                raise statuses.no_such_path()
        self.stirred.set()
        return made

    # Watches

    async def _watch(self, request: web.Request, wanted: Ask) -> web.StreamResponse:
        watch = Watch(self._simulation.world, wanted, self._clock)
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Cache-Control": "no-cache, private"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        with self._bells.hung() as bell:

            def heard(_: Any) -> None:
                bell.set()

            self._simulation.world.listeners.append(heard)
            self._open += 1
            try:
                await self._stream(request, response, watch, bell)
                await response.write_eof()
            except (ConnectionError, asyncio.CancelledError):
                # The client has gone; there is nobody to tell.
                pass
            finally:
                self._open -= 1
                self._simulation.world.listeners.remove(heard)
        return response

    async def _stream(self, request: web.Request, response: web.StreamResponse, watch: Watch, bell: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        seconds = watch_seconds(request)
        ends = loop.time() + seconds if seconds else None
        marks = loop.time() + BOOKMARK_EVERY
        last_mark = ends - 1.5 if ends is not None else None
        cuts = self._simulation.levers.cuts
        if watch.ahead and watch.initial:
            await asyncio.sleep(3.0)
            if watch.ahead and watch.version is not None:
                body = statuses.too_large(watch.version, self._simulation.world.version).body
                await response.write(msgspec.json.encode({"type": "ERROR", "object": body}) + b"\n")
                return
        await _write(response, watch.begin())
        while not watch.over and not self._simulation.levers.closed:
            moments = [
                moment
                for moment in (ends, marks if watch.bookmarks else None, last_mark if watch.bookmarks else None)
                if moment is not None
            ]
            wait = max(0.0, min(moments) - loop.time()) if moments else None
            await rung(bell, wait)
            if self._simulation.levers.cuts != cuts:
                await self._cut(request, response, watch)
                return
            if not watch.ahead:
                await _write(response, watch.more())
            if ends is not None and loop.time() >= ends:
                return
            if watch.bookmarks and not watch.over and not watch.ahead:
                if last_mark is not None and loop.time() >= last_mark:
                    last_mark = None
                    await response.write(watch.bookmark())
                elif loop.time() >= marks:
                    await response.write(watch.bookmark())
                if loop.time() >= marks:
                    marks = loop.time() + BOOKMARK_EVERY

    async def _cut(self, request: web.Request, response: web.StreamResponse, watch: Watch) -> None:
        how = "clean" if self._ending else self._simulation.levers.how
        if how == "expired":
            version = self._simulation.world.version
            await response.write(watch.expire(version - 1, version))
        elif how == "abrupt" and request.transport is not None:
            request.transport.abort()
            raise ConnectionResetError

    # The control path

    async def _control(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            raise statuses.unauthorized()
        match request.method, request.path.strip("/").split("/")[1:]:
            case "GET", []:
                return web.json_response(self.report())
            case "GET", ["log"]:
                return web.json_response(self._simulation.log)
            case "POST", ["levers"]:
                try:
                    pulled = levers.lever(json.loads(await request.read()))
                except ValueError as error:
                    return web.json_response({"error": str(error)}, status=400)
                self.pull(pulled)
                return web.json_response({"pulled": True})
        raise statuses.no_such_path()

    def report(self) -> Json:
        """What is played, what people should notice, and how the clients behave."""
        self._simulation.advance(self._clock())
        scenario = self._simulation.scenario
        return {
            "title": scenario.title,
            "summary": scenario.summary,
            "notice": list(scenario.notice),
            "heals": [{"fault": heal.fault, "by": heal.by, "how": heal.how} for heal in scenario.heals],
            "endpoints": self._simulation.endpoints,
            "series": {s.name: {"value": s.value, "unit": s.unit, "normal": s.normal} for s in self._simulation.series(self._clock())},
            "watches": self._open,
            "requests": dict(sorted(self._requests.items())),
        }


def watch_seconds(request: web.Request) -> int:
    text = request.query.get("timeoutSeconds", "")
    return int(text) if text.isdigit() else 0


async def _write(response: web.StreamResponse, lines: Iterable[bytes]) -> None:
    """Many lines in one write, but not all of a large cluster."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PIECE:
            await response.write(b"".join(held))
            held, size = [], 0
    if held:
        await response.write(b"".join(held))
