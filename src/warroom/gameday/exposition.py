"""What the service and its pods say of themselves, as metrics in the text format of Prometheus."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from warroom.gameday.figures import BUCKETS, Load, Moment
from warroom.gameday.plans import MetricsPlan

TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a pod, or of all pods together."""

    load: Load
    now: Moment
    connections: float
    cores: float
    """That the limits allow; 0 where there is no limit."""
    memory: float
    started: datetime
    container: str = ""
    """Named where the cluster measures it, too: of all pods together."""


def families(plan: MetricsPlan, measured: Measured) -> Iterator[Metric]:
    """The same names and labels whatever is measured, whenever, and for how long."""
    prefix, load = plan.prefix, measured.load
    if plan.requests:
        requests = CounterMetricFamily(f"{prefix}http_requests", "Requests answered, by status", labels=["status"])
        for status, count in sorted(load.status.items()):
            requests.add_metric([status], count)
        yield requests
    if plan.latency:
        latency = HistogramMetricFamily(f"{prefix}http_request_duration_seconds", "Time to answer a request")
        bounds = [(f"{bound:g}", count) for bound, count in zip(BUCKETS, load.buckets, strict=True)]
        latency.add_metric([], [*bounds, ("+Inf", load.count)], load.seconds)
        yield latency
    if plan.connections:
        yield GaugeMetricFamily(f"{prefix}db_connections", "Connections to the database", measured.connections)
        yield GaugeMetricFamily(f"{prefix}db_connections_max", "Connections that the database allows", plan.pool)
    if plan.cpu and measured.cores:
        yield GaugeMetricFamily(f"{prefix}cpu_saturation_ratio", "CPU used, as a share of its limit", measured.now.cpu)
        yield from _processor(measured)
    yield GaugeMetricFamily("process_resident_memory_bytes", "Resident memory", measured.memory)
    yield GaugeMetricFamily("process_start_time_seconds", "Start of the process since 1970", measured.started.timestamp())


def _processor(measured: Measured) -> Iterator[Metric]:
    used = measured.load.cpu * measured.cores
    if not measured.container:
        yield CounterMetricFamily("process_cpu_seconds", "CPU seconds used", used)
        return
    cpu = CounterMetricFamily("container_cpu_usage_seconds", "CPU seconds used", labels=["container"])
    cpu.add_metric([measured.container], used)
    yield cpu
    limit = GaugeMetricFamily("kube_pod_container_resource_limits", "What a container may use", labels=["container", "resource", "unit"])
    limit.add_metric([measured.container, "cpu", "core"], measured.cores)
    yield limit


def text(plan: MetricsPlan, measured: Measured) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Collector(plan, measured))
    return generate_latest(registry)


class _Collector:
    def __init__(self, plan: MetricsPlan, measured: Measured) -> None:
        self._plan, self._measured = plan, measured

    def collect(self) -> Iterator[Metric]:
        return families(self._plan, self._measured)
