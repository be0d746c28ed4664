"""Which cluster the files mean, and the advice when they mean none."""

import base64
import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from warroom.core.readings import Cluster
from warroom.feeds.access import Access, Settled, open_access
from warroom.feeds.credentials import ask_plugin, with_files
from warroom.feeds.trouble import Trouble

CA = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def kubeconfig(folder: Path, name: str = "config", server: str = "https://prod:6443/", context: str = "prod", **more: Any) -> Path:
    path = folder / name
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "clusters": [{"name": "it", "cluster": {"server": server, "certificate-authority-data": base64.b64encode(CA).decode()}}],
        "users": [{"name": "ada", "user": more.pop("user", {"token": "t"})}],
        "contexts": [{"name": context, "context": {"cluster": "it", "user": "ada", **more}}],
    }
    path.write_bytes(msgspec.yaml.encode(config))
    return path


def settled(path: Path | str, **wish: Any) -> Settled:
    return Access(kubeconfig=str(path), environ={}, **wish).settle()


def test_what_the_kubeconfig_says(tmp_path: Path) -> None:
    found = settled(kubeconfig(tmp_path, namespace="shop"))
    digest = hashlib.sha256(CA).hexdigest()
    assert found.cluster == Cluster(context="prod", server="https://prod:6443", namespaces=("shop",), ca=digest)
    assert found.user == "ada"


@pytest.mark.parametrize(
    ("flags", "context", "fallback", "namespaces"),
    [
        (("a", "b", "a"), "shop", "book", ("a", "b")),
        ((), "shop", "book", ("shop",)),
        ((), None, "book", ("book",)),
        ((), None, "", ("default",)),
    ],
)
def test_flag_then_context_then_runbook_then_default(
    tmp_path: Path, flags: tuple[str, ...], context: str | None, fallback: str, namespaces: tuple[str, ...]
) -> None:
    path = kubeconfig(tmp_path, **({"namespace": context} if context else {}))
    assert settled(path, namespaces=flags, fallback=fallback).cluster.namespaces == namespaces


def test_open_access_gives_the_wish_and_what_it_comes_to(tmp_path: Path) -> None:
    access, found = open_access(str(kubeconfig(tmp_path)), None, ["shop"], "app=x")
    assert (access.selector, found.cluster.namespaces) == ("app=x", ("shop",))


def test_several_files_are_merged_and_the_first_wins(tmp_path: Path) -> None:
    first = kubeconfig(tmp_path, "one", server="https://one", context="one")
    second = kubeconfig(tmp_path, "two", server="https://two", context="two")
    both = os.pathsep.join([str(tmp_path / "absent"), str(first), str(second)])
    assert settled(both).cluster.server == "https://one"
    assert settled(both, context="two").cluster.server == "https://one"  # both call their cluster `it`
    assert Access(environ={"KUBECONFIG": str(second)}).settle().cluster.server == "https://two"
    home = tmp_path / "home"
    (home / ".kube").mkdir(parents=True)
    kubeconfig(home / ".kube")
    assert Access(environ={"HOME": str(home)}).settle().cluster.context == "prod"


def test_paths_in_a_file_hang_on_its_folder(tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_bytes(CA)
    path = kubeconfig(tmp_path, user={"tokenFile": "token"})
    text = path.read_text().replace("certificate-authority-data: " + base64.b64encode(CA).decode(), "certificate-authority: ca.crt")
    path.write_text(text)
    found = settled(path)
    assert found.cluster.ca == hashlib.sha256(CA).hexdigest()
    assert found.user_section["tokenFile"] == str(tmp_path / "token")


def _broken(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "word", "says"),
    [
        ("apiVersion", "\t: [", "bad kubeconfig", "is not YAML"),
        ("current-context: prod", "current-context: ''", "no context", "has no current-context"),
        ("current-context: prod", "current-context: gone", "unknown context", "no context 'gone', only: prod"),
        ("cluster: it", "cluster: that", "bad kubeconfig", "names the cluster 'that'"),
        ("user: ada", "user: bob", "bad kubeconfig", "names the user 'bob'"),
        ("server: https://prod:6443/", "server: ''", "bad kubeconfig", "has no server"),
        ("certificate-authority-data: ", "certificate-authority-data: ?", "bad certificate", "is not base64"),
    ],
)
def test_a_broken_file_is_advice(tmp_path: Path, old: str, new: str, word: str, says: str) -> None:
    path = kubeconfig(tmp_path)
    _broken(path, old, new)
    with pytest.raises(Trouble, match=says) as caught:
        settled(path)
    assert caught.value.word == word
    assert len(caught.value.lines) >= 2


