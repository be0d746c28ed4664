"""What there is in a cluster by name, asked once for each kind, namespace and selector."""

import msgspec

from warroom.feeds.server import Server, garbled
from warroom.feeds.trouble import Trouble
from warroom.feeds.wire import Page
from warroom.runbook.things import CLUSTER_WIDE, Thing

PREFIXES = {
    "deployments": "/apis/apps/v1",
    "statefulsets": "/apis/apps/v1",
    "daemonsets": "/apis/apps/v1",
    "replicasets": "/apis/apps/v1",
    "jobs": "/apis/batch/v1",
    "cronjobs": "/apis/batch/v1",
    "horizontalpodautoscalers": "/apis/autoscaling/v2",
    "poddisruptionbudgets": "/apis/policy/v1",
    "ingresses": "/apis/networking.k8s.io/v1",
}
CORE = "/api/v1"
PAGE = 500


class Named(msgspec.Struct):
    class Meta(msgspec.Struct):
        name: str = ""

    metadata: Meta


class Inventory:
    """Raises Trouble when the server does not answer; what may not be listed is None."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[tuple[str, str, str], frozenset[str] | None] = {}

    async def there(self, thing: Thing, namespace: str) -> frozenset[str] | None:
        place = "" if thing.kind in CLUSTER_WIDE else namespace
        key = (thing.kind, place, thing.selector)
        if key not in self._known:
            self._known[key] = await self._listed(*key)
        return self._known[key]

    async def _listed(self, kind: str, namespace: str, selector: str) -> frozenset[str] | None:
        prefix = PREFIXES.get(kind, CORE)
        path = f"{prefix}/namespaces/{namespace}/{kind}" if namespace else f"{prefix}/{kind}"
        query = {"limit": str(PAGE), **({"labelSelector": selector} if selector else {})}
        wish = f"list {kind}{f' in namespace {namespace}' if namespace else ''}"
        names = set[str]()
        try:
            while True:
                response = await self._server.get(path, query, wish)
                page = msgspec.json.decode(await response.read(), type=Page[Named])
                names |= {item.metadata.name for item in page.items or ()}
                if not page.metadata.next:
                    return frozenset(names)
                query = {**query, "continue": page.metadata.next}
        except Trouble as trouble:
            if trouble.word in ("forbidden", "not found", "error 400"):
                return None
            raise
        except msgspec.DecodeError as error:
            raise garbled(self._server.where) from error
