"""What a second costs on the wire while clocks run: bytes per clock that ticks."""

import re
import time
from collections import Counter
from collections.abc import Iterator

from benchmarks.claim import BIN, Figure
from benchmarks.first_frame import home_with_incident
from benchmarks.terminal import Terminal

RUNS, SECONDS, SETTLED = 3, 20.0, 4.0
MOVE = re.compile(rb"\x1b\[(\d+);(\d+)H([^\x1b]*(?:\x1b\[[0-9;]*m[^\x1b]*)*)")
STYLE = re.compile(rb"\x1b\[[0-9;]*m")


def painted(read: bytes) -> set[tuple[int, int]]:
    """Where something with a figure in it was written."""
    return {(int(line), int(column)) for line, column, text in MOVE.findall(read) if any(48 <= byte <= 57 for byte in STYLE.sub(b"", text))}


def per_clock(console: Terminal) -> tuple[float, int]:
    """Bytes for each tick of a clock, and how many clocks there are: the places written at nearly every second."""
    since = len(console.pieces)
    began = time.monotonic()
    time.sleep(SECONDS)
    pieces = console.pieces[since:]
    places: Counter[tuple[int, int]] = Counter()
    seconds: dict[int, bytes] = {}
    for at, read in pieces:
        seconds[int(at - began)] = seconds.get(int(at - began), b"") + read
    for read in seconds.values():
        places.update(painted(read))
    clocks = sum(times >= 0.7 * SECONDS for times in places.values())
    total = sum(len(read) for _, read in pieces)
    return (total / SECONDS / clocks if clocks else float(total)), clocks


def measure() -> Iterator[Figure]:
    with home_with_incident(kubeconfig=False) as (home, environment), Terminal([BIN / "warroom"], environment, home) as console:
        console.seen(b"severity")
        time.sleep(SETTLED)
        found = [per_clock(console) for _ in range(RUNS)]
    note = f"all bytes of {SECONDS:.0f} s, each second, over {found[0][1]} places with a figure that changes every second"
    yield Figure("bytes per countdown tick", tuple(bytes_ for bytes_, _ in found), 120, "bytes", note)
