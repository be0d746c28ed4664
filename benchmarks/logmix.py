"""Logs made up as twelve pods of several languages would write them, with the truth about each event."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
PODS = tuple(f"pod-{number}" for number in range(12))
USERS = ("ann", "bob", "cid", "dora", "eve", "fay")
PATHS = ("/api/v1/train", "/api/v1/jobs", "/healthz", "/login", "/api/v1/models")
Chance = random.Random
Make = Callable[[Chance, datetime], list[str]]


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is None for what is no error. `lines` without ends."""

    pod: str
    at: datetime
    kind: str | None
    lines: tuple[bytes, ...]


def clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03}"


def zulu(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def uuid(chance: Chance) -> str:
    digits = f"{chance.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def address(chance: Chance) -> str:
    return f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"


def _json(level: str | int, told: Callable[[Chance], dict[str, object]]) -> Make:
    return lambda chance, at: [json.dumps({"ts": zulu(at), "level": level, **told(chance)})]


def _line(told: Callable[[Chance, datetime], str]) -> Make:
    return lambda chance, at: [told(chance, at)]


def frames(chance: Chance) -> list[str]:
    told = []
    for depth in range(chance.randrange(2, 6)):
        told += [
            f'  File "/app/layer{depth}.py", line {chance.randrange(10, 900)}, in step_{depth}',
            f"    return run_{depth}(batch, rate)",
        ]
    return ["Traceback (most recent call last):", *told]


def _logged_traceback(chance: Chance, at: datetime) -> list[str]:
    head = f"{clock(at)} ERROR app.jobs: job {chance.randrange(10**6)} of {chance.choice(USERS)} stopped"
    return [
        head,
        *frames(chance),
        f"RuntimeError: CUDA out of memory, tried to allocate {chance.randrange(1, 80)}.{chance.randrange(99)} GiB",
    ]


def _bare_traceback(chance: Chance, at: datetime) -> list[str]:
    return [*frames(chance), f"KeyError: 'tensor_{chance.randrange(999)}'"]


def _java(chance: Chance, at: datetime) -> list[str]:
    head = f"{clock(at)} ERROR [worker-{chance.randrange(16)}] com.acme.store.Writer: Write of block {chance.getrandbits(40)} failed"
    deep = [f"\tat com.acme.store.Layer{n}.call(Layer{n}.java:{chance.randrange(20, 400)})" for n in range(chance.randrange(3, 9))]
    return [
        head,
        f"java.io.IOException: Connection reset by peer {address(chance)}:{chance.randrange(1024, 65000)}",
        *deep,
        f"Caused by: java.net.SocketException: socket {chance.randrange(900)} closed",
        deep[0],
        f"\t... {chance.randrange(2, 40)} more",
    ]


def _panic(chance: Chance, at: datetime) -> list[str]:
    index = chance.randrange(5, 90)
    return [
        f"panic: runtime error: index out of range [{index}] with length {index - 1}",
        "",
        f"goroutine {chance.randrange(1, 400)} [running]:",
        f"main.(*Server).handle(0xc{chance.getrandbits(36):09x}, {{0xc{chance.getrandbits(36):09x}, 0x{chance.getrandbits(8):x}}})",
        f"\t/src/server.go:{chance.randrange(10, 600)} +0x{chance.getrandbits(12):x}",
        "created by main.main",
        f"\t/src/main.go:{chance.randrange(10, 90)} +0x{chance.getrandbits(10):x}",
    ]


def access(status: Callable[[Chance], int]) -> Make:
    def made(chance: Chance, at: datetime) -> list[str]:
        request = f"{chance.choice(('GET', 'POST'))} {chance.choice(PATHS)}/{chance.randrange(9999)} HTTP/1.1"
        return [
            f'{address(chance)} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "{request}" {status(chance)} {chance.randrange(90000)} "-" "curl/8.5"'
        ]

    return made


SINGLE: dict[str, Make] = {
    "json": _json("error", lambda c: {"msg": f"payment {c.randrange(10**6)} declined by {c.choice(USERS)}", "trace": uuid(c)}),
    "json-number": _json(50, lambda c: {"msg": f"queue {c.randrange(40)} is full", "pid": c.randrange(9999)}),
    "json-fault": _json("info", lambda c: {"msg": "retry", "error": f"upstream {address(c)} timed out after {c.randrange(900)}ms"}),
    "json-critical": _json("CRITICAL", lambda c: {"message": f"disk {c.randrange(9)} at {c.randrange(90, 100)} percent", "id": uuid(c)}),
    "logfmt": _line(
        lambda c, at: f'time="{zulu(at)}" level=error msg="lease {uuid(c)} lost" holder={c.choice(USERS)} took={c.randrange(90)}ms'
    ),
    "logfmt-fatal": _line(lambda c, at: f'time="{zulu(at)}" level=fatal msg="cannot bind port {c.randrange(9999)}"'),
    "klog-e": _line(
        lambda c, at: f"E{at:%m%d %H:%M:%S}.{at.microsecond:06}       1 sync.go:{c.randrange(20, 400)}] Failed to sync pod {uuid(c)}"
    ),
    "klog-f": _line(lambda c, at: f"F{at:%m%d %H:%M:%S}.{at.microsecond:06}       1 main.go:88] lost master lease {c.randrange(10**5)}"),
    "python-error": _line(lambda c, at: f"{clock(at)} ERROR app.api: request {uuid(c)} took {c.randrange(9000)} ms, gave up"),
    "python-critical": _line(
        lambda c, at: f"[{at:%Y-%m-%d %H:%M:%S} +0000] [{c.randrange(99)}] [CRITICAL] WORKER TIMEOUT (pid:{c.randrange(9999)})"
    ),
    "nginx-error": _line(
        lambda c, at: (
            f"{at:%Y/%m/%d %H:%M:%S} [error] 31#31: *{c.randrange(10**6)} connect() to {address(c)}:8080 refused, client: {address(c)}"
        )
    ),
    "access-5xx": access(lambda c: c.choice((500, 502, 503, 504))),
    "plain": _line(lambda c, at: f"Segmentation fault in worker {c.randrange(64)} at 0x{c.getrandbits(44):x}"),
}
JOINED: dict[str, Make] = {
    "python-logged": _logged_traceback,
    "python-bare": _bare_traceback,
    "java": _java,
    "go-panic": _panic,
}
ERRORS = {**SINGLE, **JOINED}
QUIET: tuple[Make, ...] = (
    _json("info", lambda c: {"msg": f"step {c.randrange(10**6)} done", "loss": round(c.random(), 4), "error": None}),
    _json("warn", lambda c: {"msg": f"slow batch {c.randrange(10**5)}", "took": c.randrange(9000), "errors": 0}),
    _json(30, lambda c: {"msg": f"handled without error in {c.randrange(900)}ms", "pid": c.randrange(9999)}),
    _line(lambda c, at: f'time="{zulu(at)}" level=info msg="no errors in {c.randrange(900)} checks" holder={c.choice(USERS)}'),
    _line(lambda c, at: f"I{at:%m%d %H:%M:%S}.{at.microsecond:06}       1 sync.go:{c.randrange(20, 400)}] Synced pod {uuid(c)}"),
    _line(lambda c, at: f"{clock(at)} INFO app.api: error handler installed for {c.choice(USERS)}"),
    _line(lambda c, at: f"{clock(at)} WARNING app.api: retry {c.randrange(9)} after exception, job {c.randrange(10**6)}"),
    _line(lambda c, at: f"{clock(at)} DEBUG [worker-{c.randrange(16)}] com.acme.store.Reader: Read block {c.getrandbits(40)}"),
    access(lambda c: c.choice((200, 200, 200, 201, 304, 404))),
    access(lambda c: 200),
)


def events(number: int, share: float, seed: int = 1, kinds: dict[str, Make] | None = None) -> Iterator[Event]:
    """So many events, in the order of time. `share`: how many of them are errors, 0 to 1."""
    chance = random.Random(seed)
    makes, at = list((kinds or ERRORS).items()), BEGIN
    for _ in range(number):
        at += timedelta(microseconds=chance.randrange(6_000, 20_000))
        kind, make = chance.choice(makes) if chance.random() < share else (None, chance.choice(QUIET))
        yield Event(chance.choice(PODS), at, kind, tuple(_spoiled(line, chance) for line in make(chance, at)))


def _spoiled(line: str, chance: Chance) -> bytes:
    """Some lines come with colours, some with CR, and a few with bytes that are no text."""
    written, dice = line.encode(), chance.random()
    if dice < 0.03:
        return b"\x1b[31m" + written + b"\x1b[0m" if written[:1].isalnum() else written
    if dice < 0.06:
        return written + b"\r"
    return written + b" \x00\xff" if dice < 0.0605 and written[-1:] != b"}" else written


def stamped(event: Event) -> Iterator[bytes]:
    """As the kubelet gives the lines with `timestamps=true`; what a program writes at once is apart by microseconds."""
    for number, line in enumerate(event.lines):
        at = event.at + timedelta(microseconds=40 * number)
        yield f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}000Z ".encode() + line
