"""`warroom tally`: a table, one document, or a line per event, of a file or of what is piped in."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.conftest import Cli

LOG = b"""2026-01-05 03:00:00,100 INFO app: ready
2026-01-05 03:00:01,100 ERROR app.jobs: job 17 of ann stopped
Traceback (most recent call last):
  File "job.py", line 3, in run
ValueError: batch of 12 is too large

2026-01-05 03:00:02,100 ERROR app.jobs: job 18 of bob stopped
Traceback (most recent call last):
  File "job.py", line 3, in run
ValueError: batch of 9 is too large
{"level":"info","msg":"fine","error":null}
{"level":"error","msg":"no route to 10.0.0.7","ts":"2026-01-05T03:00:03Z"}
"""


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "app.log"
    path.write_bytes(LOG)
    return str(path)


def piped(cli_input: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "warroom", "tally", *arguments], input=cli_input, capture_output=True, timeout=50, check=False
    )


def test_the_document_has_the_shape_that_others_rely_on(cli: Cli, log: str) -> None:
    told = cli("tally", log, "--json").json
    assert (told["lines"], told["events"], told["not_folded"], told["dropped"]) == (12, 3, 0, 0)
    worst, other = told["patterns"]
    assert worst["pattern"] == "job <*> of <*> stopped <- ValueError: batch of <*> is too large"
    assert (worst["count"], worst["sources"], worst["new"]) == (2, {log: 2}, False)
    assert (worst["first"], worst["last"]) == ("2026-01-05T03:00:01.100000Z", "2026-01-05T03:00:02.100000Z")
    assert worst["example"].splitlines() == LOG.decode().splitlines()[1:5]
    assert [value["value"] for value in worst["values"][1]] == ["ann", "bob"]
    assert other["pattern"] == "no route to <*>"
    assert len({one["id"] for one in told["patterns"]}) == 2


def test_each_event_is_labelled_with_its_lines_and_its_pattern(cli: Cli, log: str) -> None:
    patterns = {one["id"] for one in cli("tally", log, "--json").json["patterns"]}
    events = [json.loads(line) for line in cli("tally", log, "--label").out.splitlines()]
    assert [(event["line"], event["end"]) for event in events] == [(2, 5), (7, 10), (12, 12)]
    assert {event["id"] for event in events} == patterns
    every = [json.loads(line) for line in cli("tally", log, "--label", "--every").out.splitlines()]
    assert [(event["line"], event["end"]) for event in every] == [(1, 1), (2, 5), (7, 10), (11, 11), (12, 12)]


def test_the_table_is_ranked_and_short(cli: Cli, log: str) -> None:
    ran = cli("tally", log, "--top", "1")
    head, row = ran.out.splitlines()
    assert head.split() == ["count", "share", "pattern"]
    assert row.split()[:3] == ["2", "66.7%", "job"]
    assert "12 lines, 3 events, 1 pattern shown" in ran.err


def test_pods_that_kubectl_merged_are_taken_apart() -> None:
    merged = b"""[pod/api-1/server] 2026-01-05T03:00:00.000000000Z Traceback (most recent call last):
[pod/api-2/server] 2026-01-05T03:00:00.000100000Z ERROR disk 3 is full
[pod/api-1/server] 2026-01-05T03:00:00.000200000Z   File "job.py", line 3, in run
[pod/api-2/server] 2026-01-05T03:00:00.000300000Z ERROR disk 4 is full
[pod/api-1/server] 2026-01-05T03:00:00.000400000Z ValueError: no"""
    labels = piped(merged, "-", "--label")
    spans = sorted((event["line"], event["end"]) for event in map(json.loads, labels.stdout.splitlines()))
    assert spans == [(1, 5), (2, 2), (4, 4)]
    told = json.loads(piped(merged, "--json").stdout)
    assert {one["pattern"]: one["sources"] for one in told["patterns"]} == {
        "disk <*> is full": {"api-2": 2},
        "Traceback (most recent call last): <- ValueError: no": {"api-1": 1},
    }
    assert told["patterns"][0]["last"] == "2026-01-05T03:00:00.000300Z"


@pytest.mark.parametrize("name", ["nowhere.log", "."])
def test_what_cannot_be_read_is_the_users_mistake(cli: Cli, name: str) -> None:
    ran = cli("tally", name)
    assert (ran.code, ran.out) == (2, "")
    assert f"{name} cannot be read" in ran.err
    assert ran.err.count("\n") == 1


def test_a_terminal_as_input_is_told_what_to_do(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    ran = cli("tally")
    assert ran.code == 2
    assert "pipe one in" in ran.err


def test_an_empty_log_has_no_patterns(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    assert cli("tally", "empty.log", "--json").json["patterns"] == []
    assert "0 lines, 0 events, 0 patterns shown" in cli("tally", "empty.log").err


def test_one_line_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "one.log").write_text("ERROR disk is full")
    assert "1 line, 1 event, 1 pattern shown" in cli("tally", "one.log").err


def test_what_could_steer_the_terminal_is_spelled_out(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "evil.log").write_bytes(b"ERROR \x1b]0;owned\x07 title \xff\x00 \xe2\x80\xae\n")
    for shape in ((), ("--json",), ("--label",)):
        out = cli("tally", "evil.log", *shape).out
        assert out
        assert not any(char in out for char in "\x1b\x07\x00\u202e")
