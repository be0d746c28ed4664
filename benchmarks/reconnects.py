"""A server that ends every watch at once: how often it is asked again."""

import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.claim import BIN, Figure
from benchmarks.server import simulated
from benchmarks.terminal import Terminal, home_environment, wait_for

RUNS, SECONDS = 3, 10.0


def measure() -> Iterator[Figure]:
    worst, together, lists = list[float](), list[float](), list[float]()
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder, simulated(Path(folder)) as facts:
            home = Path(folder)
            token = next(line.split()[-1] for line in Path(facts["kubeconfig"]).read_text().splitlines() if "token:" in line)

            def ask(path: str, body: Any = None, facts: dict[str, Any] = facts, token: str = token) -> Any:
                data = None if body is None else json.dumps(body).encode()
                request = urllib.request.Request(f"{facts['api']}/gameday{path}", data, {"Authorization": f"Bearer {token}"})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return json.loads(answer.read())

            def watches(verb: str = "watch") -> dict[str, int]:
                return {wish: count for wish, count in ask("")["requests"].items() if wish.startswith(f"{verb} ")}

            ask("/levers", {"lever": "watches", "closed": True})
            with Terminal([BIN / "warroom", "--kubeconfig", facts["kubeconfig"]], home_environment(home), home):
                wait_for("a watch was asked for", lambda: bool(watches()))
                time.sleep(SECONDS)
                asked = watches()
                worst.append(max(asked.values()))
                together.append(sum(asked.values()))
                lists.append(max(watches("list").values()))
    streams = len(asked)
    note = f"the busiest of {streams} watches; all together {max(together):.0f}, lists {max(lists):.0f} each"
    yield Figure("reconnects in 10 s when each watch is cut at once", tuple(worst), 10, note=note)
