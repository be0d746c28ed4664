"""Who is on call, by command and from the team's file."""

from pathlib import Path

import pytest

from cli.conftest import Cli

TEAM = """
change_over = "Tuesday 10:00"
[[people]]
name = "Ada Park"
login = "ada"
titles = ["Engineer A"]
phone = "+49 30 1"
slack = "U1"
[[people]]
name = "Bob Roy"
titles = ["Engineer B"]
[[people]]
name = "Kim Oh"
titles = ["Engineer C"]
[[overrides]]
start = 2026-01-01T00:00:00Z
end = 2099-01-01T00:00:00Z
secondary = "Ada Park"
why = "swap"
[[holidays]]
date = 2020-01-01
name = "New Year"
volunteer = "Ada Park"
"""


def test_who_and_why_with_a_team(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours.toml").write_text(TEAM)
    monkeypatch.setenv("WARROOM_TEAM", "ours.toml")
    first, second = cli("oncall", "--json").json
    assert (first["slot"], first["source"]) == ("primary", "rota")
    assert first["name"] in ("Engineer A", "Engineer B")
    assert first["person"] in ("Ada Park", "Bob Roy")
    assert "week" in first["why"]
    assert first["until"].endswith("T10:00:00Z")
    assert (second["person"], second["source"], second["why"], second["phone"]) == ("Ada Park", "override", "stands in, swap", "+49 30 1")
    assert "swap" in cli("oncall").out


def test_without_a_team_the_runbooks_words(cli: Cli) -> None:
    first, second = cli("oncall", "--json").json
    assert first["name"].startswith("Engineer ")
    assert first["person"] is None
    assert (first["line"], second["slot"]) == (first["line"], "secondary")
    assert cli("oncall").code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("people = 3", "docs/messages.md"),
        ("[[people]", "not TOML"),
        ('[[people]]\nname = "A"\nfone = "1"', "fone"),
        ('change_over = "noon"', "Monday 09:00"),
    ],
)
def test_a_file_that_cannot_be_meant_is_one_sentence(cli: Cli, home: Path, text: str, told: str) -> None:
    home.mkdir()
    (home / "team.toml").write_text(text)
    ran = cli("oncall")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert told in ran.err


def test_a_file_that_is_not_there(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_TEAM", "/nowhere/team.toml")
    assert cli("oncall").code == 2
