"""Which cluster, which namespaces and as whom: the kubeconfig, or the pod's own account, held against the pin."""

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from warroom.core.readings import Cluster
from warroom.feeds.trouble import Trouble, one_line

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
OTHER_PANES = "the timeline and the clocks go on without"
OTHER = "other cluster"
Section = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the files say now: a cluster, and how to speak with it."""

    cluster: Cluster
    user: str
    """Its name in the kubeconfig."""
    cluster_section: Section
    user_section: Section
    files: tuple[Path, ...]
    """Where it was read; empty inside a cluster."""

    @property
    def in_cluster(self) -> bool:
        return not self.files


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A wish for a cluster; `settle` reads the files anew each time, so that a repaired one is seen."""

    kubeconfig: str | None = None
    """A path, or several joined as in KUBECONFIG; None: what the environment says."""
    context: str | None = None
    namespaces: tuple[str, ...] = ()
    selector: str = ""
    pin: Cluster | None = None
    fallback: str = ""
    """The namespace when neither a flag nor the context names one: the one most named in the runbook."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    account: Path = ACCOUNT

    def settle(self) -> Settled:
        """Reads files; raises Trouble."""
        files = self._files()
        if not files and self.kubeconfig is None and (self.account / "token").exists():
            return self._of_the_pod()
        if not files:
            raise Trouble("no kubeconfig", *self._no_files())
        config = _merged(files)
        name = self._context_name(config, files)
        context = config["contexts"].get(name)
        if context is None:
            known = ", ".join(sorted(config["contexts"])) or "none"
            raise Trouble(
                "unknown context",
                f"the kubeconfig has no context {name!r}, only: {known}",
                "give --context one of them, or repair KUBECONFIG",
            )
        cluster, user = str(context.get("cluster", "")), str(context.get("user", ""))
        if cluster not in config["clusters"]:
            raise Trouble(
                "bad kubeconfig", f"context {name!r} names the cluster {cluster!r}, which the kubeconfig does not have", "repair it"
            )
        section = config["clusters"][cluster]
        if not str(section.get("server", "")):
            raise Trouble("bad kubeconfig", f"the cluster {cluster!r} has no server", "repair the kubeconfig")
        if user and user not in config["users"]:
            raise Trouble("bad kubeconfig", f"context {name!r} names the user {user!r}, which the kubeconfig does not have", "log in again")
        found = Cluster(
            context=name,
            server=str(section["server"]).rstrip("/"),
            namespaces=self._namespaces(str(context.get("namespace") or "")),
            ca=authority(section),
        )
        self._hold_against_pin(found)
        return Settled(found, user, section, config["users"].get(user, {}), files)

    def _files(self) -> tuple[Path, ...]:
        named = self.kubeconfig or self.environ.get("KUBECONFIG") or ""
        home = self.environ.get("HOME", "")
        paths = [Path(part).expanduser() for part in named.split(os.pathsep) if part] or ([Path(home) / ".kube" / "config"] if home else [])
        return tuple(path for path in paths if path.exists())

    def _no_files(self) -> tuple[str, str]:
        named = self.kubeconfig or self.environ.get("KUBECONFIG")
        if named:
            return f"{named} does not exist", f"give --kubeconfig FILE or set KUBECONFIG; {OTHER_PANES}"
        return "KUBECONFIG is not set and ~/.kube/config does not exist", f"give --kubeconfig FILE or set KUBECONFIG; {OTHER_PANES}"

    def _context_name(self, config: Section, files: tuple[Path, ...]) -> str:
        if self.context:
            return self.context
        if self.pin is not None:
            # Names are for people: on this machine the pinned cluster may be called otherwise.
            if self.pin.context in config["contexts"]:
                return self.pin.context
            for name, context in config["contexts"].items():
                section = config["clusters"].get(str(context.get("cluster", "")), {})
                if str(section.get("server", "")).rstrip("/") == self.pin.server:
                    return str(name)
        if not config["current"]:
            where = os.pathsep.join(map(str, files))
            raise Trouble("no context", f"{where} has no current-context", "give --context NAME, or run: kubectl config use-context NAME")
        return str(config["current"])

    def _namespaces(self, of_the_context: str) -> tuple[str, ...]:
        if self.namespaces:
            return tuple(dict.fromkeys(self.namespaces))
        if self.pin is not None and self.pin.namespaces:
            return self.pin.namespaces
        return (of_the_context or self.fallback or "default",)

    def _hold_against_pin(self, found: Cluster) -> None:
        if self.pin is not None and not self.pin.same(found):
            raise other_cluster(self.pin, found)

    def _of_the_pod(self) -> Settled:
        host, port = self.environ.get("KUBERNETES_SERVICE_HOST", ""), self.environ.get("KUBERNETES_SERVICE_PORT", "443")
        if not host:
            raise Trouble("no kubeconfig", "this pod has an account, but KUBERNETES_SERVICE_HOST is not set", "give --kubeconfig FILE")
        shown = f"[{host}]" if ":" in host else host
        place = self.account / "namespace"
        found = Cluster(
            context="in-cluster",
            server=f"https://{shown}:{port}",
            namespaces=self._namespaces(place.read_text().strip() if place.exists() else ""),
            ca=authority({"certificate-authority": str(self.account / "ca.crt")}),
        )
        self._hold_against_pin(found)
        section = {"server": found.server, "certificate-authority": str(self.account / "ca.crt")}
        return Settled(found, "the pod's service account", section, {"tokenFile": str(self.account / "token")}, ())


def open_access(
    kubeconfig: str | None = None,
    context: str | None = None,
    namespaces: Sequence[str] = (),
    selector: str = "",
    pin: Cluster | None = None,
    fallback: str = "",
) -> tuple[Access, Settled]:
    """The wish, and what it comes to now. Raises Trouble, whose text is advice; the wish alone (`Access(...)`) is enough for `feeds`."""
    access = Access(kubeconfig=kubeconfig, context=context, namespaces=tuple(namespaces), selector=selector, pin=pin, fallback=fallback)
    return access, access.settle()


def other_cluster(pin: Cluster, found: Cluster) -> Trouble:
    what = "another kube-system"
    if pin.server != found.server:
        what = "another server"
    elif pin.ca != found.ca:
        what = "another certificate authority"
    return Trouble(
        OTHER,
        f"the console is pinned to {pin.context} at {pin.server}; context {found.context} now has {what} ({found.server})",
        "nothing is read from it; point the context back, or declare an incident of its own there",
    )


def _merged(files: Sequence[Path]) -> Section:
    """As kubectl merges: the first to name a thing wins. Paths inside become absolute."""
    config: Section = {"contexts": {}, "clusters": {}, "users": {}, "current": ""}
    for path in files:
        read = _read(path)
        config["current"] = config["current"] or str(read.get("current-context") or "")
        for plural, one in (("contexts", "context"), ("clusters", "cluster"), ("users", "user")):
            for named in read.get(plural) or ():
                if not isinstance(named, dict) or not isinstance(named.get(one) or {}, dict) or "name" not in named:
                    raise Trouble("bad kubeconfig", f"{path}: an entry of {plural} has no name or is no table", "repair it")
                config[plural].setdefault(str(named["name"]), _absolute(named.get(one) or {}, path.parent))
    return config


def _read(path: Path) -> Section:
    try:
        read = msgspec.yaml.decode(path.read_bytes())
    except OSError as error:
        raise Trouble(
            "unreadable file",
            f"{path} cannot be read: {error.strerror}",
            f"check its owner and mode, or give another --kubeconfig; {OTHER_PANES}",
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise Trouble("bad kubeconfig", f"{path} is not YAML: {one_line(str(error))}", "repair it, or give another --kubeconfig") from error
    if not isinstance(read, dict):
        raise Trouble("bad kubeconfig", f"{path} is no kubeconfig", "repair it, or give another --kubeconfig")
    return read


def _absolute(section: Section, folder: Path) -> Section:
    section = dict(section)
    for name in ("certificate-authority", "client-certificate", "client-key", "tokenFile"):
        if section.get(name):
            section[name] = str(folder.resolve() / str(section[name]))
    plugin = section.get("exec")
    if isinstance(plugin, dict) and os.sep in str(plugin.get("command", "")):
        section["exec"] = {**plugin, "command": str(folder.resolve() / str(plugin["command"]))}
    return section


def authority(section: Section) -> str:
    """SHA-256 of the certificate authority's bytes, or empty: the system's own."""
    text = bytes_of(section, "certificate-authority")
    return hashlib.sha256(text).hexdigest() if text else ""


def bytes_of(section: Section, name: str) -> bytes:
    """What the section holds under the name, as text or as a file. Raises Trouble."""
    try:
        if section.get(f"{name}-data"):
            return base64.b64decode("".join(str(section[f"{name}-data"]).split()), validate=True)
        if section.get(name):
            return Path(str(section[name])).read_bytes()
    except (binascii.Error, ValueError) as error:
        raise Trouble("bad certificate", f"{name}-data in the kubeconfig is not base64", "repair the kubeconfig") from error
    except OSError as error:
        raise Trouble("bad certificate", f"{section[name]} ({name}) cannot be read: {error.strerror}", "repair the kubeconfig") from error
    return b""
