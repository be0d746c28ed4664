"""What a runbook's commands name and the cluster has not."""

from collections.abc import Collection
from difflib import get_close_matches

from warroom.runbook.model import Finding
from warroom.runbook.things import Thing

PODS = "pods are replaced, and their names with them: name the deployment, or select by label"


def missing(thing: Thing, there: Collection[str] | None, place: str, file: str, line: int) -> Finding | None:
    """`there`: the names of that kind in `place`, or of what its selector finds; None where we may not look."""
    what = f"{thing.kind} with {thing.selector}" if thing.selector else f"{_singular(thing.kind)} {thing.name}"
    if there is None:
        message, fix = (
            f"whether there is {what}{_in(place)} cannot be told",
            f"ask for: kubectl auth can-i list {thing.kind}{f' -n {place}' if place else ''}",
        )
        return Finding(file=file, line=line, level="note", code="cluster-unseen", message=message, fix=fix)
    if thing.selector:
        if there:
            return None
        message, fix = f"there are no {what}{_in(place)} now", "correct the label, or the namespace"
    elif thing.name in there:
        return None
    else:
        message = f"there is no {what}{_in(place)} now"
        near = get_close_matches(thing.name, sorted(there), 1, 0.6)
        fix = PODS if thing.kind == "pods" else f"{near[0]} is there: correct the name" if near else "correct the name, or the namespace"
    return Finding(file=file, line=line, level="warning", code="not-in-cluster", message=message, fix=fix)


def no_verb(verb: str, file: str, line: int) -> Finding:
    message, fix = f"kubectl has no verb {verb}", "correct it, or name the plugin that has it"
    return Finding(file=file, line=line, level="warning", code="unknown-verb", message=message, fix=fix)


def _singular(kind: str) -> str:
    return kind.removesuffix("s") if kind != "ingresses" else "ingress"


def _in(place: str) -> str:
    return f" in namespace {place}" if place else ""
