"""Running a program in a container, over the WebSocket that kubectl opens for it."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

import msgspec
from aiohttp import WSMsgType, web

from warroom.gameday import statuses
from warroom.gameday.asks import Ask
from warroom.gameday.programs import Programs
from warroom.gameday.ran import Ran
from warroom.gameday.resources import PODS, Json
from warroom.gameday.simulation import Simulation

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
STDIN, STDOUT, STDERR, STATUS, CLOSE = 0, 1, 2, 3, 255
MOST_GIVEN = 1024 * 1024
"""So much standard input is taken."""
PATIENCE = 600.0
"""Seconds after which standard input that does not end is cut off."""


class Exec:
    def __init__(self, simulation: Simulation, programs: Programs, clock: Callable[[], datetime]) -> None:
        self._simulation = simulation
        self._programs = programs
        self._clock = clock

    async def answer(self, request: web.Request, wanted: Ask) -> web.StreamResponse:
        words = request.query.getall("command", [])
        pod, container = self._target(wanted)
        if not words:
            raise statuses.bad_request("you must specify at least one command for the container")
        socket = web.WebSocketResponse(protocols=PROTOCOLS, max_msg_size=MOST_GIVEN + 1)
        if not socket.can_prepare(request).ok:
            raise statuses.bad_request("unable to upgrade: only WebSocket (v5.channel.k8s.io) is simulated, not SPDY")
        await socket.prepare(request)
        given = await self._given(socket) if wanted.flag("stdin") and words[0].rpartition("/")[2] == "cat" else b""
        self._simulation.advance(self._clock())
        ran = self._programs.run(pod, container, words, given, self._clock())
        with contextlib.suppress(ConnectionError):  # whoever asked has gone
            await self._tell(socket, ran, wanted.flag("tty"), self._unknown(words[0], container))
        await socket.close()
        return socket

    def _target(self, wanted: Ask) -> tuple[Json, Json]:
        found = self._simulation.world.get(PODS, wanted.namespace, wanted.name)
        if found is None:
            raise statuses.not_found(PODS, wanted.name)
        pod, asked = found.object, wanted.query.get("container", "")
        names = [container["name"] for container in pod["spec"]["containers"]]
        if asked and asked not in names:
            raise statuses.bad_request(f"container {asked} is not valid for pod {wanted.name}")
        if not asked and len(names) > 1:
            raise statuses.bad_request(f"a container name must be specified for pod {wanted.name}, choose one of: [{' '.join(names)}]")
        name = asked or names[0]
        if pod["status"].get("phase") in ("Succeeded", "Failed"):
            raise statuses.bad_request(f"cannot exec into a container in a completed pod; current phase is {pod['status']['phase']}")
        state: Json = next((status["state"] for status in pod["status"].get("containerStatuses", ()) if status["name"] == name), {})
        if "running" not in state:
            raise statuses.Refused(500, "InternalError", f'container not found ("{name}")')
        return pod, next(container for container in pod["spec"]["containers"] if container["name"] == name)

    async def _given(self, socket: web.WebSocketResponse) -> bytes:
        """Standard input until its end. Resizes of a terminal come between."""
        held = bytearray()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                async for message in socket:
                    if message.type is not WSMsgType.BINARY or not message.data:
                        continue
                    if message.data[0] == CLOSE:
                        break
                    if message.data[0] == STDIN:
                        held += message.data[1 : MOST_GIVEN - len(held) + 1]
        return bytes(held)

    async def _tell(self, socket: web.WebSocketResponse, ran: Ran | None, terminal: bool, unknown: str) -> None:
        if ran is None:
            failed = statuses.status(500, "InternalError", unknown)
            await socket.send_bytes(bytes([STATUS]) + msgspec.json.encode(failed))
            return
        out, err = ran.out, ran.err
        if terminal:
            out, err = (out + err).replace(b"\n", b"\r\n"), b""
        for channel, text in ((STDOUT, out), (STDERR, err)):
            if text:
                await socket.send_bytes(bytes([channel]) + text)
        await socket.send_bytes(bytes([STATUS]) + msgspec.json.encode(_ended(ran.code)))

    def _unknown(self, program: str, container: Json) -> str:
        known = ", ".join(self._programs.known(container))
        return (
            "error executing command in container: failed to exec in container: "
            f'exec: "{program}": executable file not found in $PATH (simulated here are {known})'
        )


def _ended(code: int) -> Json:
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    made: Json = {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: command terminated with exit code {code}",
        "reason": "NonZeroExitCode",
    }
    return {**made, "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}}
