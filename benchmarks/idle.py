"""What the console costs when nothing happens and there is no cluster."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.claim import BIN, Figure
from benchmarks.first_frame import home_with_incident
from benchmarks.terminal import Terminal, home_environment

RUNS, SECONDS, SETTLED = 3, 20.0, 8.0


def shares(home: Path, environment: dict[str, str]) -> tuple[float, ...]:
    with Terminal([BIN / "warroom"], environment, home) as console:
        console.seen(b"severity")
        time.sleep(SETTLED)
        return tuple(console.share(SECONDS) for _ in range(RUNS))


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
        runs = shares(Path(folder), home_environment(Path(folder)))
    yield Figure("processor, idle without a cluster", runs, 0.5, "% of a core", f"{SECONDS:.0f} s each, no incident")
    with home_with_incident(kubeconfig=False) as (home, environment):
        runs = shares(home, environment)
    yield Figure("the same with a P1 whose clocks run", runs, None, "% of a core", "no target of its own")
