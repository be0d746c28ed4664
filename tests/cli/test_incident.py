"""An incident on the command line: its JSON, what is refused, and which one is meant."""

from pathlib import Path

import pytest

from cli.conftest import Cli, kubeconfig

INCIDENT = [
    "id",
    "title",
    "drill",
    "severity",
    "rank",
    "suggested",
    "phase",
    "state",
    "detected",
    "alerted",
    "acknowledged",
    "declared",
    "restored",
    "resolved",
    "closed",
    "elapsed_seconds",
    "roles",
    "ticks",
    "deadlines",
    "debts",
    "promises",
    "entries",
    "runbook",
    "cluster",
]
ENTRY = ["seq", "id", "kind", "at", "recorded_at", "by", "text", "body", "amends", "struck", "hash"]
DEADLINE = ["id", "title", "owner", "consequence", "due", "left_seconds", "state", "line"]


def test_declare_prints_the_incident(cli: Cli) -> None:
    found = cli("declare", "API errors above 10 %", "--severity", "p2", "--at", "-7m", "--drill", "--symptoms", "HTTP 500", "--json").json
    assert set(INCIDENT) <= set(found)
    assert (found["severity"], found["rank"], found["state"], found["drill"]) == ("P2", 2, "declared", True)
    assert found["alerted"] == found["detected"] < found["declared"]
    assert found["alerted"].endswith("Z")
    assert 420 <= found["elapsed_seconds"] < 480
    assert set(found["runbook"]) == {"sha256", "version", "title"}
    assert found["cluster"] is None
    assert all(set(DEADLINE) <= set(deadline) for deadline in found["deadlines"])


