"""What the health addresses of the runbook answer: in each ready pod, and from this machine."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from warroom.core.endpoints import Endpoints, Inside, belongs
from warroom.core.pods import is_ready
from warroom.core.readings import Health, Pod
from warroom.feeds.pods import known_pods, proxy_path
from warroom.feeds.polled import Polled
from warroom.feeds.promql import loopback
from warroom.feeds.source import Source
from warroom.feeds.trouble import Trouble, one_line

ANSWERS_WITHIN = 5.0
AT_ONCE = 8
MOST_AT_ONCE = 40
"""Questions of one round; with more pods they take turns, and each answer keeps its own age."""
MOST_BYTES, SHOWN = 4096, 400
DRILL = "a drill asks only this machine"


class HealthFeed(Polled[tuple[Health, ...]]):
    """`public` are addresses asked from here; in a drill only those of this machine are."""

    field = "health"
    seconds = 10.0

    def __init__(
        self,
        source: Source,
        endpoints: Callable[[], Endpoints],
        public: Callable[[Endpoints], Sequence[str]],
        drill: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(source)
        self._endpoints, self._public, self._drill = endpoints, public, drill
        self._client: Any = None
        self._known: dict[tuple[str, str], Health] = {}
        self._turn = 0

    async def ask(self) -> tuple[Health, ...]:
        endpoints = await asyncio.to_thread(self._endpoints)
        public, inside = tuple(self._public(endpoints)), endpoints.of("health")
        if not public and not inside:
            raise Trouble("no address", "the runbook has no command that asks for health", "set health.public to an address")
        asked = await self._pods(inside) if inside else []
        keys = [(url, _path(url)) for url in public] + [(pod.key, each.path) for pod, each in asked]
        turns = asyncio.Semaphore(AT_ONCE)
        answers = await asyncio.gather(
            *(self._from_here(url) for url in public), *(self._in_pod(pod, each, turns) for pod, each in self._some(asked))
        )
        self._known |= {(each.target, each.endpoint): each for each in answers}
        self._known = {key: self._known[key] for key in keys if key in self._known}
        return tuple(self._known.values())

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _pods(self, inside: Sequence[Inside]) -> list[tuple[Pod, Inside]]:
        """Without a cluster the public address is asked all the same."""
        try:
            pods = await known_pods(self._source)
        except Trouble:
            if self._public(await asyncio.to_thread(self._endpoints)):
                return []
            raise
        return [
            (pod, each) for pod in sorted(pods, key=lambda pod: pod.key) if is_ready(pod) for each in inside if belongs(pod, each.workload)
        ]

    def _some(self, asked: list[tuple[Pod, Inside]]) -> list[tuple[Pod, Inside]]:
        if len(asked) <= MOST_AT_ONCE:
            return asked
        start = self._turn % len(asked)
        self._turn = start + MOST_AT_ONCE
        return (asked[start:] + asked[:start])[:MOST_AT_ONCE]

    async def _in_pod(self, pod: Pod, inside: Inside, turns: asyncio.Semaphore) -> Health:
        loop = asyncio.get_running_loop()
        async with turns:
            began = loop.time()
            status, body, trouble = None, b"", ""
            try:
                what = f"get pods/proxy in namespace {pod.namespace}"
                answer = await self._source.server.through(proxy_path(pod, inside), what, seconds=ANSWERS_WITHIN, most=MOST_BYTES)
                status, body = answer.status, answer.body
            except Trouble as told:
                trouble = f"{told.word}: {told.lines[0]}" if told.lines else told.word
            return self._heard(pod.key, inside.path, status, loop.time() - began, body, trouble)

    async def _from_here(self, url: str) -> Health:
        if self._drill() and not loopback(url):
            return self._heard(url, _path(url), None, 0.0, b"", DRILL)
        import httpx2

        loop = asyncio.get_running_loop()
        if self._client is None:
            # Certificates of the system are read, so not on the loop.
            self._client = await asyncio.to_thread(_client, not loopback(url))
        began = loop.time()
        status, body, trouble = None, b"", ""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN), self._client.stream("GET", url) as answer:
                status = answer.status_code
                with suppress(httpx2.HTTPError):
                    body = await _first(answer)
        except TimeoutError:
            trouble = f"no answer within {ANSWERS_WITHIN:g} s"
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            trouble = one_line(str(error)) or type(error).__name__
        return self._heard(url, _path(url), status, loop.time() - began, body, trouble)

    def _heard(self, target: str, endpoint: str, status: int | None, seconds: float, body: bytes, trouble: str) -> Health:
        text = body.decode("utf-8", "replace")[:SHOWN]
        return Health(target, endpoint, status, seconds, self._source.clock.now(), trouble, text)


def _client(trust_env: bool) -> Any:
    """A redirect is an answer: followed, it would pass a login page for health."""
    import httpx2

    return httpx2.AsyncClient(timeout=ANSWERS_WITHIN, follow_redirects=False, trust_env=trust_env, headers={"User-Agent": "warroom"})


async def _first(answer: Any) -> bytes:
    body = b""
    async for part in answer.aiter_bytes():
        body += part
        if len(body) >= MOST_BYTES:
            break
    return body


def _path(url: str) -> str:
    return urlsplit(url).path or "/"
