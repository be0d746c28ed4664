"""`warroom`: finds the command, runs it, and turns every fault into one sentence and an exit code."""

import os
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from warroom.cli.out import Failure, Mistake, warn

if TYPE_CHECKING:
    import typer

INTERRUPTED = 130
PATIENCE = 1.0
"""Seconds that a thread of a process that was left may take to end."""
NOUNS = {
    "incident": ("declare", "status", "incidents", "ack", "restored", "resolve", "close", "reopen"),
    "response": ("severity", "phase", "detected"),
    "timeline": ("note", "amend", "strike", "move", "well", "badly", "action", "timeline"),
    "checklists": ("tick", "untick"),
    "people": ("role", "call"),
    "hypothesis": ("hypothesis",),
    "fact": ("fact",),
    "oncall": ("oncall",),
    "message": ("message",),
    "deadlines": ("snooze", "answer", "deadlines"),
    "assess": ("assess",),
    "run": ("run",),
    "step": ("step",),
    "debt": ("debt",),
    "pin": ("pin",),
    "export": ("export",),
    "runbook": ("runbook",),
    "journal": ("journal",),
    "handoff": ("handoff",),
    "demo": ("demo",),
    "gameday": ("gameday",),
    "tally": ("tally",),
    "doctor": ("doctor",),
    "verdicts": ("verdicts",),
    "watch": ("watch",),
    "outbox": ("outbox",),
    "escalate": ("escalate", "cancel"),
    "tmux": ("tmux",),
}
"""The commands of each file: a note is written with only its own file loaded."""


def build(words: Sequence[str] = ()) -> "typer.Typer":
    """The commands of the files that have one of the words; all, where there is none and something was asked.

    Flags alone open the console, of which the first frame waits for no command.
    """
    import typer

    from warroom.cli import console

    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, suggest_commands=False)
    console.register(app)
    wanted = [noun for noun, commands in NOUNS.items() if any(word in commands for word in words)]
    opens = bool(words) and words[0].startswith("-") and "--help" not in words
    for noun in wanted or ([] if opens else NOUNS):
        import_module(f"warroom.cli.{noun}").register(app)
    return app


def main() -> None:
    try:
        code = run(sys.argv[1:])
    except SystemExit as left:  # of a signal
        code = left.code if isinstance(left.code, int) else 1
    leave(code)


def leave(code: int) -> None:
    """Ends the process, also when a thread hangs on a terminal that is lost: it would keep a console that nobody sees."""
    lasting = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    for one in lasting:
        one.join(PATIENCE)
    if any(one.is_alive() for one in lasting):
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """The exit code: 0 done, 1 tried and failed, 2 the user's mistake, 130 interrupted."""
    try:
        if not arguments:
            bare()
            return 0
        answer = parsed(arguments)
        sys.stdout.flush()
        return answer if isinstance(answer, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except Exception as error:
        if "--debug" in arguments:
            traceback.print_exception(error)
        code, sentence = told(error)
        warn(sentence)
        return code


def bare() -> None:
    """The console, of which the first frame must not wait until every command is known."""
    from warroom.cli.compose import run_console
    from warroom.cli.given import Flags

    run_console(Flags.read())


def parsed(arguments: Sequence[str]) -> Any:
    from typer.main import get_command

    from warroom.cli.verb import unconverted

    words = arguments if arguments[0].startswith("-") else arguments[:1]
    return unconverted(get_command(build(words)))(list(arguments), standalone_mode=False, prog_name="warroom")


def told(error: Exception) -> tuple[int, str]:
    """Exit code and sentence. What it may be is imported only now, when something has failed."""
    import typer

    from warroom.clock import ClockTrouble
    from warroom.core.ports import JournalTrouble
    from warroom.feeds.trouble import Trouble
    from warroom.gameday.scenario import ScenarioTrouble
    from warroom.library import LibraryTrouble
    from warroom.settings import SettingsTrouble

    match error:
        case Mistake() | LibraryTrouble() | ClockTrouble() | SettingsTrouble() | ScenarioTrouble():
            return 2, str(error)
        case JournalTrouble():
            return (2 if error.mistake else 1), str(error)
        case Failure():
            return 1, str(error)
        case Trouble():
            return 1, "; ".join(error.lines) or error.word
        case typer.TyperException():
            return 2, usage(error)
        case typer.Abort():
            return INTERRUPTED, "stopped"
    return 1, f"this should not happen ({type(error).__name__}: {error}): run it again with --debug, and report what it shows"


def usage(error: Any) -> str:
    """A wrong use, in one sentence that names the help."""
    words = error.format_message() if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "warroom"
    return f"{words[:1].lower()}{words[1:].rstrip('.')}: see `{path} --help`"
