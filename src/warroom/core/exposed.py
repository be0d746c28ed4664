"""What pods say of themselves under /metrics, and the figures that two such samples add up to."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from warroom.core.queries import Query
from warroom.core.series import NO_DATA, Figure, Labels, figure, grown, quantile, ratio

ONE_SAMPLE = "needs a second sample"
REQUESTS = ("http_requests_total", "http_server_requests_total", "http_request_duration_seconds_count", "requests_total")
BUCKETS = ("http_request_duration_seconds_bucket", "http_server_request_duration_seconds_bucket", "request_duration_seconds_bucket")
STATUS = frozenset({"status", "code", "status_code", "http_status", "http_status_code", "http_response_status_code"})
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
OWN = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")


class Exposition(msgspec.Struct, frozen=True):
    """Values by name and labels, as one pod said them at one moment."""

    values: Mapping[str, Mapping[Labels, float]]
    counters: frozenset[str] = frozenset()


class Pair(NamedTuple):
    """What one pod said, and again so many real seconds later."""

    before: Exposition
    after: Exposition
    seconds: float


def wanted_names(queries: Iterable[Query]) -> tuple[str, ...]:
    """The metrics that these figures need, without the prefix that a service may put before them."""
    found: dict[str, None] = {}
    for query in queries:
        for name in _names(query):
            found[name] = None
    return tuple(found)


def measured(query: Query, pairs: Sequence[Pair], newest: Sequence[Exposition], prefix: str) -> Figure:
    """`newest` also has the pods that were asked only once."""
    if not _names(query):
        return Figure(None, "needs a Prometheus")
    seen = {name for said in newest for name in said.values}
    name = _found(_names(query), seen, prefix)
    if not name:
        return Figure(None, NO_DATA)
    if _gauge(query, name, newest):
        values = [value for said in newest for value in said.values.get(name, {}).values()]
        return figure(sum(values) / (len(values) if query.unit == "ratio" else 1)) if values else Figure(None, NO_DATA)
    if not pairs:
        return Figure(None, ONE_SAMPLE)
    if query.id in SHARES:
        return quantile(SHARES[query.id], _buckets(name, pairs))
    if query.id == "errors":
        return _failed(name, pairs)
    return figure(sum(sum(growth.values()) / pair.seconds for pair, growth in _growths(name, pairs)))


def _names(query: Query) -> tuple[str, ...]:
    """The user's own name for it goes before ours."""
    own = tuple(name.strip() for name in query.metric.split("|") if OWN.fullmatch(name.strip()))
    if own:
        return own
    if query.id in ("requests", "errors"):
        return REQUESTS
    return BUCKETS if query.id in SHARES else ()


def _found(names: Sequence[str], seen: Iterable[str], prefix: str) -> str:
    """The runbook's prefix, none, or any: in this order, and the shortest name of those."""
    seen = frozenset(seen)
    for name in names:
        for whole in (f"{prefix}{name}", name):
            if whole in seen:
                return whole
    for name in names:
        if ending := sorted((each for each in seen if each.endswith(f"_{name}")), key=lambda each: (len(each), each)):
            return ending[0]
    return ""


def _gauge(query: Query, name: str, newest: Iterable[Exposition]) -> bool:
    return query.id not in ("requests", "errors", *SHARES) and not any(name in said.counters for said in newest)


def _growths(name: str, pairs: Iterable[Pair]) -> Iterable[tuple[Pair, dict[Labels, float]]]:
    return ((pair, grown(pair.before.values.get(name, {}), pair.after.values.get(name, {}))) for pair in pairs)


def _failed(name: str, pairs: Iterable[Pair]) -> Figure:
    """Answers with a status of 500 and above, of all."""
    failed = everything = 0.0
    told = False
    for _, growth in _growths(name, pairs):
        for labels, more in growth.items():
            status = next((value for label, value in labels if label in STATUS), None)
            told = told or status is not None
            everything += more
            failed += more if (status or "").startswith("5") else 0.0
    return ratio(failed, everything) if told else Figure(None, "no status in its labels")


def _buckets(name: str, pairs: Iterable[Pair]) -> dict[float, float]:
    """All pods and routes together, by upper bound."""
    found: Counter[float] = Counter()
    for _, growth in _growths(name, pairs):
        for labels, more in growth.items():
            bound = next((value for label, value in labels if label == "le"), "")
            try:
                found[math.inf if bound in ("+Inf", "Inf") else float(bound)] += more  # type: ignore[assignment]
            except ValueError:
                continue
    return dict(found)
