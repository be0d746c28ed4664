"""Which feeds the settings make, what they refuse, and what doctor says of them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from cli.conftest import Cli
from hand import HandClock
from warroom.cli.figures import figure_feeds, prometheus_of, public_of, queries_of
from warroom.cli.out import Mistake
from warroom.core.endpoints import Endpoints
from warroom.core.entries import RunbookText
from warroom.core.queries import SHIPPED
from warroom.feeds.access import Access
from warroom.feeds.promql import Place
from warroom.feeds.source import Source
from warroom.journal.memory import MemoryJournal
from warroom.room import Room
from warroom.settings import Health, Prometheus, Settings, read_settings

NAMED = Endpoints(public=("https://api.example.net/health",))


async def kinds(hand: HandClock, **settings: Any) -> dict[str, str]:
    room = await Room.open(MemoryJournal(), RunbookText(text="# Ours\n", sha256="0" * 64), hand, "ada")
    source = Source.of(Access(kubeconfig="none", environ={}), hand, hand.sleep)
    return {feed.field: type(feed).__name__ for feed in figure_feeds(Settings(**settings), room, source)}


async def test_without_a_prometheus_the_pods_are_asked(hand: HandClock) -> None:
    assert await kinds(hand) == {"metrics": "ScrapeFeed", "health": "HealthFeed", "usage": "UsageFeed"}
    assert (await kinds(hand, prometheus=Prometheus(url="off")))["metrics"] == "ScrapeFeed"
    assert (await kinds(hand, prometheus=Prometheus(url="http://127.0.0.1:9090")))["metrics"] == "PrometheusFeed"
    assert (await kinds(hand, prometheus=Prometheus(url="in-cluster")))["metrics"] == "PrometheusFeed"


def test_what_proves_who_we_are_goes_along() -> None:
    given = Prometheus(url="https://metrics.example.net/prom/", token="t", ca=Path("ca.pem"))
    assert prometheus_of(Settings(prometheus=given)) == Place(url="https://metrics.example.net/prom", token="t", ca=Path("ca.pem"))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"prometheus": Prometheus(url="metrics:9090")}, "prometheus as set by --prometheus cannot be asked: it needs http"),
        ({"prometheus": Prometheus(url="in-cluster:x")}, "in-cluster is followed by nothing, or by :NAMESPACE/SERVICE:PORT"),
        ({"prometheus": Prometheus(url="http://h", password="p", user="u")}, "use https"),
        ({"prometheus": Prometheus(url="http://h", window="soon")}, "prometheus.window 'soon' as set by --prometheus is no time"),
        ({"queries": {"errors": 5}}, r"queries.errors must be PromQL .*\(as set by default\)"),
        ({"health": Health(public="api.example.net")}, "health.public as set by default is no address"),
        ({"health": Health(public="https://ana:pw@api.example.net/health")}, "health.public as set by default is no address"),
    ],
)
async def test_a_setting_that_cannot_be_is_the_users_mistake(hand: HandClock, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistake, match=said):
        await kinds(hand, sources={"prometheus": "--prometheus"}, **settings)


def test_the_runbooks_public_address_is_asked_unless_a_checkout_chose_the_runbook() -> None:
    for chosen in ("--runbook", "WARROOM_RUNBOOK"):
        assert public_of(Settings(sources={"runbook": chosen}))(NAMED) == NAMED.public
    assert public_of(Settings())(NAMED) == NAMED.public
    assert public_of(Settings(sources={"runbook": "/some/checkout/warroom.toml"}))(NAMED) == ()
    assert public_of(Settings(health=Health(public="off")))(NAMED) == ()
    own = Settings(health=Health(public="http://127.0.0.1:1/health"), sources={"runbook": "/some/checkout/warroom.toml"})
    assert public_of(own)(NAMED) == ("http://127.0.0.1:1/health",)


def test_doctor_tells_where_figures_would_come_from(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = {check["what"]: check for check in cli("doctor", "--json").json}
    assert checks["prometheus"] == {
        "what": "prometheus",
        "ok": True,
        "detail": "none is set: the pods are asked for /metrics",
        "source": "default",
        "fix": "",
    }
    assert checks["public"]["detail"] == "https://api.tensafe.dev/health is asked from here"
    monkeypatch.setenv("WARROOM_PROMETHEUS_URL", "http://127.0.0.1:9")
    checks = {check["what"]: check for check in cli("doctor", "--json").json}
    assert (checks["prometheus"]["ok"], checks["prometheus"]["source"]) == (False, "WARROOM_PROMETHEUS_URL")
    assert checks["prometheus"]["detail"] == "http://127.0.0.1:9 refuses connections"
    monkeypatch.setenv("WARROOM_PROMETHEUS_URL", "https://ana:s3cret@metrics.invalid:x")
    ran = cli("doctor", "--json")
    assert "s3cret" not in ran.out + ran.err
    assert "cannot be asked" in {check["what"]: check for check in ran.json}["prometheus"]["detail"]


def test_nothing_heavy_is_loaded_before_something_is_asked() -> None:
    heavy = ["requests", "prometheus_api_client", "prometheus_client", "httpx2", "dateparser"]
    code = f"import sys, warroom.cli.figures; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_examples_of_the_page_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    (tmp_path / "warroom.toml").write_text("".join(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)))
    monkeypatch.setattr(platformdirs, "user_config_path", lambda _: tmp_path)
    settings = read_settings({}, tmp_path)
    assert settings.prometheus.ca == tmp_path / "company-ca.pem"
    assert isinstance(prometheus_of(settings), Place)
    assert public_of(settings)(NAMED) == ("https://api.example.net/health",)
    ids = [query.id for query in queries_of(settings)]
    assert ids == ["requests", "errors", "p95", "p99", "saturation", "connections", "queue"]
    told = {id for ids in re.findall(r"^\| (`\w+`(?: `\w+`)*) \|", page, re.MULTILINE) for id in re.findall(r"\w+", ids)}
    assert told == {query.id for query in SHIPPED}
