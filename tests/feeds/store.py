"""A small cluster for the feeds' tests: its objects, its versions, and what a list and a watch of them say."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from warroom.feeds.trouble import Gone, Trouble

PODS = "/api/v1/namespaces/shop/pods"
Json = dict[str, Any]


def pod(name: str, namespace: str = "shop", ready: bool = True, **status: Any) -> Json:
    state = {"running": {"startedAt": "2026-02-03T02:00:00Z"}}
    return {
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": f"uid-{name}",
            "creationTimestamp": "2026-02-03T02:00:00Z",
            "labels": {"app": "shop", "pod-template-hash": "7d9f"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "shop-7d9f", "uid": "rs", "controller": True}],
        },
        "spec": {"nodeName": "node-1", "containers": [{"name": "server", "image": "shop/server:2.8.0"}]},
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": "server", "ready": ready, "restartCount": 0, "image": "shop/server:2.8.0", "state": state}],
            **status,
        },
    }


class Store:
    """Every path holds objects by namespace and name; every change gets the next version."""

    def __init__(self) -> None:
        self.version = 100
        self.oldest = 0
        """A watch from before this is told 410."""
        self.objects: dict[str, dict[str, Json]] = {}
        self.log: list[tuple[int, str, bytes]] = []
        self.news = asyncio.Event()

    def put(self, path: str, thing: Json) -> None:
        self.version += 1
        held = self.objects.setdefault(path, {})
        name = f"{thing['metadata']['namespace']}/{thing['metadata']['name']}"
        thing["metadata"]["resourceVersion"] = str(self.version)
        self._tell(path, "MODIFIED" if name in held else "ADDED", thing)
        held[name] = thing

    def delete(self, path: str, name: str) -> None:
        thing = self.objects[path].pop(name)
        self.version += 1
        thing["metadata"]["resourceVersion"] = str(self.version)
        self._tell(path, "DELETED", thing)

    def bookmark(self, path: str) -> None:
        self.version += 1
        empty = {"metadata": {"resourceVersion": str(self.version), "creationTimestamp": None}, "spec": {"containers": None}, "status": {}}
        self._tell(path, "BOOKMARK", empty)

    def say(self, path: str, line: bytes) -> None:
        """Any bytes at all, to those who watch."""
        self.version += 1
        self.log.append((self.version, path, line))
        self._wake()

    def _tell(self, path: str, kind: str, thing: Json) -> None:
        self.log.append((self.version, path, json.dumps({"type": kind, "object": thing}).encode() + b"\n"))
        self._wake()

    def _wake(self) -> None:
        self.news.set()
        self.news = asyncio.Event()

    def page(self, path: str, query: Mapping[str, str]) -> bytes:
        things = [self.objects.get(path, {})[name] for name in sorted(self.objects.get(path, {}))]
        begin = int(query.get("continue") or 0)
        limit = int(query.get("limit") or 0) or len(things)
        rest = len(things) - begin - limit
        meta: Json = {"resourceVersion": str(self.version)}
        if rest > 0:
            meta |= {"continue": str(begin + limit), "remainingItemCount": rest}
        return json.dumps({"metadata": meta, "items": things[begin : begin + limit]}).encode()

    def initial(self, path: str) -> bytes:
        """All there is as the beginning of a watch, and the mark where that ends."""
        things = [self.objects.get(path, {})[name] for name in sorted(self.objects.get(path, {}))]
        mark = {"resourceVersion": str(self.version), "annotations": {"k8s.io/initial-events-end": "true"}}
        lines = [*({"type": "ADDED", "object": thing} for thing in things), {"type": "BOOKMARK", "object": {"metadata": mark}}]
        return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)

    def lines(self, path: str, after: int) -> list[tuple[int, bytes]]:
        return [(version, line) for version, where, line in self.log if where == path and version > after]

    def expired(self, after: int) -> bytes:
        if after >= self.oldest:
            return b""
        status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Expired", "code": 410}
        return json.dumps({"type": "ERROR", "object": status}).encode() + b"\n"


class Answer:
    """What the client library's answer is to a stream: a body, or chunks until the end."""

    def __init__(self, body: bytes = b"") -> None:
        self.body = body
        self.chunks: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()
        self.closed = False
        self.content = self

    async def read(self) -> bytes:
        return self.body

    async def iter_any(self) -> AsyncIterator[bytes]:
        while (chunk := await self.chunks.get()) is not None:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    def close(self) -> None:
        self.closed = True


class PaperServer:
    """Stands for feeds.server.Server without a socket. `pieces` cuts what a watch says into chunks of that size."""

    where = "https://paper:6443"

    def __init__(self, store: Store, pieces: int = 0) -> None:
        self.store, self.pieces = store, pieces
        self.asked: list[str] = []
        self.refusals: list[Exception] = []
        """Raised for the next requests, in order."""
        self.watches: list[Answer] = []
        self.ends_each_watch = False
        self.mute = False
        """Watches are open and say nothing."""
        self.one_by_one = True
        """Whether a watch may begin with all that there is."""

    async def get(self, path: str, query: Mapping[str, str], what: str, *, read: float | None = 20.0) -> Answer:
        self.asked.append("watch" if query.get("watch") else "list")
        if self.refusals:
            raise self.refusals.pop(0)
        if not query.get("watch"):
            return Answer(self.store.page(path, query))
        if "sendInitialEvents" in query and not self.one_by_one:
            raise Trouble("error 422", "sendInitialEvents is forbidden for watch")
        answer = Answer()
        self.watches.append(answer)
        if self.ends_each_watch:
            answer.chunks.put_nowait(None)
        elif not self.mute:
            answer.told = asyncio.create_task(self._begin(path, query, answer))  # type: ignore[attr-defined]
        return answer

    async def _begin(self, path: str, query: Mapping[str, str], answer: Answer) -> None:
        after = int(query.get("resourceVersion", self.store.version))
        if "sendInitialEvents" in query:
            self._say(answer, self.store.initial(path))
        await self._tell(path, after, answer)

    def _say(self, answer: Answer, text: bytes) -> None:
        for begin in range(0, len(text), self.pieces or len(text) or 1):
            answer.chunks.put_nowait(text[begin : begin + (self.pieces or len(text))])

    async def _tell(self, path: str, after: int, answer: Answer) -> None:
        if gone := self.store.expired(after):
            answer.chunks.put_nowait(gone)
            answer.chunks.put_nowait(None)
            return
        while not answer.closed:
            news = self.store.news
            told = self.store.lines(path, after)
            after = told[-1][0] if told else after
            self._say(answer, b"".join(line for _, line in told))
            await news.wait()

    def end_watches(self, how: Exception | None = None) -> None:
        for answer in self.watches:
            answer.chunks.put_nowait(how)


def gone() -> Exception:
    return Gone("too old resource version")
