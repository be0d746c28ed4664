"""Hypotheses and the questions of triage by command."""

from cli.conftest import Cli


def test_a_board_by_command(cli: Cli, declared: str) -> None:
    made = cli("hypothesis", "propose", "-2.8.1 overflows the budget", "--owner", "tom", "--json").json
    assert (made["kind"], made["body"]["owner"]) == ("hypothesis_proposed", "tom")
    tested = cli("hypothesis", "testing", str(made["seq"]), "--json").json
    assert (tested["kind"], tested["body"]["state"]) == ("hypothesis_judged", "testing")
    pin = cli("note", "KeyError: budget", "--json").json
    assert cli("hypothesis", "evidence", str(made["seq"]), str(pin["seq"])).code == 0
    cli("hypothesis", "confirmed", str(made["seq"]), "--reason", "gone")
    (one,) = cli("hypothesis", "--json").json
    assert (one["state"], one["owner"], one["evidence"]) == ("confirmed", "tom", [pin["id"]])
    assert "confirmed  tom" in cli("hypothesis").out
    assert cli("hypothesis", "dance", "1").code == 2
    assert cli("hypothesis", "confirmed", "99", "--reason", "x").code == 2


def test_facts_by_command(cli: Cli, declared: str) -> None:
    said = cli("fact", "who", "all who train", "--json").json
    assert (said["kind"], said["body"]["question"]) == ("triage_answered", "who")
    assert cli("fact", "whom", "x").code == 2
    assert "who is affected: all who train" in cli("timeline").out
