"""A playbook walked by keyboard alone, with the real kubectl on the simulated cluster: rolled back, recovered, owed and written down."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whole.terminal import WARROOM, Gameday, Terminal, environment, warroom

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
    pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed"),
    pytest.mark.xdist_group("tmux"),
]
PATIENCE = 60.0
Opens = Callable[..., Terminal]


@pytest.fixture
def joined(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a console that reads a cluster of its own."""
    (tmp_path / "tmp").mkdir()
    cluster = Gameday(tmp_path / "gameday", environment(tmp_path, TMPDIR=str(tmp_path / "tmp")))
    yield cluster.start().joined() | {"WARROOM_PROMETHEUS_URL": cluster.facts["prometheus"] or "off"}
    cluster.die()


@pytest.fixture
def opens(tmp_path: Path, joined: dict[str, str]) -> Iterator[Opens]:
    opened = list[Terminal]()

    def open_(*words: str, size: tuple[int, int] = (160, 48)) -> Terminal:
        folder = tmp_path / f"t{len(opened)}"
        folder.mkdir()
        opened.append(Terminal(folder, [*WARROOM, *words], joined, size))
        return opened[-1]

    yield open_
    for terminal in opened:
        terminal.close()


def test_the_playbook_is_walked_and_the_release_rolled_back(opens: Opens, joined: dict[str, str]) -> None:
    warroom("declare", "server failing since the release", "--severity", "P2", env=joined)
    terminal = opens()
    terminal.until(lambda screen: "CrashLoopBackOff" in screen and re.search(r"train_step failed|KeyError", screen), PATIENCE)

    # Open "API Completely Down" by its name.
    terminal.keys(":")
    terminal.until("go to, or do")
    terminal.type("api completely")
    terminal.until("a playbook, 5 steps")
    terminal.keys("Enter")
    terminal.until("8 playbooks")

    # Steps 1 and 2 only read: they run at once, and what kubectl printed is there.
    terminal.keys("j", "j")
    terminal.until("step 2 of 5")
    terminal.keys("Enter")
    terminal.until(
        lambda screen: "✓ 2 Check for recent deployments" in screen and "REVISION" in screen and "release 2.8.1" in screen, PATIENCE
    )

    # Step 3 asks, with what is measured; then it wants arms, and shows its blast radius.
    terminal.keys(".")
    terminal.until(lambda screen: "step 1 of 5" in screen, PATIENCE)
    terminal.keys("j", "j")
    terminal.until("If recent deployment?")
    terminal.until(lambda screen: "measured: yes" in screen and "r42 NEW" in screen, PATIENCE)
    terminal.until("--to-revision=41", PATIENCE)
    terminal.keys("Enter")
    terminal.until("answer first")
    terminal.keys("y")
    terminal.until(lambda screen: "answered yes, ana" in screen and "not this case" in screen)
    terminal.keys("Enter")
    terminal.until("arm this console", PATIENCE)
    terminal.type("2.8.1 crashes, rolling back")
    terminal.keys("Enter")
    card = terminal.until(lambda screen: "blast radius" in screen and "alt+y" in screen, PATIENCE)
    assert "Roll back deployment/tensafe-server from r42 to r41" in card
    assert "3 of 6" in card
    assert "- server image: tensafe/server:2.8.1" in card
    assert "to undo" in card
    assert re.search(r"ARMED 1[45]:\d\d left", card)
    terminal.keys("Enter")  # the default is Cancel
    terminal.until(lambda screen: "blast radius" not in screen.replace("show the blast radius", "").replace("its blast radius", ""))
    terminal.keys("Enter")
    terminal.until(lambda screen: "alt+y" in screen, PATIENCE)
    terminal.keys("M-y")
    terminal.until(lambda screen: "rolled back" in screen and "✓ 3 If recent deployment" in screen, PATIENCE)

    # It is owed, with what undoes it.
    terminal.until(lambda screen: screen.count("▲ 1 owed") == 2 and "--to-revision=42" in screen, PATIENCE)

    # The pods, the tally and the figures recover.
    terminal.keys("Escape")
    recovered = terminal.until(lambda screen: "all ready" in screen and "CrashLoopBackOff  " not in screen, PATIENCE)
    assert re.search(r"1[23] of 1[23] ready", recovered)
    terminal.until(lambda screen: "r43" in screen, PATIENCE)
    terminal.keys("3")
    terminal.until(lambda screen: re.search(r"train_step failed.*", screen) and re.search(r"▁▁ ▏train_step failed", screen), 200)

    # A second roll-back would bring 2.8.1 back: it is recognised and wants the name.
    terminal.keys("8")
    terminal.until("playbooks")
    terminal.until("step 3 of 5")
    terminal.keys("r")
    again = terminal.until(lambda screen: "blast radius" in screen and "letters to go" in screen, PATIENCE)
    assert "Roll deployment/tensafe-server FORWARD from r43 to r42" in again
    assert "14 letters to go" in again
    assert "alt+y" not in again
    terminal.type("tensafe-worker")
    terminal.keys("Enter")
    terminal.until("nothing was run")
    terminal.keys("Escape")
    terminal.until(lambda screen: "nothing was run" not in screen)

    # What wants a terminal gets this one, and gives it back.
    terminal.keys("e")
    terminal.until("Go on", PATIENCE)
    terminal.keys("Home", "C-k")
    terminal.type("kubectl exec -it tensafe-postgresql-0 -n tensafe -- sh")
    terminal.keys("Enter")
    terminal.until(lambda screen: "alt+y" in screen and "cannot be foreseen" in screen, PATIENCE)
    terminal.keys("M-y")
    terminal.until("it ended at once, exit 1", PATIENCE)
    terminal.keys("Enter")
    terminal.until(lambda screen: "failed, exit 1" in screen and "SAFE" not in screen, PATIENCE)

    told = json.loads(warroom("export", "json", env=joined))["entries"]
    kinds = [entry["kind"] for entry in told]
    for kind in ("step_started", "step_ended", "step_answered", "armed"):
        assert kind in kinds
    started = [entry["body"] for entry in told if entry["kind"] == "step_started"]
    assert [one["runs"].split()[1:3] for one in started] == [["rollout", "history"], ["rollout", "undo"], ["exec", "-it"]]
    timeline = warroom("timeline", env=joined)
    assert "runs: kubectl rollout undo deployment/tensafe-server -n tensafe --to-revision=41" in timeline
    assert "2.8.1 crashes, rolling back" in timeline


