"""Label selectors as kubectl takes them with `-l`."""

import re
from collections.abc import Callable, Mapping

Labels = Mapping[str, str]
_COMMA = re.compile(r",(?![^(]*\))")
_SET = re.compile(r"([^\s=!()]+)\s+(in|notin)\s+\(([^)]*)\)")
_EQUAL = re.compile(r"([^\s=!()]+)\s*(==|=|!=)\s*([^\s=!()]*)")
_BARE = re.compile(r"(!?)\s*([^\s=!()]+)")


class BadSelector(ValueError):
    """Its text says which part of a selector cannot be read."""


def selects(selector: str) -> Callable[[Labels], bool]:
    """`a=b,c!=d,e in (f,g),h,!i` as a test of labels; empty: all. Raises BadSelector."""
    tests = [_test(part.strip()) for part in _COMMA.split(selector) if part.strip()]
    return lambda labels: all(test(labels) for test in tests)


def _test(part: str) -> Callable[[Labels], bool]:
    if found := _SET.fullmatch(part):
        key, word, values = found[1], found[2], {value.strip() for value in found[3].split(",")}
        if word == "in":
            return lambda labels: labels.get(key) in values
        return lambda labels: labels.get(key) not in values
    if found := _EQUAL.fullmatch(part):
        key, value, equal = found[1], found[3], found[2] != "!="
        return lambda labels: (labels.get(key) == value) is equal
    if found := _BARE.fullmatch(part):
        key, there = found[2], not found[1]
        return lambda labels: (key in labels) is there
    raise BadSelector(f"`{part}` is no part of a label selector: write `key=value`, `key!=value`, `key in (a,b)`, `key` or `!key`")
