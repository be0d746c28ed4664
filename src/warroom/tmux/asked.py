"""What tmux says about who is attached; each question has a time-out, and no answer is no news."""

import asyncio
import subprocess
from collections.abc import Mapping
from pathlib import Path

from warroom.core.company import Client

SECONDS = 2.0
NAME = "@warroom_name_"
"""The option of the session that names the person at a terminal: tmux knows the login alone, which people share."""
PARTS = ("client_tty", "client_user", "client_activity", "client_readonly", "client_width", "client_height")
FORMAT = "\t".join(f"#{{{part}}}" for part in PARTS)


def named(tty: str) -> str:
    return NAME + "".join(c if c.isalnum() else "_" for c in tty)


def clients_of(listed: str, options: str, login: str) -> tuple[Client, ...]:
    """From the answers to `list-clients` and `show-options`; lines that are none are left out."""
    names = dict(line.split(" ", 1) for line in options.splitlines() if line.startswith(NAME) and " " in line)
    found = []
    for line in listed.splitlines():
        parts = line.split("\t")
        if len(parts) == 6 and parts[2].isdigit():
            tty, user, active, reads, width, height = parts
            known = names.get(named(tty), "").strip('"')
            name = known or (user if user and user != login else f"{user or login} on {tty.removeprefix('/dev/')}")
            found.append(Client(tty, name, int(active), reads == "1", int(width or 0), int(height or 0)))
    return tuple(found)


class Tmux:
    """A tmux server; `socket` is the path of its socket, or `label` its name under the user's own."""

    def __init__(self, *, socket: str = "", label: str = "", login: str = "", environment: Mapping[str, str] | None = None) -> None:
        where = ["-S", socket] if socket else ["-L", label] if label else []
        self.words, self.login, self._environment = ["tmux", *where], login, environment

    async def ask(self, *words: str) -> str:
        """What it prints; empty where it fails or does not answer."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self.words,
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=self._environment,
            )
        except OSError:
            return ""
        try:
            out, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        except TimeoutError:
            process.kill()
            return ""
        return out.decode(errors="replace") if process.returncode == 0 else ""

    def run(self, *words: str) -> tuple[int, str]:
        """The same for a command line: exit code, and what it printed."""
        try:
            done = subprocess.run([*self.words, *words], capture_output=True, timeout=SECONDS * 5, env=self._environment, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return 1, ""
        return done.returncode, done.stdout.decode(errors="replace")

    async def clients(self, session: str) -> tuple[Client, ...]:
        ours = ("list-clients", "-t", session, "-F", FORMAT), ("show-options", "-t", session)
        listed, options = await asyncio.gather(*(self.ask(*words) for words in ours))
        return clients_of(listed, options, self.login)

    def clients_now(self, session: str) -> tuple[Client, ...]:
        (_, listed), (_, options) = self.run("list-clients", "-t", session, "-F", FORMAT), self.run("show-options", "-t", session)
        return clients_of(listed, options, self.login)


def of_environment(environment: Mapping[str, str], login: str) -> tuple[Tmux, str] | None:
    """The tmux that we run in, and our pane there, by which its session is found."""
    socket, pane = environment.get("TMUX", "").partition(",")[0], environment.get("TMUX_PANE", "")
    return (Tmux(socket=socket, login=login), pane) if socket and pane and Path(socket).exists() else None
