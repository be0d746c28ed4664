"""What is sent to a Prometheus, and what its refusals, warnings and odd answers become."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from warroom.core.series import Figure
from warroom.feeds.promql import Past, Place, PlaceTrouble, Prometheus, QueryFailed, loopback
from warroom.feeds.trouble import Trouble


def vector(*values: str) -> dict[str, Any]:
    rows = [{"metric": {"n": str(n)}, "value": [1_770_087_138.5, value]} for n, value in enumerate(values)]
    return {"status": "success", "data": {"resultType": "vector", "result": rows}}


class Fake:
    """Answers every question alike, and remembers what came."""

    def __init__(self) -> None:
        self.status, self.body = 200, msgspec.json.encode(vector("0.142"))
        self.headers: dict[str, str] = {}
        self.asked: list[web.Request] = []
        self.url = ""

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        self.body = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
        self.status, self.headers = status, headers

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        return web.Response(body=self.body, status=self.status, headers=self.headers)


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    fake = Fake()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
    yield fake
    await runner.cleanup()


async def now(fake: Fake, query: str = "up", **proof: Any) -> Figure:
    """Asked in a thread, as the feed does."""

    def ask() -> Figure:
        return Prometheus(Place.of(fake.url, **proof)).now(query, "no traffic")[1]

    return await asyncio.to_thread(ask)


async def test_a_question_is_a_get_with_its_own_limit_and_our_name(fake: Fake) -> None:
    assert await now(fake, 'sum(rate(x{a="b c"}[2m]))') == Figure(0.142)
    (request,) = fake.asked
    assert (request.method, request.path) == ("GET", "/api/v1/query")
    assert dict(request.query) == {"query": 'sum(rate(x{a="b c"}[2m]))', "timeout": "8s"}
    assert request.headers["User-Agent"] == "warroom"
    assert "Authorization" not in request.headers


async def test_a_path_behind_the_host_is_kept(fake: Fake) -> None:
    fake.url += "/prometheus/"
    await now(fake)
    assert fake.asked[0].path == "/prometheus/api/v1/query"


@pytest.mark.parametrize(
    ("proof", "expected"),
    [({"token": "t0"}, "Bearer t0"), ({"user": "ana", "password": "p:w"}, "Basic YW5hOnA6dw==")],
)
async def test_who_we_are_is_proven_whatever_a_netrc_says(
    fake: Fake, proof: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login wrong password wrong\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    await now(fake, **proof)
    assert fake.asked[0].headers["Authorization"] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (vector("0"), Figure(0.0)),
        (vector("NaN"), Figure(None, "no traffic")),
        (vector("+Inf"), Figure(None, "Inf")),
        ({"status": "success", "data": {"resultType": "scalar", "result": [1.5, "7"]}}, Figure(7.0)),
    ],
)
async def test_values_come_as_text(fake: Fake, said: Any, expected: Figure) -> None:
    fake.says(said)
    assert await now(fake) == expected


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        (vector(), 200, "no data"),
        (vector("1", "2"), 200, "2 series: the query must give one, add sum or max"),
        (vector("1") | {"warnings": ["store eu-1 did not answer"]}, 200, "partial data: store eu-1 did not answer"),
        ({"status": "success", "data": {"resultType": "string", "result": [1.5, "x"]}}, 200, "it gives a text"),
        ({"status": "error", "errorType": "bad_data", "error": "1:5: parse error"}, 400, "query not understood: 1:5: parse error"),
        ({"status": "error", "errorType": "execution", "error": "too many samples"}, 422, "query failed: too many samples"),
        ({"status": "error", "errorType": "timeout", "error": "query timed out"}, 503, "query ended: timeout: query timed out"),
    ],
)
async def test_what_only_this_query_has_done(fake: Fake, said: Any, status: int, told: str) -> None:
    fake.says(said, status)
    with pytest.raises(QueryFailed) as caught:
        await now(fake)
    assert str(caught.value).startswith(told)


async def test_a_note_that_is_no_warning_changes_nothing(fake: Fake) -> None:
    fake.says(vector("1") | {"infos": ["metric might not be a counter"]})
    assert await now(fake) == Figure(1.0)


@pytest.mark.parametrize(
    ("said", "status", "word", "told"),
    [
        ("Unauthorized", 401, "forbidden", "does not let us ask (401)"),
        ("<html>no</html>", 403, "forbidden", "give prometheus.token"),
        ("404 page not found", 404, "not found", "has no /api/v1/query"),
        ("slow down", 429, "overloaded", "asks to slow down"),
        ("<html>bad gateway</html>", 502, "error 502", "no word why"),
        ("<html>welcome</html>", 200, "not understood", "no JSON"),
        ({"status": "success"}, 200, "not understood", "not as a Prometheus does"),
        ([1, 2], 200, "not understood", "not as a Prometheus does"),
    ],
)
async def test_what_the_server_has_done(fake: Fake, said: Any, status: int, word: str, told: str) -> None:
    fake.says(said, status)
    with pytest.raises(Trouble, match="http://127") as caught:
        await now(fake, token="s3cret")
    assert caught.value.word == word
    assert told in str(caught.value)
    assert "s3cret" not in str(caught.value)


async def test_no_redirect_is_followed(fake: Fake) -> None:
    fake.says("", 302, Location="/login")
    with pytest.raises(Trouble, match="sends elsewhere, to a login perhaps"):
        await now(fake)
    assert len(fake.asked) == 1


async def test_who_refuses_is_asked_once() -> None:
    with pytest.raises(Trouble, match="refuses connections"):
        await asyncio.to_thread(lambda: Prometheus(Place.of("http://127.0.0.1:1")).now("up", ""))


async def test_a_certificate_file_that_is_not_there(fake: Fake) -> None:
    place = Place.of(fake.url.replace("http:", "https:"), ca=Path("/nowhere/ca.pem"))
    with pytest.raises(Trouble, match="bad certificate"):
        await asyncio.to_thread(lambda: Prometheus(place).now("up", ""))


async def test_the_past_says_where_nothing_is_known(fake: Fake) -> None:
    rows = [[60, "1"], [120, "NaN"], [240, "2"]]
    fake.says({"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": rows}]}})
    found = await asyncio.to_thread(lambda: Prometheus(Place.of(fake.url)).past("up", Past(60.0, 240.0, 60), "no traffic"))
    assert found == (
        (60.0, Figure(1.0)),
        (120.0, Figure(None, "no traffic")),
        (180.0, Figure(None, "no data")),
        (240.0, Figure(2.0)),
    )
    assert {name: fake.asked[0].query[name] for name in ("start", "end", "step")} == {"start": "60", "end": "240", "step": "60"}


@pytest.mark.parametrize(
    ("url", "proof", "said"),
    [
        ("metrics.example.net", {}, "needs http:// or https://"),
        ("ftp://metrics.example.net", {}, "needs http:// or https://"),
        ("http://", {}, "needs http:// or https://"),
        ("https://metrics.example.net:port", {}, "[Pp]ort"),
        ("https://metrics.example.net", {"token": "t", "user": "u"}, "keep one of them"),
        ("http://metrics.example.net", {"token": "t"}, "use https"),
        ("http://ana:secret@metrics.example.net", {}, "use https"),
    ],
)
def test_an_address_that_cannot_be_asked(url: str, proof: dict[str, str], said: str) -> None:
    with pytest.raises(PlaceTrouble, match=said) as caught:
        Place.of(url, **proof)
    assert "secret" not in str(caught.value)


def test_a_password_in_the_address_is_taken_out_of_it() -> None:
    place = Place.of("https://ana:s%20e@metrics.example.net:9090/prom/")
    assert (place.url, place.user, place.password) == ("https://metrics.example.net:9090/prom", "ana", "s e")
    assert "s e" not in repr(place)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:1", True),
        ("http://127.8.0.1", True),
        ("http://[::1]:9", True),
        ("http://10.0.0.1", False),
        ("http://localhost.x", False),
    ],
)
def test_this_machine(url: str, expected: bool) -> None:
    assert loopback(url) is expected
