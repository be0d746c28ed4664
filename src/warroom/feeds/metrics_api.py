"""What the pods use, by the metrics API of the cluster."""

import asyncio
import re
from collections.abc import Sequence

import msgspec

from warroom.core.readings import Usage
from warroom.feeds.polled import Polled
from warroom.feeds.server import garbled
from warroom.feeds.trouble import Trouble, classify
from warroom.feeds.wire import PodMetrics, PodMetricsList

NOT_THERE = "metrics API not available"
ANSWERS_WITHIN = 10.0
_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?")
_SIZES = {"n": 1e-9, "u": 1e-6, "m": 1e-3} | {name: 1e3**n for n, name in enumerate(("", "k", "M", "G", "T", "P", "E"))}
_SIZES |= {f"{name}i": 1024.0**n for n, name in enumerate("KMGTPE", start=1)}


class UsageFeed(Polled[tuple[Usage, ...]]):
    """CPU and memory of each pod. One younger than two scrapes of the cluster's own is simply absent."""

    field = "usage"
    seconds = 15.0

    async def ask(self) -> tuple[Usage, ...]:
        server = self._source.server
        namespaces = await server.namespaces()
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                found = [await self._of(namespace) for namespace in namespaces]
        except Exception as error:
            raise classify(error, server.where) from error
        return tuple(used for each in found for used in each)

    async def _of(self, namespace: str) -> Sequence[Usage]:
        server, selector = self._source.server, self._source.access.selector
        path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{namespace}/pods"
        what = f"list pods.metrics.k8s.io in namespace {namespace}"
        try:
            response = await server.get(path, {"labelSelector": selector} if selector else {}, what)
        except Trouble as trouble:
            # Without metrics-server there is no such path; with a dead one the aggregator has nobody to ask.
            if trouble.word in ("not found", "error 503"):
                raise Trouble(
                    NOT_THERE,
                    f"{server.where} has no metrics.k8s.io, or nothing behind it",
                    "CPU and memory need a metrics-server",
                ) from trouble
            raise
        try:
            listed = msgspec.json.decode(await response.read(), type=PodMetricsList)
        except msgspec.DecodeError as error:
            raise garbled(server.where) from error
        return [usage(each) for each in listed.items]


def usage(wire: PodMetrics) -> Usage:
    """All containers of the pod together."""
    return Usage(
        pod=f"{wire.metadata.namespace}/{wire.metadata.name}",
        cpu=sum(quantity(container.usage.get("cpu", "0")) for container in wire.containers),
        memory=round(sum(quantity(container.usage.get("memory", "0")) for container in wire.containers)),
    )


def quantity(text: str) -> float:
    """`250m` is 0.25, `1Ki` 1024. Raises Trouble for what is none."""
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        raise Trouble("not understood", f"the metrics API says {text[:40]!r}, which is no quantity")
    number, size, exponent = found.groups()
    return float(number) * (10.0 ** int(exponent) if exponent else _SIZES[size or ""])
