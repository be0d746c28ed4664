"""Which figures are asked for: the console's own queries, and how the user's change them.

What the shipped queries count on, of a service and of the simulated one alike: a counter `http_requests_total{status}`, a
histogram `http_request_duration_seconds` with its buckets, a gauge `db_connections` (or `db_pool_in_use`), all behind the
prefix that the runbook greps for (`tensafe_`); and of the cluster `container_cpu_usage_seconds_total{container}` with
`kube_pod_container_resource_limits{resource="cpu"}`. Counters grow by real seconds. Each has the label `namespace` in a
Prometheus; what pods say of themselves has not.
"""

import re
from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

import msgspec

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class QueryTrouble(Exception):
    """A query of the settings that cannot be; its text is one sentence."""


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure. In `query`, `$where` stands for the pinned namespaces, `$window` for the time that a rate looks back.

    `metric` is its name where the pods are asked themselves: a counter is read as a rate, what else as it is.
    """

    id: str = ""
    title: str = ""
    unit: str = ""
    query: str = ""
    metric: str = ""


def _latency(share: str) -> str:
    return f"histogram_quantile({share}, sum by (le) (rate(${{prefix}}http_request_duration_seconds_bucket{{$where}}[$window])))"


_ALL = "sum(rate(${prefix}http_requests_total{$where}[$window]))"
_FAILED = 'sum(rate(${prefix}http_requests_total{$where,status=~"5.."}[$window]))'
SHIPPED = (
    Query(id="requests", title="Traffic", unit="1/s", query=_ALL),
    # A service that never failed has no series of failures: that is none, and not nothing known.
    Query(id="errors", title="Error rate", unit="ratio", query=f"({_FAILED} or 0 * {_ALL}) / {_ALL}"),
    Query(id="p50", title="P50 latency", unit="s", query=_latency("0.5")),
    Query(id="p95", title="P95 latency", unit="s", query=_latency("0.95")),
    Query(id="p99", title="P99 latency", unit="s", query=_latency("0.99")),
    Query(
        id="saturation",
        title="CPU of limits",
        unit="ratio",
        query='sum(rate(container_cpu_usage_seconds_total{$where,container!=""}[$window]))'
        ' / sum(kube_pod_container_resource_limits{$where,resource="cpu"})',
        metric="cpu_saturation_ratio",
    ),
    Query(
        id="connections",
        title="DB connections",
        unit="",
        query="sum(${prefix}db_connections{$where}) or sum(${prefix}db_pool_in_use{$where})",
        metric="db_connections|db_pool_in_use",
    ),
)


def wanted(given: Mapping[str, Any]) -> tuple[Query, ...]:
    """The shipped queries as the settings change them, then the user's own, in their order.

    A value is PromQL, a table of Query's fields, or false or empty for "not this one". Raises QueryTrouble.
    """
    shipped = {query.id: query for query in SHIPPED}
    found = dict(shipped)
    for id, value in given.items():
        if not _WORD.fullmatch(id):
            raise QueryTrouble(f"queries.{id} is no name: use letters, digits and _")
        if value is False or value == "":
            found.pop(id, None)
            continue
        fields = {"query": value} if isinstance(value, str) else value
        if not isinstance(fields, dict):
            raise QueryTrouble(f"queries.{id} must be PromQL in quotes, or a table with query, title, unit and metric")
        try:
            own = msgspec.convert({**msgspec.structs.asdict(shipped.get(id, Query(title=id))), **fields, "id": id}, Query)
        except msgspec.ValidationError as error:
            raise QueryTrouble(f"queries.{id} is not valid ({str(error).lower()}): it may have query, title, unit and metric") from error
        if not own.query and not own.metric:
            raise QueryTrouble(f"queries.{id} asks for nothing: give its query, or the metric that the pods have")
        found[id] = own
    return tuple(found.values())


def filled(query: Query, *, prefix: str, namespaces: Sequence[str], window: str) -> str:
    """PromQL without our placeholders; what else has a `$` stays."""
    return Template(query.query).safe_substitute(prefix=prefix, where=_where(namespaces), window=window)


def prefix_of(runbook: str) -> str:
    """What the runbook greps for in the metrics of a pod (`| grep tensafe_`), or empty."""
    found = re.search(r"/metrics\b[^\n|]*\|\s*grep\s+(?:-\w+\s+)*[\"']?\^?([A-Za-z][A-Za-z0-9]*_)[\"']?\s*$", runbook, re.MULTILINE)
    return found[1] if found else ""


def _where(namespaces: Sequence[str]) -> str:
    names = [re.sub(r"[^A-Za-z0-9._-]", "", name) for name in namespaces]
    if len(names) == 1:
        return f'namespace="{names[0]}"'
    return f'namespace=~"{"|".join(names)}"' if names else 'namespace!=""'
