"""The quick assessment of the shipped runbook, with the real kubectl on the simulated cluster."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from warroom.core.output import Output
from warroom.core.readings import Cluster
from warroom.feeds.access import Access
from warroom.feeds.trouble import Trouble
from warroom.library import default_runbook
from warroom.runbook.classes import hosts_of
from warroom.runbook.reader import read
from warroom.runner.pin import PinnedShell, Target
from warroom.runner.shell import NotRun

TEXT, NAME = default_runbook()
COMMANDS = read(TEXT, NAME).oncall.quick_assessment


def shell(kubeconfig: Path, home: Path, pin: Cluster | None = None) -> PinnedShell:
    def target() -> Target:
        try:
            settled = Access(kubeconfig=str(kubeconfig), pin=pin).settle()
        except Trouble as trouble:
            raise NotRun("; ".join(trouble.lines)) from trouble
        return Target(settled.cluster, settled.cluster_section, settled.user_section)

    return PinnedShell(target, hosts=lambda: hosts_of(TEXT), ours={"HOME": str(home), "PATH": "/usr/bin:/bin", "NO_PROXY": "*"})


@pytest.mark.timeout(180)
async def test_all_six_at_once(serving: Callable[..., Awaitable[Any]], tmp_path: Path) -> None:
    served = await serving(speed=1)
    pinned = shell(served.kubeconfig, tmp_path)
    running = [pinned.start(one.command) for one in COMMANDS]
    outputs = await asyncio.gather(*(one.output() for one in running))
    said = {one.command: output for one, output in zip(COMMANDS, outputs, strict=True)}
    assert len(said) == 6
    assert [(one.ended, one.trouble) for one in outputs] == [("exited", "")] * 6

    def of(part: str) -> Output:
        return next(output for command, output in said.items() if part in command)

    assert of("get pods").text.startswith("NAME")
    assert "CrashLoopBackOff" in of("get pods").text
    assert "tensafe-server" in of("get deployments").text
    assert len(of("get events").text.splitlines()) == 20
    assert of("logs -l").ok
    health, metrics = of("/health"), of("/metrics")
    assert health.command == "kubectl exec -i deployment/tensafe-server -n tensafe -- curl -s http://localhost:8000/health"
    assert health.ok
    assert metrics.ok
    assert all("Unable to use a TTY" not in output.text for output in outputs)


async def test_the_pin_holds_when_the_kubeconfig_changes(serving: Callable[..., Awaitable[Any]], tmp_path: Path) -> None:
    served = await serving(speed=1)
    pin = Access(kubeconfig=str(served.kubeconfig)).settle().cluster
    mine = tmp_path / "kubeconfig"
    mine.write_text(served.kubeconfig.read_text())
    pinned = shell(mine, tmp_path, pin)
    assert (await pinned.start("kubectl get nodes").output()).ok
    mine.write_text(served.kubeconfig.read_text().replace(pin.server, "https://10.9.9.9:6443"))
    output = await pinned.start("kubectl get nodes").output()
    assert (output.ended, output.exit_code) == ("not run", None)
    assert "now has another server" in output.trouble
