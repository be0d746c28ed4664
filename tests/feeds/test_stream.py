"""A stream holds what the server holds, through every kind of end; time is driven by hand and no socket is open."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import ClientPayloadError
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.store import PODS, PaperServer, Store, gone, pod
from hand import HandClock
from warroom.core.readings import Pod
from warroom.feeds import translate
from warroom.feeds.stream import Kind, Stream
from warroom.feeds.trouble import Trouble
from warroom.feeds.wire import EventWire, PodWire


def _kind(hand: HandClock) -> Kind[Pod]:
    shared = translate.Shared()
    return Kind("/api/v1", "pods", PodWire, lambda wire: translate.pod(wire, hand.of, shared))


@asynccontextmanager
async def streaming(server: PaperServer, hand: HandClock, chance: Callable[[], float] = lambda: 1.0) -> AsyncIterator[Stream[Pod]]:
    stream = Stream(server, _kind(hand), "shop", "", asyncio.Event(), hand.sleep, chance)  # type: ignore[arg-type]
    task = asyncio.create_task(stream.run())
    try:
        await hand.forward(0)
        yield stream
    finally:
        task.cancel()
        for answer in server.watches:
            answer.closed = True
        server.store._wake()
        with suppress(asyncio.CancelledError):
            await task


def _word(stream: Stream[Pod]) -> str:
    return stream.trouble.word if stream.trouble else ""


def _ready(stream: Stream[Pod]) -> dict[str, bool]:
    return {name: one.containers[0].ready for name, one in stream.kept.items()}


async def test_lists_then_follows(hand: HandClock) -> None:
    store = Store()
    store.put(PODS, pod("a"))
    store.put(PODS, pod("b"))
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        assert (list(stream.kept), stream.whole, stream.watching, stream.trouble) == (["shop/a", "shop/b"], True, True, None)
        store.put(PODS, pod("c"))
        store.put(PODS, pod("b", ready=False))
        store.delete(PODS, "shop/a")
        await hand.forward(0)
        assert _ready(stream) == {"shop/b": False, "shop/c": True}
    assert server.asked == ["list", "watch"]


async def test_pages_show_the_first_rows_at_once_and_how_far_it_is(hand: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.feeds.stream.PAGE", 2)
    store = Store()
    for name in "abcde":
        store.put(PODS, pod(name))
    server = PaperServer(store)
    server.one_by_one = False
    seen: list[tuple[int, str, bool]] = []
    stream: Stream[Pod] = Stream(server, _kind(hand), "shop", "", asyncio.Event(), hand.sleep, lambda: 1.0)  # type: ignore[arg-type]
    get = server.get

    async def noted(*args: Any, **more: Any) -> Any:
        seen.append((len(stream.kept), stream.progress, stream.whole))
        return await get(*args, **more)

    monkeypatch.setattr(server, "get", noted)
    task = asyncio.create_task(stream.run())
    await hand.forward(0)
    assert server.asked == ["list", "watch", "list", "list", "list", "watch"]
    assert seen == [(0, "", False), (2, "2 of 5", False), (2, "2 of 5", False), (2, "2 of 5", False), (2, "2 of 5", False), (5, "", True)]
    task.cancel()


@pytest.mark.parametrize("pieces", [0, 50])
async def test_a_long_list_goes_on_as_the_beginning_of_its_watch(hand: HandClock, monkeypatch: pytest.MonkeyPatch, pieces: int) -> None:
    monkeypatch.setattr("warroom.feeds.stream.PAGE", 2)
    store = Store()
    for name in "abcdefg":
        store.put(PODS, pod(name))
    server = PaperServer(store, pieces)
    shown: list[tuple[int, str]] = []
    monkeypatch.setattr(Stream, "_show_some", _noting(Stream._show_some, shown))
    async with streaming(server, hand) as stream:
        await hand.forward(0)
        assert server.asked == ["list", "watch"]
        assert shown == [(2, "2 of 7"), (6, "6 of 7")]
        assert (len(stream.kept), stream.whole, stream.watching, stream.progress) == (7, True, True, "")
        store.delete(PODS, "shop/a")
        await hand.forward(0)
        assert len(stream.kept) == 6
        store.oldest = store.version + 1
        server.end_watches()
        await hand.forward(5)
        store.oldest = 0
        await hand.forward(60)
        assert (len(stream.kept), stream.watching, stream.trouble) == (6, True, None)


def _noting(show: Callable[..., None], shown: list[tuple[int, str]]) -> Callable[..., None]:
    def noted(stream: Stream[Pod], seen: Mapping[str, Pod], progress: str) -> None:
        shown.append((len(seen), progress))
        show(stream, seen, progress)

    return noted


async def test_a_kind_that_has_all_fields_of_an_error_hears_that_its_version_is_gone(hand: HandClock) -> None:
    store = Store()
    store.put(PODS, pod("a"))
    server = PaperServer(store)
    stream: Stream[str] = Stream(
        server,  # type: ignore[arg-type]
        Kind("/api/v1", "pods", EventWire, lambda wire: wire.metadata.name),
        "shop",
        "",
        asyncio.Event(),
        hand.sleep,
        lambda: 1.0,
    )
    task = asyncio.create_task(stream.run())
    await hand.forward(0)
    store.oldest = store.version + 1
    server.end_watches()
    await hand.forward(5)
    store.oldest = 0
    await hand.forward(60)
    assert server.asked.count("list") > 1
    assert stream.watching
    task.cancel()


async def test_a_page_that_expires_starts_the_list_again(hand: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.feeds.stream.PAGE", 2)
    store = Store()
    for name in "abc":
        store.put(PODS, pod(name))
    server = PaperServer(store)
    get, calls = server.get, 0

    async def second_is_gone(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise gone()
        return await get(*args, **more)

    monkeypatch.setattr(server, "get", second_is_gone)
    async with streaming(server, hand) as stream:
        await hand.forward(1)
        assert (len(stream.kept), stream.whole) == (3, True)


async def test_a_bookmark_moves_the_version_and_changes_nothing(hand: HandClock) -> None:
    store = Store()
    store.put(PODS, pod("a"))
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        before = stream.edition
        store.bookmark(PODS)
        await hand.forward(0)
        assert stream.edition == before
        store.oldest = store.version  # what came before the bookmark is forgotten
        server.end_watches()
        await hand.forward(20)
        assert server.asked == ["list", "watch", "watch"]


async def test_the_in_stream_410_lists_again(hand: HandClock) -> None:
    store = Store()
    store.put(PODS, pod("a"))
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        server.mute = True
        server.end_watches()
        store.put(PODS, pod("b"))
        store.delete(PODS, "shop/a")
        store.oldest = store.version
        server.mute = False
        await hand.forward(3)
        assert list(stream.kept) == ["shop/b"]
        assert server.asked == ["list", "watch", "watch", "list", "watch"]
        assert stream.trouble is None


async def test_the_http_410_lists_again(hand: HandClock) -> None:
    store = Store()
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        server.refusals = [gone()]
        server.end_watches()
        await hand.forward(3)
        assert server.asked == ["list", "watch", "watch", "list", "watch"]
        assert stream.watching


async def test_a_server_that_ends_each_watch_is_not_hammered(hand: HandClock) -> None:
    server = PaperServer(Store())
    server.ends_each_watch = True
    async with streaming(server, hand, chance=lambda: 0.0):
        await hand.forward(10)
        assert 3 <= server.asked.count("watch") <= 10
        assert server.asked.count("list") == 1


async def test_a_cut_is_no_trouble_when_the_next_watch_opens(hand: HandClock) -> None:
    store = Store()
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        store.put(PODS, pod("a"))
        await hand.forward(0)
        server.watches[0].chunks.put_nowait(b'{"type": "ADDED", "obj')
        server.end_watches(ClientPayloadError("not enough data"))
        await hand.forward(0.2)
        assert (stream.watching, stream.trouble) == (False, None)
        await hand.forward(1)
        assert (stream.watching, list(stream.kept)) == (True, ["shop/a"])
        assert server.asked == ["list", "watch", "watch"]


async def test_trouble_is_kept_until_it_is_over(hand: HandClock) -> None:
    server = PaperServer(Store())
    server.refusals = [Trouble("forbidden", "user ada may not"), Trouble("overloaded", "429", retry_after=5.0)]
    async with streaming(server, hand) as stream:
        assert (_word(stream), stream.waits) == ("forbidden", 1.0)
        await hand.forward(1)
        assert (_word(stream), stream.waits) == ("overloaded", 5.0)  # the server wishes for more than we would wait
        await hand.forward(4.9)
        assert server.asked == ["list", "list"]
        await hand.forward(0.2)
        assert (_word(stream), stream.watching) == ("", True)


async def test_a_silent_watch_is_given_up(hand: HandClock) -> None:
    server = PaperServer(Store())
    server.mute = True
    async with streaming(server, hand) as stream:
        for _ in range(31):
            stream.beat(3.0)
        await hand.forward(0)
        assert server.asked == ["list", "watch", "list", "watch"]


async def test_asking_again_does_not_wait(hand: HandClock) -> None:
    server = PaperServer(Store())
    server.refusals = [ConnectionRefusedError(111, "refused")] * 6
    async with streaming(server, hand) as stream:
        await hand.forward(60)
        tried = len(server.asked)
        server.refusals = []
        stream.ask_again()
        await hand.forward(0)
        assert server.asked[tried:] == ["list", "watch"]


async def test_a_probe_without_answer_is_the_end_of_a_watch(hand: HandClock) -> None:
    server = PaperServer(Store())
    async with streaming(server, hand) as stream:
        stream.lost(Trouble("no answer", "it refuses connections"))
        server.refusals = [ConnectionRefusedError(111, "refused")]
        await hand.forward(0)
        assert (stream.watching, str(stream.trouble)) == (False, "no answer\nit refuses connections")
        await hand.forward(1)
        assert "paper:6443 refuses connections" in str(stream.trouble)
        stream.resume()
        await hand.forward(0)
        assert (stream.watching, stream.trouble) == (True, None)


async def test_one_bad_byte_spoils_one_character(hand: HandClock) -> None:
    store = Store()
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        thing = pod("a", message="caf#")
        thing["metadata"]["resourceVersion"] = "200"
        store.say(PODS, json.dumps({"type": "ADDED", "object": thing}).encode().replace(b"#", b"\xff") + b"\n")
        await hand.forward(0)
        assert stream.kept["shop/a"].message == "caf\ufffd"
        assert server.asked == ["list", "watch"]


@pytest.mark.parametrize("line", [b"<html>502</html>\n", b'{"type": "ADDED", "object": {"metadata": []}}\n', b"\x00\n", b'{"type"\n'])
async def test_garbage_is_told_and_the_list_is_asked_again(hand: HandClock, line: bytes) -> None:
    store = Store()
    store.put(PODS, pod("a"))
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        store.say(PODS, line)
        await hand.forward(0)
        assert _word(stream) == "not understood"
        assert list(stream.kept) == ["shop/a"]
        await hand.forward(1)
        assert (_word(stream), stream.watching) == ("", True)


async def test_an_unknown_error_in_the_stream_is_told(hand: HandClock) -> None:
    store = Store()
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        store.say(PODS, b'{"type": "ERROR", "object": {"status": "Failure", "message": "etcd is gone", "code": 500}}\n')
        await hand.forward(0)
        assert stream.trouble is not None
        assert (stream.trouble.word, stream.trouble.lines[0]) == ("error 500", "https://paper:6443 ended the watch: etcd is gone")


async def test_a_huge_object_in_small_pieces(hand: HandClock) -> None:
    store = Store()
    server = PaperServer(store, pieces=65_536)
    async with streaming(server, hand) as stream:
        store.put(PODS, pod("a", message="x" * 5_000_000))
        await hand.forward(0)
        await hand.forward(0)
        assert len(stream.kept["shop/a"].message) == 5_000_000


async def test_what_did_not_change_is_the_same_object_after_a_list(hand: HandClock) -> None:
    store = Store()
    store.put(PODS, pod("a"))
    server = PaperServer(store)
    async with streaming(server, hand) as stream:
        held, edition = stream.kept["shop/a"], stream.edition
        stream.ask_again()
        await hand.forward(0)
        assert server.asked == ["list", "watch", "list", "watch"]
        assert stream.kept["shop/a"] is held
        assert stream.edition == edition


STEPS = st.sampled_from(["put", "put", "spoil", "delete", "bookmark", "end", "cut", "forget", "refuse", "later"])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(STEPS, st.integers(0, 4)), max_size=25), st.sampled_from([0, 7, 300]), st.sampled_from([2, 500]), st.booleans())
def test_any_night_ends_in_what_the_server_holds(steps: list[tuple[str, int]], pieces: int, page: int, one_by_one: bool) -> None:
    async def night() -> None:
        hand, store = HandClock(), Store()
        server = PaperServer(store, pieces)
        server.one_by_one = one_by_one
        store.put(PODS, pod("p0"))
        async with streaming(server, hand) as stream:
            for step, n in steps:
                if step in ("put", "spoil"):
                    store.put(PODS, pod(f"p{n}", ready=step == "put"))
                elif step == "delete" and f"shop/p{n}" in store.objects[PODS]:
                    store.delete(PODS, f"shop/p{n}")
                elif step == "bookmark":
                    store.bookmark(PODS)
                elif step == "end":
                    server.end_watches()
                elif step == "cut":
                    server.end_watches(ClientPayloadError("cut"))
                elif step == "forget":
                    store.oldest = store.version
                elif step == "refuse":
                    server.refusals.append(ConnectionResetError(104, "reset"))
                elif step == "later":
                    await hand.forward(n)
            await hand.forward(300)
            held = {name: thing["status"]["containerStatuses"][0]["ready"] for name, thing in store.objects[PODS].items()}
            assert _ready(stream) == held
            assert (stream.watching, stream.trouble, stream.whole) == (True, None, True)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("warroom.feeds.stream.PAGE", page)
        asyncio.run(night())


async def test_a_change_that_shows_nothing_new_is_no_news(hand: HandClock) -> None:
    store = Store()
    store.put(PODS, pod("a"))
    async with streaming(PaperServer(store), hand) as stream:
        before, edition = stream.kept["shop/a"], stream.edition
        store.put(PODS, pod("a", ready=False))
        await hand.forward(0)
        moved = stream.kept["shop/a"]
        store.put(PODS, pod("a", ready=False))
        await hand.forward(0)
        assert (stream.edition, stream.kept["shop/a"]) == (edition + 1, moved)
        assert stream.kept["shop/a"] is moved is not before
