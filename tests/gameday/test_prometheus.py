"""The HTTP API of the simulated Prometheus, as its users' library and a plain client see it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException

from warroom.gameday.serve import Served

from .conftest import SMALL

Serving = Callable[..., Awaitable[Served]]
RATE = 'sum(rate(tensafe_http_requests_total{namespace="tensafe"}[1m]))'


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def told(session: aiohttp.ClientSession, served: Served, path: str, **given: str) -> tuple[int, Any]:
    async with session.get(f"{served.prometheus}/api/v1/{path}", params=given) as answer:
        return answer.status, await answer.json()


async def test_the_library_reads_values_and_ranges(serving: Serving) -> None:
    served = await serving(speed=1)
    assert served.prometheus is not None
    client = PrometheusConnect(served.prometheus, timeout=10)
    assert await asyncio.to_thread(client.check_prometheus_connection)
    (row,) = await asyncio.to_thread(client.custom_query, RATE)
    assert float(row["value"][1]) == pytest.approx(212, rel=0.05)
    end = served.epoch
    (line,) = await asyncio.to_thread(client.custom_query_range, RATE, end - timedelta(minutes=30), end, "60")
    values = [float(value) for _, value in line["values"]]
    assert len(values) == 31
    assert values[0] == pytest.approx(262, rel=0.05)
    assert "tensafe_http_requests_total" in await asyncio.to_thread(client.all_metrics)
    assert (await asyncio.to_thread(client.get_label_values, "status")) == ["200", "500", "502", "503"]
    with pytest.raises(PrometheusApiClientException, match="unclosed left parenthesis"):
        await asyncio.to_thread(client.custom_query, "sum(x")


async def test_the_kinds_of_result(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving()
    _, scalar = await told(session, served, "query", query="1.5", time="1000")
    assert scalar == {"status": "success", "data": {"resultType": "scalar", "result": [1000.0, "1.5"]}}
    _, text = await told(session, served, "query", query='"x"', time="1970-01-01T00:16:40Z")
    assert text["data"] == {"resultType": "string", "result": [1000.0, "x"]}
    _, none = await told(session, served, "query", query="nothing")
    assert none["data"] == {"resultType": "vector", "result": []}
    _, nan = await told(session, served, "query", query="vector(0) / 0")
    assert nan["data"]["result"][0]["value"][1] == "NaN"
    _, tiny = await told(session, served, "query", query="0.0000001")
    assert tiny["data"]["result"][1] == "0.0000001"
    async with session.post(f"{served.prometheus}/api/v1/query", data={"query": "1 / 0"}) as answer:
        assert (await answer.json())["data"]["result"][1] == "+Inf"
    _, series = await told(session, served, "series", **{"match[]": '{__name__=~"up|tensafe_db_.*"}'})
    assert {found["__name__"] for found in series["data"]} == {"up", "tensafe_db_connections", "tensafe_db_connections_max"}
    _, built = await told(session, served, "status/buildinfo")
    assert built["data"]["version"]


@pytest.mark.parametrize(
    ("path", "given", "status", "kind", "words"),
    [
        ("query", {"query": ""}, 400, "bad_data", 'invalid parameter "query": parse error'),
        ("query", {"query": "up", "time": "noon"}, 400, "bad_data", 'invalid parameter "time": cannot parse "noon"'),
        ("query", {"query": "deriv(up[5m])"}, 422, "execution", "the function deriv is not simulated"),
        ("query_range", {"query": "up", "start": "0", "end": "10"}, 400, "bad_data", 'invalid parameter "step"'),
        ("query_range", {"query": "up", "start": "0", "end": "10", "step": "0"}, 400, "bad_data", "zero or negative query resolution"),
        ("query_range", {"query": "up", "start": "10", "end": "0", "step": "1"}, 400, "bad_data", "must not be before start time"),
        ("query_range", {"query": "up", "start": "0", "end": "11000", "step": "1"}, 400, "bad_data", "maximum resolution of 11,000 points"),
        ("series", {}, 400, "bad_data", "no match[] parameter provided"),
    ],
)
async def test_errors_are_those_of_a_real_one(
    serving: Serving, session: aiohttp.ClientSession, path: str, given: dict[str, str], status: int, kind: str, words: str
) -> None:
    answered, said = await told(session, await serving(), path, **given)
    assert (answered, said["status"], said["errorType"]) == (status, "error", kind)
    assert words in said["error"]


async def test_it_says_that_it_is_ready_and_what_is_not_there(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving()
    for path in ("/-/ready", "/-/healthy"):
        async with session.get(f"{served.prometheus}{path}") as answer:
            assert answer.status == 200
    async with session.get(f"{served.prometheus}/api/v1/nothing") as answer:
        assert answer.status == 404


async def test_the_public_address_answers_for_the_service(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    assert served.facts()["health"] == f"{served.public}/health"
    async with session.get(f"{served.public}/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok", "version": "2.8.0"})
    async with session.get(f"{served.public}/metrics") as answer:
        text = await answer.text()
    assert 'kube_pod_container_resource_limits{container="server",resource="cpu",unit="core"} 12.0' in text
    served.simulation.endpoints["/health"] = 503
    async with session.get(f"{served.public}/health") as answer:
        assert answer.status == 503


async def test_what_measures_nothing_has_no_prometheus(serving: Serving) -> None:
    served = await serving(SMALL)
    assert (served.facts()["prometheus"], served.facts()["health"]) == (None, None)
