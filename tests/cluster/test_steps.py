"""Steps on a real API server: what they change, what undoes it, and that nothing goes anywhere but to the pinned cluster."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cluster.conftest import RealCluster
from warroom.cli.main import run

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster"), pytest.mark.timeout(1500)]
SERVER = "tensafe-server"
RUNBOOK = """# Ops

## Playbook: Everything

1. **Look**
   ```bash
   POD=$(kubectl get pods -n tensafe -l app.kubernetes.io/name=tensafe -o name | head -1)
   ```
2. **Look again**
   ```bash
   kubectl get $POD -n tensafe
   ```
3. **Undo**
   ```bash
   kubectl rollout undo deployment/tensafe-server -n tensafe
   ```
4. **Scale API pods down temporarily**
   ```bash
   kubectl scale deployment tensafe-server -n tensafe --replicas=3
   ```
5. **Cordon**
   ```bash
   kubectl cordon <node>
   ```
6. **Label**
   ```bash
   kubectl label deployment tensafe-server -n tensafe app.kubernetes.io/name=other tier=gold --overwrite
   ```
7. **Annotate**
   ```bash
   kubectl annotate deployment tensafe-server -n tensafe note='by hand, "quoted"' --overwrite
   ```
8. **Patch**
   ```bash
   kubectl patch deployment tensafe-server -n tensafe \\
     -p '{"spec":{"template":{"spec":{"containers":[{"name":"server","env":[{"name":"X","value":"1"}]}]}}}}'
   ```
9. **Restart**
   ```bash
   kubectl delete pod <pod-name> -n tensafe
   ```
"""
Cli = Callable[..., Any]


@pytest.fixture
def cli(cluster: RealCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """One command, and the JSON that it printed; an incident is open, and its kubeconfig is a copy of the cluster's."""
    (tmp_path / "kubeconfig").write_text(cluster.kubeconfig.read_text())
    (tmp_path / "runbook.md").write_text(RUNBOOK)
    for name, value in (("HOME", "home"), ("RUNBOOK", "runbook.md")):
        monkeypatch.setenv(f"WARROOM_{name}", str(tmp_path / value))
    monkeypatch.setenv("WARROOM_USER", "ada")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))

    def ran(*words: str, code: int = 0) -> Any:
        capsys.readouterr()
        ended = run([*words, "--json"])
        out, err = capsys.readouterr()
        assert ended == code, err
        return json.loads(out) if out else err

    assert "sha256" in ran("runbook", "trust", str(tmp_path / "runbook.md"))
    ran("declare", "a drill", "--drill", "-n", "tensafe")
    return ran


def wishes(cluster: RealCluster, kind: str, name: str) -> str:
    """Every byte that people, and not the cluster, decide."""
    whole = json.loads(cluster.kubectl("get", kind, name, *(() if kind == "node" else ("-n", "tensafe")), "-o", "json"))
    notes = {key: value for key, value in whole["metadata"].get("annotations", {}).items() if key != "deployment.kubernetes.io/revision"}
    return json.dumps([whole["spec"], whole["metadata"].get("labels"), notes], sort_keys=True)


def owed(cli: Cli) -> list[Any]:
    return [debt for debt in cli("debt", "list") if debt["state"] == "owed"]


def still(cluster: RealCluster) -> None:
    """The autoscaler minds its own business meanwhile, and nothing rolls any more."""
    cluster.kubectl("rollout", "status", f"deployment/{SERVER}", "-n", "tensafe", "--timeout=170s")


@pytest.mark.parametrize("step", ["3", "4", "6", "7", "8"])
def test_what_a_step_changed_is_repaid_to_the_byte(cluster: RealCluster, cli: Cli, step: str) -> None:
    still(cluster)
    before = wishes(cluster, "deployment", SERVER)
    (done,) = cli("run", "everything", step, "--yes-i-mean", SERVER)
    assert (done["ran"], done["ok"], done["accepted"]) == (True, True, True)
    assert wishes(cluster, "deployment", SERVER) != before
    (debt,) = owed(cli)
    assert debt["inverse"] == done["inverse"]
    assert debt["object"] == f"deployment/{SERVER}"
    paid = cli("debt", "repay", str(debt["seq"]), "--yes-i-mean", SERVER)
    assert paid["kind"] == "debt_repaid"
    assert wishes(cluster, "deployment", SERVER) == before
    assert owed(cli) == []


def test_a_cordon_is_repaid_to_the_byte(cluster: RealCluster, cli: Cli) -> None:
    node = cluster.kubectl("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}")
    before = wishes(cluster, "node", node)
    (done,) = cli("run", "everything", "5", "--set", f"node={node}", "--yes-i-mean", node)
    assert done["ok"]
    (debt,) = owed(cli)
    cli("debt", "repay", str(debt["seq"]), "--yes-i-mean", node)
    assert wishes(cluster, "node", node) == before
    assert owed(cli) == []


def test_a_pod_is_replaced_and_leaves_nothing_owed(cluster: RealCluster, cli: Cli) -> None:
    still(cluster)
    pods = json.loads(cluster.kubectl("get", "pods", "-n", "tensafe", "-l", "app.kubernetes.io/name=tensafe", "-o", "json"))["items"]
    pod = next(one["metadata"]["name"] for one in pods if not one["metadata"].get("deletionTimestamp"))
    refused = cli("run", "everything", "9", "--set", f"pod_name={pod}", code=2)
    assert refused[0]["ran"] is False
    (done,) = cli("run", "everything", "9", "--set", f"POD-NAME={pod}", "--yes-i-mean", pod)
    assert (done["class"], done["ok"], done["inverse"]) == ("destroy", True, None)
    assert re.search(r"starts another in its place", done["effects"][0])
    assert owed(cli) == []


def test_reads_owe_nothing_and_their_variables_live_on(cli: Cli) -> None:
    assert cli("run", "everything", "1")[0]["ok"]
    (second,) = cli("run", "everything", "2")
    assert "Running" in second["output"]
    assert cli("status")["debts"] == []


def test_a_second_roll_back_is_seen_as_rolling_forward(cluster: RealCluster, cli: Cli) -> None:
    still(cluster)
    cluster.kubectl("set", "image", f"deployment/{SERVER}", "server=tensafe/server:9.9.9", "-n", "tensafe")
    before = wishes(cluster, "deployment", SERVER)
    assert cli("run", "everything", "3", "--yes-i-mean", SERVER)[0]["warnings"] == []
    (again,) = cli("run", "everything", "3", code=2)
    assert (again["ran"], again["asks"]) == (False, "name")
    assert "rolls forward" in again["warnings"][0]
    (debt,) = owed(cli)
    cli("debt", "repay", str(debt["seq"]), "--yes-i-mean", SERVER)
    assert wishes(cluster, "deployment", SERVER) == before
    cluster.kubectl("rollout", "undo", f"deployment/{SERVER}", "-n", "tensafe")


def test_the_pin_holds_when_the_kubeconfig_goes_elsewhere(cli: Cli, tmp_path: Path) -> None:
    given = tmp_path / "kubeconfig"
    text = given.read_text()
    given.write_text(re.sub(r"current-context: \S+", "current-context: nobody", text))
    assert cli("run", "everything", "1")[0]["ok"]
    elsewhere = re.sub(r"server: [^,}\s]+", "server: https://127.0.0.1:1", text)
    given.write_text(elsewhere)
    (refused,) = cli("run", "everything", "4", "--yes-i-mean", SERVER, code=2)
    assert refused["ran"] is False
    assert "https://127.0.0.1:1" in refused["refused"]
