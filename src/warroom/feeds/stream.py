"""List and watch one kind of object in one namespace: what is there, kept up to date through every kind of end."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from warroom.core.ports import Sleep
from warroom.feeds.server import Server, garbled
from warroom.feeds.supervise import Backoff, until
from warroom.feeds.trouble import Gone, Trouble, classify
from warroom.feeds.wire import Change, Page, Status

V = TypeVar("V")
PAGE = 500
AT_ONCE = 100
"""Objects translated in one step of the loop."""
SILENT_SECONDS = 90.0
"""A server sends a bookmark about every minute: a watch without one for this long is dead."""
HEALTHY_SECONDS = 30.0
ALL = "*"


@dataclass(frozen=True, slots=True)
class Kind(Generic[V]):
    """A kind of object: where it is, how its JSON is read and what becomes of it."""

    prefix: str
    plural: str
    wire: type[Any]
    translate: Callable[[Any], V]
    labelled: bool = True
    """Whether the selector applies."""

    def path(self, namespace: str) -> str:
        if namespace == ALL:
            return f"{self.prefix}/{self.plural}"
        return f"{self.prefix}/namespaces/{quote(namespace, safe='')}/{self.plural}"

    def wish(self, verb: str, namespace: str) -> str:
        group = ".apps" if "/apps/" in self.prefix else ""
        where = "in all namespaces" if namespace == ALL else f"in namespace {namespace}"
        return f"{verb} {self.plural}{group} {where}"


class Stream(Generic[V]):
    """`kept` by `namespace/name`; `changed` is set on news of any sort. `run` never ends."""

    def __init__(
        self,
        server: Server,
        kind: Kind[V],
        namespace: str,
        selector: str,
        changed: asyncio.Event,
        sleep: Sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.kept: dict[str, V] = {}
        self.edition = 0
        """Grows when `kept` changes."""
        self.whole = False
        """Whether a list was ever read to its end."""
        self.watching = False
        self.trouble: Trouble | None = None
        self.progress = ""
        self.waits = 0.0
        """Seconds until it asks again, as last decided."""
        self._server, self._kind, self._namespace, self._selector = server, kind, namespace, selector
        self._changed, self._sleep, self._chance = changed, sleep, chance
        self._versions: dict[str, str] = {}
        self._version = ""
        self._again = asyncio.Event()
        self._silent = 0.0
        self._lasted = 0.0
        self._pages = msgspec.json.Decoder(Page[kind.wire])  # type: ignore[name-defined]
        self._changes = msgspec.json.Decoder(Change[kind.wire])  # type: ignore[name-defined]
        self._raw = msgspec.json.Decoder(Change[msgspec.Raw])
        self._one = msgspec.json.Decoder(kind.wire)

    def ask_again(self) -> None:
        """Lists anew, now."""
        self._version = ""
        self._again.set()

    def resume(self) -> None:
        """The server is back: an end to waiting."""
        if not self.watching:
            self._again.set()

    def lost(self, trouble: Trouble) -> None:
        """The server does not answer a probe, so an open watch proves nothing."""
        if self.watching:
            self._fail(trouble)
            self._again.set()

    def beat(self, seconds: float) -> None:
        """Real time passed while watching."""
        if self.watching:
            self._lasted += seconds
            self._silent += seconds
            if self._silent > SILENT_SECONDS:
                self.ask_again()

    async def run(self) -> None:
        backoff = Backoff(self._chance)
        while True:
            self._again.clear()
            self._lasted = 0.0
            wish = 0.0
            try:
                if not self._version:
                    await self._list()
                await until(self._again, self._watch())
            except Gone:
                self._version = ""
            except Exception as error:  # whatever the server or the network does, the last good value stays
                trouble = classify(error, self._server.where)
                self._fail(trouble)
                wish = trouble.retry_after
            self.watching = False
            if self._again.is_set() and not self.trouble:
                continue
            if self._lasted > HEALTHY_SECONDS:
                backoff.rest()
            wait = max(backoff.next(), wish)
            self._again.clear()
            self.waits = wait
            await until(self._again, self._sleep(wait))

    def _fail(self, trouble: Trouble) -> None:
        self.trouble = trouble
        self.watching = False
        self._changed.set()

    # List

    async def _list(self) -> None:
        """Every page, the rows of the first at once; what was there before stays until all of them are in."""
        seen: dict[str, V] = {}
        versions: dict[str, str] = {}
        query = {"limit": str(PAGE), **self._selected()}
        body, shown = await self._body(query), 0
        while True:
            page = self._page(body)
            # The server makes the next page while this one is translated.
            coming = asyncio.create_task(self._body({**query, "continue": page.metadata.next})) if page.metadata.next else None
            try:
                for place, wire in enumerate(page.items or ()):
                    self._take(wire, seen, versions)
                    if place % AT_ONCE == AT_ONCE - 1:
                        await asyncio.sleep(0)
                if coming is None:
                    break
                # Whoever shows the rows sorts all of them each time: so only when they have become half as many more.
                if not self.whole and len(seen) >= shown * 1.5:
                    rest, shown = page.metadata.remaining_item_count, len(seen)
                    self.kept, self.progress = dict(seen), f"{shown:,} of {shown + rest:,}" if rest is not None else f"{shown:,}"
                    self.edition += 1
                    self._changed.set()
                body = await coming
            finally:
                if coming is not None and not coming.done():
                    coming.cancel()
        if versions != self._versions or not self.whole:
            self.edition += 1
        self.kept, self._versions, self._version = seen, versions, page.metadata.resource_version
        self.whole, self.progress, self.trouble = True, "", None
        self._changed.set()

    async def _body(self, query: Mapping[str, str]) -> bytes:
        """One page as it comes."""
        response = await self._server.get(self._kind.path(self._namespace), query, self._kind.wish("list", self._namespace))
        body: bytes = await response.read()
        return body

    def _take(self, wire: Any, seen: dict[str, V], versions: dict[str, str]) -> None:
        meta = wire.metadata
        key = f"{meta.namespace}/{meta.name}"
        known = self.kept.get(key)
        if known is None or self._versions.get(key) != meta.resource_version:
            known = self._kind.translate(wire)
        seen[key] = known
        versions[key] = meta.resource_version

    def _page(self, body: bytes) -> Page[Any]:
        try:
            return self._pages.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
        try:
            return self._pages.decode(_mended(body))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise garbled(self._server.where) from error

    def _selected(self) -> dict[str, str]:
        return {"labelSelector": self._selector} if self._selector and self._kind.labelled else {}

    # Watch

    async def _watch(self) -> None:
        """Returns at a clean end, and at a cut: both are asked again from the last version."""
        seconds = 240 + 60 * self._chance()
        query = {
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(int(seconds)),
            **self._selected(),
        }
        wish = self._kind.wish("watch", self._namespace)
        response = await self._server.get(self._kind.path(self._namespace), query, wish, read=seconds + 30)
        self.watching, self.trouble, self._silent = True, None, 0.0
        self._changed.set()
        rest: list[bytes] = []
        try:
            async for chunk in response.content.iter_any():
                self._silent = 0.0
                cut = chunk.rfind(b"\n") + 1
                if not cut:
                    rest.append(chunk)
                    continue
                lines = b"".join([*rest, chunk[:cut]])
                rest = [chunk[cut:]] if cut < len(chunk) else []
                self._apply(lines)
        except Exception as error:
            if not _is_cut(error):
                raise
        finally:
            response.close()

    def _apply(self, lines: bytes) -> None:
        try:
            changes = self._changes.decode_lines(lines)
        except (msgspec.DecodeError, UnicodeDecodeError):
            changes = [change for line in lines.splitlines() if line and (change := self._change(line))]
        before = self.edition
        for change in changes:
            meta = change.object.metadata
            if change.type == "BOOKMARK":
                self._version = meta.resource_version or self._version
                continue
            key = f"{meta.namespace}/{meta.name}"
            if change.type == "DELETED":
                if self.kept.pop(key, None) is not None:
                    self._versions.pop(key, None)
                    self.edition += 1
            elif change.type in ("ADDED", "MODIFIED"):
                if self._versions.get(key) != meta.resource_version:
                    value = self._kind.translate(change.object)
                    self._versions[key] = meta.resource_version
                    # Most changes of a busy cluster are in fields that nobody here looks at.
                    if value != self.kept.get(key):
                        self.kept[key] = value
                        self.edition += 1
            else:
                continue
            self._version = meta.resource_version or self._version
        if self.edition != before:
            self._changed.set()

    def _change(self, line: bytes) -> Change[Any]:
        """A line that the fast way did not take: an error of the server, or text that is not UTF-8."""
        try:
            line = _mended(line)
            raw = self._raw.decode(line)
            if raw.type != "ERROR":
                return Change(raw.type, self._one.decode(raw.object))
            status = msgspec.json.decode(raw.object, type=Status)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._version = ""
            raise garbled(self._server.where) from error
        if status.code in (410, 504):
            raise Gone(status.message)
        self._version = ""
        raise Trouble(f"error {status.code}", f"{self._server.where} ended the watch: {status.message}")


def _mended(text: bytes) -> bytes:
    return text.decode("utf-8", "replace").encode()


def _is_cut(error: Exception) -> bool:
    """Whether a connection broke in the middle; its library is loaded by then."""
    from aiohttp import ClientError

    return isinstance(error, OSError | TimeoutError | ClientError)
