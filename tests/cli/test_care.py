"""The journal's care and the runbook's, on the command line."""

from pathlib import Path

import pytest

from cli.conftest import Cli
from warroom.library import default_runbook

USERS = Path(__file__).parents[3] / "shared" / "runbook" / "tensafe-incident-response.md"


def test_path_tells_where_without_making_anything(cli: Cli, home: Path) -> None:
    assert cli("journal", "path").out == f"{home / 'journal.sqlite'}\n"
    assert not home.exists()


def test_verify_has_its_shape(cli: Cli, declared: str) -> None:
    found = cli("journal", "verify", "--json").json
    assert (found["ok"], found["entries"], found["problems"]) == (True, 2, [])
    assert len(found["head"]) == 64


def test_verify_of_a_torn_chain_fails(cli: Cli, declared: str, home: Path) -> None:
    import sqlite3

    with sqlite3.connect(home / "journal.sqlite") as db:
        for (trigger,) in db.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            db.execute(f"drop trigger {trigger}")
        db.execute("update entries set body = replace(body, 'P2', 'P4') where seq = 2")
    ran = cli("journal", "verify", "--json")
    assert ran.code == 1
    assert ran.json["ok"] is False
    assert ran.json["problems"]


def test_purge_takes_the_text_out_of_the_file(cli: Cli, declared: str, home: Path) -> None:
    cli("note", "the word is swordfish")
    purged = cli("journal", "purge", "3", "--reason", "a password", "--json").json
    assert (purged["kind"], purged["by"]) == ("purged", "ada")
    for file in home.iterdir():
        assert b"swordfish" not in file.read_bytes(), file
    assert cli("journal", "verify", "--json").json["ok"] is True
    assert "swordfish" not in cli("export", "json").out


def test_a_journal_that_is_none_is_told(cli: Cli) -> None:
    Path("night.sqlite").write_text("not a database, certainly not one of ours" * 50)
    ran = cli("status", "--journal", "night.sqlite")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert cli("journal", "verify", "--journal", "missing.sqlite").code == 2


def test_check_has_its_shapes(cli: Cli) -> None:
    Path("runbook.md").write_text(default_runbook()[0])
    found = cli("runbook", "check", "runbook.md", "--json")
    assert found.code == 0
    assert all(set(finding) >= {"file", "line", "level", "code", "message", "fix"} for finding in found.json)
    lines = cli("runbook", "check", "runbook.md").out.splitlines()
    assert len(lines) == len(found.json)
    assert all(line.startswith("runbook.md:") for line in lines)
    assert all(line.startswith("::") for line in cli("runbook", "check", "runbook.md", "--format", "github").out.splitlines())
    assert cli("runbook", "check", "runbook.md", "--format", "xml").code == 2


def test_an_empty_file_is_a_warning(cli: Cli) -> None:
    Path("empty.md").write_text("")
    ran = cli("runbook", "check", "empty.md", "--json")
    assert ran.code == 0
    assert [finding["level"] for finding in ran.json] == ["warning"]


@pytest.mark.skipif(not USERS.exists(), reason="the users' own runbook is not beside this checkout")
def test_show_of_the_users_file_has_every_count(cli: Cli) -> None:
    found = cli("runbook", "show", str(USERS), "--json").json
    assert found["lines"] == 635
    assert len(found["declaration"]["triggers"]) == 7
    assert [len(severity["criteria"]) for severity in found["severities"]] == [6, 6, 6, 5]
    assert len(found["phases"]) == 5
    assert len(found["templates"]) == 7
    assert len(found["escalation"]["triggers"]) == 6
    assert len(found["escalation"]["contacts"]) == 7
    assert sum(len(playbook["steps"]) for playbook in found["playbooks"]) == 13
    assert sum(len(step["commands"]) for playbook in found["playbooks"] for step in playbook["steps"]) == 14


def test_show_without_a_file_shows_the_shipped_one(cli: Cli) -> None:
    assert cli("runbook", "show", "--json").json["title"] in cli("runbook", "show").out
