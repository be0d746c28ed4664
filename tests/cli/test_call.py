"""A call by command: whom, what to say, how it went."""

from pathlib import Path

from cli.conftest import Cli


def test_whom_to_call_and_what_to_say(cli: Cli, declared: str, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "team.toml").write_text('[[people]]\nname = "Vera"\ntitles = ["VP Engineering"]\nphone = "+49 30 7"\n')
    ran = cli("call", "L4", "--text", "decide on the failover")
    assert ran.out.startswith("Vera (L4, VP Engineering): +49 30 7\nada here, about a P2: API errors above 10 %.")
    assert "I need you to decide on the failover." in ran.out
    entry = cli("call", "VP Engineering", "voicemail", "--json").json
    assert (entry["kind"], entry["body"]["contact"], entry["body"]["person"]) == ("called", "L4", "Vera")


def test_wrong_uses(cli: Cli, declared: str) -> None:
    assert "no number known" in cli("call", "L5").out
    assert cli("call", "the pope").code == 2
    assert cli("call", "L5", "asleep").code == 2
