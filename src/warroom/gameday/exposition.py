"""What the service and its pods say of themselves, as metrics in the text format of Prometheus."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from warroom.gameday.figures import BUCKETS, Load, Moment
from warroom.gameday.scenario import MetricsPlan

TYPE = "text/plain; version=0.0.4; charset=utf-8"
POOL = 40
"""Connections that one pod keeps at most."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a pod, or of the whole service."""

    load: Load
    now: Moment
    connections: float
    cores: float
    """That the limits allow; 0 where there is no limit."""
    memory: float
    started: datetime


def families(plan: MetricsPlan, measured: Measured) -> Iterator[Metric]:
    """A registry's collector gives these."""
    prefix, load = plan.prefix, measured.load
    requests = CounterMetricFamily(f"{prefix}http_requests", "Requests answered, by status", labels=["status"])
    for status, count in sorted(load.status.items()):
        requests.add_metric([status], int(count))
    yield requests
    latency = HistogramMetricFamily(f"{prefix}http_request_duration_seconds", "Time to answer a request")
    bounds = [(f"{bound:g}", int(count)) for bound, count in zip(BUCKETS, load.buckets, strict=True)]
    latency.add_metric([], [*bounds, ("+Inf", int(load.count))], load.seconds)
    yield latency
    yield GaugeMetricFamily(f"{prefix}db_connections", "Connections to the database", measured.connections)
    yield GaugeMetricFamily(f"{prefix}db_connections_max", "Connections that the database allows", plan.pool)
    if measured.cores:
        yield GaugeMetricFamily(f"{prefix}cpu_saturation_ratio", "CPU used, as a share of its limit", measured.now.cpu)
        yield CounterMetricFamily("process_cpu_seconds", "CPU seconds used", load.cpu * measured.cores)
    yield GaugeMetricFamily("process_resident_memory_bytes", "Resident memory", measured.memory)
    yield GaugeMetricFamily("process_start_time_seconds", "Start of the process since 1970", measured.started.timestamp())


def text(plan: MetricsPlan, measured: Measured) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Collector(plan, measured))
    return generate_latest(registry)


class _Collector:
    def __init__(self, plan: MetricsPlan, measured: Measured) -> None:
        self._plan, self._measured = plan, measured

    def collect(self) -> Iterator[Metric]:
        return families(self._plan, self._measured)
