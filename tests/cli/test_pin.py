"""Pinning from the command line: what a cluster tells, an output, a file."""

import io
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cli.conftest import Cli
from core.test_evidence import POD
from hand import T0
from warroom.core.readings import ClusterEvent, Reading, Series

Tells = Callable[..., None]
TOKEN = "ghp_" + "Ab1" * 12


class Told:
    """A feed that has told all it has to tell."""

    def __init__(self, field: str, *readings: Reading[Any]) -> None:
        self.field, self._readings = field, readings

    async def readings(self) -> AsyncIterator[Reading[Any]]:
        for reading in self._readings:
            yield reading


@pytest.fixture
def tells(monkeypatch: pytest.MonkeyPatch) -> Tells:
    def give(*feeds: Told) -> None:
        monkeypatch.setattr("warroom.cli.furnish.cluster_feeds", lambda *_: list(feeds))

    return give


def pods(*names: str) -> Told:
    first: Reading[Any] = Reading((), progress="1 of 2")
    return Told("pods", first, Reading(tuple(replace(POD, name=name, key=f"shop/{name}") for name in names), T0))


def errors(value: float | None) -> Reading[Any]:
    return Reading((Series("errors", "error rate", "ratio", value, "" if value else "one sample yet"),), T0)


@pytest.mark.parametrize("name", ["web-1", "shop/web-1", "WEB-1"])
def test_a_pod(cli: Cli, declared: str, tells: Tells, name: str) -> None:
    tells(pods("web-1", "web-2"))
    ran = cli("pin", "pod", name, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["kind"] == "pinned"
    body = ran.json["body"]
    assert body.items() >= {"what": "pod", "name": "web-1"}.items()
    assert body["text"].startswith("CrashLoopBackOff, 0/1 ready")
    assert len(body["sha256"]) == 64
    assert ran.json["at"] == "2026-02-03T02:52:18Z"


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("pod", "web"), 2, "'web' is in the names of 2 things (web-1, web-2): give more of one"),
        (("pod", "db"), 1, "there is no pod 'db' now, only web-1, web-2: nothing was pinned"),
        (("node", "db"), 2, "there is no kind 'node': it is one of pod, event"),
        (("metric", "errors"), 1, "nothing tells of metrics here"),
        (("output", "kubectl"), 2, "'kubectl' is in 6 commands of the quick assessment"),
        (("log", "x", "--file", "/nowhere"), 2, "/nowhere cannot be read (No such file or directory): nothing was pinned"),
    ],
)
def test_what_cannot_be_pinned(cli: Cli, declared: str, tells: Tells, arguments: tuple[str, ...], code: int, why: str) -> None:
    tells(pods("web-1", "web-2"))
    ran = cli("pin", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert why in ran.err


def test_of_several_events_of_one_object_the_first(cli: Cli, declared: str, tells: Tells) -> None:
    event = ClusterEvent(
        key="a", namespace="shop", warning=False, reason="Started", kind="Pod", object="web-1", message="m", count=1, at=T0
    )
    tells(Told("events", Reading((event, replace(event, key="b", reason="BackOff", warning=True)), T0)))
    ran = cli("pin", "event", "web-1", "--json")
    assert ran.json["body"]["text"].startswith("BackOff: m")


def test_a_figure_is_waited_for(cli: Cli, declared: str, tells: Tells) -> None:
    tells(Told("metrics", errors(None), errors(0.142)))
    assert cli("pin", "metric", "errors", "--json").json["body"]["text"].startswith("error rate 14.2 %")


def test_a_figure_that_does_not_come_is_pinned_as_unknown(cli: Cli, declared: str, tells: Tells) -> None:
    tells(Told("metrics", errors(None)))
    assert cli("pin", "metric", "errors", "--json").json["body"]["text"].startswith("error rate one sample yet")


def test_a_cluster_that_says_no(cli: Cli, declared: str, tells: Tells) -> None:
    tells(Told("pods", Reading((), trouble="forbidden\nada may not list pods\nask for the role view")))
    ran = cli("pin", "pod", "x")
    assert (ran.code, ran.err) == (1, "warroom: ada may not list pods; ask for the role view\n")


def test_a_file_and_a_pipe(cli: Cli, declared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.txt").write_text(f"exit 1\ntoken {TOKEN}\n")
    assert cli("pin", "query", "locks", "--file", "out.txt", "--json").json["body"]["text"] == "exit 1\ntoken [redacted]"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a pipe\xff\n")))
    assert cli("pin", "query", "locks", "--file", "-", "--json").json["body"]["text"] == "from a pipe\N{REPLACEMENT CHARACTER}"


def test_what_is_long_is_whole_beside_the_journal(cli: Cli, declared: str, home: Path) -> None:
    Path("out.txt").write_text("line\n" * 5_000 + TOKEN)
    body = cli("pin", "query", "locks", "--file", "out.txt", "--json").json["body"]
    assert len(body["text"]) == 2_000
    assert body["evidence"] == body["sha256"]
    assert (home / "journal.sqlite.evidence" / body["evidence"]).read_text() == "line\n" * 5_000 + "[redacted]"
    assert cli("journal", "verify").code == 0
    assert not any(TOKEN.encode() in file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_without_an_incident(cli: Cli) -> None:
    assert cli("pin", "pod", "x").code == 2


def test_it_stands_in_the_timeline(cli: Cli, declared: str, tells: Tells) -> None:
    tells(pods("web-1"))
    cli("pin", "pod", "web-1")
    assert "pod web-1: CrashLoopBackOff, 0/1 ready" in cli("timeline").out
    assert cli("strike", "3").code == 0
