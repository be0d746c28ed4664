"""The pods' own metrics through the API server's proxy."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feeds.behind import PODS, Behind, Said, pod, source_on
from hand import HandClock
from warroom.core.endpoints import Endpoints, Inside
from warroom.core.queries import SHIPPED
from warroom.core.readings import Pod, Series
from warroom.feeds import scrape
from warroom.feeds.scrape import ScrapeFeed, exposition
from warroom.feeds.trouble import Trouble

METRICS = Inside("metrics", "deployment/web", "http", 9090, "/metrics")
TEXT = """\
# HELP shop_http_requests_total Requests by status
# TYPE shop_http_requests_total counter
shop_http_requests_total{{status="200"}} {ok}
shop_http_requests_total{{status="500"}} {failed}
# TYPE shop_http_request_duration_seconds histogram
shop_http_request_duration_seconds_bucket{{le="0.5"}} {fast}
shop_http_request_duration_seconds_bucket{{le="1"}} {all}
shop_http_request_duration_seconds_bucket{{le="+Inf"}} {all}
# TYPE shop_db_pool_in_use gauge
shop_db_pool_in_use {pool}
"""


def says(ok: float, failed: float = 0.0, fast: float = 0.0, all: float = 0.0, pool: float = 20.0) -> Said:
    return Said(TEXT.format(ok=ok, failed=failed, fast=fast, all=all, pool=pool))


def at(name: str) -> str:
    return f"{PODS}/{name}:9090/proxy/metrics"


@asynccontextmanager
async def feed_on(
    api: Behind,
    folder: Path,
    hand: HandClock,
    *pods: Pod,
    named: tuple[Inside, ...] = (METRICS,),
    start: Callable[[], datetime | None] = lambda: None,
) -> AsyncIterator[ScrapeFeed]:
    async with source_on(api, folder, hand, *pods) as source:
        yield ScrapeFeed(source, lambda: Endpoints(named), SHIPPED, prefix="shop_", start=start)


def by_id(found: tuple[Series, ...]) -> dict[str, Series]:
    return {series.id: series for series in found}


async def test_two_samples_make_the_figures_of_all_pods(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers = {at("a"): says(1000, 10, 900, 1000), at("b"): says(500, 0, 500, 500)}
    async with feed_on(behind, tmp_path, hand, pod("a"), pod("b")) as feed:
        first = by_id(await feed.ask())
        assert (first["requests"].value, first["requests"].why) == (None, "needs a second sample")
        assert first["connections"].value == 40
        assert feed.pause == scrape.SECOND_AFTER
        await hand.forward(10)
        behind.answers = {at("a"): says(1080, 30, 950, 1100), at("b"): says(600, 0, 600, 600)}
        found = by_id(await feed.ask())
    assert found["requests"].value == pytest.approx(20.0)
    assert found["errors"].value == pytest.approx(0.1)
    assert found["p50"].value == pytest.approx(0.5 * 100 / 150)
    assert found["p95"].value == pytest.approx(0.5 + 0.5 * 40 / 50)
    assert found["requests"].source == "2 pods /metrics"
    assert [value for _, value in found["requests"].points] == [None, pytest.approx(20.0)]
    assert found["saturation"].why == "no data"
    assert feed.pause == feed.seconds


async def test_a_restarted_container_and_a_silent_pod(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers = {at("a"): says(9000), at("b"): says(500)}
    async with feed_on(behind, tmp_path, hand, pod("a"), pod("b"), pod("c", phase="Pending")) as feed:
        await feed.ask()
        await hand.forward(10)
        behind.answers = {at("a"): says(50)}
        behind.refuse(at("b"), 503, "error trying to reach service: dial tcp 10.0.0.7:9090: connect: connection refused")
        found = by_id(await feed.ask())
    assert found["requests"].value == pytest.approx(5.0)
    assert found["requests"].source == "1 of 2 pods /metrics"  # who cannot run yet is not asked


async def test_when_no_pod_answers_the_pane_is_told_why(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.refuse(at("a"), 503, "error trying to reach service: dial tcp 10.0.0.7:9090: connect: connection refused")
    async with feed_on(behind, tmp_path, hand, pod("a")) as feed:
        with pytest.raises(Trouble, match=r"none of 1 pod gave /metrics: .*connection refused"):
            await feed.ask()
        behind.refuse(at("a"), 403, 'pods \\"a\\" is forbidden: User \\"ada\\" cannot get resource \\"pods/proxy\\"')
        with pytest.raises(Trouble) as caught:
            await feed.ask()
        assert caught.value.word == "forbidden"
        assert "may not get pods/proxy in namespace shop" in caught.value.lines[0]
        behind.answers[at("a")] = Said("<html>login</html>", 302, {"Location": "http://127.0.0.1:1/login"})
        with pytest.raises(Trouble, match="a answers 302 for /metrics"):
            await feed.ask()
        behind.answers[at("a")] = Said("shop_http_requests_total{status= nonsense\n")
        with pytest.raises(Trouble, match="not understood"):
            await feed.ask()


async def test_without_an_address_or_a_pod_it_says_what_to_do(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    async with feed_on(behind, tmp_path, hand, pod("a"), named=()) as feed:
        with pytest.raises(Trouble, match="give --prometheus URL"):
            await feed.ask()
    async with feed_on(behind, tmp_path, hand, pod("db-0", owner="StatefulSet/db")) as feed:
        with pytest.raises(Trouble, match="no pod of deployment/web runs"):
            await feed.ask()
    assert behind.requests == []


async def test_a_pod_that_hangs_holds_up_no_other(behind: Behind, tmp_path: Path, hand: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    behind.answers = {at("a"): says(1), at("b"): says(1, pool=7)}
    async with feed_on(behind, tmp_path, hand, pod("a"), pod("b")) as feed:
        await feed.ask()  # logged in, and all is loaded
        behind.hangs = {at("a")}
        monkeypatch.setattr(scrape, "ANSWERS_WITHIN", 2.0)
        found = by_id(await feed.ask())
    assert found["connections"].value == 7
    assert found["connections"].source == "1 of 2 pods /metrics"


async def test_what_was_seen_in_the_hours_before_is_normal_and_stays_so(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    started: list[datetime] = []
    async with feed_on(behind, tmp_path, hand, pod("a"), start=lambda: started[0] if started else None) as feed:
        for _ in range(70):
            behind.answers[at("a")] = says(0, pool=30)
            await feed.ask()
            await hand.forward(60)
        started.append(hand.now())
        for _ in range(3):
            behind.answers[at("a")] = says(0, pool=96)
            found = by_id(await feed.ask())
            await hand.forward(60)
        started[0] = hand.now() - timedelta(hours=2)
        unknown = by_id(await feed.ask())
    assert (found["connections"].value, found["connections"].baseline) == (96, 30)
    assert unknown["connections"].baseline is None  # nobody looked before that


def test_only_what_is_wanted_is_parsed() -> None:
    noise = b"".join(b'go_gc{n="%d"} 1\n' % n for n in range(20_000))
    mine = b'# TYPE shop_http_requests_total counter\nshop_http_requests_total{status="200",path="/a b\\"c"} 5 1700000000000\n'
    found = exposition(noise + mine + b"\xff\xfe broken\n", ("http_requests_total",))
    assert found.values == {"shop_http_requests_total": {(("path", '/a b"c'), ("status", "200")): 5.0}}
    assert found.counters == {"shop_http_requests_total"}
