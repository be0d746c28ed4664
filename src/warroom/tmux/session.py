"""A session that several share: made so that a small guest shrinks nobody."""

import shlex
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from warroom.tmux.asked import Tmux, named

SESSION = "warroom"
WRITES = (
    "with --write your keys act in this console as if you sat at it: they can change the incident, run its commands on the cluster "
    "and call people; who pressed what is told by time alone, to the second"
)


def label(journal: Path) -> str:
    """One session for a journal: whoever opens the same incident comes into the same room."""
    return f"warroom-{sha256(str(journal.resolve()).encode()).hexdigest()[:10]}"


class Shared:
    """The session of one journal."""

    def __init__(self, tmux: Tmux) -> None:
        self._tmux = tmux

    def there(self) -> bool:
        return self._tmux.run("has-session", "-t", f"={SESSION}")[0] == 0

    def alone(self) -> bool:
        return not self._tmux.clients_now(SESSION)

    def make(self, console: Sequence[str], status: Sequence[str], size: tuple[int, int]) -> bool:
        """Runs the console in it, with our environment. Nothing of anybody's own tmux.conf holds: it is the same room for everybody."""
        width, height = size
        made = ["-f", "/dev/null", "new-session", "-d", "-s", SESSION, "-x", str(width), "-y", str(height), shlex.join(console)]
        code, _ = self._tmux.run(*made)
        if code:
            return False
        for words in options(shlex.join(status)):
            self._tmux.run(*words)
        return True

    def joined(self, name: str, tty: str, *, write: bool, sets_size: bool) -> list[str]:
        """The words that attach this terminal, once it is known whose it is."""
        self._tmux.run("set-option", "-t", SESSION, named(tty), name)
        flags = [flag for flag, wanted in (("read-only", not write), ("ignore-size", not sets_size)) if wanted]
        return [*self._tmux.words, "attach-session", *(["-f", ",".join(flags)] if flags else []), "-t", f"={SESSION}"]


def options(status: str) -> list[list[str]]:
    """The largest client gives the size (R99), so that a plain `tmux attach` of a small terminal shrinks nobody either."""
    return [
        ["set-option", "-g", "window-size", "largest"],
        ["set-option", "-g", "aggressive-resize", "off"],
        ["set-option", "-g", "default-terminal", "tmux-256color"],
        ["set-option", "-ga", "terminal-overrides", ",*:Tc"],
        ["set-option", "-s", "escape-time", "10"],
        ["set-option", "-g", "mouse", "on"],
        ["set-option", "-g", "history-limit", "100"],
        ["set-option", "-g", "allow-rename", "off"],
        ["set-option", "-g", "automatic-rename", "off"],
        ["set-option", "-g", "status-interval", "5"],
        ["set-option", "-g", "status-right-length", "64"],
        ["set-option", "-g", "status-right", f"#({status})"],
        ["set-option", "-g", "status-left", "#{?client_readonly,reads only ,}"],
        ["set-option", "-g", "set-titles", "on"],
        ["set-option", "-g", "set-titles-string", "#W"],
    ]
