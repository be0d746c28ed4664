"""What logs that want to do harm cost: memory that stays, the longest step of the loop, and the processor's time.

A server of its own says 5,000 lines a second on eight logs: 200,000 different ones a minute, lines of 1 MB, NUL, bytes that
are no UTF-8, ANSI and OSC sequences, and cuts. The feeds of the console read them in another process.
    python -m benchmarks.hostile_logs serve | python -m benchmarks.hostile_logs read KUBECONFIG SECONDS
"""

import asyncio
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from asyncio.events import Handle
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.claim import ROOT, Figure, Unmet

SECONDS, LONG = 60.0, 600.0
WARM = 20.0
"""Seconds until what is kept for good is there."""
PODS, LINES = 8, 5_000
DISTINCT = 200_000 / 60 / LINES
"""The share of lines that are like no other."""
BEAT = 0.1
ODD = b"\x1b[31mERROR\x1b[0m \x1b]0;owned\x07 \x1b]52;c;aGk=\x07 pool \x00 exhausted \xff\xfe after %d ms"
WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]


def measure() -> Iterator[Figure]:
    yield from _measured(SECONDS)


def measure_long() -> Iterator[Figure]:
    yield from _measured(LONG)


def _measured(seconds: float) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
        serve = subprocess.Popen([sys.executable, "-m", "benchmarks.hostile_logs", "serve", folder], cwd=ROOT, stdout=subprocess.PIPE)
        try:
            assert serve.stdout is not None
            kubeconfig = serve.stdout.readline().decode().strip()
            command = [sys.executable, "-m", "benchmarks.hostile_logs", "read", kubeconfig, str(seconds)]
            read = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
        finally:
            serve.kill()
            serve.wait()
    if read.returncode:
        raise Unmet("the reader of hostile logs ended with an error")
    told = json.loads(read.stdout)
    per_second = told["lines"] / told["seconds"]
    note = f"{per_second:.0f} of {LINES} lines/s, streams cut every 5 to 60 s, {told['gaps']} gaps, {told['dropped']} lines skipped"
    span = f"{seconds / 60:g} min"
    proven = per_second >= 0.8 * LINES  # with fewer than the claim says nothing is proven
    yield Figure(
        f"memory that {span} of hostile logs add", (told["grown"],), 3 if proven else None, "MB", f"after the first {WARM:.0f} s; {note}"
    )
    yield Figure(
        f"longest step of the loop in {span} of them",
        (told["longest"],),
        8 if proven else None,
        "ms",
        "processor time of one call back, whole feed",
    )
    yield Figure(f"processor, {span} of them", (told["share"],), None, "% of a core")


# The server


