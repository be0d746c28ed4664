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


def way_back(before: Json, after: Json) -> list[Json]:
    """The JSON patch (RFC 6902) that turns `after` into `before`; it holds only where what it takes back still stands."""
    was, now = wish(before), wish(after)
    for side in (was, now):  # the maps themselves may also hold what is not ours
        side["metadata"] = {name: side["metadata"].get(name, {}) for name in KEPT}
    missing = [name for name in KEPT if was["metadata"][name] and not (after.get("metadata") or {}).get(name)]
    made: list[Json] = [{"op": "add", "path": f"/metadata/{name}", "value": {}} for name in missing]
    return made + list(_back(was, now, ""))


def _back(before: Any, after: Any, path: str) -> Iterator[Json]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*after, *before)):
            at = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
            if key not in after:
                yield {"op": "add", "path": at, "value": before[key]}
            elif key not in before:
                yield {"op": "test", "path": at, "value": after[key]}
                yield {"op": "remove", "path": at}
            else:
                yield from _back(before[key], after[key], at)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _back(one, other, f"{path}/{number}")
    else:
        yield {"op": "test", "path": path, "value": after}
        yield {"op": "replace", "path": path, "value": before}


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
