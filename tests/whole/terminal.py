"""A real terminal: a program in tmux, driven by keys and read as a person reads it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

WARROOM = (sys.executable, "-m", "warroom")
SOURCE = Path(__file__).parents[2] / "src"


def environment(home: Path, **more: str) -> dict[str, str]:
    """For a program that must find nothing of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TMPDIR", "SYSTEMROOT")}
    return (
        kept
        | {
            "HOME": str(home),
            "WARROOM_HOME": str(home / "warroom"),
            "WARROOM_HEALTH_PUBLIC": "off",  # no test reaches the network
            "XDG_CONFIG_HOME": str(home / "config"),
            "PYTHONPATH": str(SOURCE),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "KUBECONFIG": str(home / "no-kubeconfig"),
            "WARROOM_USER": "ana",
        }
        | more
    )


class Terminal:
    """One tmux server with one session of its own; `close` ends both and what runs in them."""

    def __init__(self, folder: Path, command: Sequence[str], env: dict[str, str], size: tuple[int, int] = (160, 48)) -> None:
        self._folder = folder
        self._env = env
        width, height = size
        # tmux at times forgets how a program ended, so a shell writes it down.
        told = ["sh", "-c", '"$@"; echo $? >status', "sh", *command]
        self._tmux("-f", "/dev/null", "new-session", "-d", "-s", "room", "-x", str(width), "-y", str(height), *told)
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self._tmux("set-option", "-g", "window-size", "manual")
        self._tmux("set-option", "-g", "escape-time", "0")

    def _tmux(self, *words: str) -> str:
        # The socket is named from its folder: a path of its own would be too long for one.
        done = subprocess.run(
            ["tmux", "-S", "tmux", *words], cwd=self._folder, env=self._env, capture_output=True, text=True, check=False, timeout=20
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Keys by tmux' names (`Enter`, `C-q`, `Escape`)."""
        for key in keys:
            self._tmux("send-keys", "-t", "room", key)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-t", "room", "-l", text)

    def screen(self, *, raw: bool = False) -> str:
        """What is seen; `raw`: with the escapes that the terminal understood as colours."""
        return self._tmux("capture-pane", "-p", *(["-e"] if raw else []), "-t", "room")

    def title(self) -> str:
        """What the terminal is called: a program can change it."""
        return self._tmux("display-message", "-p", "-t", "room", "#{pane_title}").strip()

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-t", "room", "-x", str(width), "-y", str(height))

    def until(self, wanted: str | Callable[[str], object], seconds: float = 20) -> str:
        """The screen, once it shows what is wanted; a picture of it when it never does."""
        shows = (lambda screen: wanted in screen) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds  # noqa: TID251
        while True:
            screen = self.screen()
            if shows(screen):
                return screen
            late = time.monotonic() >= end or self.status() is not None  # noqa: TID251
            assert not late, f"{wanted!r} is not on the screen within {seconds} s:\n{screen}"
            time.sleep(0.02)

    def status(self) -> int | None:
        """The exit status of the program, once it has ended."""
        try:
            told = (self._folder / "status").read_text()
        except FileNotFoundError:
            return None
        return int(told) if told.endswith("\n") else None

    def hang_up(self) -> None:
        """As a lost connection does."""
        self._tmux("kill-session", "-t", "room")

    def close(self) -> None:
        subprocess.run(["tmux", "-S", "tmux", "kill-server"], cwd=self._folder, env=self._env, capture_output=True, check=False, timeout=20)


class Gameday:
    """A simulated cluster as a process of its own, on one port for as long as the test lasts."""

    def __init__(self, home: Path, env: dict[str, str]) -> None:
        self._home, self._env, self._port = home, env, "0"
        self._child: subprocess.Popen[str] | None = None
        self.facts: dict[str, str] = {}

    def start(self) -> "Gameday":
        words = [*WARROOM, "gameday", "--home", str(self._home), "--port", self._port, "--seed", "7"]
        with (self._home.parent / "gameday.err").open("wb") as faults:
            self._child = subprocess.Popen(words, env=self._env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=faults, text=True)
        assert self._child.stdout is not None
        self.facts = json.loads(self._child.stdout.readline())
        self._port = self.facts["api"].rpartition(":")[2]
        threading.Thread(target=self._child.stdout.read, daemon=True).start()  # a pipe that nobody reads would stop it
        return self

    def die(self) -> None:
        """At once, with every connection."""
        if self._child is not None:
            self._child.kill()
            self._child.wait(10)
            self._child = None

    def joined(self) -> dict[str, str]:
        """The environment of a console that reads it."""
        return self._env | {
            "KUBECONFIG": self.facts["kubeconfig"],
            "WARROOM_CONTEXT": self.facts["context"],
            "WARROOM_NAMESPACE": self.facts["namespace"],
            "WARROOM_HOME": str(self._home),
        }


def warroom(*words: str, env: dict[str, str]) -> str:
    """A command beside the console; what it printed."""
    done = subprocess.run([*WARROOM, *words], env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
