"""Programs in the containers: as kubectl runs them, and what they answer."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from warroom.gameday.endpoints import Endpoints
from warroom.gameday.levers import Refuse
from warroom.gameday.programs import Programs

Start = Callable[..., Awaitable[Any]]
Make = Callable[..., Any]
SERVER = "deployment/tensafe-server"
LONG = (
    "SELECT pid, now() - pg_stat_activity.query_start AS duration, query FROM pg_stat_activity"
    " WHERE state != 'idle' ORDER BY duration DESC LIMIT 10;"
)


async def test_the_runbooks_own_payloads(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    health = await kube("exec", "-it", SERVER, "-n", "tensafe", "--", "curl", "-s", "http://localhost:8000/health")
    assert (health.code, health.out) == (0, '{"status": "ok", "version": "2.8.0"}')
    assert "Unable to use a TTY" in health.err
    database = await kube("exec", SERVER, "--", "curl", "-s", "http://localhost:8000/health/db")
    assert '"max": 100' in database.out
    metrics = await kube("exec", SERVER, "--", "curl", "-s", "http://localhost:9090/metrics")
    assert 'tensafe_http_requests_total{status="500"}' in metrics.out
    count = await kube("exec", "-it", "tensafe-postgresql-0", "--", "psql", "-U", "tensafe", "-c", "SELECT count(*) FROM pg_stat_activity;")
    assert re.fullmatch(r" count \n-------\n +\d+\n\(1 row\)\n\n", count.out)
    running = await kube("exec", "tensafe-postgresql-0", "--", "psql", "-U", "tensafe", "-c", LONG)
    assert [row[0] for row in running.rows[2:6]] == ["4711", "4713", "4902", "5120"]
    assert running.rows[2][2] > "00:07:00"


async def test_exit_codes_come_back(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    refused = await kube("exec", SERVER, "--", "curl", "-sS", "http://localhost:1/")
    assert refused.code == 7
    assert "curl: (7) Failed to connect to localhost port 1" in refused.err
    assert (await kube("exec", SERVER, "--", "curl", "-s", "http://nowhere/")).code == 6
    assert (await kube("exec", SERVER, "--", "true")).code == 0
    missing = await kube("exec", "tensafe-redis-0", "--", "ls", "/")
    assert missing.code == 1
    assert 'exec: "ls": executable file not found in $PATH (simulated here are cat, curl' in missing.err


async def test_standard_input_reaches_the_program_and_ends(kubectl: Start) -> None:
    kube = await kubectl()
    process = await asyncio.create_subprocess_exec(
        *kube.command("exec", "-i", SERVER, "--", "cat"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=kube.environment,
    )
    kube.running.append(process)
    out, _ = await asyncio.wait_for(process.communicate(b"one\ntwo\n" * 1000), 30)
    assert (process.returncode, out) == (0, b"one\ntwo\n" * 1000)


async def test_where_nothing_runs(kubectl: Start) -> None:
    kube = await kubectl(speed=1)
    rows = (await kube("get", "pods")).rows
    bad = next(row[0] for row in rows if "7d9f8b6c4d" in row[0])
    said = await kube("exec", bad, "--", "curl", "-s", "localhost:8000/health")
    assert said.code == 1
    assert 'container not found ("server")' in said.err
    done = next(row[0] for row in rows if "migrate" in row[0])
    assert "cannot exec into a container in a completed pod" in (await kube("exec", done, "--", "true")).err
    kube.served.lever(Refuse(status=403, path="/exec", times=2))
    forbidden = await kube("exec", "tensafe-redis-0", "--", "true")
    assert 'resource "pods/exec"' in forbidden.err


async def test_a_terminal_gets_its_line_ends_and_nothing_apart(kubectl: Start) -> None:
    served = (await kubectl()).served
    url = f"{served.api}/api/v1/namespaces/tensafe/pods/tensafe-redis-0/exec"
    query = {"command": "hostname", "container": "redis", "stdout": "true", "tty": "true"}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, params=query, protocols=["v5.channel.k8s.io"]) as socket,
    ):
        assert socket.protocol == "v5.channel.k8s.io"
        assert (await socket.receive_bytes()) == b"\x01tensafe-redis-0\r\n"
        assert (await socket.receive_bytes())[:1] == b"\x03"


async def test_what_is_not_spoken_is_said(kubectl: Start) -> None:
    served = (await kubectl()).served
    url = f"{served.api}/api/v1/namespaces/tensafe/pods/tensafe-redis-0/exec"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, params={"command": "true"}, headers={"Upgrade": "SPDY/3.1", "Connection": "Upgrade"}) as answer,
    ):
        assert answer.status == 400
        assert "only WebSocket" in (await answer.json())["message"]


@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        (["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://tensafe-server:8000/health"], 0, "200", ""),
        (["curl", "-si", "http://tensafe-server.tensafe.svc.cluster.local:8000/health"], 0, "HTTP/1.1 200 OK\r\n", ""),
        (["curl", "-v", "localhost:8000/nothing"], 0, '{"detail": "Not Found"}', "< HTTP/1.1 404 Not Found"),
        (["curl", "-fsS", "localhost:8000/nothing"], 22, "", "curl: (22) The requested URL returned error: 404"),
        (["curl", "--json", "x", "localhost:8000/"], 2, "", "option --json: is not simulated"),
        (["curl"], 2, "", "no URL specified"),
        (["cat", "/etc/passwd"], 1, "", "No such file or directory"),
        (["echo", "a", "b"], 0, "a b\n", ""),
        (["env"], 0, "DB_POOL_SIZE=40\n", ""),
    ],
)
def test_programs(play: Make, words: list[str], code: int, out: str, err: str) -> None:
    played = play("bad-release")
    pod = played.pods("6b5f9c7d88")[0]
    ran = Programs(played.simulation, Endpoints(played.simulation)).run(pod, pod["spec"]["containers"][0], words, b"", played.now)
    assert ran is not None
    assert ran.code == code
    assert out in ran.out.decode()
    assert err in ran.err.decode()


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["-tAc", "SHOW max_connections"], 0, "100\n"),
        (["-At", "-c", "select 1;"], 0, "1\n"),
        (["-c", "DROP TABLE jobs"], 1, "this simulated database knows"),
        ([], 2, "a prompt is not simulated"),
        (["--csv"], 1, "--csv is not simulated"),
    ],
)
def test_the_database(play: Make, words: list[str], code: int, text: str) -> None:
    played = play("bad-release")
    pod = played.pods("postgresql")[0]
    ran = Programs(played.simulation, Endpoints(played.simulation)).run(
        pod, pod["spec"]["containers"][0], ["psql", *words], b"", played.now
    )
    assert ran is not None
    assert ran.code == code
    assert text in (ran.out + ran.err).decode()
