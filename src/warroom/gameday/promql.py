"""What a query comes to, over the metrics of the scenario: so much of PromQL as consoles and dashboards ask for."""

import math
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import promql_parser as syntax

from warroom.gameday.timeseries import Sample, Timeseries

Key = tuple[tuple[str, str], ...]
Vector = dict[Key, float]
"""By labels, in their order; a name is a label, too."""
NAME = "__name__"
GRAIN = 15.0
"""Seconds between two values of a gauge that are looked at."""


class BadQuery(Exception):
    """It cannot be read; its text is the parser's."""


class NotSimulated(Exception):
    """It can be read, and a real Prometheus would answer."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood, to be asked at any moment."""

    tree: syntax.Expr

    @classmethod
    def read(cls, text: str) -> "Query":
        try:
            return cls(syntax.parse(text))
        except ValueError as error:
            raise BadQuery(f"parse error: {error}") from None

    def at(self, moment: datetime, series: Timeseries) -> "Vector | float | str":
        found: Vector | float | str = _Asked(moment, series).value(self.tree)
        return found


def matching(samples: Iterable[Sample], selector: Any) -> list[Sample]:
    """What a selector means. Raises NotSimulated for alternatives, which few ask for."""
    if selector.matchers.or_matchers:
        raise NotSimulated("alternatives in a selector are not simulated")
    tests = [_test(matcher) for matcher in selector.matchers.matchers]
    name = selector.name
    return [
        sample for sample in samples if name in (None, sample.name) and all(test({NAME: sample.name, **sample.labels}) for test in tests)
    ]


def _test(matcher: Any) -> Callable[[dict[str, str]], bool]:
    label, value, op = matcher.name, matcher.value, str(matcher.op).rpartition(".")[2]
    if op in ("Equal", "NotEqual"):
        return lambda labels: (labels.get(label, "") == value) is (op == "Equal")
    try:
        whole = re.compile(value)
    except re.error as error:
        raise BadQuery(f"parse error: {error}") from None
    return lambda labels: bool(whole.fullmatch(labels.get(label, ""))) is (op == "Re")


class _Asked:
    """One question at one moment."""

    def __init__(self, moment: datetime, series: Timeseries) -> None:
        self._moment = moment
        self._series = series

    def value(self, tree: Any) -> Any:
        match tree:
            case syntax.NumberLiteral() | syntax.StringLiteral():
                return tree.val
            case syntax.ParenExpr():
                return self.value(tree.expr)
            case syntax.UnaryExpr():
                found = self.value(tree.expr)
                return -found if isinstance(found, float) else {_nameless(key): -value for key, value in found.items()}
            case syntax.VectorSelector():
                return {_key(s): s.value for s in matching(self._series.at(self._time(tree)), tree)}
            case syntax.Call():
                return self._call(tree.func.name, tree.args)
            case syntax.AggregateExpr():
                return self._aggregate(tree)
            case syntax.BinaryExpr():
                return self._binary(tree)
        raise NotSimulated(f"{type(tree).__name__} is not simulated")

    def vector(self, tree: Any) -> Vector:
        found = self.value(tree)
        if not isinstance(found, dict):
            raise NotSimulated("a number where series are wanted is not simulated")
        return found

    def number(self, tree: Any) -> float:
        found = self.value(tree)
        if not isinstance(found, float):
            raise NotSimulated("series where a number is wanted are not simulated")
        return found

    def _time(self, selector: Any) -> datetime:
        if selector.at is not None:
            raise NotSimulated("@ is not simulated")
        return self._moment - (selector.offset or timedelta())

    # Functions

    def _call(self, name: str, args: Sequence[Any]) -> "Vector | float":
        if name in ("rate", "irate", "increase"):
            return self._grown(name, args[0])
        if name.endswith("_over_time") and name.removesuffix("_over_time") in _OVER:
            return self._over(_OVER[name.removesuffix("_over_time")], args[0])
        match name:
            case "histogram_quantile":
                return _quantiles(self.number(args[0]), self.vector(args[1]))
            case "time":
                return self._moment.timestamp()
            case "vector":
                return {(): self.number(args[0])}
            case "scalar":
                found = list(self.vector(args[0]).values())
                return found[0] if len(found) == 1 else math.nan
            case "absent":
                return {} if self.vector(args[0]) else {(): 1.0}
            case "clamp_min" | "clamp_max":
                bound, pick = self.number(args[1]), max if name == "clamp_min" else min
                return {_nameless(key): pick(value, bound) for key, value in self.vector(args[0]).items()}
            case "abs" | "ceil" | "floor" | "round" | "sqrt" if len(args) == 1:
                return {_nameless(key): _PLAIN[name](value) for key, value in self.vector(args[0]).items()}
            case "sort" | "sort_desc":
                found_all = self.vector(args[0])
                return dict(sorted(found_all.items(), key=lambda item: item[1], reverse=name == "sort_desc"))
        raise NotSimulated(f"the function {name} is not simulated")

    def _grown(self, name: str, window: Any) -> Vector:
        selector = self._window(window)
        end = self._time(selector)
        samples, seconds = self._series.within(end - window.range, end)
        divisor = 1.0 if name == "increase" else seconds
        return {_nameless(_key(s)): s.value / divisor for s in matching(samples, selector) if s.counter}

    def _over(self, fold: Callable[[list[float]], float], window: Any) -> Vector:
        selector = self._window(window)
        end, length = self._time(selector), window.range.total_seconds()
        count = max(1, min(120, int(length / GRAIN)))
        held: dict[Key, list[float]] = {}
        for n in range(count):
            moment = end - timedelta(seconds=length * (count - 1 - n) / count)
            for sample in matching(self._series.at(moment), selector):
                held.setdefault(_nameless(_key(sample)), []).append(sample.value)
        return {key: fold(values) for key, values in held.items()}

    def _window(self, window: Any) -> Any:
        if not isinstance(window, syntax.MatrixSelector):
            raise NotSimulated("a subquery is not simulated")
        return window.vector_selector

    # Aggregations and operators

    def _aggregate(self, tree: Any) -> Vector:
        op = str(tree.op)
        if op not in _FOLD or tree.param is not None:
            raise NotSimulated(f"the aggregation {op} is not simulated")
        by, labels = True, []
        if tree.modifier is not None:
            by, labels = "By" in str(tree.modifier.type), tree.modifier.labels
        groups: dict[Key, list[float]] = {}
        for key, value in self.vector(tree.expr).items():
            groups.setdefault(tuple(item for item in _nameless(key) if (item[0] in labels) is by), []).append(value)
        return {key: _FOLD[op](values) for key, values in groups.items()}

    def _binary(self, tree: Any) -> "Vector | float":
        op, left, right = str(tree.op), self.value(tree.lhs), self.value(tree.rhs)
        key_of = _matched_by(tree.modifier)
        if op in ("and", "or", "unless"):
            return _combined(op, left, right, key_of)
        compares, as_bool = op in _COMPARE, tree.modifier is not None and tree.modifier.return_bool
        apply = _COMPARE[op] if compares else _ARITHMETIC.get(op)
        if apply is None:
            raise NotSimulated(f"the operator {op} is not simulated")
        if isinstance(left, float) and isinstance(right, float):
            return float(apply(left, right))
        pairs = _pairs(left, right, key_of)
        if not compares or as_bool:
            return {_nameless(key): float(apply(one, other)) for key, one, other in pairs}
        kept = isinstance(left, float)
        return {key: (other if kept else one) for key, one, other in pairs if apply(one, other)}


