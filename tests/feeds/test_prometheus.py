"""A real Prometheus whose history was written beforehand: values, the past, what is normal, and how it is reached."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feeds.realprometheus import INSTALLED, Real, history, prometheus
from warroom.clock import ScenarioClock, SystemClock
from warroom.core.ports import Clock
from warroom.core.queries import wanted
from warroom.core.readings import Reading, Series
from warroom.feeds.access import Access
from warroom.feeds.prometheus import PrometheusFeed
from warroom.feeds.promql import Place
from warroom.feeds.source import Source
from warroom.feeds.supervise import Supervised

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not INSTALLED, reason="prometheus is not installed"),
    pytest.mark.xdist_group("prometheus"),
]
SINCE = timedelta(minutes=20)
"""So long ago the incident began."""
OWN = {
    "infinite": "vector(1) / 0",
    "undefined": "vector(0) / 0",
    "several": "tensafe_http_requests_total",
    "broken": "sum(",
    "scalar": "1 + 1",
    "absent": "sum(nothing_of_the_kind)",
    "idle": "sum(rate(tensafe_http_requests_total[2m])) * 0",
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """Eight days: 100 requests a second, four of a thousand fail; for the last twenty minutes 14.2 % do, and 30 % are slow."""
    now = SystemClock().now()

    def traffic(at: datetime) -> tuple[float, float, float]:
        return (100.0, 0.142, 0.3) if at > now - SINCE else (100.0, 0.004, 0.02)

    # The hour around the same time of day, and the last hour with a little of the future, so that no test has to hurry.
    hours = (now + timedelta(minutes=5), *(now - timedelta(days=n, minutes=-30) for n in range(1, 8)))
    with prometheus(tmp_path_factory.mktemp("prometheus"), history(now, traffic, hours)) as url:
        yield Real(url, now)


@asynccontextmanager
async def readings(
    place: Place, clock: Clock, start: datetime | None = None, own: dict[str, str] = OWN
) -> AsyncIterator[AsyncIterator[Reading[tuple[Series, ...]]]]:
    source = Source.of(Access(kubeconfig="/nowhere", namespaces=("tensafe",), environ={}), clock, asyncio.sleep)
    feed = PrometheusFeed(source, place, wanted(own), prefix="tensafe_", start=lambda: start)
    async with aclosing(Supervised(feed, Reading(()), clock, asyncio.sleep).readings()) as found:  # type: ignore[type-var]
        yield found


async def series_of(url: str, clock: Clock | None = None, own: dict[str, str] = OWN) -> dict[str, Series]:
    async with readings(Place.of(url), clock or SystemClock(), None, own) as found:
        reading = await anext(found)
        assert reading.trouble == ""
        return {series.id: series for series in reading.value}


async def test_the_shipped_queries_on_what_the_service_says(real: Real) -> None:
    found = await series_of(real.url)
    assert found["requests"].value == pytest.approx(100.0)
    assert found["errors"].value == pytest.approx(0.142)
    assert found["p50"].value == pytest.approx(0.25 * 0.5 / 0.7)
    assert found["p95"].value == pytest.approx(2.0)
    assert found["connections"].value == 38.0
    assert (found["saturation"].value, found["saturation"].why) == (None, "no data")  # nobody scrapes the kubelets here
    assert {series.source for series in found.values()} == {"prometheus"}


async def test_what_is_no_value_is_none_and_says_why(real: Real) -> None:
    found = await series_of(real.url)
    assert {id: found[id].value for id in OWN} == dict.fromkeys(OWN) | {"scalar": 2.0, "idle": 0.0}
    assert {id: found[id].why for id in ("infinite", "undefined", "absent")} == {
        "infinite": "Inf",
        "undefined": "NaN",
        "absent": "no data",
    }
    assert "2 series" in found["several"].why
    assert "parse error" in found["broken"].why
    assert found["errors"].value == pytest.approx(0.142)  # one that cannot be asked takes nothing from the others


async def test_a_service_without_requests_has_no_error_ratio(real: Real) -> None:
    idle = 'sum(rate(tensafe_http_requests_total{status="500"}[2m])) * 0 / (sum(rate(tensafe_http_requests_total[2m])) * 0)'
    found = await series_of(real.url, own={"errors": idle})
    assert (found["errors"].value, found["errors"].why) == (None, "no traffic")


async def test_the_past_shows_when_it_began(real: Real) -> None:
    errors = (await series_of(real.url))["errors"]
    assert len(errors.points) == 61
    assert errors.points[-1][0] - errors.points[0][0] <= timedelta(minutes=30)
    worse = [at for at, value in errors.points if value is not None and value > 0.1]
    assert abs(worse[0] - (real.now - SINCE)) < timedelta(minutes=3)  # a rate looks back two minutes
    assert all(value is None for _, value in (await series_of(real.url))["saturation"].points)


async def test_normal_is_that_of_the_same_hour_before_the_incident(real: Real) -> None:
    async with readings(Place.of(real.url), SystemClock(), real.now - SINCE) as found:
        first = {series.id: series for series in (await anext(found)).value}
        assert first["p95"].baseline is None  # unknown until it is learnt
        async for reading in found:
            series = {one.id: one for one in reading.value}
            if series["p95"].baseline is not None:
                break
    assert series["p95"].baseline == pytest.approx(0.25 * 0.95 / 0.98)
    assert series["errors"].baseline == pytest.approx(0.004)
    assert series["saturation"].baseline is None


async def test_without_the_days_before_the_hours_before_are_normal(tmp_path: Path) -> None:
    now = SystemClock().now()
    hours = (now + timedelta(minutes=5), now - timedelta(minutes=56), now - timedelta(minutes=117))
    with prometheus(tmp_path, history(now, lambda at: (50.0, 0.5 if at > now - SINCE else 0.01, 0.1), hours)) as url:
        async with readings(Place.of(url), SystemClock(), now - SINCE) as found:
            async for reading in found:
                errors = next(series for series in reading.value if series.id == "errors")
                if errors.baseline is not None:
                    break
    assert errors.value == pytest.approx(0.5)
    assert errors.baseline == pytest.approx(0.01)


async def test_a_scenarios_clock_stamps_the_points(real: Real) -> None:
    clock = ScenarioClock(real.now, 10.0)
    errors = (await series_of(real.url, clock=clock))["errors"]
    assert errors.at is not None
    assert abs(errors.at - clock.now()) < timedelta(minutes=10)  # a minute of the machine's
    assert errors.points[-1][0] - errors.points[0][0] <= timedelta(minutes=30)
    assert errors.points[1][0] - errors.points[0][0] == timedelta(seconds=30)


async def test_one_that_goes_away_is_told_and_the_last_values_stay(tmp_path: Path) -> None:
    now = SystemClock().now()
    clock = SystemClock()
    with prometheus(tmp_path, history(now, lambda _: (50.0, 0.1, 0.1), (now + timedelta(minutes=5),))) as url:
        source = Source.of(Access(kubeconfig="/nowhere", namespaces=("tensafe",), environ={}), clock, asyncio.sleep)
        feed = PrometheusFeed(source, Place.of(url), wanted({}), prefix="tensafe_")
        calm = Supervised(feed, Reading(()), clock, asyncio.sleep)
        found = calm.readings()
        good = await anext(found)
    calm.ask_again()
    async for reading in found:
        if reading.trouble:
            break
    assert reading.value == good.value
    assert reading.state(clock.now()) == "stale"
    assert reading.trouble.startswith(f"no answer\n{url} refuses connections\n")
    await found.aclose()  # type: ignore[attr-defined]


# -- behind TLS, with a certificate and a password -----------------------------------------------------------------------

WEB = """\
tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
basic_auth_users:
  ana: $2b$04$WLDDsvtTkOZL/13KjJssCOZUGp.qAwhYiMMAkAOhwR5I8Nqa71n1i
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("guarded")
    _certificates(folder)
    (folder / "web.yml").write_text(WEB)
    now = SystemClock().now()
    text = history(now, lambda _: (50.0, 0.1, 0.1), (now + timedelta(minutes=5),))
    with prometheus(folder, text, f"--web.config.file={folder / 'web.yml'}", scheme="https") as url:
        yield url, folder


