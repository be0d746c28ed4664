"""The one HTTP client of the channels that speak plain JSON."""

from collections.abc import Mapping
from typing import Any

from warroom.channels.answers import broken, said
from warroom.channels.loopback import is_loopback
from warroom.core.outbox import Service
from warroom.core.ports import Failed

PATIENCE = 10.0
"""Seconds for a whole request."""
MOST_BYTES = 4_000_000


class Web:
    """Opens its clients at the first request: what is never sent costs nothing. No redirect is followed, so what a drill may
    reach is what was checked."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._clients: dict[bool, Any] = {}

    def client(self, url: str) -> Any:
        import httpx2

        here = is_loopback(url)
        if here not in self._clients:  # a proxy of the environment must not carry away what stays on this machine
            self._clients[here] = httpx2.AsyncClient(
                timeout=self.patience, follow_redirects=False, trust_env=not here, headers={"User-Agent": "warroom"}
            )
        return self._clients[here]

    async def ask(
        self, service: Service, method: str, url: str, headers: Mapping[str, str], *, json: Any = None, params: Any = None
    ) -> "Answer | Failed":
        """The document of a success; why there is none otherwise."""
        import asyncio

        import httpx2

        try:
            async with asyncio.timeout(self.patience):
                response = await self.client(url).request(method, url, headers=dict(headers), json=json, params=params)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            return broken(service, error)
        if not response.is_success:
            return said(service, response.status_code, response.headers, words(response))
        try:
            return Answer(response.json(), response.headers)
        except ValueError:
            return Failed(f"{url.partition('?')[0]} answers with something that is no JSON: correct the address", unsure=True)

    async def close(self) -> None:
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()


class Answer:
    def __init__(self, document: Any, headers: Mapping[str, str]) -> None:
        self.document, self.headers = document, headers


def words(response: Any) -> str:
    """What a service says about its refusal."""
    from warroom.channels.answers import part

    try:
        document = response.json()
    except ValueError:
        return str(response.text)
    for path in (("error", "message"), ("message",), ("error",)):
        found = part(document, *path)
        if isinstance(found, str):
            return found
        if isinstance(found, list):
            return "; ".join(str(one) for one in found)
    return ""
