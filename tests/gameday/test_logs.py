"""The log of a pod, over HTTP and through the real kubectl."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from typing import Any

import aiohttp
import pytest

from warroom.gameday import resources
from warroom.gameday.agenda import moment
from warroom.gameday.levers import Cut, Refuse
from warroom.gameday.serve import Served

Serving = Callable[..., Awaitable[Served]]
Start = Callable[..., Awaitable[Any]]
PODS = "/api/v1/namespaces/tensafe/pods"
SERVER = "app.kubernetes.io/name=tensafe"
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z ")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def log(session: aiohttp.ClientSession, served: Served, pod: str, **query: str) -> tuple[int, bytes]:
    async with session.get(f"{served.api}{PODS}/{pod}/log", params=query) as answer:
        return answer.status, await answer.read()


def pods(served: Served, part: str) -> list[str]:
    return [name for _, name in served.simulation.world.keys(resources.PODS, "tensafe") if part in name]


async def test_stamps_are_of_thirty_bytes_and_rise(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    pod = pods(served, "6b5f9c7d88")[0]
    status, text = await log(session, served, pod, timestamps="true", tailLines="200")
    assert status == 200
    found = text.splitlines()
    assert len(found) == 200
    assert all(STAMP.match(line) for line in found)
    assert sorted(found, key=lambda line: line[:30]) == found
    assert (await log(session, served, pod, tailLines="0")) == (200, b"")


async def test_since_is_cut_to_whole_seconds_and_reads_on(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    pod = pods(served, "6b5f9c7d88")[0]
    _, text = await log(session, served, pod, timestamps="true", tailLines="50")
    middle = text.splitlines()[20][:30].decode()
    _, rest = await log(session, served, pod, timestamps="true", sinceTime=middle)
    assert rest.splitlines()[0][:20] == middle[:20].encode() or rest.splitlines()[0] in text.splitlines()[:21]
    assert [line for line in rest.splitlines() if line[:30].decode() > middle][: 50 - 21] == text.splitlines()[21:]
    _, recent = await log(session, served, pod, timestamps="true", sinceSeconds="10")
    assert 0 < len(recent.splitlines()) < 100


async def test_a_limit_cuts_in_mid_line(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving()
    pod = pods(served, "6b5f9c7d88")[0]
    status, text = await log(session, served, pod, limitBytes="33")
    assert (status, len(text)) == (200, 33)
    assert len((await log(session, served, pod, limitBytes="33", follow="true"))[1]) == 33


@pytest.mark.parametrize(
    ("pod", "query", "status", "words"),
    [
        ("nope", {}, 404, 'pods \\"nope\\" not found'),
        ("tensafe-redis-0", {"container": "nope"}, 400, "container nope is not valid for pod tensafe-redis-0"),
        ("tensafe-redis-0", {"previous": "true"}, 400, "previous terminated container"),
        ("tensafe-redis-0", {"tailLines": "-1"}, 422, "tailLines"),
        ("tensafe-redis-0", {"tailLines": "x"}, 400, "invalid syntax"),
        ("tensafe-redis-0", {"sinceSeconds": "0"}, 422, "sinceSeconds"),
        ("tensafe-redis-0", {"limitBytes": "0"}, 422, "limitBytes"),
        ("tensafe-redis-0", {"sinceTime": "yesterday"}, 400, "cannot parse"),
        ("tensafe-redis-0", {"sinceTime": "2026-02-03T02:00:00Z", "sinceSeconds": "5"}, 422, "at most one of"),
    ],
)
async def test_what_is_refused(
    serving: Serving, session: aiohttp.ClientSession, pod: str, query: dict[str, str], status: int, words: str
) -> None:
    answered, text = await log(session, await serving(), pod, **query)
    assert answered == status
    assert words in text.decode()


async def test_a_refusal_names_the_log(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving()
    served.lever(Refuse(status=403, path="/log"))
    status, text = await log(session, served, "tensafe-redis-0")
    assert status == 403
    assert 'cannot get resource \\"pods/log\\" in API group' in text.decode()


async def test_the_new_revision_alone_says_key_error(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=1)
    counts = dict.fromkeys(("7d9f8b6c4d", "6b5f9c7d88"), 0)
    for part in counts:
        for pod in pods(served, part):
            counts[part] += (await log(session, served, pod))[1].count(b"KeyError: 'dp_epsilon'")
    assert counts["7d9f8b6c4d"] > 50
    assert counts["6b5f9c7d88"] == 0


async def test_following_ends_with_the_container_and_loses_nothing(serving: Serving, session: aiohttp.ClientSession) -> None:
    served = await serving(speed=20)
    pod = pods(served, "5c8d7f9b6f")[0]
    async with session.get(f"{served.api}{PODS}/{pod}/log", params={"follow": "true", "timestamps": "true", "tailLines": "5"}) as answer:
        first = [await asyncio.wait_for(answer.content.readline(), 10) for _ in range(30)]
        async with session.delete(f"{served.api}{PODS}/{pod}"):
            rest = await asyncio.wait_for(answer.content.read(), 10)
    followed = first + rest.splitlines(keepends=True)
    assert all(moment(one[:26].decode() + "Z") <= moment(other[:26].decode() + "Z") for one, other in pairwise(followed))
    assert len(set(followed)) == len(followed)


@pytest.mark.parametrize("how", ["clean", "abrupt"])
async def test_a_cut_ends_what_is_followed(serving: Serving, session: aiohttp.ClientSession, how: Any) -> None:
    served = await serving(speed=20)
    async with session.get(f"{served.api}{PODS}/tensafe-he-lora-0/log", params={"follow": "true", "tailLines": "1"}) as answer:
        await asyncio.wait_for(answer.content.readline(), 10)
        served.lever(Cut(how=how))
        if how == "clean":
            await asyncio.wait_for(answer.content.read(), 10)
        else:
            with pytest.raises(aiohttp.ClientPayloadError):
                await asyncio.wait_for(answer.content.read(), 10)


async def test_kubectl_reads_by_label_with_prefix_and_times(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    said = await kube("logs", "-l", SERVER, "-n", "tensafe", "--tail=100", "--prefix", "--timestamps", "--all-containers")
    assert said.code == 0
    names = {row[0] for row in said.rows}
    assert len(names) == 6
    assert all(re.fullmatch(r"\[pod/tensafe-server-\w+-\w+/server\]", name) for name in names)
    assert all(STAMP.match(row[1].encode() + b" ") for row in said.rows)
    plain = await kube("logs", "-l", SERVER, "--tail=100")
    assert 400 < len(plain.out.splitlines()) <= 600


async def test_kubectl_reads_the_run_before(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    bad = next(row[0] for row in (await kube("get", "pods")).rows if "7d9f8b6c4d" in row[0])
    said = await kube("logs", bad, "--previous", "--since=10m")
    assert said.code == 0
    assert said.out.splitlines()[0].endswith(f"starting tensafe/server:2.8.1 as {bad}")
    assert said.out.splitlines()[-1].endswith("budget ledger unusable, refusing to serve: KeyError: 'dp_epsilon'")
    never = await kube("logs", "tensafe-redis-0", "--previous")
    assert never.code == 1
    assert 'previous terminated container "redis" in pod "tensafe-redis-0" not found' in never.err
    finished = await kube("logs", "job/tensafe-migrate-280")
    assert finished.out.splitlines()[-1] == "done"


async def test_kubectl_follows_until_the_pod_is_gone(kubectl: Start) -> None:
    kube = await kubectl(speed=20)
    worker = next(row[0] for row in (await kube("get", "pods")).rows if "worker" in row[0])
    process = await kube.start("logs", "-f", worker, "--tail=2")
    assert process.stdout is not None
    seen = [await asyncio.wait_for(process.stdout.readline(), 10) for _ in range(20)]
    assert all(line.startswith(b'{"ts": "') for line in seen)
    assert (await kube("delete", "pod", worker, "--wait=false")).code == 0
    await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0


async def test_a_lost_node_gives_no_log(kubectl: Start) -> None:
    kube = await kubectl()
    kube.served.simulation._turn_node("tensafe-node-1", ready=False)
    rows = (await kube("get", "pods", "-o", "wide")).rows
    pod = next(row[0] for row in rows if "tensafe-node-1" in row)
    said = await kube("logs", pod)
    assert said.code == 1
    assert "connect: connection refused" in said.err
