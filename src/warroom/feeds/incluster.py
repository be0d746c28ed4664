"""A Prometheus inside the cluster, asked through the API server's proxy for services."""

import asyncio
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import msgspec

from warroom.feeds.promql import Place, PlaceTrouble
from warroom.feeds.server import Server, garbled
from warroom.feeds.trouble import Gone, Trouble
from warroom.feeds.wire import ServiceList

IN_CLUSTER = "in-cluster"
PLACE = Place(url="http://in-cluster")
"""Stands for it in the library, which wants an address."""
SECONDS, MOST_BYTES = 12.0, 2**25
LABELS = ("app.kubernetes.io/name=prometheus", "operated-prometheus=true", "app=prometheus")
"""How the operator, the charts and most hands label one."""
USUAL_NAMESPACE = "monitoring"
_NAMED = re.compile(r"in-cluster(?::(?P<namespace>[a-z0-9.-]+)/(?P<name>[a-z0-9.-]+)(?::(?P<port>[a-z0-9-]+))?)?")


class Named(NamedTuple):
    """A service; without a name it is looked for."""

    namespace: str = ""
    name: str = ""
    port: str = "9090"

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/services/{self.name}:{self.port}/proxy"

    def __str__(self) -> str:
        return f"service {self.namespace}/{self.name}:{self.port}"


def named(text: str) -> Named:
    """Raises PlaceTrouble."""
    found = _NAMED.fullmatch(text)
    if found is None:
        raise PlaceTrouble("in-cluster is followed by nothing, or by :NAMESPACE/SERVICE:PORT")
    return Named(found["namespace"] or "", found["name"] or "", found["port"] or "9090")


async def find(server: Server) -> Named:
    """The first service that is labelled as a Prometheus: of the cluster, or of the namespaces that may be read. Raises Trouble."""
    places = [f"/api/v1/namespaces/{name}/services" for name in (*await server.namespaces(), USUAL_NAMESPACE)]
    refused: Trouble | None = None
    for path in ("/api/v1/services", *places):
        try:
            for label in LABELS:
                if found := await _labelled(server, path, label):
                    return found
            if path == "/api/v1/services":  # all were seen
                break
        except Trouble as trouble:
            if trouble.word != "forbidden":
                raise
            refused = trouble
    if refused is not None:
        raise Trouble("forbidden", *refused.lines[:1], "name the service: --prometheus in-cluster:NAMESPACE/SERVICE:PORT") from refused
    raise Trouble(
        "not found",
        f"no service of the cluster has one of the labels {', '.join(LABELS)}",
        "name it: --prometheus in-cluster:NAMESPACE/SERVICE:PORT",
    )


async def _labelled(server: Server, path: str, label: str) -> Named | None:
    try:
        response = await server.get(path, {"labelSelector": label, "limit": "50"}, f"list services labelled {label}")
        listed = msgspec.json.decode(await response.read(), type=ServiceList)
    except Gone:
        return None
    except msgspec.DecodeError as error:
        raise garbled(server.where) from error
    return next(_usable(listed), None)


def _usable(listed: ServiceList) -> Iterator[Named]:
    """The port that Prometheus listens on, or is called by; a sidecar's is another."""
    for service in listed.items:
        ports = sorted(service.spec.ports, key=lambda port: (port.port != 9090, port.name not in ("web", "http-web", "http")))
        if ports:
            yield Named(service.metadata.namespace, service.metadata.name, str(ports[0].port))


def adapter(server: Server, service: Named, loop: asyncio.AbstractEventLoop) -> Any:
    """Carries requests of a thread through the session of the loop, so that there is one login for all."""
    import requests
    from requests.adapters import BaseAdapter

    class ThroughServer(BaseAdapter):
        def send(
            self, request: Any, stream: bool = False, timeout: Any = None, verify: Any = True, cert: Any = None, proxies: Any = None
        ) -> requests.Response:
            asked = server.through(
                service.path + request.path_url, f"get services/proxy in namespace {service.namespace}", seconds=SECONDS, most=MOST_BYTES
            )
            answer = asyncio.run_coroutine_threadsafe(asked, loop).result(SECONDS + 1)
            response = requests.Response()
            response.status_code = answer.status
            response.headers["Content-Type"] = answer.kind
            response.raw = BytesIO(answer.body)
            response.url, response.request, response.encoding = request.url, request, "utf-8"
            return response

        def close(self) -> None:
            """The session is the server's."""

    return ThroughServer()
