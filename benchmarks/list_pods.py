"""Listing 10,000 pods, from process start to all rows on the screen, against kubectl on the same server."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.claim import BIN, PODS, ROOT, Figure
from benchmarks.server import Server
from benchmarks.terminal import Terminal, home_environment, wait_for

RUNS = 5


def probed(home: Path, server: Server, file: Path, *arguments: str) -> Terminal:
    """The console on the pods of namespace `fill`, with the probe that tells when it has them all."""
    environment = home_environment(home, PYTHONPATH=str(ROOT))
    console = ["--kubeconfig", str(server.kubeconfig), "-n", "fill", *arguments]
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.probe", file, str(PODS), *console]
    return Terminal(command, environment, home)


def listed(file: Path) -> float | None:
    return json.loads(file.read_text()).get("listed") if file.exists() else None


def kubectl(server: Server, home: Path) -> tuple[float, int]:
    """Seconds, and its peak in kilobytes."""
    command = [str(BIN / "kubectl"), f"--kubeconfig={server.kubeconfig}", "get", "pods", "-n", "fill"]
    with (home / "pods.txt").open("wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, env=home_environment(home), cwd=home)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    lines = (home / "pods.txt").read_bytes().count(b"\n")
    if process.returncode or lines <= PODS:
        raise AssertionError(f"kubectl ended with {process.returncode} and {lines} lines, so this server has no {PODS} pods")
    return seconds, usage.ru_maxrss


def measure(server: Server) -> Iterator[Figure]:
    walls, peaks, firsts = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
        home = Path(folder)
        for turn in range(RUNS + 1):
            seconds, kilobytes = kubectl(server, home)
            file = home / f"told-{turn}.json"
            with probed(home, server, file) as console:
                wait_for("all rows were drawn", lambda file=file: listed(file) is not None)  # type: ignore[misc]
                told = json.loads(file.read_text())
                peak = console.peak_kilobytes()
            if turn:  # the first pair only warms caches, kubectl's discovery among them
                walls.append((told["listed"] - console.began) / seconds)
                firsts.append(told["first"] - console.began)
                peaks.append(peak / kilobytes)
    yield Figure("10,000 pods, process start to all rows / kubectl get pods", _t(walls), 0.3, note=f"{server.name}; the whole console")
    yield Figure("peak memory with 10,000 pods / kubectl's", _t(peaks), 0.2, note=server.name)


def _t(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(values)
