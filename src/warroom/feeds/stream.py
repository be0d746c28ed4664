"""List and watch one kind of object in one namespace: what is there, kept up to date through every kind of end."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from warroom.core.ports import Sleep
from warroom.feeds.arriving import Arriving
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
REFUSES_INITIAL = ("error 400", "error 422")
INITIAL_END = b'"k8s.io/initial-events-end"'


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
        self._one_by_one = True
        """Whether the server can give a long list as the beginning of a watch; it is asked to until it refuses."""
        self._arriving: Arriving[V] | None = None
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
        if self.watching or self._arriving is not None:
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
            self.watching, self._arriving = False, None
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
        """Every page, the rows of the first at once; what was there before stays until all of them are in.

        Where the server can, what is not on the first page comes with the watch, from its memory: it reads each further page from its disk.
        """
        arriving = Arriving(self._translated, self._show_some)
        query = {"limit": str(PAGE), **self._selected()}
        body = await self._body(query)
        while True:
            page = self._page(body)
            more = page.metadata.next
            # The server makes the next page while this one is translated.
            coming = asyncio.create_task(self._body({**query, "continue": more})) if more and not self._one_by_one else None
            try:
                for place, wire in enumerate(page.items or ()):
                    arriving.take(wire)
                    if place % AT_ONCE == AT_ONCE - 1:
                        await asyncio.sleep(0)
                if more:
                    arriving.page_ends(page.metadata.remaining_item_count)
                if more and self._one_by_one:
                    self._arriving = arriving
                    return
                if coming is None:
                    break
                body = await coming
            finally:
                if coming is not None and not coming.done():
                    coming.cancel()
        self._arrived(arriving, page.metadata.resource_version)

    def _arrived(self, arriving: Arriving[V], version: str) -> None:
        if arriving.versions != self._versions or not self.whole:
            self.edition += 1
        self.kept, self._versions, self._version = arriving.seen, arriving.versions, version
        self.whole, self.progress, self.trouble = True, "", None
        self._changed.set()

    async def _body(self, query: Mapping[str, str]) -> bytes:
        """One page as it comes."""
        response = await self._server.get(self._kind.path(self._namespace), query, self._kind.wish("list", self._namespace))
        body: bytes = await response.read()
        return body

    def _translated(self, wire: Any, key: str) -> V:
        """What did not change stays the same object."""
        known = self.kept.get(key)
        if known is None or self._versions.get(key) != wire.metadata.resource_version:
            known = self._kind.translate(wire)
        return known

    def _show_some(self, seen: Mapping[str, V], progress: str) -> None:
        if not self.whole:
            self.kept, self.progress = dict(seen), progress
            self.edition += 1
            self._changed.set()

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
        query = {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": str(int(seconds)), **self._selected()}
        if self._arriving is not None:
            query |= {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan"}
        else:
            query["resourceVersion"] = self._version
        wish = self._kind.wish("watch", self._namespace)
        try:
            response = await self._server.get(self._kind.path(self._namespace), query, wish, read=seconds + 30)
        except Trouble as trouble:
            if self._arriving is None or trouble.word not in REFUSES_INITIAL:
                raise
            self._one_by_one = False  # it lists by pages alone
            self._again.set()
            return
        self._silent = 0.0
        if self._arriving is None:
            self._opened()
        else:
            self._arriving.anew()
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

    def _opened(self) -> None:
        self.watching, self.trouble = True, None
        self._changed.set()

    def _apply(self, lines: bytes) -> None:
        try:
            changes = self._changes.decode_lines(lines)
        except (msgspec.DecodeError, UnicodeDecodeError):
            changes = [self._change(line) for line in lines.splitlines() if line]
        if any(change.type == "ERROR" for change in changes):  # a kind that has all fields of an error decodes as one
            changes = [self._change(line) for line in lines.splitlines() if line]
        before, ends = self.edition, INITIAL_END in lines
        for change in changes:
            if (arriving := self._arriving) is None:
                self._follow(change)
            elif change.type == "BOOKMARK" and ends:
                self._arriving = None
                self._arrived(arriving, change.object.metadata.resource_version)
                self._opened()
            else:
                arriving.change(change)
        if self.edition != before:
            self._changed.set()

    def _follow(self, change: Change[Any]) -> None:
        meta = change.object.metadata
        if change.type == "BOOKMARK":
            self._version = meta.resource_version or self._version
            return
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
            return
        self._version = meta.resource_version or self._version

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
