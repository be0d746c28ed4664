"""The whole console in a terminal while everything fails at once, against the same console on the same pods when nothing happens.

The simulated cluster plays its scenario `meltdown`: 2,000 changes of pods and 5,000 log lines a second. What a machine does not
reach of that is told beside the figures, and then they are not judged.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.churn import Api
from benchmarks.claim import ROOT, Figure, Unmet
from benchmarks.first_frame import home_with_incident
from benchmarks.server import simulated
from benchmarks.terminal import Terminal, wait_for

SCENARIO = ROOT / "src" / "warroom" / "gameday" / "scenarios" / "meltdown.toml"
EVENTS, LINES = 2_000, 5_000
SECONDS, SETTLED, RUNS = 20.0, 15.0, 3
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
"""Nothing else on the screen is written with them, so that each is seen when it is painted."""
BETWEEN = 0.3
MANY, FEW, CHANGES = 10_000, 200, 100


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one console: milliseconds, bytes and lines a second, per cent of a core."""

    late: float
    own: float
    painted: tuple[float, ...]
    bytes: float
    share: float
    lines: float
    dropped: float
    events: float


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
        calm = Path(folder) / "calm.toml"
        calm.write_text(quiet(SCENARIO.read_text()))
        before, during = watched(str(calm)), watched("meltdown")
    reached = f"{during.lines:.0f} lines/s ({during.dropped:.0f} of them skipped) and {during.events:.0f} changes of pods/s reached"
    proven = during.lines >= 0.8 * LINES and during.events >= 0.8 * EVENTS
    yield Figure(
        "loop lag in a meltdown, p99",
        (during.late,),
        10 if proven else None,
        "ms",
        f"a timer each 10 ms; calm {before.late:.1f} ms; {reached}",
    )
    yield Figure(
        "the same without what other programs took", (during.own,), None, "ms", "as much of it as the loop's own processor time explains"
    )
    keys, target = (p95(before.painted), p95(during.painted)), 1.3 if proven else None
    note = f"{keys[1]:.1f} ms / {keys[0]:.1f} ms, medians {median(during.painted):.1f} / {median(before.painted):.1f}"
    note += f"; {len(LETTERS)} letters typed into a note"
    yield Figure("key to paint p95, meltdown / calm", (keys[1] / keys[0],), target, note=note)
    yield Figure("bytes to the terminal in a meltdown", (during.bytes,), None, "a second", f"calm {before.bytes:.0f}")
    yield Figure("processor in a meltdown", (during.share,), None, "% of a core", f"calm {before.share:.1f} %; {reached}")
    yield from _rows()


def quiet(scenario: str) -> str:
    """The same world, in which nothing happens."""
    return scenario[: scenario.index("[[faults]]")]


def watched(scenario: str) -> Seen:
    """The console on this cluster, with a P1 of its own: an incident knows its cluster."""
    with home_with_incident(kubeconfig=False) as (home, environment), simulated(home, scenario=scenario) as facts:
        file = home / "lag.jsonl"
        command: list[str | Path] = [sys.executable, "-m", "benchmarks.lag", file, "--kubeconfig", facts["kubeconfig"], "-n", "tensafe"]
        with Terminal(command, {**environment, "PYTHONPATH": str(ROOT)}, home) as console:
            console.seen(b"tensafe-")
            time.sleep(SETTLED)
            pieces, began = len(console.pieces), time.monotonic()
            share = console.share(SECONDS)
            ended = time.monotonic()
            written = sum(len(piece) for _, piece in console.pieces[pieces:])
            painted = tuple(typed(console))
        read = [json.loads(line) for line in file.read_text().splitlines()]
    told = [second for second in read if began <= second["told"][-1][0] <= ended]
    if len(told) < 3:
        raise Unmet("the console's loop stood still for most of the time; try again when the machine is quiet")
    looks = [look for second in told for look in second["told"]]
    span = told[-1]["told"][-1][0] - told[0]["told"][-1][0]
    return Seen(
        late=1000 * p99([late for _, late, _ in looks]),
        own=1000 * p99([own for _, _, own in looks]),
        painted=painted,
        bytes=written / (ended - began),
        share=share,
        lines=(told[-1]["lines"] - told[0]["lines"]) / span,
        dropped=(told[-1]["dropped"] - told[0]["dropped"]) / span,
        events=(told[-1]["changes"] - told[0]["changes"]) / span,
    )


def typed(console: Terminal) -> Iterator[float]:
    """Milliseconds from each key until its letter was written to the terminal."""
    console.press(b"n")
    time.sleep(1.0)
    for letter in LETTERS:
        key, begun, pressed = letter.encode(), len(console.pieces), time.monotonic()
        console.press(key)
        wait_for(f"{letter} was painted", lambda key=key, begun=begun: console.since(begun, key) is not None, 20)  # type: ignore[misc]
        at = console.since(begun, key)
        assert at is not None
        yield 1000 * (at - pressed)
        time.sleep(BETWEEN)


def p95(values: tuple[float, ...]) -> float:
    return quantiles(values, n=20)[-1]


def p99(values: list[float]) -> float:
    return quantiles(values, n=100)[-1]


def _rows() -> Iterator[Figure]:
    """What many rows cost that are not on the screen."""
    few, many = _share(FEW), _share(MANY)
    note = (
        f"{CHANGES} of the pods change each second; {median(many):.1f} / {median(few):.1f} % of a core, {RUNS} times {SECONDS:.0f} s each"
    )
    ratios = tuple(a / b for a, b in zip(sorted(many), sorted(few), strict=True))
    yield Figure(f"processor, {MANY:,} rows / {FEW} rows with the same rows visible", ratios, 1.5, note=note)


def _share(rows: int) -> list[float]:
    with home_with_incident(kubeconfig=False) as (home, environment), simulated(home, rows) as facts:
        api, file = Api(Path(facts["kubeconfig"])), home / "told.json"
        probe: list[str | Path] = [sys.executable, "-m", "benchmarks.probe", file, str(rows)]
        command = [*probe, "--kubeconfig", facts["kubeconfig"], "-n", "fill"]
        with Terminal(command, {**environment, "PYTHONPATH": str(ROOT)}, home) as console:
            wait_for("all rows were drawn", lambda: file.exists() and "listed" in json.loads(file.read_text()))
            time.sleep(SETTLED)
            shares = []
            for _ in range(RUNS):
                api.call("POST", "/gameday/levers", {"lever": "churn", "per_second": CHANGES, "seconds": SECONDS + 2})
                shares.append(console.share(SECONDS))
                time.sleep(3)
            return shares