def test_a_console_killed_in_the_middle_of_a_change_says_that_nobody_knows(opens: Opens, joined: dict[str, str], tmp_path: Path) -> None:
    warroom("declare", "server failing since the release", "--severity", "P2", env=joined)
    first = opens()
    first.until("CrashLoopBackOff", PATIENCE)
    first.keys(":")
    first.until("go to, or do")
    first.type("high error")
    first.until("a playbook, 4 steps")
    first.keys("Enter")
    first.until("0 of 4")
    first.keys("j", "j", "j")
    first.until("step 3 of 4")
    first.keys("e")
    first.until("Go on", PATIENCE)
    first.keys("Home", "C-k")
    pidfile = tmp_path / "child"
    first.type(f"kubectl scale deployment tensafe-worker -n tensafe --replicas=3; echo $BASHPID > {pidfile}; sleep 300")
    first.keys("Enter")
    first.until("arm this console", PATIENCE)
    first.type("room for the queue")
    first.keys("Enter")
    first.until(lambda screen: "blast radius" in screen and ("alt+y" in screen or "letters to go" in screen), PATIENCE)
    if "letters to go" in first.screen():
        first.type("tensafe-worker")
        first.keys("Enter")
    else:
        first.keys("M-y")
    first.until("running", PATIENCE)
    first.until(lambda _: pidfile.exists() and pidfile.read_text().strip(), PATIENCE)
    child = int(pidfile.read_text())
    first.hang_up()

    again = opens()
    told = again.until(lambda screen: "outcome is unknown" in screen and "enter looks how it is" in screen, PATIENCE)
    assert "High Error Rate, step 3" in told
    assert not Path(f"/proc/{child}").exists()  # the child does not outlive the console unwatched
    again.keys(".")
    again.until(lambda screen: "outcome unknown" in screen and "nobody saw it end" in screen, PATIENCE)
    again.keys("Enter")
    again.until("it is not known what that would have changed: look by hand", PATIENCE)
    again.keys("d")
    again.until("say why")
    again.type("three workers run")
    again.keys("Enter")
    again.until("done, said why", PATIENCE)
