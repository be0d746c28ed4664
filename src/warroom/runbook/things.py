"""What of a cluster a command names: objects, labels and namespaces that have to be there when it runs."""

from collections.abc import Iterator, Sequence

import msgspec

from warroom.runbook.shell import Word, read_script
from warroom.runbook.verbs import shipped

KUBECTLS = ("kubectl", "oc", "k", "kubecolor")
KINDS = {
    "pods": ("pod", "po"),
    "deployments": ("deployment", "deploy", "deployments.apps", "deployment.apps"),
    "statefulsets": ("statefulset", "sts", "statefulsets.apps", "statefulset.apps"),
    "daemonsets": ("daemonset", "ds", "daemonsets.apps", "daemonset.apps"),
    "replicasets": ("replicaset", "rs"),
    "services": ("service", "svc"),
    "configmaps": ("configmap", "cm"),
    "jobs": ("job",),
    "cronjobs": ("cronjob", "cj"),
    "horizontalpodautoscalers": ("horizontalpodautoscaler", "hpa"),
    "poddisruptionbudgets": ("poddisruptionbudget", "pdb"),
    "ingresses": ("ingress", "ing"),
    "persistentvolumeclaims": ("persistentvolumeclaim", "pvc"),
    "nodes": ("node", "no"),
    "namespaces": ("namespace", "ns"),
}
"""Plural, and what else kubectl takes for it."""
_PLURAL = {name: plural for plural, names in KINDS.items() for name in (plural, *names)}
CLUSTER_WIDE = ("nodes", "namespaces")
OF_PODS = ("logs", "exec", "attach", "port-forward", "cp", "debug")
OF_NODES = ("cordon", "uncordon", "drain", "taint")
TWO_WORDS = ("rollout", "set", "top")
OF_OBJECTS = (
    "get",
    "describe",
    "delete",
    "edit",
    "scale",
    "autoscale",
    "expose",
    "label",
    "annotate",
    "patch",
    "wait",
    "rollout",
    "set",
    "top",
)
MAKES = ("create", "run", "apply", "replace")
PLACEHOLDER = "wrfield"
"""What stands in the place of a placeholder when a command is read."""


class Thing(msgspec.Struct, frozen=True):
    """An object by its name, those that a selector finds, or a namespace. `namespace` is empty where the command names none."""

    kind: str
    name: str = ""
    selector: str = ""
    namespace: str = ""


def things(command: str) -> tuple[Thing, ...]:
    """Each once, in order. What is known only when it runs, and kinds that are not listed here, are left out."""
    found = [thing for call in read_script(command).calls for thing in _named(call.words)]
    return tuple(dict.fromkeys(found))


def unknown_verbs(command: str) -> tuple[str, ...]:
    """Verbs of kubectl that it does not have, as far as they are words at all; a plugin may have them."""
    table = shipped().programs["kubectl"]
    known = {verb.split()[0] for verb in (*table.read, *table.unknown, *table.mutate, *table.destroy, *table.payload, "exec", "plugin")}
    found = []
    for call in read_script(command).calls:
        if call.words and _program(call.words[0]) == "kubectl":
            verb = next((word for word in _own(call.words) if not word.text.startswith("-")), None)
            if verb is not None and not verb.open and PLACEHOLDER not in verb.text and verb.text not in known:
                found.append(verb.text)
    return tuple(dict.fromkeys(found))


def _program(word: Word) -> str:
    return word.text.rsplit("/", 1)[-1]


def _own(words: Sequence[Word]) -> list[Word]:
    """The words that are kubectl's: without flags that take the next word, and what comes after `--`."""
    valued, out, rest = shipped().programs["kubectl"].valued, list[Word](), list(words[1:])
    while rest:
        word = rest.pop(0)
        if word.text == "--":
            break
        if word.text in valued:
            rest = rest[1:]
            continue
        out.append(word)
    return out


def _flag(words: Sequence[Word], *names: str) -> str:
    """The value of a flag, where it is known."""
    own = words[: next((n for n, word in enumerate(words) if word.text == "--"), len(words))]
    for place, word in enumerate(own):
        flag, joined, value = word.text.partition("=")
        if flag in names:
            given = word if joined else own[place + 1] if place + 1 < len(own) else Word("", open=True)
            return "" if given.open else (value if joined else given.text)
    return ""


def _named(words: Sequence[Word]) -> Iterator[Thing]:
    if not words or _program(words[0]) not in KUBECTLS:
        return
    own = [word for word in _own(words) if not word.text.startswith("-")]
    if not own or own[0].open:
        return
    verb, rest = own[0].text, own[1:]
    if verb in TWO_WORDS and rest:
        sub, rest = rest[0].text, rest[1:]
        if verb == "top":
            rest = [Word(sub), *rest]
    namespace = _flag(words, "-n", "--namespace")
    if PLACEHOLDER in namespace:
        namespace = ""
    elif namespace:
        yield Thing("namespaces", namespace)
    kind, names = _objects(verb, rest)
    where = "" if kind in CLUSTER_WIDE else namespace
    selector = _flag(words, "-l", "--selector")
    everywhere = any(word.text in ("-A", "--all-namespaces") for word in words)
    if selector and PLACEHOLDER not in selector and not everywhere and (kind or verb in OF_PODS):
        yield Thing(kind or "pods", selector=selector, namespace=where)
    for one, name in names:
        yield Thing(one, name, namespace="" if one in CLUSTER_WIDE else where)


def _objects(verb: str, rest: Sequence[Word]) -> tuple[str, list[tuple[str, str]]]:
    """The kind that is named alone, and the objects by kind and name."""
    found = list[tuple[str, str]]()
    known = [word for word in rest if not word.open and PLACEHOLDER not in word.text]
    for word in known:
        kind, slash, name = word.text.partition("/")
        if slash and name and (plural := _PLURAL.get(kind.casefold())) and ":" not in name:
            found.append((plural, name))
    if found or not rest:
        return "", found
    if verb in OF_NODES:
        return "nodes", [("nodes", word.text) for word in known[:1]]
    if verb in OF_PODS:
        first = rest[0]
        usable = first in known and "/" not in first.text and ":" not in first.text
        return "pods", [("pods", first.text)] if usable and verb not in ("cp", "debug") else []
    kind = _PLURAL.get(rest[0].text.casefold(), "") if verb in OF_OBJECTS else ""
    named = [word.text for word in rest[1:] if word in known and "=" not in word.text and not word.text.endswith("-")] if kind else []
    return kind, [(kind, name) for name in named]
