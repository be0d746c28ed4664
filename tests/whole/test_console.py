"""The console in a real terminal: what is typed, resized, cut off and killed there."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whole.terminal import WARROOM, Gameday, Terminal, environment, warroom

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.timeout(90),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
    pytest.mark.xdist_group("tmux"),
]
Opens = Callable[..., Terminal]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "tmp").mkdir()
    return environment(tmp_path, TMPDIR=str(tmp_path / "tmp"))


@pytest.fixture
def opens(tmp_path: Path, env: dict[str, str]) -> Iterator[Opens]:
    """Opens `warroom` with these words in a terminal of its own."""
    opened = list[Terminal]()

    def open_(*words: str, env: dict[str, str] = env, size: tuple[int, int] = (120, 36)) -> Terminal:
        folder = tmp_path / f"t{len(opened)}"
        folder.mkdir()
        opened.append(Terminal(folder, [*WARROOM, *words], env, size))
        return opened[-1]

    yield open_
    for terminal in opened:
        terminal.close()


@pytest.fixture
def gameday(tmp_path: Path, env: dict[str, str]) -> Iterator[Gameday]:
    cluster = Gameday(tmp_path / "gameday", env)
    yield cluster.start()
    cluster.die()


def ends(terminal: Terminal, seconds: float = 15) -> int:
    """Its exit status, once the program is over."""
    end = time.monotonic() + seconds  # noqa: TID251
    while (status := terminal.status()) is None:
        assert time.monotonic() < end, f"it did not end:\n{terminal.screen()}"  # noqa: TID251
        time.sleep(0.05)
    return status


def running(words: str) -> list[str]:
    """The command lines of the processes that carry these words."""
    found = list[str]()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if words in line:
            found.append(line)
    return found


def frame(screen: str, width: int, height: int) -> str:
    """Why the picture is broken at this size, or empty."""
    rows = screen.rstrip("\n").split("\n")
    if len(rows) != height:
        return f"{len(rows)} rows"
    if any(len(row) > width for row in rows):
        return "a row is too long"
    if "SAFE" not in rows[0]:
        return "the header is not at the top"
    if "? help" not in rows[-1]:
        return "the keys are not in the last row"
    heads = {digit: len(re.findall(rf"[─━] {digit} {name}\b", screen)) for digit, name in ((2, "pods"), (5, "deadlines"), (7, "timeline"))}
    narrow = width < 100 or height < 30
    if narrow and sum(heads.values()) != 1:
        return f"one pane is shown, not {heads}"
    if not narrow and set(heads.values()) != {1}:
        return f"each pane has one head, not {heads}"
    if screen.count("SAFE") != 1 or screen.count("? help") != 1:
        return "something of an older picture is left"
    return ""


def whole(width: int, height: int) -> Callable[[str], bool]:
    return lambda screen: frame(screen, width, height) == ""


def test_a_night_on_one_journal(opens: Opens, env: dict[str, str]) -> None:
    """Declared, ticked, set, noted, amended, left and opened again; and another terminal writes along."""
    terminal = opens(env=env, size=(160, 48))
    terminal.until("WATCHING")
    terminal.keys("!")
    terminal.until("declare an incident")
    terminal.type("nothing answers")
    terminal.keys("Enter")
    terminal.until(lambda screen: "declare an incident" not in screen and "nothing answers" in screen)
    terminal.keys("6", "j", "x", "j", "x")
    terminal.until(lambda screen: screen.count("[✓]") == 2 and "suggests P1" in screen)
    terminal.keys("Enter")
    terminal.until(lambda screen: re.search(r"─  ?severity", screen))
    terminal.keys("Enter")
    terminal.until(lambda screen: "CRITICAL" in screen and "┌─" not in screen)  # the card has closed, too
    terminal.keys("n")
    terminal.type("restarted the pool\r")
    terminal.until("restarted the pool")
    terminal.keys("Escape")
    terminal.until("? help")
    terminal.keys("7")
    terminal.until("editor")
    terminal.keys("a")
    terminal.until("amend ")
    terminal.type(" twice\r")
    terminal.until(lambda screen: "amended by" in screen and "restarted the pool twice" in screen)
    terminal.keys("C-q")
    terminal.until("nobody watches")
    terminal.keys("Enter")
    assert ends(terminal) == 0

    again = opens(env=env, size=(160, 48))
    again.until(lambda screen: "nothing answers" in screen and "CRITICAL" in screen and screen.count("[✓]") == 2)
    again.keys("7", "7")
    again.until(lambda screen: "amended by" in screen and "restarted the pool twice" in screen)
    warroom("note", "the other terminal sees it too", env=env)
    again.until("the other terminal sees it too", seconds=0.5)
    kinds = [entry["kind"] for entry in json.loads(warroom("export", "json", env=env))["entries"]]
    kinds = [kind for kind in kinds if kind not in ("watch_taken", "observed")]  # what the consoles write unasked
    assert kinds == ["declared", "ticked", "ticked", "severity_set", "noted", "amended", "noted"]


def test_every_size_is_a_whole_frame(opens: Opens, gameday: Gameday) -> None:
    joined = gameday.joined()
    warroom("declare", "server failing", "--severity", "P2", env=joined)
    terminal = opens(env=joined, size=(120, 36))
    terminal.until("tensafe-server-")
    for width, height in ((80, 24), (160, 48), (80, 23), (300, 80), (120, 36)):
        terminal.resize(width, height)
        terminal.until(whole(width, height), seconds=3)
        assert "tensafe-server-" in terminal.screen()


def test_a_cluster_that_dies_looks_old_and_comes_back(opens: Opens, gameday: Gameday, env: dict[str, str]) -> None:
    joined = gameday.joined()
    warroom("declare", "server failing", "--severity", "P2", env=joined)
    terminal = opens(env=joined, size=(160, 48))
    terminal.until(lambda screen: re.search(r"2 pods .* ● \d+ s", screen) and "server failing" in screen)
    gameday.die()
    screen = terminal.until("stale")
    assert "tensafe-server-" in screen
    terminal.keys("7", "7", "n")
    terminal.until("at ")
    terminal.type("the cluster is gone")
    terminal.keys("Enter")
    terminal.until(lambda screen: "the cluster is gone" in screen.partition("editor")[0])
    terminal.keys("2")
    terminal.until("stale")
    terminal.keys("?")
    terminal.until("keys everywhere")
    terminal.keys("Escape")
    gameday.start()
    terminal.until(lambda screen: "stale" not in screen and "tensafe-server-" in screen, seconds=40)


def test_without_a_cluster_the_panes_say_so_and_the_console_declares(opens: Opens, env: dict[str, str]) -> None:
    terminal = opens(env=env)
    screen = terminal.until("no kubeconfig")
    assert "--kubeconfig" in screen or "KUBECONFIG" in screen
    terminal.keys("!")
    terminal.until("declare an incident")
    terminal.type("database down")
    terminal.keys("Enter")
    terminal.until(lambda screen: "declare an incident" not in screen and "database down" in screen)
    assert json.loads(warroom("status", "--json", env=env))["title"] == "database down"


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
def test_what_is_hostile_is_only_text(opens: Opens, env: dict[str, str], size: tuple[int, int]) -> None:
    hostile = "\x1b]0;owned\x07\x1b[31mred [b]x[/b] [@click=app.quit]go\u202eetarip\x00"
    title = hostile.replace("\x00", "")  # no command line can carry one
    warroom("declare", f"t {title}", "--severity", "P2", env=env)
    warroom("note", f"n {title} \x1b[2J\x1b[H end", env=env)
    terminal = opens(env=env, size=size)
    terminal.until("[@click=app.quit]go")
    terminal.keys("7")
    terminal.until("end")
    screen = terminal.screen()
    assert "␛]0;owned␇␛[31mred [b]x[/b]" in screen.replace("\n", "") or "␛]0;owned" in screen
    assert frame(screen, *size) == ""
    assert "owned" not in terminal.title()
    assert "\u202e" not in screen
    assert "\x1b[31m" not in terminal.screen(raw=True)


def test_quit_at_once_when_nothing_is_due(opens: Opens, env: dict[str, str]) -> None:
    terminal = opens(env=env)
    terminal.until("? help")
    terminal.type(":q")
    terminal.keys("Enter")
    assert ends(terminal) == 0


def test_what_is_typed_in_one_go_lands_where_it_belongs(opens: Opens, env: dict[str, str]) -> None:
    """Over a slow line a key and the words after it come in one packet."""
    warroom("declare", "server failing", "--severity", "P2", env=env)
    terminal = opens(env=env)
    terminal.until("server failing")
    terminal.type(":note zoom in on 7 things?\r")
    terminal.until(lambda screen: "zoom in on 7 things?" in screen and "go to, or do" not in screen)
    entries = json.loads(warroom("timeline", "--json", env=env))
    assert "zoom in on 7 things?" in json.dumps(entries)


def test_a_demo_leaves_nothing_behind(opens: Opens, env: dict[str, str]) -> None:
    terminal = opens("demo", env=env, size=(160, 48))
    terminal.until(lambda screen: "DRILL" in screen and "tensafe-server-" in screen, seconds=40)
    homes = list(Path(env["TMPDIR"]).glob("warroom-demo-*"))
    assert len(homes) == 1
    assert running(f"gameday --home {homes[0]}")
    terminal.keys("?")
    terminal.until("keys here")
    terminal.keys("G")
    terminal.until("another terminal joins")
    terminal.keys("Escape")
    terminal.until(lambda screen: "another terminal joins" not in screen)
    terminal.keys("C-q")
    terminal.until("nobody watches")
    terminal.keys("Enter")
    assert ends(terminal) == 0
    assert not homes[0].exists()
    assert not running(f"--home {homes[0]}")


def test_a_demo_whose_terminal_goes_leaves_nothing_behind(opens: Opens, env: dict[str, str]) -> None:
    terminal = opens("demo", env=env)
    terminal.until(lambda screen: "DRILL" in screen and "tensafe-server-" in screen, seconds=40)
    (home,) = Path(env["TMPDIR"]).glob("warroom-demo-*")
    terminal.hang_up()
    end = time.monotonic() + 15  # noqa: TID251
    while home.exists() or running(f"--home {home}"):
        assert time.monotonic() < end, (os.listdir(home) if home.exists() else "", running(str(home)))  # noqa: TID251
        time.sleep(0.05)
