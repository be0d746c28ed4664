"""The drill that a demo begins with, and the simulated cluster in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Cli
from hand import HandClock
from warroom.cli.demo import join_exports, simulated, temporary_home
from warroom.cli.drill import PEOPLE, stage
from warroom.cli.out import Failure
from warroom.core.deadlines import deadlines, overdue
from warroom.core.entries import RunbookText
from warroom.core.incident import Incident
from warroom.journal.sqlite import SqliteJournal
from warroom.library import default_runbook
from warroom.room import Room


async def staged(path: Path, hand: HandClock, text: str) -> Room:
    own = RunbookText(text=text, sha256="0" * 64, file="own.md")
    await stage(path, own, hand, title="failing since the release", cluster=None, alert=timedelta(minutes=5, seconds=30))
    async with SqliteJournal.open(path, hand.sleep) as journal:
        return await Room.open(journal, own, hand, "me")


async def test_the_drill_is_under_way_with_a_deadline_past_and_others_running(tmp_path: Path, hand: HandClock) -> None:
    room = await staged(tmp_path / "j.sqlite", hand, default_runbook()[0])
    incident = room.incident
    assert incident.drill
    assert incident.rank == 2
    assert incident.phase == 2
    assert set(incident.roles.values()) == set(PEOPLE)
    assert {entry.by for entry in incident.entries} == set(PEOPLE)
    assert len(incident.ticks) == 2
    due = deadlines(room.runbook, incident, hand.now())
    assert overdue(due)
    assert sum(deadline.state == "running" for deadline in due) >= 2


async def test_nothing_of_the_drill_lies_in_the_future_or_out_of_order(tmp_path: Path, hand: HandClock) -> None:
    incident = (await staged(tmp_path / "j.sqlite", hand, default_runbook()[0])).incident
    times = [entry.at for entry in incident.entries]
    assert times == sorted(times)
    assert times[-1] < hand.now()
    assert incident.alerted == hand.now() - timedelta(minutes=5, seconds=30)


@pytest.mark.parametrize("text", ["", "# Ours\n\nCall Kim.\n"])
async def test_a_runbook_that_has_nothing_of_it_still_has_a_drill(tmp_path: Path, hand: HandClock, text: str) -> None:
    incident: Incident = (await staged(tmp_path / "j.sqlite", hand, text)).incident
    assert incident.drill
    assert incident.severity is None


@pytest.fixture
def served(tmp_path: Path) -> Iterator[dict[str, Any]]:
    with simulated(tmp_path, "bad-release", 20.0, 7) as facts:
        yield facts


def test_the_first_line_says_where_it_is_and_another_terminal_joins(cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    with simulated(home, "bad-release", 20.0, 7) as facts:
        services = {"prometheus", "pagerduty", "slack", "statuspage", "health"}
        expected = {"home", "kubeconfig", "api", "context", "namespace", "scenario"} | services
        assert expected <= set(facts)
        assert facts["api"].startswith("http://127.0.0.1:")
        for name, value in join_exports(home, facts).items():
            monkeypatch.setenv(name, value)
        assert cli("declare", "x", "--json").json["cluster"] == {
            "context": facts["context"],
            "server": facts["api"],
            "namespaces": [facts["namespace"]],
        }
        ran = cli("doctor", "--json")
        checks = {check["what"]: check for check in ran.json}
        for what in ("journal", "runbook", "clock", "kubeconfig", "context", "server", "list pods", "list events", "list deployments"):
            assert checks[what]["ok"], checks[what]
            assert set(checks[what]) == {"what", "ok", "detail", "source", "fix"}
        assert "20x" in checks["clock"]["detail"]
    happened = [json.loads(line) for line in (home / "gameday.ndjson").read_text().splitlines()]
    assert happened[0] == facts
    assert all(set(each) >= {"at", "what"} for each in happened[1:])


def test_a_scenario_that_cannot_be_played_ends_the_demo_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="bad-release"), simulated(tmp_path, "nope", 1.0, 0):
        pass


def test_a_temporary_home_goes_and_each_is_fresh() -> None:
    with temporary_home() as first, temporary_home() as second:
        assert first != second
        (first / "journal.sqlite").write_text("x")
    assert not first.exists()
    assert not second.exists()


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_gameday_alone_ends_as_it_is_told(tmp_path: Path, sign: signal.Signals, code: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "warroom", "gameday", "--home", str(tmp_path / "g")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite that runs in the background ignores it
    )
    assert child.stdout is not None
    facts = json.loads(child.stdout.readline())
    assert Path(facts["kubeconfig"]).stat().st_mode & 0o777 == 0o600
    child.send_signal(sign)
    _, faults = child.communicate(timeout=30)
    assert child.returncode == code
    assert faults == b""


def test_a_taken_port_is_told(served: dict[str, Any]) -> None:
    port = re.findall(r":(\d+)$", served["api"])[0]
    ran = subprocess.run(
        [sys.executable, "-m", "warroom", "gameday", "--port", port], capture_output=True, text=True, check=False, timeout=30
    )
    assert ran.returncode == 1
    assert f"port {port}" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_doctor_changes_nothing_and_says_what_is_missing(cli: Cli, home: Path) -> None:
    ran = cli("doctor", "--json")
    checks = {check["what"]: check for check in ran.json}
    assert ran.code == 1
    assert checks["kubeconfig"]["ok"] is False
    assert "--kubeconfig" in checks["kubeconfig"]["fix"]
    assert checks["journal"]["ok"] is True
    assert not home.exists()


def test_doctor_names_a_server_that_does_not_answer(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.conftest import kubeconfig

    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "config", "http://127.0.0.1:9")))
    ran = cli("doctor", "--json")
    server = next(check for check in ran.json if check["what"] == "server")
    assert server["ok"] is False
    assert server["detail"]
    assert cli("doctor").out.count("NO ") >= 1


def test_doctor_never_prints_a_secret(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.conftest import kubeconfig

    file = kubeconfig(tmp_path / "config", "http://127.0.0.1:9")
    file.write_text(file.read_text().replace("token: t", "token: s3cr3t-t0ken-value"))
    monkeypatch.setenv("KUBECONFIG", str(file))
    ran = cli("doctor", "--json")
    assert "s3cr3t" not in ran.out + ran.err
    assert os.environ["KUBECONFIG"] in ran.out