def test_no_file_at_all() -> None:
    with pytest.raises(Trouble, match=r"no kubeconfig\nKUBECONFIG is not set and ~/\.kube/config does not exist\ngive --kubeconfig"):
        Access(environ={}).settle()
    with pytest.raises(Trouble, match=r"no kubeconfig\n/nowhere/x does not exist"):
        settled("/nowhere/x")


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"unreadable file\n.*cannot be read: Is a directory"):
        settled(tmp_path)


def test_inside_a_pod(tmp_path: Path) -> None:
    for name, text in (("token", "t\n"), ("namespace", "shop\n"), ("ca.crt", CA.decode())):
        (tmp_path / name).write_text(text)
    found = Access(environ={"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}, account=tmp_path).settle()
    assert (found.cluster.server, found.cluster.namespaces, found.in_cluster) == ("https://[fd00::1]:443", ("shop",), True)
    assert with_files(found.user_section, tmp_path)["token"] == "t"


# The pin

PIN = Cluster(context="prod", server="https://prod:6443", namespaces=("shop",), ca=hashlib.sha256(CA).hexdigest())


def test_the_pin_gives_context_and_namespaces(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path)
    _broken(path, "current-context: prod", "current-context: other")  # somebody switched in another terminal
    assert settled(path, pin=PIN).cluster == PIN


def test_of_two_contexts_of_one_server_the_pinned_one_is_taken(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, context="admin")
    config = msgspec.yaml.decode(path.read_bytes())
    config["contexts"].append({"name": "prod", "context": {"cluster": "it", "user": "ada"}})
    path.write_bytes(msgspec.yaml.encode(config))
    assert settled(path, pin=PIN).cluster.context == "prod"


def test_the_pinned_cluster_may_have_another_name_here(tmp_path: Path) -> None:
    found = settled(kubeconfig(tmp_path, context="production-eu"), pin=PIN).cluster
    assert (found.context, found.namespaces) == ("production-eu", ("shop",))


def test_a_context_that_now_means_another_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        Trouble, match=r"other cluster\n.*pinned to prod at https://prod:6443; context prod now has another server \(https://dr"
    ):
        settled(kubeconfig(tmp_path, server="https://dr:6443"), pin=PIN)
    path = kubeconfig(tmp_path)
    _broken(path, base64.b64encode(CA).decode(), base64.b64encode(b"other").decode())
    with pytest.raises(Trouble, match=r"another certificate authority"):
        settled(path, pin=PIN)


# Credentials


def test_keys_in_files_are_for_their_owner_only(tmp_path: Path) -> None:
    section = with_files({"client-key-data": base64.b64encode(b"key").decode()}, tmp_path)
    path = Path(section["client-key"])
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), "client-key-data" in section) == (b"key", 0o600, False)


def _plugin(folder: Path, script: str, **more: Any) -> Settled:
    command = folder / "login"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o700)
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./login", **more}}
    return settled(kubeconfig(folder, user=user))


async def test_a_plugin_logs_in_without_our_terminal(tmp_path: Path) -> None:
    script = 'read line && exit 9; echo "{\\"status\\": {\\"token\\": \\"$WHO-$KUBERNETES_EXEC_INFO\\"}}" | sed \'s/{"apiV.*}}/info/\''
    found = _plugin(tmp_path, script.replace("-$KUBERNETES_EXEC_INFO", "-$1"), args=["one"], env=[{"name": "WHO", "value": "ada"}])
    assert await ask_plugin(found) == {"token": "ada-one"}


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo 'session has expired' >&2; exit 3", "failed with 3: session has expired"),
        ("echo hello", "answered with something that is no ExecCredential"),
        ("echo '[]'", "answered with something that is no ExecCredential"),
    ],
)
async def test_a_plugin_that_fails_is_advice(tmp_path: Path, script: str, says: str) -> None:
    with pytest.raises(Trouble, match=rf"no credentials\n.*{says}"):
        await ask_plugin(_plugin(tmp_path, script))


async def test_a_plugin_that_is_absent_or_wants_a_terminal(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"cannot be run: No such file or directory\nbrew install it"):
        await ask_plugin(_plugin(tmp_path, "", command="./absent", installHint="brew install it"))
    with pytest.raises(Trouble, match=r"log in\n.*wants a terminal"):
        await ask_plugin(_plugin(tmp_path, "", interactiveMode="Always"))
