"""The API server with 10,000 pods: the real one where its kit lies beside the checkout, else the simulated one."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.claim import BIN, PODS, ROOT, Unmet
from benchmarks.terminal import home_environment

KIT = ROOT.parent / "shared" / "cluster"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "warroom-cluster"


@dataclass(frozen=True, slots=True)
class Server:
    kubeconfig: Path
    name: str


@contextmanager
def filled(given: Path | None, home: Path) -> Iterator[Server]:
    """Namespace `fill` has the pods. A server that was given is left running."""
    if given is not None:
        yield Server(given.resolve(), "real API server (given)")
    elif (KIT / "up").exists() and any(CACHE.glob("controlplane-*")):
        with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
            data = Path(folder)
            data.chmod(0o711)
            try:
                up = subprocess.run([KIT / "up", "--pods", str(PODS), "--data", data], stdout=subprocess.DEVNULL, check=False)
                if up.returncode:  # it gives up when a machine under load lets a request time out
                    raise Unmet("the API server with its pods did not come up; try again when the machine is quiet")
                yield Server(data / "kubeconfig", "real API server")
            finally:
                subprocess.run([KIT / "down", "--data", data], check=True, stdout=subprocess.DEVNULL)
    else:
        with simulated(home, fill=PODS) as facts:
            yield Server(Path(facts["kubeconfig"]), "simulated API server")


@contextmanager
def simulated(home: Path, fill: int = 0, scenario: str = "bad-release") -> Iterator[dict[str, Any]]:
    """`warroom gameday`; what its first line says."""
    command = [str(BIN / "warroom"), "gameday", "--scenario", scenario, "--fill", str(fill), "--home", str(home / "gameday")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=home_environment(home), cwd=home)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