def test_declare_carries_the_bytes_of_the_runbook_file(cli: Cli, tmp_path: Path) -> None:
    import hashlib

    file = tmp_path / "own.md"
    file.write_bytes("# Ours\n\n## Severity Levels\n\n| Level | Name |\n|---|---|\n| S1 | Bad |\n\r\nÄ\n".encode())
    found = cli("declare", "x", "--runbook", str(file), "--json").json
    assert found["runbook"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_declare_names_the_cluster_of_the_kubeconfig_without_asking_it(cli: Cli, tmp_path: Path) -> None:
    file = kubeconfig(tmp_path / "config", "https://192.0.2.1:6443")
    found = cli("declare", "x", "--kubeconfig", str(file), "--json").json
    assert found["cluster"] == {"context": "prod", "server": "https://192.0.2.1:6443", "namespaces": ["shop"]}


def test_declare_without_a_usable_kubeconfig_has_no_cluster(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("{[")
    assert cli("declare", "x", "--kubeconfig", str(tmp_path / "broken"), "--json").json["cluster"] is None


def test_a_second_declaration_within_ten_minutes_names_the_first(cli: Cli, declared: str) -> None:
    ran = cli("declare", "again")
    assert ran.code == 2
    assert declared in ran.err
    assert cli("declare", "another", "--yes").code == 0


def test_status_without_an_incident_is_null_and_no_fault(cli: Cli) -> None:
    ran = cli("status", "--json")
    assert (ran.code, ran.json) == (0, None)
    assert cli("status").code == 0
    assert cli("status", "--line").out == "no incident\n"


def test_status_has_at_most_20_lines_and_its_line_60_cells(cli: Cli, declared: str) -> None:
    for number in range(30):
        cli("note", f"a note {number}")
    assert len(cli("status").out.splitlines()) <= 20
    line = cli("status", "--line").out
    assert line.count("\n") == 1
    assert len(line.rstrip("\n")) <= 60


def test_the_response_from_ack_to_reopen(cli: Cli, declared: str) -> None:
    states = []
    for words in (
        ["ack"],
        ["severity", "P1", "--reason", "all customers"],
        ["phase", "3"],
        ["restored", "--at", "-1m", "--reason", "error rate is normal"],
        ["resolve"],
        ["close"],
        ["reopen", "--reason", "it is back"],
    ):
        ran = cli(*words, "--json")
        assert ran.code == 0, ran.err
        assert ran.json["id"] == declared
        states.append(ran.json["state"])
    assert states == ["declared", "declared", "mitigating", "monitoring", "resolved", "closed", "mitigating"]


@pytest.mark.parametrize(
    "words",
    [
        ["severity", "P9", "--reason", "x"],
        ["severity", "P1"],
        ["phase", "77"],
        ["phase", "two"],
        ["close"],
        ["restored"],
        ["reopen", "--reason", "x", "--incident", "inc-000000-00000"],
        ["note", "  "],
        ["note"],
        ["note", "x", "--at", "soon"],
        ["note", "x", "--at", "2999-01-01T00:00:00Z"],
        ["note", "two", "words"],
        ["amend", "99", "x"],
        ["tick", "no such thing"],
        ["role", "Barista", "--to", "ada"],
        ["snooze", "ack", "--for", "a while", "--reason", "x"],
        ["snooze", "nothing", "--for", "5m", "--reason", "x"],
        ["action", "x", "--due", "tomorrow"],
        ["export", "poem"],
        ["runbook", "check", "missing.md"],
        ["journal", "purge", "2"],
        ["statsu"],
        ["status", "--colour"],
        ["runbook"],
        ["journal", "burn"],
        ["note", "x", "--as"],
        ["note", "--at"],
        ["--theme", "pink", "status"],
        ["--incident", "nope", "status"],
        ["--runbook", "missing.md", "declare", "x", "--yes"],
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_in_one_sentence_and_changes_nothing(cli: Cli, declared: str, words: list[str]) -> None:
    ran = cli(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("warroom: ")
    assert "Traceback" not in ran.err
    assert cli("status", "--json").json["entries"] == 2


def test_what_is_so_already_is_no_mistake_but_fails(cli: Cli, declared: str) -> None:
    assert cli("ack").code == 0
    assert cli("ack").code == 1


@pytest.mark.parametrize("words", [["note", "x"], ["ack"], ["tick", "x"], ["export", "postmortem"], ["reopen", "--reason", "x"]])
def test_without_any_incident_there_is_advice(cli: Cli, words: list[str]) -> None:
    ran = cli(*words)
    assert ran.code == 2
    assert "declare" in ran.err


def test_several_open_incidents_are_listed_and_one_is_named(cli: Cli, declared: str) -> None:
    other = cli("declare", "another", "--yes", "--json").json["id"]
    ran = cli("note", "which?")
    assert ran.code == 2
    assert declared in ran.err
    assert other in ran.err
    assert cli("note", "this", "--incident", declared, "--json").json["incident"] == declared
    assert cli("note", "that", "--incident", other[-5:], "--json").json["incident"] == other
    assert [incident["id"] for incident in cli("incidents", "--json").json] == [other, declared]


def test_with_none_open_the_latest_is_read_and_written_down(cli: Cli, declared: str) -> None:
    cli("resolve")
    cli("close")
    assert cli("status", "--json").json["state"] == "closed"
    assert cli("note", "seen afterwards", "--json").json["incident"] == declared
    assert cli("export", "timeline").code == 0
    assert cli("tick", "all customers affected").code == 2
    assert cli("reopen", "--reason", "it is back", "--json").json["id"] == declared


def test_a_runbook_flag_that_differs_from_the_incidents_is_refused(cli: Cli, declared: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Another\n")
    ran = cli("note", "x", "--runbook", "other.md")
    assert ran.code == 2
    assert "another runbook" in ran.err
    assert cli("status", "--json").json["entries"] == 2
    cli("close", "--not-an-incident")
    assert cli("export", "postmortem", "--runbook", "other.md").code == 2


def test_a_runbook_that_was_not_given_never_conflicts(cli: Cli, declared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_RUNBOOK", "missing.md")
    assert cli("note", "x").code == 0
    assert cli("declare", "x", "--yes").code == 2


def test_another_cluster_than_the_pinned_one_is_refused(cli: Cli, tmp_path: Path) -> None:
    ours = kubeconfig(tmp_path / "ours", "https://192.0.2.1:6443")
    other = kubeconfig(tmp_path / "other", "https://192.0.2.2:6443")
    assert cli("declare", "x", "--kubeconfig", str(ours)).code == 0
    assert cli("--kubeconfig", str(ours), "note", "x").code == 0
    ran = cli("--kubeconfig", str(other), "note", "x")
    assert ran.code == 2
    assert "https://192.0.2.1:6443" in ran.err


def test_open_action_items_of_all_incidents(cli: Cli, declared: str) -> None:
    cli("action", "alert on the pool", "--owner", "grace", "--due", "2026-12-01")
    other = cli("declare", "another", "--yes", "--json").json["id"]
    cli("action", "-f is missing in the runbook", "--incident", other)
    found = cli("status", "--open", "--json").json
    assert [(item["text"], item["body"].get("owner")) for item in found] == [
        ("alert on the pool", "grace"),
        ("-f is missing in the runbook", None),
    ]
    assert "no owner" in cli("status", "--open").out


def test_deadlines_are_listed_with_their_shape(cli: Cli, declared: str) -> None:
    found = cli("deadlines", "--json").json
    assert found
    assert all(set(DEADLINE) <= set(deadline) for deadline in found)
    assert {"ack", "update"} <= {deadline["id"] for deadline in found}
    assert cli("answer", "ack", "told", "--json").json["kind"] == "answered"
    assert cli("snooze", "update", "--for", "15m", "--reason", "on a call", "--json").json["kind"] == "snoozed"


def test_roles_and_ticks_are_entries(cli: Cli, declared: str) -> None:
    role = cli("role", "ic", "--to", "grace", "--json").json
    assert set(ENTRY) <= set(role)
    assert (role["kind"], role["body"]["person"], role["by"]) == ("role_set", "grace", "ada")
    tick = cli("tick", "all customers", "--as", "joan", "--json").json
    assert (tick["kind"], tick["by"]) == ("ticked", "joan")
    assert cli("status", "--json").json["suggested"]["severity"] == "P1"
    assert cli("untick", tick["body"]["item"], "--json").json["kind"] == "unticked"
