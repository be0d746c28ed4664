"""What health addresses answer, and who is never asked."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from feeds.behind import PODS, Behind, Said, pod, source_on
from hand import HandClock
from warroom.core.endpoints import Endpoints, Inside
from warroom.core.readings import Health, Pod, Reading
from warroom.feeds import health
from warroom.feeds.health import MOST_AT_ONCE, HealthFeed
from warroom.feeds.trouble import Trouble

HEALTH = Inside("health", "deployment/web", "http", 8000, "/health")
DATABASE = Inside("health", "deployment/web", "http", 8000, "/health/db")


def at(name: str, path: str = "/health") -> str:
    return f"{PODS}/{name}:8000/proxy{path}"


@asynccontextmanager
async def feed_on(
    api: Behind,
    folder: Path,
    hand: HandClock,
    *pods: Pod,
    inside: tuple[Inside, ...] = (HEALTH,),
    public: Sequence[str] = (),
    drill: bool = False,
) -> AsyncIterator[HealthFeed]:
    async with source_on(api, folder, hand, *pods) as source:
        feed = HealthFeed(source, lambda: Endpoints(inside), lambda _: public, lambda: drill)
        try:
            yield feed
        finally:
            await feed.close()


def told(found: tuple[Health, ...]) -> list[tuple[str, str, int | None]]:
    return [(each.target, each.endpoint, each.status) for each in found]


async def test_each_ready_pod_is_asked_for_each_address(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers = {
        at("a"): Said('{"status":"ok"}'),
        at("a", "/health/db"): Said('{"status":"degraded"}', 503),
        at("b"): Said("no", 500),
        at("b", "/health/db"): Said("", 302, {"Location": "/login"}),
    }
    pods = (pod("b"), pod("a"), pod("c", ready=False), pod("db-0", owner="StatefulSet/db"))
    async with feed_on(behind, tmp_path, hand, *pods, inside=(HEALTH, DATABASE)) as feed:
        found = await feed.ask()
    assert told(found) == [
        ("shop/a", "/health", 200),
        ("shop/a", "/health/db", 503),
        ("shop/b", "/health", 500),
        ("shop/b", "/health/db", 302),
    ]
    assert [each.body for each in found] == ['{"status":"ok"}', '{"status":"degraded"}', "no", ""]
    assert all(each.trouble == "" and each.seconds > 0 and each.at == hand.now() for each in found)


async def test_no_answer_is_told_in_the_api_servers_words(
    behind: Behind, tmp_path: Path, hand: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind.refuse(at("a"), 503, "error trying to reach service: dial tcp 10.0.0.7:8000: connect: connection refused")
    async with feed_on(behind, tmp_path, hand, pod("a"), pod("b")) as feed:
        await feed.ask()  # logged in, and all is loaded
        behind.hangs = {at("b")}
        monkeypatch.setattr(health, "ANSWERS_WITHIN", 2.0)
        refused, silent = await feed.ask()
    assert refused.status is None
    assert "connection refused" in refused.trouble
    assert silent.status is None
    assert silent.trouble.startswith("no answer: ")


async def test_a_pods_own_json_is_no_word_of_the_api_server(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers = {at("a"): Said('{"kind":"Widget","status":"down"}', 503, {"Content-Type": "application/json"})}
    async with feed_on(behind, tmp_path, hand, pod("a")) as feed:
        (found,) = await feed.ask()
    assert (found.status, found.trouble) == (503, "")


async def test_the_public_address_is_asked_from_here(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    url = f"http://127.0.0.1:{behind.port}/public/health"
    behind.token = ""  # whoever asks from outside has none
    async with feed_on(behind, tmp_path, hand, inside=(), public=(url,)) as feed:
        (refused,) = await feed.ask()
        assert (refused.target, refused.endpoint, refused.status) == (url, "/public/health", 401)
        await behind.stop()
        (gone,) = await feed.ask()
    assert gone.status is None
    assert gone.trouble != ""


async def test_a_drill_asks_only_this_machine(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    here = f"http://127.0.0.1:{behind.port}/health"
    async with feed_on(behind, tmp_path, hand, inside=(), public=("https://api.shop.invalid/health", here), drill=True) as feed:
        away, near = await feed.ask()
    assert (away.status, away.trouble) == (None, "a drill asks only this machine")
    assert near.status == 401  # it was asked, without credentials


async def test_many_pods_take_turns_and_none_is_forgotten(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    names = [f"web-{n:03}" for n in range(MOST_AT_ONCE + 20)]
    behind.answers = {at(name): Said("ok") for name in names}
    async with feed_on(behind, tmp_path, hand, *(pod(name) for name in names)) as feed:
        assert len(await feed.ask()) == MOST_AT_ONCE
        await hand.forward(10)
        found = await feed.ask()
        assert [each.target for each in found] == [f"shop/{name}" for name in names]
        assert len(behind.requests) == 2 * MOST_AT_ONCE
        assert {each.at for each in found[20:MOST_AT_ONCE]} < {each.at for each in found}  # an old answer keeps its age
        feed._source.pods.reading = Reading((pod(names[0]),), at=hand.now())
        assert [each.target for each in await feed.ask()] == [f"shop/{names[0]}"]


async def test_without_a_cluster_the_public_address_is_asked_all_the_same(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    async with feed_on(behind, tmp_path, hand, public=(f"http://127.0.0.1:{behind.port}/health",)) as feed:
        feed._source.pods.reading = Reading((), trouble="no kubeconfig\nthere is none")
        assert len(await feed.ask()) == 1
    async with feed_on(behind, tmp_path, hand) as feed:
        feed._source.pods.reading = Reading((), trouble="no kubeconfig\nthere is none")
        with pytest.raises(Trouble, match="no kubeconfig"):
            await feed.ask()


async def test_with_nothing_to_ask_it_says_what_to_set(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    async with feed_on(behind, tmp_path, hand, pod("a"), inside=()) as feed:
        with pytest.raises(Trouble, match=r"set health\.public"):
            await feed.ask()
