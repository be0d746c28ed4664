"""Where a service tells how it is, by the runbook's own commands: its metrics, its health, and its public address."""

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from warroom.core.readings import Pod
from warroom.runbook.model import Runbook

_URL = re.compile(r"(?:(https?)://)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?(/[^\s?#<>${}]*)?", re.IGNORECASE)
_HEALTH = re.compile(r"/(?:health\w*|healthz?|ready|readyz|readiness|livez?|liveness|alive|ping|status|heartbeat)(?:/|$)", re.IGNORECASE)
_NAME = re.compile(r"(?:[a-z.]+/)?[a-z0-9][a-z0-9.-]*")
_BLANK = re.compile(r"<[A-Za-z][\w .-]*>")
_HERE = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "[::1]"})
_TAKES_WORD = frozenset({"-n", "--namespace", "-c", "--container", "--context", "--kubeconfig", "--cluster", "--user", "-l", "--selector"})
_CURL_TAKES_WORD = frozenset(
    {"-m", "--max-time", "--connect-timeout", "-w", "--write-out", "--retry", "-A", "--user-agent", "-T", "--tries"}
)
_SENDS = re.compile(r"-[A-Za-z]*[XdFuHT]|--(?:request|data|form|json|user|header|upload-file|post|method)")
"""Flags that do more than to look, or that need what only the person has."""
_ENDS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "2>&1"})


class Inside(NamedTuple):
    """An address in each pod of a workload (`deployment/web`)."""

    kind: Literal["metrics", "health"]
    workload: str
    scheme: str
    port: int
    path: str


class Endpoints(NamedTuple):
    inside: tuple[Inside, ...] = ()
    public: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[Inside, ...]:
        return tuple(each for each in self.inside if each.kind == kind)


def endpoints_of(runbook: Runbook) -> Endpoints:
    """Of its quick assessment and its playbooks."""
    steps = (step for playbook in runbook.playbooks for step in playbook.steps)
    playbooks = (command.command for step in steps for command in step.commands)
    return endpoints((*(quick.command for quick in runbook.oncall.quick_assessment), *playbooks))


def endpoints(commands: Iterable[str]) -> Endpoints:
    """Only what is plainly read: nothing that sends, needs a password, or asks for more than health or metrics."""
    inside: dict[Inside, None] = {}
    public: dict[str, None] = {}
    for command in commands:
        for words in _simple(command):
            found = _url(words)
            if found is None:
                continue
            scheme, host, port, path = found
            workload = _workload(words)
            if workload is not None and host in _HERE:
                kind = _kind(path)
                if kind and _NAME.fullmatch(workload):  # a blank names no pod, and asking all would show those that have no such port
                    inside[Inside(kind, workload, scheme or "http", port or (443 if scheme == "https" else 80), path)] = None
            elif workload is None and host not in _HERE and scheme and _kind(path) == "health":
                public[f"{scheme}://{host}{f':{port}' if port else ''}{path}"] = None
    return Endpoints(tuple(inside), tuple(public))


def belongs(pod: Pod, workload: str) -> bool:
    """Whether the pod is one of `deployment/web`, `statefulset/db`, `pod/db-0`. A service mostly bears its workload's name."""
    kind, _, name = workload.rpartition("/")
    by_replicas = pod.owner in (f"ReplicaSet/{name}", f"ReplicaSet/{name}-{pod.template_hash}")
    if kind.startswith(("deploy", "replicaset", "rs")):
        return by_replicas
    owned = pod.owner.partition("/")[2] == name
    if kind.startswith(("svc", "service")):
        return by_replicas or owned
    if kind.startswith(("statefulset", "sts", "daemonset", "ds", "job")):
        return owned
    return pod.name == name


def _kind(path: str) -> Literal["metrics", "health", ""]:
    if path.rstrip("/").endswith("/metrics"):
        return "metrics"
    return "health" if _HEALTH.search(path) else ""


def _simple(command: str) -> Iterator[list[str]]:
    """The words of each part of a pipeline."""
    try:
        lexer = shlex.shlex(_BLANK.sub("_blank_", command.replace("\\\n", " ")), posix=True, punctuation_chars="|&;>")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return
    part: list[str] = []
    for word in [*words, "|"]:
        if word in _ENDS:
            if part:
                yield part
            part = []
        else:
            part.append(word)


def _url(words: Sequence[str]) -> tuple[str, str, int | None, str] | None:
    """Of the curl or wget in these words."""
    at = next((n for n, word in enumerate(words) if word.rpartition("/")[2] in ("curl", "wget")), None)
    if at is None:
        return None
    rest = iter(words[at + 1 :])
    found: tuple[str, str, int | None, str] | None = None
    for word in rest:
        if word in _CURL_TAKES_WORD and not _SENDS.match(word):
            next(rest, None)
        elif word in ("-o", "-O", "--output", "-qO-", "-O-", "-qO", "--output-document"):
            if word in ("-o", "--output", "-O", "-qO", "--output-document"):
                next(rest, None)
        elif word.startswith("-"):
            if _SENDS.match(word):
                return None
        elif found is None and (url := _URL.fullmatch(word)):
            scheme, host, port, path = url.groups()
            if not (scheme or port or path):  # the word of a flag that is not known here
                continue
            found = ((scheme or "").lower(), host.lower(), int(port) if port else None, path or "/")
    return found


def _workload(words: Sequence[str]) -> str | None:
    """What `kubectl exec` runs in; None when it runs here."""
    if words[0].rpartition("/")[2] not in ("kubectl", "oc", "k") or "exec" not in words:
        return None
    rest = iter(words[words.index("exec") + 1 :])
    for word in rest:
        if word == "--":
            break
        if word in _TAKES_WORD:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return ""
