"""Reading the lines of a watch of pods, against json.loads of the same bytes."""

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec
from benchmarks.claim import Figure

from warroom.feeds import translate
from warroom.feeds.wire import Change, PodWire
from warroom.gameday import fill
from warroom.gameday.resources import PODS
from warroom.gameday.world import World

RUNS, LINES = 9, 2000


def lines() -> bytes:
    """Changes of the simulated cluster's plain pods, about 7 kB each."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    chance = random.Random(1)
    world = World(chance, lambda: now)
    fill.fill(world, chance, ("one", "two"), LINES, now)
    made = (world.copy(PODS, *key) for key in world.keys(PODS, fill.SPACE))
    return b"".join(json.dumps({"type": "MODIFIED", "object": pod}, separators=(",", ":")).encode() + b"\n" for pod in made)


def spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def measure() -> Iterator[Figure]:
    data = lines()
    split = data.splitlines()
    chunk = 2**17
    decoder = msgspec.json.Decoder(Change[PodWire])
    # As they come from the network: whole lines of at most one read.
    per = max(1, chunk // (len(data) // LINES))
    chunks = [b"\n".join(split[at : at + per]) + b"\n" for at in range(0, len(split), per)]

    def stamp(real: datetime) -> datetime:
        return real

    def plain() -> None:
        for line in split:
            json.loads(line)

    def slim() -> None:
        for part in chunks:
            decoder.decode_lines(part)

    def values() -> None:
        shared = translate.Shared()
        for part in chunks:
            for change in decoder.decode_lines(part):
                translate.pod(change.object, stamp, shared)

    slim_runs, value_runs = [], []
    for turn in range(RUNS + 1):
        floor = spent(plain)
        a, b = spent(slim) / floor, spent(values) / floor
        if turn:
            slim_runs.append(a)
            value_runs.append(b)
    note = f"{LINES} lines of {len(data) // LINES:,} bytes, processor time"
    yield Figure("decoding a watch / json.loads of the same bytes", tuple(slim_runs), 0.25, note=note)
    yield Figure("the same, up to the values that the panes show", tuple(value_runs), None, note="no target of its own")
