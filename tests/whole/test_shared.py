"""Three people at one console: in a real tmux, each in a terminal of another size."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from whole.terminal import WARROOM, Terminal, environment

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.timeout(180),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
    pytest.mark.xdist_group("tmux"),
]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """With a folder for tmux' socket whose path is short enough for one."""
    with tempfile.TemporaryDirectory(prefix="wr-", dir="/tmp") as sockets:
        found = environment(tmp_path, TMUX_TMPDIR=sockets)
        yield found
        for socket in Path(sockets).glob("*/*"):
            subprocess.run(["tmux", "-S", str(socket), "kill-server"], capture_output=True, check=False, timeout=20)


def said(env: dict[str, str], *words: str) -> Any:
    done = subprocess.run([*WARROOM, *words, "--json"], env=env, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def asked(env: dict[str, str], what: str) -> str:
    """Of the tmux that they share."""
    (socket,) = Path(env["TMUX_TMPDIR"]).glob("*/warroom-*")
    words = ["tmux", "-S", str(socket), "display-message", "-p", "-t", "warroom:", what]
    return subprocess.run(words, env=env, capture_output=True, text=True, timeout=20, check=True).stdout.strip()


def seat(tmp_path: Path, env: dict[str, str], name: str, size: tuple[int, int], *words: str) -> Terminal:
    folder = tmp_path / name
    folder.mkdir()
    return Terminal(folder, [*WARROOM, "tmux", *words, "--as", name], env, size)


def test_three_at_one_console(tmp_path: Path, env: dict[str, str]) -> None:
    said(env, "declare", "checkout is down", "--severity", "P2")
    seats = [ada := seat(tmp_path, env, "ada", (160, 45))]
    try:
        ada.until("checkout is down")
        seats.append(bo := seat(tmp_path, env, "bo", (100, 30), "attach", "--write"))
        bo.until("enter goes on")
        assert "run its commands on the cluster" in " ".join(bo.screen().split())
        bo.keys("Enter")
        bo.until("checkout is down")
        seats.append(eve := seat(tmp_path, env, "eve", (80, 24), "attach"))
        eve.until("checkout is down")
        assert asked(env, "#{window_width}x#{window_height}") == "160x44"  # a row is tmux' own
        ada.until("of 3")

        wrote = [("ada", ada), ("bo", bo), ("ada", ada), ("ada", ada), ("bo", bo), ("bo", bo)]
        ada.keys("n")
        for number, (name, terminal) in enumerate(wrote):
            terminal.type(f"word {number} of {name}")
            terminal.keys("Enter")
            ada.until(f"word {number} of {name}")
            ada.until(f"{name} drives", 15)
            time.sleep(1.1)  # tmux tells the second of a key, so hands must be that far apart
        eve.keys("n", "x", "Enter")
        notes = [entry for entry in said(env, "timeline") if entry["kind"] == "noted"]
        assert [entry["text"] for entry in notes] == [f"word {n} of {name}" for n, (name, _) in enumerate(wrote)]
        # A machine under load hands a key on so late that nobody can be sure; wrong it never is.
        assert all(entry["by"] == name or entry["by"].startswith("unsure") for entry, (name, _) in zip(notes, wrote, strict=True))
        assert any(entry["by"] == name for entry, (name, _) in zip(notes, wrote, strict=True))
        assert asked(env, "#{window_name}").startswith("P2 00:0")
        assert "status --line" in asked(env, "#{status-right}")

        bo.keys("Escape")
        time.sleep(1.1)
        for _ in range(5):  # it says so where two were active in the same second
            bo.keys("T")
            if "bo goes on alone" in ada.until("take over"):
                break
            time.sleep(1.3)
        for name, terminal in (("ada", ada), ("bo", bo)):
            terminal.keys("n")
            terminal.type(f"{name} goes on")
            terminal.keys("Enter")
        end = time.monotonic() + 20  # noqa: TID251
        while "bo goes on" not in (texts := [entry["text"] for entry in said(env, "timeline")]):
            assert time.monotonic() < end, texts  # noqa: TID251
        assert not any("ada goes on" in text for text in texts)
    finally:
        for one in seats:
            one.close()


def test_who_joins_what_is_not_there_is_told(tmp_path: Path, env: dict[str, str]) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    terminal = Terminal(folder, ["sh", "-c", '"$@" 2>told', "sh", *WARROOM, "tmux", "attach"], env, (100, 30))
    try:
        end = time.monotonic() + 30  # noqa: TID251
        while terminal.status() is None and time.monotonic() < end:  # noqa: TID251
            time.sleep(0.05)
        assert terminal.status() == 1
        assert "make one with `warroom tmux`" in (folder / "told").read_text()
    finally:
        terminal.close()


def test_without_a_terminal_it_says_so(env: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", "warroom", "tmux"], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a terminal" in done.stderr
