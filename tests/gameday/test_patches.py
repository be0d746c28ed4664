"""Patches on plain values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.gameday.patches import BadPatch, json_patch, merge_patch, strategic_patch

OBJECT = {"a": {"b": [1, 2, 3]}, "m/n": {"~k": "v"}}


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ({"op": "replace", "path": "/a/b/1", "value": 9}, {"a": {"b": [1, 9, 3]}, "m/n": {"~k": "v"}}),
        ({"op": "add", "path": "/a/b/-", "value": 4}, {"a": {"b": [1, 2, 3, 4]}, "m/n": {"~k": "v"}}),
        ({"op": "add", "path": "/a/b/0", "value": 0}, {"a": {"b": [0, 1, 2, 3]}, "m/n": {"~k": "v"}}),
        ({"op": "remove", "path": "/m~1n/~0k"}, {"a": {"b": [1, 2, 3]}, "m/n": {}}),
        ({"op": "test", "path": "/a/b/0", "value": 1}, OBJECT),
        ({"op": "copy", "from": "/a/b/2", "path": "/c"}, {**OBJECT, "c": 3}),
        ({"op": "move", "from": "/a", "path": "/z"}, {"m/n": {"~k": "v"}, "z": {"b": [1, 2, 3]}}),
    ],
)
def test_json_patch(step: dict[str, Any], after: object) -> None:
    assert json_patch(OBJECT, [step]) == after
    assert OBJECT == {"a": {"b": [1, 2, 3]}, "m/n": {"~k": "v"}}


@pytest.mark.parametrize(
    "step",
    [
        {"op": "replace", "path": "/nope", "value": 1},
        {"op": "remove", "path": "/a/b/7"},
        {"op": "add", "path": "/a/b/x", "value": 1},
        {"op": "add", "path": "/m~1n/~0k/deep", "value": 1},
        {"op": "test", "path": "/a/b/0", "value": 2},
        {"op": "explode", "path": "/a"},
        {"op": "replace", "path": "", "value": {}},
        {"op": "replace", "path": "a", "value": 1},
        {"op": "replace"},
        "no step",
    ],
)
def test_a_json_patch_that_does_not_fit(step: Any) -> None:
    with pytest.raises(BadPatch):
        json_patch(OBJECT, [step])


def test_merge_patch() -> None:
    assert merge_patch({"a": 1, "b": {"c": 2, "d": 3}, "l": [1]}, {"a": None, "b": {"c": 4}, "l": [2]}) == {"b": {"c": 4, "d": 3}, "l": [2]}


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(values, values)
def test_a_merge_patch_twice_is_a_merge_patch_once(target: object, patch: object) -> None:
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


def test_strategic_patch_merges_containers_by_name() -> None:
    target = {"containers": [{"name": "a", "image": "1", "env": [{"name": "X", "value": "1"}]}, {"name": "b", "image": "2"}], "args": [1]}
    patch = {"containers": [{"name": "a", "env": [{"name": "Y", "value": "2"}]}, {"name": "c", "image": "3"}], "args": [2]}
    assert strategic_patch(target, patch) == {
        "containers": [
            {"name": "a", "image": "1", "env": [{"name": "X", "value": "1"}, {"name": "Y", "value": "2"}]},
            {"name": "b", "image": "2"},
            {"name": "c", "image": "3"},
        ],
        "args": [2],
    }


def test_strategic_patch_deletes_and_replaces() -> None:
    target = {"containers": [{"name": "a"}, {"name": "b"}], "strategy": {"type": "RollingUpdate", "rollingUpdate": {}}}
    patch = {"containers": [{"name": "a", "$patch": "delete"}], "strategy": {"$patch": "replace", "type": "Recreate"}}
    assert strategic_patch(target, patch) == {"containers": [{"name": "b"}], "strategy": {"type": "Recreate"}}
