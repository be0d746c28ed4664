"""The console in a real terminal on a real API server: what a person sees when it dies, comes back, or refuses.

These run last: after a minute without its server a controller takes its time to come back.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cluster.conftest import RealCluster
from whole.terminal import WARROOM, Terminal, environment, warroom

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.tmux,
    pytest.mark.xdist_group("cluster"),
    pytest.mark.timeout(1500),
]
OUTAGE = float(os.environ.get("WARROOM_TEST_OUTAGE", "60"))
"""Seconds that the API server stays away."""
Opened = Callable[[Path], Terminal]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


@pytest.fixture
def opened(tmp_path: Path, env: dict[str, str]) -> Iterator[Opened]:
    terminals: list[Terminal] = []

    def open_console(kubeconfig: Path) -> Terminal:
        terminals.append(Terminal(tmp_path, [*WARROOM, "-n", "tensafe", "--kubeconfig", str(kubeconfig)], env))
        return terminals[-1]

    yield open_console
    for terminal in terminals:
        terminal.close()


def test_the_api_server_dies_for_a_minute_and_comes_back(cluster: RealCluster, opened: Opened, env: dict[str, str]) -> None:
    warroom("declare", "the API server is gone", "--severity", "P2", env=env)
    console = opened(cluster.kubeconfig)
    console.until(lambda screen: "tensafe-postgresql-0" in screen and "stale" not in screen, seconds=40)
    cluster.kill_api_server()
    killed = time.monotonic()  # noqa: TID251
    try:
        console.until(lambda screen: screen.count("stale") >= 2, seconds=30)
        # What was known stays readable, and keys go on working.
        assert "tensafe-postgresql-0" in console.screen()
        console.keys("n")
        console.type("keys work meanwhile")
        console.keys("Enter")
        console.until(lambda screen: screen.count("keys work meanwhile") == 1, seconds=5)
        assert "keys work meanwhile" in warroom("timeline", env=env)
        time.sleep(max(0.0, OUTAGE - (time.monotonic() - killed)))  # noqa: TID251
        assert console.screen().count("stale") >= 2
    finally:
        cluster.up()
    console.until(lambda screen: "stale" not in screen and "tensafe-postgresql-0" in screen, seconds=60)


def test_without_rights_the_panes_say_forbidden(cluster: RealCluster, opened: Opened) -> None:
    console = opened(cluster.of_user("nobody"))
    screen = console.until(lambda screen: screen.count("forbidden") >= 2, seconds=40)
    assert "kubectl auth can-i list pods -n tensafe" in screen