class Hostile:
    """One log: what was said in the last ten seconds can be asked for again."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._kept: deque[tuple[int, bytes]] = deque(maxlen=int(10 / BEAT))
        self._said = asyncio.Event()

    async def speak(self) -> None:
        loop, said = asyncio.get_running_loop(), 0
        begun = loop.time()
        for number in count():
            due = int((loop.time() - begun) * LINES / PODS) - said
            said += due
            self._kept.append((number, b"".join(self._line() for _ in range(due))))
            self._said.set()
            self._said = asyncio.Event()
            await asyncio.sleep(BEAT)

    async def heard(self, since: bytes) -> AsyncIterator[bytes]:
        last = -1
        while True:
            said = self._said
            for number, block in tuple(self._kept):
                if number > last and block[:19] >= since:
                    last = number
                    yield block
            await said.wait()

    def _line(self) -> bytes:
        chance = self._chance
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").encode() + b"000Z "
        kind = chance.random()
        if kind < DISTINCT:
            text = b"ERROR " + " ".join(chance.choices(WORDS, k=6)).encode() + b" " + chance.randbytes(6).hex().encode()
        elif kind < 0.8:
            text = b'{"level":"error","msg":"order %d of customer %d refused"}' % (chance.randrange(10**6), chance.randrange(999))
        elif kind < 0.9:
            text = b"\x1b[31mERROR\x1b[0m \x1b]0;owned\x07 \x1b]52;c;aGk=\x07 pool \x00 exhausted \xff\xfe after %d ms" % chance.randrange(
                9999
            )
        elif kind < 0.9999:
            text = b"Traceback (most recent call last):\n" + stamp + b'  File "x.py", line 3, in f\n' + stamp + b"KeyError: 'a'"
        else:
            text = b"ERROR " + b"A" * 1_000_000
        return stamp + text + b"\n"


async def serve(folder: Path) -> None:
    from aiohttp import web

    chance = random.Random(1)
    pods = [_pod(f"pod-{number}") for number in range(PODS)]
    logs = {pod["metadata"]["name"]: Hostile(seed) for seed, pod in enumerate(pods)}

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/log"):
            return await follow(request)
        if "watch" in request.query:
            response = web.StreamResponse()
            await response.prepare(request)
            await asyncio.Event().wait()
        wanted = request.query.get("fieldSelector", "").removeprefix("metadata.name=")
        items = [pod for pod in pods if wanted in ("", pod["metadata"]["name"])]
        return web.json_response({"metadata": {"resourceVersion": "1", "uid": "u"}, "items": items, "major": "1"})

    async def follow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(chance.uniform(5, 60)):
                async for block in logs[request.path.split("/")[-2]].heard(request.query.get("sinceTime", "")[:19].encode()):
                    await response.write(block)
        if request.transport is not None:
            request.transport.abort()
        return response

    app = web.Application()
    app.router.add_get("/{path:.+}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    config = {
        "current-context": "it",
        "clusters": [{"name": "it", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "users": [{"name": "ada", "user": {"token": "x"}}],
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "ada", "namespace": "shop"}}],
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(config))
    print(path, flush=True)
    await asyncio.gather(*(log.speak() for log in logs.values()))


def _pod(name: str) -> dict[str, Any]:
    state = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
    return {
        "metadata": {"name": name, "namespace": "shop", "uid": name, "resourceVersion": "1"},
        "spec": {"containers": [{"name": "server"}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "server", "ready": True, "restartCount": 0, "state": state}]},
    }


# The reader


async def read(kubeconfig: Path, seconds: float) -> dict[str, float]:
    from warroom.clock import SystemClock
    from warroom.feeds.access import Access
    from warroom.feeds.kubernetes import PodsFeed
    from warroom.feeds.logs import LogsFeed, Wish
    from warroom.feeds.source import Source

    gc.set_threshold(50_000, 20, 100)  # as the console has it
    clock = SystemClock()
    source = Source.of(Access(kubeconfig=str(kubeconfig), environ={}), clock, asyncio.sleep)

    async def pods() -> None:
        async for _ in PodsFeed(source).readings():
            pass

    reading = asyncio.create_task(pods())
    steps = Steps()
    begun = warm = 0.0
    lines, memory, used = 0, 0.0, 0.0
    async for news in LogsFeed(source, Wish(start=clock.now)).readings():
        tally, now = news.value, time.monotonic()
        if tally is None or not tally.lines:
            continue
        begun = begun or now
        if not warm and now - begun >= WARM:
            warm, lines, memory, used = now, tally.lines, _resident(), time.process_time()
            gc.freeze()
            steps.begin()
        if warm and now - warm >= seconds:
            break
    longest = steps.end()
    reading.cancel()
    assert tally is not None
    return {
        "seconds": now - warm,
        "lines": tally.lines - lines + tally.dropped,
        "grown": _resident() - memory,
        "longest": longest * 1000,
        "share": 100 * (time.process_time() - used) / (now - warm),
        "gaps": tally.gaps,
        "dropped": tally.dropped,
        "not_folded": tally.not_folded,
        "patterns": len(tally.patterns),
    }


class Steps:
    """The longest call back of the loop, in its processor time: what a key would have waited for."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._run = Handle._run

    def begin(self) -> None:
        run = self._run

        def timed(handle: Handle) -> None:
            begun = time.thread_time()
            run(handle)
            self._longest = max(self._longest, time.thread_time() - begun)

        setattr(Handle, "_run", timed)  # noqa: B010  no public place to measure it

    def end(self) -> float:
        setattr(Handle, "_run", self._run)  # noqa: B010
        return self._longest


def _resident() -> float:
    """MB that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve(Path(sys.argv[2])))
    else:
        print(json.dumps(asyncio.run(read(Path(sys.argv[2]), float(sys.argv[3])))))
