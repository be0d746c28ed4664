"""The three ways to patch an object: JSON patch, merge patch, strategic merge patch."""

from typing import Any

from warroom.gameday.resources import Json
from warroom.gameday.world import copied

# By which key the API server merges the items of a list; every other list is replaced whole.
_MERGE_KEYS = {
    "conditions": "type",
    "containers": "name",
    "env": "name",
    "ephemeralContainers": "name",
    "imagePullSecrets": "name",
    "initContainers": "name",
    "ownerReferences": "uid",
    "ports": "containerPort",
    "taints": "key",
    "volumeMounts": "mountPath",
    "volumes": "name",
}


class BadPatch(ValueError):
    """The patch does not fit the object."""


def json_patch(object: Json, steps: list[Json]) -> Json:
    """RFC 6902, on a copy."""
    whole: Any = copied(object)
    for step in steps:
        if not isinstance(step, dict):
            raise BadPatch("a JSON patch is a list of operations")
        word, path = step.get("op"), _path(step.get("path"))
        if word == "test":
            if _at(whole, path) != step.get("value"):
                raise BadPatch("a test of the patch failed")
            continue
        if word in ("move", "copy"):
            origin = _path(step.get("from"))
            value = copied(_at(whole, origin))
            if word == "move":
                _edit(whole, origin, "remove", None)
            _edit(whole, path, "add", value)
        elif word in ("add", "remove", "replace"):
            if not path:
                raise BadPatch("the whole object cannot be patched away")
            _edit(whole, path, word, copied(step.get("value")))
        else:
            raise BadPatch(f"unknown operation {word!r}")
    return dict(whole)


def _path(pointer: object) -> list[str]:
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise BadPatch(f"{pointer!r} is no JSON pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _at(whole: Any, path: list[str]) -> Any:
    for part in path:
        try:
            whole = whole[int(part)] if isinstance(whole, list) else whole[part]
        except (KeyError, IndexError, ValueError, TypeError):
            raise BadPatch(f"there is no /{'/'.join(path)}") from None
    return whole


def _edit(whole: Any, path: list[str], word: str, value: Any) -> None:
    parent, last = _at(whole, path[:-1]), path[-1]
    if isinstance(parent, list):
        place = len(parent) if last == "-" else int(last) if last.isdigit() else -1
        if not 0 <= place < len(parent) + (word == "add"):
            raise BadPatch(f"there is no /{'/'.join(path)}")
        if word == "add":
            parent.insert(place, value)
        elif word == "remove":
            del parent[place]
        else:
            parent[place] = value
    elif isinstance(parent, dict):
        if word != "add" and last not in parent:
            raise BadPatch(f"there is no /{'/'.join(path)}")
        if word == "remove":
            del parent[last]
        else:
            parent[last] = value
    else:
        raise BadPatch(f"/{'/'.join(path[:-1])} holds no fields")


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7386: null takes a field away, a list replaces a list."""
    if not isinstance(patch, dict):
        return copied(patch)
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def strategic_patch(target: Any, patch: Any) -> Any:
    """A merge patch that merges lists of named things item by item, with `$patch: delete` and `$patch: replace`."""
    if not isinstance(patch, dict):
        return copied(patch)
    if patch.get("$patch") == "replace":
        return {key: copied(value) for key, value in patch.items() if key != "$patch"}
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if key.startswith("$"):
            continue
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, list) and key in _MERGE_KEYS and all(isinstance(item, dict) for item in value):
            merged[key] = _merge_items(merged.get(key) or [], value, _MERGE_KEYS[key])
        else:
            merged[key] = strategic_patch(merged.get(key), value)
    return merged


def _merge_items(target: list[Json], patch: list[Json], by: str) -> list[Json]:
    if any(item.get("$patch") == "replace" for item in patch):
        return [copied(item) for item in patch if "$patch" not in item]
    merged = [copied(item) for item in target]
    for item in patch:
        place = next((n for n, old in enumerate(merged) if old.get(by) == item.get(by)), None)
        if item.get("$patch") == "delete":
            if place is not None:
                del merged[place]
        elif place is None:
            merged.append(strategic_patch({}, item))
        else:
            merged[place] = strategic_patch(merged[place], item)
    return merged