def _certificates(folder: Path) -> None:
    """An authority, and a server and a client that it knows."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=50)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test", "-days", "2")
    for name in ("server", "client"):
        openssl("req", *new, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (folder / "more").write_text("subjectAltName=IP:127.0.0.1\n")
        signed = ("-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "more")
        openssl("x509", "-req", *signed, "-out", f"{name}.crt", "-days", "2")


async def ask_guarded(guarded: tuple[str, Path], without: str = "") -> Reading[tuple[Series, ...]]:
    url, folder = guarded
    proof = {"user": "ana", "password": "open sesame", "cert": folder / "client.crt", "key": folder / "client.key", "ca": folder / "ca.crt"}
    if without:
        proof |= (
            {"user": "", "password": ""} if without == "password" else {"cert": None, "key": None} if without == "cert" else {"ca": None}
        )
    async with readings(Place.of(url, **proof), SystemClock()) as found:
        return await anext(found)


async def test_a_certificate_and_a_password_open_it(guarded: tuple[str, Path]) -> None:
    reading = await ask_guarded(guarded)
    assert reading.trouble == ""
    assert next(series.value for series in reading.value if series.id == "errors") == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("without", "told"),
    [("password", "forbidden\n"), ("ca", "bad certificate\n"), ("cert", "")],
)
async def test_whoever_lacks_one_is_told_which(guarded: tuple[str, Path], without: str, told: str) -> None:
    reading = await ask_guarded(guarded, without)
    assert reading.trouble.startswith(told)
    assert reading.trouble != ""
    assert "open sesame" not in reading.trouble
    assert reading.value == ()
