"""A real Prometheus beside the simulated cluster, and the simulated one: the same questions, the same answers."""

import math
import shutil
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from warroom.clock import SystemClock
from warroom.core.queries import SHIPPED, filled
from warroom.gameday.realprometheus import HISTORY, STEP, NoPrometheus, real_prometheus
from warroom.gameday.serve import serve
from warroom.gameday.timeseries import Timeseries

Make = Callable[..., Any]
Serving = Callable[..., Awaitable[Any]]
needs_prometheus = pytest.mark.skipif(not shutil.which("promtool"), reason="needs Debian's prometheus")


async def value(session: aiohttp.ClientSession, url: str, query: str, at: float) -> float:
    async with session.get(f"{url}/api/v1/query", params={"query": query, "time": str(at)}) as answer:
        result = (await answer.json())["data"]["result"]
    return float(result[0]["value"][1]) if result else math.nan


def test_the_history_never_goes_back_and_ends_where_the_counters_stand(play: Make) -> None:
    played = play("bad-release")
    moments = list(Timeseries(played.simulation).history(HISTORY, STEP))
    assert len(moments) == HISTORY // STEP
    for (_, before), (_, after) in pairwise(moments):
        assert all(one.value <= other.value for one, other in zip(before, after, strict=True) if one.counter)
    assert {sample.name for sample in moments[0][1]} == {sample.name for sample in moments[-1][1]}
    last = next(sample.value for sample in moments[-1][1] if sample.labels.get("status") == "200")
    assert last == int(played.simulation.meters.whole.status["200"])


@pytest.mark.prometheus
@needs_prometheus
@pytest.mark.timeout(180)
async def test_a_real_one_agrees_with_the_simulated_one(tmp_path: Path) -> None:
    async with (
        serve(tmp_path, clock=SystemClock().now, seed=7) as served,
        real_prometheus(tmp_path, Timeseries(served.simulation), str(served.public)) as real,
        aiohttp.ClientSession() as session,
    ):
        for query in SHIPPED:
            text = filled(query, prefix="tensafe_", namespaces=["tensafe"], window="2m")
            for ago in (60, 3600):
                at = served.epoch.timestamp() - ago
                mine = await value(session, str(served.prometheus), text, at)
                assert await value(session, real, text, at) == pytest.approx(mine, rel=0.08), query.id


async def test_without_one_it_says_how_to_get_it(serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = await serving()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPrometheus, match="apt-get install prometheus"):
        async with real_prometheus(tmp_path, Timeseries(served.simulation), str(served.public)):
            pass
    assert str(served.public).removeprefix("http://") in (tmp_path / "prometheus.yml").read_text()
