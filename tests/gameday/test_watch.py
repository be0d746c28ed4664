"""The night of the bad release, as the watch sees it: suggested with evidence, written once, and cleared after the rollback."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gameday.conftest import Kubectl

ITEM = "Error rate > 10%"
START = Callable[..., Awaitable[Kubectl]]


class Console:
    """`warroom` in processes of its own, in the home of the simulated cluster."""

    def __init__(self, cluster: Kubectl) -> None:
        served = cluster.served
        self.environment = {
            "HOME": str(cluster.home),
            "PATH": os.environ["PATH"],
            "NO_PROXY": "*",
            "WARROOM_HOME": str(served.home),
            "WARROOM_USER": "ada",
            "KUBECONFIG": str(served.kubeconfig),
        }

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "warroom", *words, stdout=pipe, stderr=pipe, stdin=asyncio.subprocess.DEVNULL, env=self.environment
        )

    async def json(self, *words: str) -> Any:
        process = await self.start(*words, "--json")
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return json.loads(out)


async def until(watch: asyncio.subprocess.Process, seen: list[dict[str, Any]], verdict: str) -> dict[str, Any]:
    """Reads on until the watch has written this verdict about the error rate."""
    assert watch.stdout is not None
    while line := await watch.stdout.readline():
        seen.append(json.loads(line))
        body = seen[-1]["body"]
        if body.get("verdict") == verdict and ITEM in body["text"]:
            return seen[-1]
    raise AssertionError(f"the watch ended: {(await watch.communicate())[1].decode()}")


@pytest.mark.timeout(240)
async def test_a_bad_release_is_suggested_with_its_evidence_and_clears_after_the_rollback(kubectl: START) -> None:
    cluster = await kubectl(speed=60.0)
    console = Console(cluster)
    await console.json("declare", "tensafe-server failing")
    watch, seen = await console.start("watch", "--json"), list[dict[str, Any]]()
    try:
        met = await until(watch, seen, "true")
        assert met["by"] == "watch"
        suggested = (await console.json("status"))["suggested"]
        assert suggested["severity"] == "P2"
        assert any(re.fullmatch(r"error rate 1[0-9.]+ % > 10 % for \d+ min", reason) for reason in suggested["reasons"])
        said = await cluster("rollout", "undo", "deployment/tensafe-server", "-n", "tensafe")
        assert said.code == 0, said.err
        over = await until(watch, seen, "false")
        assert over["body"]["was"] == "true"
        suggested = (await console.json("status"))["suggested"]  # nobody set a level yet, and what was met stays a reason
        assert suggested["severity"] == "P2"
        assert any("over at" in reason for reason in suggested["reasons"])
    finally:
        if watch.returncode is None:
            watch.terminate()
        await watch.wait()
    assert watch.returncode == 0
    keys = [entry["body"]["key"] for entry in seen if entry["kind"] == "observed"]
    assert len(keys) == len(set(keys))
    kinds = {entry["body"]["what"] for entry in seen if entry["kind"] == "observed"}
    assert {"rollout", "pod", "verdict", "sample"} <= kinds
    shown = {entry["body"].get("what") for entry in await console.json("timeline")}
    assert "sample" not in shown
    assert "sample" in {entry["body"].get("what") for entry in await console.json("timeline", "--all")}
