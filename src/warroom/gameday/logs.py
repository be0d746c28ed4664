"""The log of a pod as its kubelet gives it out: which run is meant, from where on, and how it is followed."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aiohttp import web

from warroom.gameday import statuses
from warroom.gameday.agenda import moment
from warroom.gameday.attempts import Attempt
from warroom.gameday.bells import Bells, rung
from warroom.gameday.kubelet import is_ready
from warroom.gameday.loglines import KEPT_LINES, KEPT_SECONDS, Line, Reader, instant, nanos
from warroom.gameday.resources import NODES, PODS, Json
from warroom.gameday.simulation import Simulation

BEAT = 0.05
"""So often a follower is told of new lines, at most."""
PAUSE = 0.5
"""So often a silent log is looked after: its container may have ended."""
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class LogAsk:
    """What of a log is wanted."""

    container: str
    follow: bool
    previous: bool
    timestamps: bool
    tail: int | None
    limit: int | None
    since_seconds: int | None
    since_time: datetime | None

    def since(self, now: datetime) -> datetime | None:
        if self.since_seconds is not None:
            return now - timedelta(seconds=self.since_seconds)
        return self.since_time


def log_ask(query: Mapping[str, str]) -> LogAsk:
    """Raises the 400 and 422 of a question that contradicts itself."""
    asked = LogAsk(
        container=query.get("container", ""),
        follow=_flag(query, "follow"),
        previous=_flag(query, "previous"),
        timestamps=_flag(query, "timestamps"),
        tail=_whole(query, "tailLines", 0),
        limit=_whole(query, "limitBytes", 1),
        since_seconds=_whole(query, "sinceSeconds", 1),
        since_time=_time(query.get("sinceTime", "")),
    )
    if asked.since_seconds is not None and asked.since_time is not None:
        raise _invalid("", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified")
    return asked


def _flag(query: Mapping[str, str], key: str) -> bool:
    return query.get(key, "").lower() in ("true", "1")


def _whole(query: Mapping[str, str], key: str, least: int) -> int | None:
    if not (text := query.get(key, "")):
        return None
    if not text.removeprefix("-").isdigit():
        raise statuses.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    if int(text) < least:
        raise _invalid(key, f"Invalid value: {text}: must be greater than {'or equal to ' if least == 0 else ''}0")
    return int(text)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        # As a real API server does on the way to the node: whole seconds only.
        return moment(text).replace(microsecond=0)
    except ValueError:
        raise statuses.bad_request(f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse') from None


def _invalid(key: str, said: str) -> statuses.Refused:
    return statuses.invalid(f'PodLogOptions "" is invalid: {key or "<nil>"}: {said}')


class Logs:
    def __init__(self, simulation: Simulation, bells: Bells, clock: Callable[[], datetime]) -> None:
        self._simulation = simulation
        self._bells = bells
        self._clock = clock

    async def answer(self, request: web.Request, namespace: str, name: str) -> web.StreamResponse:
        asked = log_ask(request.query)
        pod = self._pod(namespace, name)
        container = self._container(pod, asked.container)
        if "nodeName" not in pod["spec"]:
            return web.Response(text="")
        self._reach(pod)
        attempt = self._attempt(pod, container, asked.previous)
        response = web.StreamResponse(headers={"Content-Type": "text/plain", "Cache-Control": "no-cache, private"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # whoever reads has gone
            await self._write(request, response, asked, pod, container, attempt)
            await response.write_eof()
        return response

    def _pod(self, namespace: str, name: str) -> Json:
        found = self._simulation.world.get(PODS, namespace, name)
        if found is None:
            raise statuses.not_found(PODS, name)
        return found.object

    def _container(self, pod: Json, wanted: str) -> str:
        name, names = pod["metadata"]["name"], [container["name"] for container in pod["spec"]["containers"]]
        if not wanted and len(names) > 1:
            raise statuses.bad_request(f"a container name must be specified for pod {name}, choose one of: [{' '.join(names)}]")
        if wanted and wanted not in names:
            raise statuses.bad_request(f"container {wanted} is not valid for pod {name}")
        return wanted or str(names[0])

    def _reach(self, pod: Json) -> None:
        node = self._simulation.world.get(NODES, "", pod["spec"]["nodeName"])
        if node is not None and not is_ready(node.object):
            host = pod["status"].get("hostIP", "")
            where = f"https://{host}:10250/containerLogs/{pod['metadata']['namespace']}/{pod['metadata']['name']}"
            raise statuses.Refused(500, "InternalError", f'Get "{where}": dial tcp {host}:10250: connect: connection refused')

    def _attempt(self, pod: Json, container: str, previous: bool) -> Attempt:
        """The run that is meant; while a container waits to start again, the one before is still the current."""
        known = self._simulation.attempts(pod)
        name = pod["metadata"]["name"]
        status = next(found for found in pod["status"]["containerStatuses"] if found["name"] == container)
        if previous:
            if "waiting" in status["state"] and known.current is not None:
                return known.current
            if known.previous is None:
                raise statuses.bad_request(f'previous terminated container "{container}" in pod "{name}" not found')
            return known.previous
        if known.current is None:
            reason = status["state"].get("waiting", {}).get("reason", "ContainerCreating")
            raise statuses.bad_request(f'container "{container}" in pod "{name}" is waiting to start: {reason}')
        return known.current

    async def _write(
        self, request: web.Request, response: web.StreamResponse, asked: LogAsk, pod: Json, container: str, attempt: Attempt
    ) -> None:
        lines = self._simulation.log_lines(pod, container)
        out = _Out(response, asked.timestamps, asked.limit)
        now = self._clock()
        at, since = nanos(now), asked.since(now)
        if asked.tail is not None or since is None:
            first = lines.last(attempt, at, KEPT_LINES if asked.tail is None else asked.tail)
            reader = Reader(lines, attempt, at)
            await out.write(line for line in first if since is None or line[0] >= nanos(since))
        else:
            kept = nanos(now - self._simulation.agenda.span(KEPT_SECONDS))
            reader = Reader(lines, attempt, max(nanos(since) - 1, kept))
            await out.write(reader.until(at, attempt))
        if asked.follow and not asked.previous:
            await self._follow(request, out, reader, pod, attempt)

    async def _follow(self, request: web.Request, out: "_Out", reader: Reader, pod: Json, attempt: Attempt) -> None:
        levers = self._simulation.levers
        cuts = levers.cuts
        with self._bells.hung() as bell:
            while not out.full:
                now = self._clock()
                self._simulation.advance(now)
                attempt, over = self._later(pod, attempt, now)
                await out.write(reader.until(nanos(now), attempt))
                if over:
                    return
                await rung(bell, min(max((reader.due - nanos(self._clock())) / 1e9, BEAT), PAUSE))
                if levers.cuts == cuts:
                    continue
                if levers.how == "abrupt" and request.transport is not None:
                    request.transport.abort()
                    raise ConnectionResetError
                return

    def _later(self, pod: Json, attempt: Attempt, now: datetime) -> tuple[Attempt, bool]:
        """The same run as it is known now, and whether it is over."""
        known = self._simulation.attempts(pod)
        for one in (known.current, known.previous):
            if one is not None and one.number == attempt.number:
                return one, one.ended is not None
        return (attempt if attempt.ended is not None else replace(attempt, ended=now)), True


class _Out:
    """Writes lines in pieces, with their times where asked for, and stops in mid-line at the limit."""

    def __init__(self, response: web.StreamResponse, stamped: bool, limit: int | None) -> None:
        self._response = response
        self._stamped = stamped
        self._left = limit

    @property
    def full(self) -> bool:
        return self._left == 0

    async def write(self, lines: Iterable[Line]) -> None:
        held: list[bytes] = []
        size = 0
        for at, text in lines:
            line = b"%b %b\n" % (_stamp(at), text) if self._stamped else text + b"\n"
            held.append(line)
            size += len(line)
            if size >= PIECE:
                await self._send(b"".join(held))
                held, size = [], 0
            if self.full:
                return
        if held:
            await self._send(b"".join(held))

    async def _send(self, piece: bytes) -> None:
        if self._left is not None:
            piece = piece[: self._left]
            self._left -= len(piece)
        await self._response.write(piece)


def _stamp(at: int) -> bytes:
    """RFC 3339 with nine places, as kubelets put it before a line."""
    return f"{instant(at):%Y-%m-%dT%H:%M:%S}.{at % 1_000_000_000:09d}Z".encode()
