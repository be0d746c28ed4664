"""The timeline on the command line: text as it is, moments, corrections, and foreign text on a terminal."""

import pytest

from cli.conftest import Cli


@pytest.mark.parametrize(
    "text",
    ["-7m it broke", "-f", "--force was needed", "--", "-", "-n tensafe", "- list", "02:41 paged", "[/x] [bold]", "a  b", "--at-all x"],
)
def test_text_is_taken_as_it_is(cli: Cli, declared: str, text: str) -> None:
    words = ["--", text] if text == "--" else [text]
    for verb in ("well", "badly", "action"):
        assert cli(verb, "--json", *words).json["text"] == text
    written = cli("note", "--json", *words).json
    assert written["text"] == text
    assert cli("amend", "--json", str(written["seq"]), *words).json["body"]["text"] == text


def test_flags_may_stand_before_and_after_the_text(cli: Cli, declared: str) -> None:
    found = cli("note", "--at", "-3m", "-7m it broke", "--progress", "--as=joan", "--json").json
    assert (found["text"], found["by"], found["body"]["progress"]) == ("-7m it broke", "joan", True)
    assert found["at"] < found["recorded_at"]


def test_a_bare_time_is_the_latest_past_one(cli: Cli, declared: str) -> None:
    found = cli("note", "x", "--at", "02:41", "--json").json
    assert found["at"].split("T")[1].startswith("02:41:00")
    assert found["at"] <= found["recorded_at"]


def test_corrections_name_the_first_and_keep_it(cli: Cli, declared: str) -> None:
    first = cli("note", "rolled back at 02:14", "--json").json
    amended = cli("amend", str(first["seq"]), "rolled back at 02:41", "--json").json
    assert (amended["kind"], amended["amends"]) == ("amended", first["id"])
    assert cli("move", first["id"], "--at", "-2m", "--json").json["kind"] == "moved"
    assert cli("strike", str(first["seq"]), "--reason", "wrong night", "--json").json["kind"] == "struck"
    shown = {entry["id"]: entry for entry in cli("timeline", "--all", "--json").json}
    assert shown[first["id"]]["struck"] is True
    assert shown[first["id"]]["text"] == "rolled back at 02:14"
    kinds = [entry["kind"] for entry in cli("timeline", "--all", "--json").json]
    assert {"declared", "noted", "amended", "moved", "struck"} <= set(kinds)


def test_the_nearer_flag_wins(cli: Cli) -> None:
    assert cli("--journal", "a.sqlite", "declare", "x", "--journal", "b.sqlite").code == 0
    assert cli("--journal", "b.sqlite", "status", "--json").json["title"] == "x"
    assert cli("status", "--journal", "a.sqlite", "--json").json is None


def test_foreign_text_cannot_steer_the_terminal(cli: Cli) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J‮abc\u0000"
    cli("declare", f"title {evil}", "--severity", "P2")
    cli("note", f"note {evil}")
    for words in (
        ["status"],
        ["status", "--line"],
        ["timeline"],
        ["timeline", "--all"],
        ["incidents"],
        ["deadlines"],
        ["export", "timeline"],
    ):
        ran = cli(*words)
        assert ran.code == 0
        assert not set("\x1b\x07\u0000‮") & set(ran.out), words


def test_json_cannot_steer_the_terminal_and_says_the_same(cli: Cli, declared: str) -> None:
    evil = "\x9b2J \x7f \u202e \U000e0041 ÄÖ 漢"
    ran = cli("note", evil, "--json")
    assert ran.json["text"] == evil
    assert not set("\x9b\x7f\u202e\U000e0041") & set(ran.out)
    assert "漢" in ran.out


def test_secrets_never_reach_the_journal_or_an_export(cli: Cli, declared: str, tmp_path: object) -> None:
    from pathlib import Path

    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    cli("note", f"curl -H 'Authorization: Bearer {secret}' failed")
    assert cli("export", "json", "-o", "all.json").code == 0
    assert cli("export", "postmortem", "-o", "pm.md").code == 0
    for folder in (Path.cwd(), Path.cwd() / "home"):
        for file in folder.iterdir():
            if file.is_file():
                assert secret.encode() not in file.read_bytes(), file
