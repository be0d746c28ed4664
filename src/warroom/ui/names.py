"""Names of the cluster's things in little room: the end stays, the middle goes first."""

import re

from rich.cells import cell_len

from warroom.core.readings import Pod
from warroom.ui.cells import Line, head_of, middle, tail_of
from warroom.ui.look import foreign, g

SHORT_KINDS = {
    "deployment": "deploy",
    "replicaset": "rs",
    "statefulset": "sts",
    "daemonset": "ds",
    "service": "svc",
    "endpoints": "ep",
    "endpointslice": "eps",
    "configmap": "cm",
    "cronjob": "cj",
    "ingress": "ing",
    "namespace": "ns",
    "persistentvolumeclaim": "pvc",
    "persistentvolume": "pv",
    "poddisruptionbudget": "pdb",
    "horizontalpodautoscaler": "hpa",
    "networkpolicy": "netpol",
    "serviceaccount": "sa",
}
"""As kubectl takes them; a kind that is not here is short enough, or unknown."""

OF_A_REPLICASET = re.compile(r"^(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}(-[bcdfghjklmnpqrstvwxz2456789]{5})$")
"""The letters that Kubernetes makes names of; the middle part is the hash."""


def parts(pod: Pod) -> tuple[str, str, str]:
    """Stem, hash of the ReplicaSet and end: `tensafe-server-`, `7d9f8b6c4d-`, `x2v9k`."""
    name = foreign(pod.name, 300)
    stem, mark, end = name.partition(f"-{pod.template_hash}-") if pod.template_hash else (name, "", "")
    if mark and end:
        return f"{stem}-", f"{pod.template_hash}-", end
    stem, dash, end = name.rpartition("-")
    return f"{stem}{dash}", "", end


def short(pod: Pod) -> str:
    """Its name without the hash, for a sentence."""
    stem, _, end = parts(pod)
    return stem + end


def pod_name(pod: Pod, room: int, stem_style: str, end_style: str) -> Line:
    """The hash goes first, then the middle of what stays; the end, which tells it from its twins, never."""
    stem, hash, end = parts(pod)
    if cell_len(stem + hash + end) <= room:
        return [(stem, stem_style), (hash, "$soft"), (end, end_style)]
    if cell_len(stem + end) <= room:
        return [(stem, stem_style), (end, end_style)]
    left = room - cell_len(end) - 2
    if not stem or left < 4:
        return [(middle(stem + end, room), end_style)]
    return [(f"{head_of(stem, left).rstrip('-')}{g['more']}-", stem_style), (end, end_style)]


def kind_word(kind: str) -> str:
    return SHORT_KINDS.get(kind.casefold(), foreign(kind.casefold(), 60))


def object_name(kind: str, name: str, room: int) -> str:
    """`pod/…server-x2v9k`: the kind and as many of the last parts of the name as there is room for."""
    kind, name = kind_word(kind), foreign(name, 300)
    whole = f"{kind}/{name}"
    if cell_len(whole) <= room:
        return whole
    if kind == "pod" and (found := OF_A_REPLICASET.match(name)):
        name = found[1] + found[2]
        if cell_len(f"{kind}/{name}") <= room:
            return f"{kind}/{name}"
    left = room - cell_len(kind) - 1 - len(g["more"])
    if left < 4:
        return middle(whole, room)
    end = tail_of(name, left)
    at = end.find("-")
    if 0 <= at < len(end) - 5:
        end = end[at + 1 :]
    return f"{kind}/{g['more']}{end}"
