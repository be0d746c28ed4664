"""Faults: one sentence and the right exit code; a traceback only when it is asked for."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import warroom.room
from cli.conftest import Cli
from warroom.core.ports import JournalTrouble

HEAVY = ("textual", "rich", "kubernetes", "aiohttp", "pydantic", "warroom.ui", "warroom.gameday")


def break_it(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(warroom.room.Room, "open", broken)


def test_what_nobody_thought_of_is_one_sentence_and_exit_1(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch, RuntimeError("the moon\nfell"))
    ran = cli("status")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") == 1
    assert "--debug" in ran.err


def test_debug_shows_the_traceback(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch, RuntimeError("the moon fell"))
    ran = cli("status", "--debug")
    assert ran.code == 1
    assert "Traceback" in ran.err


def test_ctrl_c_is_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch, KeyboardInterrupt())
    assert cli("status").code == 130


def test_a_broken_clock_and_a_wrong_setting_are_the_users(cli: Cli, home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    assert isinstance(home, Path)
    home.mkdir()
    (home / "clock.json").write_text("{}")
    assert cli("status").code == 2
    (home / "clock.json").unlink()
    monkeypatch.setenv("WARROOM_THEME", "pink")
    ran = cli("status")
    assert ran.code == 2
    assert "WARROOM_THEME" in ran.err


def test_the_console_and_the_demo_need_a_terminal(cli: Cli) -> None:
    for words in ([], ["demo"]):
        ran = cli(*words)
        assert ran.code == 2
        assert "terminal" in ran.err


def test_an_unknown_scenario_is_told(cli: Cli) -> None:
    ran = cli("gameday", "--scenario", "nope")
    assert ran.code == 2
    assert "bad-release" in ran.err


def test_the_version_is_printed(cli: Cli) -> None:
    ran = cli("--version")
    assert ran.code == 0
    assert ran.out.startswith("warroom ")


def test_a_reader_that_has_seen_enough_is_no_fault_to_tell(declared: str) -> None:
    """As `warroom timeline | head -0`."""
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run([sys.executable, "-m", "warroom", "timeline"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert ran.returncode == 1
    assert ran.stderr == b""


@pytest.mark.parametrize("words", [["note", "x"], ["status"], ["tick", "all customers"], ["deadlines", "--json"], ["journal", "path"]])
def test_plain_commands_load_nothing_heavy(declared: str, words: list[str]) -> None:
    code = f"import sys; from warroom.cli.main import run; assert run({words!r}) == 0; print([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "[]"


def test_two_processes_write_one_journal(cli: Cli, declared: str) -> None:
    code = "from warroom.cli.main import run\nimport sys\nfor n in range(8): assert run(['note', f'{sys.argv[1]} {n}']) == 0"
    both = [subprocess.Popen([sys.executable, "-c", code, who], stdout=subprocess.DEVNULL) for who in ("left", "right")]
    assert [each.wait(50) for each in both] == [0, 0]
    texts = [entry["text"] for entry in cli("timeline", "--json").json if entry["kind"] == "noted"]
    assert sorted(texts) == sorted(f"{who} {n}" for who in ("left", "right") for n in range(8))
    for who in ("left", "right"):
        assert [text for text in texts if text.startswith(who)] == [f"{who} {n}" for n in range(8)]
    assert cli("journal", "verify").code == 0


def test_a_journal_that_is_none_is_the_users_mistake(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "prose.sqlite").write_text("this is no database, and long enough to be taken for one" * 20)
    with closing(sqlite3.connect(tmp_path / "theirs.sqlite")) as db:
        db.execute("create table theirs (x)")
    (tmp_path / "file").touch()
    for named in ("prose.sqlite", "theirs.sqlite", ".", "file/journal.sqlite"):
        ran = cli("status", "--journal", named)
        assert ran.code == 2, named
        assert "--journal FILE" in ran.err


def test_a_journal_that_fails_is_no_mistake(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch, JournalTrouble("the disk is full"))
    assert cli("status").code == 1


def test_with_every_incident_closed_it_says_which_to_reopen(cli: Cli, declared: str) -> None:
    cli("close", "--not-an-incident")
    ran = cli("close")
    assert ran.code == 2
    assert "no incident is open" in ran.err
    assert declared in ran.err


def test_a_target_that_cannot_be_written_is_named_as_it_was_given(cli: Cli, declared: str) -> None:
    ran = cli("export", "timeline", "-o", "missing/night.md")
    assert ran.code == 1
    assert ran.err.startswith("warroom: missing/night.md cannot be written")