def _key(sample: Sample) -> Key:
    return tuple(sorted({NAME: sample.name, **sample.labels}.items()))


def _nameless(key: Key) -> Key:
    return tuple(item for item in key if item[0] != NAME)


def _matched_by(modifier: Any) -> Callable[[Key], Key]:
    """What of its labels a series is matched by."""
    if modifier is None:
        return _nameless
    if "ManyToOne" in str(modifier.card) or "OneToMany" in str(modifier.card):
        raise NotSimulated("group_left and group_right are not simulated")
    if modifier.matching is None:
        return _nameless
    on, labels = "Include" in str(modifier.matching.type), modifier.matching.labels
    return lambda key: tuple(item for item in _nameless(key) if (item[0] in labels) is on)


def _combined(op: str, left: Any, right: Any, key_of: Callable[[Key], Key]) -> Vector:
    if not isinstance(left, dict) or not isinstance(right, dict):
        raise BadQuery(f'parse error: set operator "{op}" not allowed in binary scalar expression')
    there = {key_of(key) for key in (left if op == "or" else right)}
    if op == "or":
        return {**left, **{key: value for key, value in right.items() if key_of(key) not in there}}
    return {key: value for key, value in left.items() if (key_of(key) in there) is (op == "and")}


def _pairs(left: Any, right: Any, key_of: Callable[[Key], Key]) -> list[tuple[Key, float, float]]:
    if isinstance(right, float):
        return [(key, value, right) for key, value in left.items()]
    if isinstance(left, float):
        return [(key, left, value) for key, value in right.items()]
    others = {key_of(key): value for key, value in right.items()}
    if len(others) < len(right) or len({key_of(key) for key in left}) < len(left):
        raise NotSimulated("multiple matches for labels: many-to-many matching is not allowed")
    return [(key, value, others[key_of(key)]) for key, value in left.items() if key_of(key) in others]


def _quantiles(share: float, buckets: Vector) -> Vector:
    """https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile"""
    groups: dict[Key, list[tuple[float, float]]] = {}
    for key, count in buckets.items():
        bound = dict(key).get("le")
        if bound is not None:
            rest = tuple(item for item in _nameless(key) if item[0] != "le")
            groups.setdefault(rest, []).append((float(bound), count))
    return {key: _quantile(share, sorted(bounds)) for key, bounds in groups.items()}


def _quantile(share: float, bounds: list[tuple[float, float]]) -> float:
    if bounds[-1][0] != math.inf or len(bounds) < 2 or not bounds[-1][1] > 0:
        return math.nan
    if not 0 <= share <= 1:
        return math.inf if share > 1 else -math.inf
    rank = share * bounds[-1][1]
    at = next(n for n, (_, count) in enumerate(bounds) if count >= rank)
    if bounds[at][0] == math.inf:
        return bounds[at - 1][0]
    low, below = bounds[at - 1] if at else (0.0, 0.0)
    within = bounds[at][1] - below
    return low + (bounds[at][0] - low) * ((rank - below) / within if within else 1.0)


def _divided(one: float, other: float) -> float:
    if other:
        return one / other
    return math.nan if not one or math.isnan(one) else math.copysign(math.inf, one) * math.copysign(1.0, other)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


_FOLD: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "avg": _mean,
    "min": min,
    "max": max,
    "count": lambda values: float(len(values)),
}
_OVER: dict[str, Callable[[list[float]], float]] = {**_FOLD, "last": lambda values: values[-1]}
_PLAIN: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "round": lambda value: math.floor(value + 0.5),
    "sqrt": lambda value: math.sqrt(value) if value >= 0 else math.nan,
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "%": lambda one, other: math.fmod(one, other) if other else math.nan,
    "^": math.pow,
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
