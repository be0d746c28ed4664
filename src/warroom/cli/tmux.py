"""`warroom tmux`: a console that several people share."""

import os
import shutil
import sys
from typing import Annotated

import typer

from warroom.cli.flags import Flags
from warroom.cli.out import Failure, Mistake, warn
from warroom.cli.verb import verb


def register(app: typer.Typer) -> None:
    @verb(app, "tmux", "warroom tmux", "warroom tmux attach --write --as bo", cluster=True)
    def tmux(
        flags: Flags,
        what: Annotated[str, typer.Argument(metavar="[attach]", help="attach: join a session that is there, and make none.")] = "",
        write: Annotated[bool, typer.Option("--write", help="Join with keys that act, not only to look.")] = False,
    ) -> None:
        """Make or join a shared session: the console in a tmux where a small guest shrinks nobody and guests only look."""
        from warroom.settings import login
        from warroom.tmux.asked import Tmux
        from warroom.tmux.session import WRITES, Shared, label

        if what not in ("", "attach"):
            raise Mistake(f"`warroom tmux {what}` is unknown: it is `warroom tmux`, or `warroom tmux attach`")
        if shutil.which("tmux") is None:
            raise Mistake("tmux is not on this machine: install it, or open a second console on the same journal with `warroom`")
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise Mistake("a shared session needs a terminal: join it from one, or ask with `warroom status`")
        shared = Shared(server := Tmux(label=label(flags.settings.journal_path), login=login()))
        tty, fresh = os.ttyname(sys.stdin.fileno()), not shared.there()
        if fresh:
            if what == "attach":
                raise Failure("nobody shares a session on this journal: make one with `warroom tmux`")
            size = os.get_terminal_size(sys.stdout.fileno())
            if not shared.make(console(flags), status(flags), (size.columns, size.lines)):
                raise Failure("tmux made no session: see what `tmux new` says, or open the console with `warroom`")
        owner = fresh or shared.alone()  # who comes back after a lost connection finds nobody there
        if write and not owner:
            warn(f"{WRITES}; ctrl+c leaves it at that, enter goes on")
            sys.stdin.readline()
        elif not owner:
            warn("you join to look: `warroom tmux attach --write` joins with keys that act")
        words = shared.joined(flags.settings.user, tty, write=owner or write, sets_size=owner)
        environment = {name: value for name, value in os.environ.items() if name not in ("TMUX", "TMUX_PANE")}
        sys.stdout.flush()
        os.execvpe(server.words[0], words, environment)


def console(flags: Flags) -> list[str]:
    return [sys.executable, "-m", "warroom", *given(flags)]


def status(flags: Flags) -> list[str]:
    return [sys.executable, "-m", "warroom", "status", "--line", "--journal", str(flags.settings.journal_path)]


def given(flags: Flags) -> list[str]:
    """The flags once more, for the console in the session."""
    words = ["--journal", str(flags.settings.journal_path), "--as", flags.settings.user]
    for name, value in (
        ("incident", flags.incident),
        ("kubeconfig", flags.kubeconfig),
        ("context", flags.context),
        ("selector", flags.selector),
    ):
        words += [f"--{name}", value] if value else []
    for name, values in (("runbook", flags.runbook), ("namespace", flags.namespace)):
        words += [word for value in values for word in (f"--{name}", value)]
    return words
