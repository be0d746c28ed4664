"""The quick assessment as a command; kubectl is a script that tells what it was asked."""

import json
from pathlib import Path

import pytest

from cli.conftest import Cli, kubeconfig
from warroom.runner import pin

FAKE = """#!/bin/sh
case "$*" in
  *events*) echo 'nothing is quiet' ;;
  *broken*) echo 'Error from server (NotFound): no such thing' >&2; exit 1 ;;
  *) echo "ran: $*"; echo "token ghp_Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1" ;;
esac
"""
RUNBOOK = """# Shop

## Quick assessment

```bash
# Pods
kubectl get pods -n shop
# Errors
kubectl get events | grep -i error
```
"""


@pytest.fixture(autouse=True)
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "fake-kubectl"
    program.write_text(FAKE)
    program.chmod(0o755)
    monkeypatch.setattr(pin, "find_kubectl", lambda _: program)
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "kubeconfig", "https://10.0.0.1:6443")))
    runbook(RUNBOOK)
    monkeypatch.setenv("WARROOM_RUNBOOK", "runbook.md")


def runbook(text: str) -> None:
    Path("runbook.md").write_text(text)


def test_each_command_has_its_title_class_and_output(cli: Cli) -> None:
    ran = cli("assess", "--json")
    assert ran.code == 0, ran.err
    pods, errors = ran.json
    assert (
        pods.items()
        >= {"title": "Pods", "command": "kubectl get pods -n shop", "class": "read", "exit_code": 0, "truncated": False}.items()
    )
    assert pods["output"] == "ran: get pods -n shop\ntoken [redacted]\n"
    assert pods["seconds"] > 0
    assert errors.items() >= {"title": "Errors", "exit_code": 1, "ok": True, "output": ""}.items()


def test_for_people(cli: Cli) -> None:
    ran = cli("assess")
    assert ran.code == 0
    assert "# Pods: exit 0, " in ran.out
    assert "$ kubectl get pods -n shop\nran: get pods -n shop\n" in ran.out


def test_what_failed_is_told_in_one_sentence(cli: Cli) -> None:
    runbook(RUNBOOK.replace("get pods -n shop", "get broken"))
    ran = cli("assess", "--json")
    assert ran.code == 1
    assert ran.json[0]["exit_code"] == 1
    assert ran.err == "warroom: 1 of 2 commands failed (Pods): exit 1, Error from server (NotFound): no such thing\n"


def test_what_changes_something_is_not_run(cli: Cli) -> None:
    runbook(RUNBOOK.replace("get pods -n shop", "delete pod x"))
    ran = cli("assess", "--json")
    assert ran.code == 1
    assert ran.json[0].items() >= {"class": "destroy", "exit_code": None, "output": "", "ended": "not run"}.items()
    assert "only commands that read are run here" in ran.err


def test_another_namespace_than_the_pinned_one_is_refused(cli: Cli) -> None:
    ran = cli("assess", "-n", "other", "--json")
    assert ran.code == 1
    assert "it names the namespace shop, and the console is pinned to other" in ran.json[0]["trouble"]


def test_without_a_kubeconfig(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/nowhere")
    ran = cli("assess", "--json")
    assert ran.code == 1
    assert [one["exit_code"] for one in ran.json] == [None, None]
    assert "/nowhere does not exist" in ran.err


def test_without_kubectl_it_says_how_to_get_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pin, "find_kubectl", lambda _: None)
    ran = cli("assess")
    assert ran.code == 1
    assert "2 of 2 commands failed (Pods, Errors): kubectl is not on this machine: install it beside warroom" in ran.err


def test_a_runbook_without_one(cli: Cli) -> None:
    runbook("# Shop\n")
    ran = cli("assess", "--json")
    assert (ran.code, json.loads(ran.out)) == (1, [])
    assert "no quick assessment" in ran.err


def test_an_incident_keeps_its_cluster(cli: Cli, tmp_path: Path) -> None:
    assert cli("declare", "x").code == 0
    kubeconfig(tmp_path / "kubeconfig", "https://10.9.9.9:6443")
    ran = cli("assess", "--json")
    assert ran.code == 1
    assert [one["ended"] for one in ran.json] == ["not run", "not run"]
    assert "now has another server" in ran.err
