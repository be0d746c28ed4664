"""The simulated cluster has the same figures for whoever asks its Prometheus and whoever asks its pods."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from warroom.clock import SystemClock
from warroom.core.endpoints import Endpoints, Inside
from warroom.core.queries import SHIPPED
from warroom.core.readings import Reading, Series
from warroom.feeds.access import Access
from warroom.feeds.health import HealthFeed
from warroom.feeds.kubernetes import PodsFeed
from warroom.feeds.metrics_api import UsageFeed
from warroom.feeds.prometheus import PrometheusFeed, place_of
from warroom.feeds.scrape import ScrapeFeed
from warroom.feeds.source import Source
from warroom.feeds.supervise import Supervised
from warroom.gameday.serve import Served, serve

SERVER = "deployment/tensafe-server"
NAMED = Endpoints(
    inside=(
        Inside("metrics", SERVER, "http", 9090, "/metrics"),
        Inside("health", SERVER, "http", 8000, "/health"),
        Inside("health", SERVER, "http", 8000, "/health/db"),
    )
)


class Ahead(SystemClock):
    """Goes further when it is told to, and nobody has to wait."""

    by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


async def source_of(served: Served, clock: Ahead) -> Source:
    source = Source.of(Access(kubeconfig=str(served.kubeconfig), environ={}), clock, asyncio.sleep)
    async for reading in Supervised(PodsFeed(source), Reading(()), clock, asyncio.sleep).readings():
        if reading.at is not None:
            source.pods.reading = reading
            return source
    raise AssertionError("the feed ended")


async def test_both_ways_lead_to_the_same_figures(tmp_path: Path) -> None:
    clock = Ahead()
    async with serve(tmp_path, "bad-release", clock=clock.now, seed=1) as served:
        source = await source_of(served, clock)
        address = served.facts()["prometheus"]
        assert address is not None
        queried = PrometheusFeed(source, place_of(address), SHIPPED, prefix="tensafe_")
        scraped = ScrapeFeed(source, lambda: NAMED, SHIPPED, prefix="tensafe_")
        async with source.server:
            await scraped.ask()
            clock.by = timedelta(minutes=2)
            by_pods, by_prometheus = _known(await scraped.ask()), _known(await queried.ask())
            health = await HealthFeed(source, lambda: NAMED, lambda _: ()).ask()
            used = await UsageFeed(source).ask()
        await queried.close()
    assert set(by_pods) == set(by_prometheus) == {query.id for query in SHIPPED}
    assert by_pods == pytest.approx(by_prometheus, rel=0.1)
    assert by_pods["errors"] > 0.1  # the scenario's worst is 14.2 %
    # Half of the pods crash again and again, so they are not asked how they are.
    assert [(each.endpoint, each.status) for each in health] == [("/health", 200), ("/health/db", 200)] * 3
    assert all("degraded" in each.body for each in health[1::2])  # its connections run out
    assert len({each.target for each in health}) == 3
    assert {each.pod for each in used} >= {each.target for each in health}


def _known(found: tuple[Series, ...]) -> dict[str, float]:
    return {series.id: series.value for series in found if series.value is not None}
