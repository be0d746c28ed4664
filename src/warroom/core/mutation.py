"""The one change that a command makes to the cluster, where it is one that the console understands."""

import re
from collections.abc import Sequence

import msgspec

from warroom.runbook.shell import Call, read_script
from warroom.runbook.verbs import fits, shipped

KUBECTLS = ("kubectl", "oc", "k", "kubecolor")
TWO_WORDS = ("rollout", "set")
LONG = {
    "deploy": "deployment", "deployments": "deployment", "sts": "statefulset", "statefulsets": "statefulset", "po": "pod", "pods": "pod",
    "ds": "daemonset", "daemonsets": "daemonset", "rs": "replicaset", "replicasets": "replicaset", "no": "node", "nodes": "node",
    "cm": "configmap", "configmaps": "configmap", "svc": "service", "services": "service", "hpa": "horizontalpodautoscaler",
    "horizontalpodautoscalers": "horizontalpodautoscaler", "pdb": "poddisruptionbudget", "poddisruptionbudgets": "poddisruptionbudget",
    "jobs": "job", "cronjobs": "cronjob", "cj": "cronjob", "ns": "namespace", "namespaces": "namespace", "pvc": "persistentvolumeclaim",
}  # fmt: skip
OF_NODES = ("cordon", "uncordon", "drain")
UNDERSTOOD = frozenset(
    (
        *("rollout undo", "rollout restart", "rollout pause", "rollout resume", "set image", "set env", "set resources"),
        *("scale", "delete", "edit", "label", "annotate", "patch", "taint", *OF_NODES),
    )
)
SHORT = {"-n": "--namespace", "-l": "--selector", "-p": "--patch", "-o": "--output", "-f": "--filename"}


class Mutation(msgspec.Struct, frozen=True, kw_only=True):
    """One call of kubectl that changes one object. `rest` are words behind the object: labels, taints, `container=image`."""

    program: str
    verb: str
    kind: str
    name: str
    namespace: str = ""
    """Empty: that of the pin."""
    flags: tuple[tuple[str, str], ...] = ()
    rest: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The whole call."""

    @property
    def object(self) -> str:
        return f"{self.kind}/{self.name}"

    def flag(self, name: str) -> str | None:
        return next((value for flag, value in self.flags if flag == name), None)


def mutation_of(command: str) -> Mutation | None:
    """None where it changes nothing, more than one thing, or what is known only when it runs."""
    calls = [call for call in read_script(command).calls if call.words]
    changing = [call for call in calls if not _only_reads(call)]
    if len(changing) != 1 or any(word.open for word in changing[0].words) or re.search(r"\b(?:for|while|until|xargs)\b", command):
        return None
    return _read([word.text for word in changing[0].words])


def _only_reads(call: Call) -> bool:
    words = [word.text for word in call.words]
    if words[0].rsplit("/", 1)[-1] not in KUBECTLS:
        from warroom.runbook.classes import classify

        return not any(word.open for word in call.words) and classify(" ".join(words)).kind == "read"
    verb = tuple(_bare(words[1:])[0])
    program = shipped().program("kubectl")
    return program is not None and any(fits(phrase, verb) >= 0 for phrase in program.read)


def _read(words: Sequence[str]) -> Mutation | None:
    program = words[0].rsplit("/", 1)[-1]
    if program not in KUBECTLS:
        return None
    bare, flags = _bare(words[1:])
    if not bare:
        return None
    verb, rest = (" ".join(bare[:2]), bare[2:]) if bare[0] in TWO_WORDS else (bare[0], bare[1:])
    if verb in OF_NODES:
        rest = [f"node/{each}" for each in rest]
    if not rest or verb not in UNDERSTOOD:
        return None
    kind, slash, name = rest[0].partition("/")
    rest = rest[1:]
    if not slash:
        if not rest:
            return None
        name, rest = rest[0], rest[1:]
    kind = kind.casefold().partition(".")[0]
    several = "," in kind or (verb in ("delete", "scale", "drain", "cordon", "uncordon", "rollout undo") and bool(rest))
    if several or not name or any(flag in ("--all", "--selector", "--filename", "--all-namespaces", "-A") for flag, _ in flags):
        return None
    given = dict(flags)
    return Mutation(
        program=program,
        verb=verb,
        kind=LONG.get(kind, kind),
        name=name,
        namespace=given.get("--namespace", ""),
        flags=tuple(flags),
        rest=tuple(rest),
        words=tuple(words),
    )


def _bare(words: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The words that are no flags, and the flags with their values."""
    program = shipped().program("kubectl")
    valued = frozenset(program.valued) if program else frozenset()
    bare, flags, waiting = list[str](), list[tuple[str, str]](), list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            bare.append(word)
            continue
        name, equals, value = word.partition("=")
        if not equals and name in valued and waiting:
            value = waiting.pop(0)
        flags.append((SHORT.get(name, name), value))
    return bare, flags
