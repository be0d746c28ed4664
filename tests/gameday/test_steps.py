"""The shipped playbooks by command, with the real kubectl on the simulated cluster: what changes something is seen through before."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from warroom.cli.main import run

pytestmark = pytest.mark.timeout(180)
SERVER, DOWN, POOL, ERRORS = "tensafe-server", "API completely down", "playbook: Database connection issues", "high error rate"
TOKEN = "ghp_" + "Xy9" * 12
Start = Callable[..., Awaitable[Any]]
Cli = Callable[..., Awaitable[Any]]


@pytest.fixture
async def kube(kubectl: Start) -> Any:
    return await kubectl(speed=1)


@pytest.fixture
async def cli(kube: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """One command with `--json`, in a thread of its own; an incident is open."""
    own = {"WARROOM_HOME": tmp_path / "own", "WARROOM_USER": "ada", "KUBECONFIG": kube.served.kubeconfig, "HOME": tmp_path}
    for name, value in own.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("NO_PROXY", "*")

    async def ran(*words: str, code: int = 0) -> Any:
        capsys.readouterr()
        ended = await asyncio.to_thread(run, [*words, "--json"])
        out, err = capsys.readouterr()
        assert ended == code, err
        return (json.loads(out) if out else None), err

    await ran("declare", DOWN, "--severity", "P1")
    return ran


async def replicas(kube: Any) -> str:
    return str((await kube("get", "deployment", SERVER, "-n", "tensafe", "-o", "jsonpath={.spec.replicas}")).out)


async def image(kube: Any) -> str:
    return str((await kube("get", "deployment", SERVER, "-n", "tensafe", "-o", "jsonpath={.spec.template.spec.containers[0].image}")).out)


async def test_a_list_runs_nothing(cli: Cli) -> None:
    found, _ = await cli("run", DOWN)
    assert [one["class"] for one in found] == ["read", "read", "read", "mutate", "read", "read", "read"]
    assert not any(one["ran"] for one in found)
    assert set(found[0]) >= {"step", "command", "class", "ran", "refused", "exit_code", "seconds", "output", "inverse"}


async def test_a_change_without_its_name_touches_nothing(cli: Cli, kube: Any) -> None:
    (one,), err = await cli("run", DOWN, "3", code=2)
    assert (one["ran"], one["class"], one["accepted"]) == (False, "mutate", True)
    assert "give --yes-i-mean tensafe-server" in err
    assert await image(kube) == "tensafe/server:2.8.1"


async def test_a_roll_back_heals_and_a_second_one_is_refused_without_typing(cli: Cli, kube: Any) -> None:
    (one,), _ = await cli("run", DOWN, "3", "--yes-i-mean", SERVER)
    assert (one["ok"], one["runs"].split()[-1], one["inverse"].split()[-1]) == (True, "--to-revision=41", "--to-revision=42")
    assert await image(kube) == "tensafe/server:2.8.0"
    (again,), _ = await cli("run", DOWN, "3", code=2)
    assert again["warnings"][0].startswith("this rolls forward: r42")
    assert (again["ran"], again["asks"]) == (False, "name")
    assert await image(kube) == "tensafe/server:2.8.0"
    status, _ = await cli("status")
    (debt,) = status["debts"]
    assert (debt["state"], debt["inverse"]) == ("owed", one["inverse"])
    kinds = [entry["kind"] for entry in (await cli("timeline", "--all"))[0]]
    assert [kind for kind in kinds if kind.startswith("step_")] == ["step_answered", "step_started", "step_ended"]
    await cli("debt", "repay", str(debt["seq"]), code=2)
    assert await image(kube) == "tensafe/server:2.8.0"
    _, err = await cli("resolve")
    assert "1 temporary changes are still owed" in err


async def test_scaling_down_a_deployment_of_one_is_seen_as_scaling_up(cli: Cli, kube: Any) -> None:
    await kube("scale", "deployment", SERVER, "-n", "tensafe", "--replicas=1")
    (one,), _ = await cli("run", POOL, "3", code=2)
    assert (one["ran"], one["asks"]) == (False, "name")
    assert one["warnings"][0] == "this scales UP: it has 1 now, and the step speaks of fewer"
    assert one["runs"].endswith("--replicas=2 --current-replicas=1")
    assert await replicas(kube) == "1"
    (done,), _ = await cli("run", POOL, "3", "--yes-i-mean", SERVER)
    assert done["ok"]
    assert await replicas(kube) == "2"


async def test_deleting_the_sole_ready_pod_warns(cli: Cli, kube: Any) -> None:
    found = await kube("get", "pods", "-n", "tensafe", "-l", "app.kubernetes.io/name=tensafe-dp-accountant", "-o", "name")
    pod = found.out.strip().removeprefix("pod/")
    (one,), _ = await cli("run", ERRORS, "4", "--set", f"POD_NAME={pod}", code=2)
    assert (one["asks"], one["word"], one["class"]) == ("name", pod, "destroy")
    assert one["warnings"][0] == "this is the sole ready replica: nothing serves until another is ready"
    (done,), _ = await cli("run", ERRORS, "restart", "--set", f"pod-name={pod}", "--yes-i-mean", pod)
    assert (done["ok"], done["inverse"]) == (True, None)
    assert (await cli("status"))[0]["debts"] == []


async def test_a_temporary_change_is_repaid_by_its_inverse_or_kept_with_a_reason(cli: Cli, kube: Any) -> None:
    (one,), _ = await cli("run", POOL, "3", "--yes-i-mean", SERVER)
    assert await replicas(kube) == "2"
    (debt,), _ = await cli("debt", "list")
    assert (debt["state"], debt["inverse"]) == ("owed", one["inverse"])
    number = str(debt["seq"])
    _, err = await cli("debt", "repay", number, code=2)
    assert "give --yes-i-mean tensafe-server" in err
    assert (await cli("debt", "repay", number, "--yes-i-mean", SERVER))[0]["kind"] == "debt_repaid"
    assert await replicas(kube) == "6"
    await cli("run", POOL, "3", "--yes-i-mean", SERVER)
    number = str((await cli("debt", "list"))[0][1]["seq"])
    await kube("scale", "deployment", SERVER, "-n", "tensafe", "--replicas=4")
    _, err = await cli("debt", "repay", number, "--yes-i-mean", SERVER, code=2)
    assert "has 4 replicas, not the 2 that this was made for" in err
    await kube("scale", "deployment", SERVER, "-n", "tensafe", "--replicas=6")
    _, err = await cli("debt", "repay", number, "--yes-i-mean", SERVER, code=1)
    assert "is already as it was" in err
    _, err = await cli("debt", "waive", number, code=2)
    assert "say why the change stays" in err
    assert (await cli("debt", "waive", number, "--reason", "two are enough"))[0]["kind"] == "debt_waived"
    assert [one["state"] for one in (await cli("status"))[0]["debts"]] == ["repaid", "waived"]


async def test_what_has_blanks_does_not_run(cli: Cli) -> None:
    (one,), err = await cli("run", ERRORS, "4", "--yes-i-mean", "x", code=2)
    assert one["unfilled"] == ["pod-name"]
    assert "<pod-name> is to be filled in" in err


async def test_steps_are_answered_skipped_and_done(cli: Cli) -> None:
    entry, _ = await cli("step", DOWN, "3", "answer", "no", "--reason", "the release is old")
    assert entry["kind"] == "step_answered"
    assert (await cli("step", ERRORS, "2", "done"))[0]["kind"] == "step_done"
    assert (await cli("step", ERRORS, "3", "skip", "--reason", "known"))[0]["kind"] == "step_skipped"
    _, err = await cli("step", ERRORS, "3", "skip", code=2)
    assert "say why" in err
    found, _ = await cli("run", DOWN)
    assert {one["step"]: one["state"] for one in found}["If recent deployment - rollback"] == "not applicable"


async def test_planted_tokens_are_nowhere(cli: Cli, kube: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a label's value, an environment variable of the template, and so in every output, difference and inverse."""
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "server", "env": [{"name": "API_TOKEN", "value": TOKEN}]}]}}}}
    await kube("patch", "deployment", SERVER, "-n", "tensafe", "-p", json.dumps(patch))
    book = tmp_path / "book.md"
    steps = (f"kubectl get deployment {SERVER} -n tensafe -o yaml", f"kubectl set env deployment/{SERVER} API_TOKEN- -n tensafe")
    written_steps = (f"{n}. **Step {n}**\n   ```bash\n   {step}\n   ```\n" for n, step in enumerate(steps, 1))
    book.write_text(f"# Ops\n\n## Playbook: Look\n\n{''.join(written_steps)}")
    await cli("runbook", "trust", str(book))
    await cli("close", "--not-an-incident")
    await cli("declare", "tokens", "--yes", "--runbook", str(book))
    (looked,), _ = await cli("run", "look", "1")
    assert "API_TOKEN" in looked["output"]
    (one,), err = await cli("run", "look", "2", "--yes-i-mean", SERVER)
    assert one["ok"]
    assert "[redacted]" in one["inverse"]
    capsys.readouterr()
    assert await asyncio.to_thread(run, ["export", "json"]) == 0
    exported = capsys.readouterr().out
    assert TOKEN not in json.dumps([looked, one, (await cli("timeline", "--all"))[0]]) + err + exported
    written = [file for file in (tmp_path / "own").rglob("*") if file.is_file()]
    assert any(file.name == "journal.sqlite" for file in written)
    assert [file.name for file in written if TOKEN.encode() in file.read_bytes()] == []
