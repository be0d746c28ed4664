"""Messages by command: filled, checked, sent."""

from pathlib import Path

import pytest

from cli.conftest import Cli

SAID = ("--set", "latest=2.8.1 fails [jobs]", "--set", "current actions=rolling back")


@pytest.fixture(autouse=True)
def team(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "team.toml").write_text('[[people]]\nname = "Ada Park"\nlogin = "ada"\nslack = "U1"\nemail = "ada@example.com"\n')
    monkeypatch.setenv("WARROOM_TEAM", str(tmp_path / "team.toml"))


def test_all_are_listed(cli: Cli, declared: str) -> None:
    found = cli("message", "--json").json
    assert len(found) == 7
    assert {one["state"] for one in found} == {None}
    assert "Incident Update" in cli("message").out


def test_a_draft_is_shown_and_changes_nothing(cli: Cli, declared: str) -> None:
    ran = cli("message", "incident upd", *SAID, "--json").json
    assert (ran["name"], ran["channel"], ran["state"], ran["unfilled"], ran["id"]) == (
        "Incident Update",
        "#incident-comms",
        "draft",
        [],
        None,
    )
    assert "*What we know*: 2.8.1 fails [jobs]\n" in ran["text"]
    assert cli("journal", "verify", "--json").json["entries"] == 2
    open_ = cli("message", "incident upd", "--json").json
    assert open_["unfilled"] == ["latest findings", "current actions"]
    assert "[Latest findings]" in open_["text"]


def test_without_a_channel_it_is_copied_and_confirmed(cli: Cli, declared: str) -> None:
    assert cli("message", "incident upd", "--send").code == 2
    ran = cli("message", "incident upd", *SAID, "--send", "--json")
    assert (ran.code, ran.json["state"]) == (0, "queued")
    assert f"warroom outbox confirm {ran.json['id']}" in ran.err
    assert cli("message", "incident upd", *SAID, "--send").code in (0, 1)
    before = next(one for one in cli("deadlines", "--json").json if one["id"] == "update")
    assert cli("outbox", "confirm", ran.json["id"]).code == 0
    after = next(one for one in cli("deadlines", "--json").json if one["id"] == "update")
    assert (after["due"][-4:], before["id"]) == (":00Z", "update")
    assert "Incident Update" in cli("message").out


def test_unknown_is_said_where_it_may_be(cli: Cli, declared: str) -> None:
    assert cli("message", "incident upd", "--unknown", "--json").json["text"].count("unknown at this time") == 2
    outside = cli("message", "identified", "--unknown", "--send")
    assert outside.code == 2
    assert "high-level explanation" in outside.err


def test_the_public_takes_two_keys(cli: Cli, declared: str) -> None:
    first = cli("message", "investigating", "--send", "--json")
    assert (first.code, first.json["state"], first.json["keys"]) == (0, "draft", 1)
    assert "one key of two" in first.err
    second = cli("message", "investigating", "--send", "--as", "bob")
    assert second.code == 1
    assert "second key" in second.err
    assert cli("outbox", "--json").json == []


def test_a_doubt_takes_a_reason(cli: Cli, declared: str) -> None:
    lie = ("message", "incident upd", "--set", "latest=all systems are operating normally", "--set", "current=none")
    assert "not" not in cli(*lie, "--json").json["unfilled"]
    (warning,) = cli(*lie, "--json").json["warnings"]
    assert "operating normally" in warning
    assert cli(*lie, "--send").code == 2
    assert cli(*lie, "--send", "--reason", "they are, the figures are off").code == 0


def test_to_oneself_first(cli: Cli, declared: str) -> None:
    mine = cli("message", "incident upd", *SAID, "--to", "me", "--json").json
    assert (mine["channel"], mine["name"]) == ("Slack U1", "Incident Update, to Ada Park first")
    whole = cli("message", "incident upd", *SAID, "--json").json
    assert mine["text"] == whole["text"]
    assert cli("message", "incident upd", "--to", "me", "--as", "tom").code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("message", "poem"), "it has"),
        (("message", "incident"), "more than one"),
        (("message", "incident upd", "--set", "mood=calm"), "its blanks are"),
        (("message", "incident upd", "--set", "mood"), "k=v"),
    ],
)
def test_wrong_uses(cli: Cli, declared: str, words: tuple[str, ...], told: str) -> None:
    ran = cli(*words)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert told in ran.err


def test_without_an_incident(cli: Cli) -> None:
    assert cli("message").code == 2
