"""Label and field selectors."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from warroom.gameday.resources import EVENTS, JOBS, NAMESPACES, NEW_EVENTS, NODES, PODS, Json, Resource

Test = Callable[[Json], bool]

_SET = re.compile(r"^(?P<key>[^\s=!()]+)\s+(?P<word>in|notin)\s+\((?P<values>[^)]*)\)$")
_EQUAL = re.compile(r"^(?P<key>[^\s=!]+)\s*(?P<word>==|=|!=)\s*(?P<value>[^=!]*)$")
_COMMA = re.compile(r",(?![^(]*\))")

_EVENT_FIELDS = {
    **{
        f"involvedObject.{key}": f"involvedObject.{key}"
        for key in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
    },
    "reason": "reason",
    "reportingComponent": "reportingComponent",
    "source": "source.component",
    "type": "type",
}
_FIELDS: dict[Resource, Mapping[str, str]] = {
    PODS: {
        "spec.nodeName": "spec.nodeName",
        "spec.restartPolicy": "spec.restartPolicy",
        "spec.schedulerName": "spec.schedulerName",
        "spec.serviceAccountName": "spec.serviceAccountName",
        "status.phase": "status.phase",
        "status.podIP": "status.podIP",
    },
    NODES: {"spec.unschedulable": "spec.unschedulable"},
    NAMESPACES: {"status.phase": "status.phase"},
    EVENTS: _EVENT_FIELDS,
    NEW_EVENTS: _EVENT_FIELDS,
    JOBS: {"status.successful": "status.succeeded"},
}


class BadSelector(ValueError):
    """Its text is what the API server would answer."""


def labels(text: str) -> Test:
    """`a=b,c!=d,e in (f,g),h,!i` as a test of an object."""
    wanted = [_label(part.strip()) for part in _COMMA.split(text) if part.strip()]
    return lambda object: all(test(object["metadata"].get("labels") or {}) for test in wanted)


def matches(selector: Json, given: Mapping[str, str]) -> bool:
    """Whether labels fit the `matchLabels` of a selector."""
    return all(given.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())


def _label(part: str) -> Callable[[Mapping[str, str]], bool]:
    if found := _SET.match(part):
        key = found["key"]
        values = {value.strip() for value in found["values"].split(",")}
        if found["word"] == "in":
            return lambda given: key in given and given[key] in values
        return lambda given: given.get(key) not in values
    if found := _EQUAL.match(part):
        key, value = found["key"], found["value"].strip()
        if found["word"] == "!=":
            return lambda given: given.get(key) != value
        return lambda given: given.get(key) == value
    if re.fullmatch(r"![^\s=!(),]+", part):
        return lambda given: part[1:] not in given
    if re.fullmatch(r"[^\s=!(),]+", part):
        return lambda given: part in given
    raise BadSelector(f'unable to parse requirement: found "{part}"')


def fields(text: str, resource: Resource) -> Test:
    """`metadata.name=a,status.phase!=Running` as a test of an object."""
    known = {
        "metadata.name": "metadata.name",
        **({"metadata.namespace": "metadata.namespace"} if resource.namespaced else {}),
        **_FIELDS.get(resource, {}),
    }
    wanted: list[tuple[list[str], bool, str]] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _EQUAL.match(part)
        if found is None:
            raise BadSelector(f'invalid selector: "{part}"; can\'t understand "{part}"')
        if found["key"] not in known:
            raise BadSelector(f"field label not supported: {found['key']}")
        wanted.append((known[found["key"]].split("."), found["word"] != "!=", found["value"].strip()))
    return lambda object: all((_value(object, path) == value) is equal for path, equal, value in wanted)


def _value(object: Any, path: list[str]) -> str:
    for step in path:
        object = object.get(step) if isinstance(object, dict) else None
    return str(object).lower() if isinstance(object, bool) else "" if object is None else str(object)
