"""Two states of one object: what differs in words, and the patch that leads back."""

from collections.abc import Iterator, Mapping
from typing import Any

from warroom.core.redact import redact

Json = dict[str, Any]
KEPT = ("labels", "annotations")
"""What of the metadata is somebody's wish."""
OURS_NOT = frozenset(("deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"))
"""Annotations that follow from a change by themselves."""
_UNTOLD = frozenset(("spec", "template", "containers", "metadata", "data"))
MOST = 12
"""Lines of a difference that are told."""


def wish(whole: Json) -> Json:
    """What somebody wants of the object: everything but what the cluster itself keeps up."""
    metadata = whole.get("metadata") or {}
    kept = {name: _theirs(metadata[name]) for name in KEPT if metadata.get(name)}
    rest = {key: value for key, value in whole.items() if key not in ("metadata", "status", "apiVersion", "kind")}
    return {**rest, "metadata": {name: value for name, value in kept.items() if value}}


def _theirs(notes: Mapping[str, Any]) -> Json:
    return {key: value for key, value in notes.items() if key not in OURS_NOT}


def way_back(before: Any, after: Any) -> Any:
    """The merge patch (RFC 7386) that turns `after` into `before`."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return before
    patch: Json = {key: None for key in after if key not in before}
    for key, value in before.items():
        if key not in after:
            patch[key] = value
        elif value != after[key]:
            patch[key] = way_back(value, after[key])
    return patch


def difference(before: Any, after: Any) -> tuple[str, ...]:
    """Lines that begin with `- ` or `+ `, without secrets."""
    was, now = dict(_flat(before, ())), dict(_flat(after, ()))
    lines = []
    for path in dict.fromkeys((*was, *now)):
        if was.get(path) != now.get(path):
            words = " ".join(part for part in path if part not in _UNTOLD) or "it"
            lines += [redact(f"{sign} {words}: {side[path]}") for sign, side in (("-", was), ("+", now)) if path in side]
    more = len(lines) - MOST
    return (*lines[:MOST], f"… and {more} lines more") if more > 0 else tuple(lines)


def _flat(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Items of a list by their names, where they have some."""
    if isinstance(value, dict) and value:
        if path and set(value) <= {"name", "value"} and path[-1] == value.get("name"):
            yield path, str(value.get("value", ""))
            return
        for key, one in value.items():
            if not (key == "name" and path and path[-1] == one):
                yield from _flat(one, (*path, str(key)))
    elif isinstance(value, list) and value and all(isinstance(one, dict) and "name" in one for one in value):
        for one in value:
            yield from _flat(one, (*path, str(one["name"])))
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    elif value is not None:
        yield path, str(value)
