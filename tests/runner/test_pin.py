"""What a pinned shell lets through, and what its commands find around them; kubectl is a script that tells."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from warroom.core.output import Output
from warroom.core.readings import Cluster
from warroom.runner import pin
from warroom.runner.pin import PinnedShell, Target, kubeconfig
from warroom.runner.shell import NotRun
from warroom.runner.surroundings import find_kubectl

CLUSTER = Cluster(context="prod", server="https://10.0.0.1:6443", namespaces=("tensafe", "cache"))
PLUGIN = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "/opt/login", "args": ["--all"]}}
TARGET = Target(CLUSTER, {"server": CLUSTER.server, "certificate-authority": "/etc/ca.crt"}, PLUGIN)
FAKE = """#!/bin/sh
echo "ran: $*"
echo "config: $(cat "$KUBECONFIG")"
echo "mode: $(stat -c %a "$KUBECONFIG")"
env | sed 's/^/has: /'
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "fake-kubectl"
    program.write_text(FAKE)
    program.chmod(0o755)
    monkeypatch.setattr(pin, "find_kubectl", lambda _: program)
    return program


def shell(target: Callable[[], Target] = lambda: TARGET, /, **ours: str) -> PinnedShell:
    return PinnedShell(target, hosts=lambda: frozenset(("api.example.com",)), ours={"PATH": os.environ["PATH"], **ours})


async def run(command: str, **ours: str) -> Output:
    return await shell(lambda: TARGET, **ours).start(command).output()


def told(output: Output, what: str) -> list[str]:
    return [line.removeprefix(f"{what}: ") for line in output.text.splitlines() if line.startswith(f"{what}: ")]


async def test_the_kubeconfig_has_the_pinned_cluster_and_nothing_else(fake: Path) -> None:
    output = await run("kubectl get pods -n cache")
    assert output.ok
    assert told(output, "ran") == ["get pods -n cache"]
    assert told(output, "mode") == ["600"]
    read = json.loads(told(output, "config")[0])
    assert read["current-context"] == "prod"
    assert read["contexts"] == [{"name": "prod", "context": {"cluster": "prod", "user": "prod", "namespace": "tensafe"}}]
    assert read["clusters"] == [{"name": "prod", "cluster": TARGET.cluster_section}]
    assert read["users"] == [{"name": "prod", "user": PLUGIN}]


def test_a_kubeconfig_without_a_user() -> None:
    assert json.loads(kubeconfig(Target(CLUSTER, {"server": CLUSTER.server}, {})))["users"][0]["user"] == {}


async def test_the_environment_is_a_list_of_what_is_allowed(fake: Path) -> None:
    output = await run(
        "kubectl get pods", HOME="/home/ada", WARROOM_USER="ada", WARROOM_PAGERDUTY_TOKEN="t0p", LD_PRELOAD="x", AWS_PROFILE="p"
    )
    names = {line.partition("=")[0] for line in told(output, "has")}
    assert {"HOME", "AWS_PROFILE", "KUBECONFIG", "TERM"} <= names
    assert not any(name.startswith("WARROOM") for name in names)
    assert "LD_PRELOAD" not in names


async def test_the_copy_of_the_credentials_is_gone_afterwards(fake: Path) -> None:
    output = await run("kubectl get pods")
    place = next(line for line in told(output, "has") if line.startswith("KUBECONFIG=")).partition("=")[2]
    assert not Path(place).parent.exists()


async def test_a_terminal_is_not_asked_for(fake: Path) -> None:
    output = await run("kubectl exec -it deployment/api -- curl -s http://localhost:8000/health")
    assert output.command == "kubectl exec -i deployment/api -- curl -s http://localhost:8000/health"
    assert told(output, "ran") == ["exec -i deployment/api -- curl -s http://localhost:8000/health"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("kubectl delete pod x", "only commands that read are run here, and kubectl delete destroys something"),
        ("kubectl get pods > pods.txt", "only commands that read are run here, and it writes the file pods.txt"),
        ("kubectl get secret db -o yaml", "it shows the content of a secret"),
        ("no-such-program", "what no-such-program does is not known"),
        ("curl https://elsewhere.example.org/", "only commands that read are run here"),
        ("kubectl get pods -n other", "it names the namespace other, and the console is pinned to tensafe, cache: it is not run"),
        ("kubectl get pods --context other", "it names another context (--context): it is not run"),
        ("kubectl logs $POD", "$POD is not set: it is not run"),
        ("echo $WARROOM_USER", "$WARROOM_USER is not set: it is not run"),
        ("kubectl logs <pod-name>", "<pod-name> is to be filled in: it is not run"),
    ],
)
async def test_what_is_not_run(fake: Path, command: str, why: str) -> None:
    output = await run(command, WARROOM_USER="ada")
    assert (output.ended, output.exit_code, output.text) == ("not run", None, "")
    assert why in output.trouble


async def test_a_context_that_points_elsewhere_now_blocks(fake: Path) -> None:
    targets = [TARGET]

    def target() -> Target:
        if not targets:
            raise NotRun("the context prod now has another server")
        return targets.pop()

    pinned = shell(target)
    assert (await pinned.start("kubectl get pods").output()).ok
    blocked = await pinned.start("kubectl get pods").output()
    assert (blocked.ended, blocked.trouble) == ("not run", "the context prod now has another server")
    assert (await pinned.start("echo what needs no cluster runs").output()).ok


async def test_without_kubectl_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pin, "find_kubectl", lambda _: None)
    output = await run("kubectl get pods | head")
    assert output.ended == "not run"
    assert output.trouble.startswith("kubectl is not on this machine: install it")


def test_kubectl_beside_our_python_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("ours", "theirs"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "kubectl").write_text("#!/bin/sh\n")
        (tmp_path / place / "kubectl").chmod(0o755)
    monkeypatch.setattr("sys.executable", str(tmp_path / "ours" / "python"))
    assert find_kubectl(str(tmp_path / "theirs")) == tmp_path / "ours" / "kubectl"
    (tmp_path / "ours" / "kubectl").unlink()
    assert find_kubectl(str(tmp_path / "theirs")) == tmp_path / "theirs" / "kubectl"
    assert find_kubectl(str(tmp_path / "nowhere")) is None
