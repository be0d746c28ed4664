"""`warroom assess`: the runbook's quick assessment, all of its commands at once."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import opened
from warroom.cli.out import Failure, say, say_json
from warroom.cli.verb import verb
from warroom.core.output import Output
from warroom.runbook.model import QuickCommand

if TYPE_CHECKING:
    from warroom.runner.pin import PinnedShell


def register(app: typer.Typer) -> None:
    @verb(app, "assess", "warroom assess", "warroom assess -n shop --json", cluster=True)
    async def assess(flags: Flags, json: Json = False) -> None:
        """Run the runbook's quick assessment: its commands only read, run at once, and take 20 s at most."""
        from warroom.cli.pinned import pinned_shell

        async with opened(flags) as desk:
            commands = desk.room.runbook.oncall.quick_assessment
            shell = pinned_shell(flags.settings, desk.room)
            running = [shell.start(one.command) for one in commands]
            outputs = await asyncio.gather(*(one.output() for one in running))
        if json:
            say_json([as_json(shell, one, output) for one, output in zip(commands, outputs, strict=True)])
        for one, output in () if json else zip(commands, outputs, strict=True):
            say(as_text(one, output))
        if not commands:
            raise Failure("this runbook has no quick assessment: give it a shell fence below a heading `Quick assessment`")
        if failed := [(one, output) for one, output in zip(commands, outputs, strict=True) if not output.ok]:
            raise Failure(told(failed, len(commands)))


def as_json(shell: "PinnedShell", command: QuickCommand, output: Output) -> dict[str, Any]:
    return {
        "title": command.title,
        "command": command.command,
        "class": shell.judge(command.command).kind,
        "exit_code": output.exit_code,
        "seconds": output.seconds,
        "output": output.text,
        "truncated": output.truncated,
        "ok": output.ok,
        "ended": output.ended,
        "trouble": output.trouble,
        "ran": output.command,
        "rest": output.rest,
        "sha256": output.sha256,
        "line": command.line,
    }


def as_text(command: QuickCommand, output: Output) -> str:
    ending = output.trouble or f"exit {output.exit_code}, {output.seconds:.1f} s"
    cut = f"\n(cut: all of it is in {output.rest})" if output.rest else "\n(cut)" if output.truncated else ""
    return f"# {command.title}: {ending}\n$ {command.command}\n{output.text.rstrip()}{cut}\n"


def told(failed: Sequence[tuple[QuickCommand, Output]], count: int) -> str:
    """Which commands did not do what they are for, and why; one cause is told once."""
    causes = dict.fromkeys(cause(output) for _, output in failed)
    if len(causes) == 1:
        names = ", ".join(dict.fromkeys(one.title or one.command for one, _ in failed))
        return f"{len(failed)} of {count} commands failed ({names}): {next(iter(causes))}"
    each = "; ".join(f"{one.title or one.command} ({cause(output)})" for one, output in failed)
    return f"{len(failed)} of {count} commands failed: {each}"


def cause(output: Output) -> str:
    """What a command says last is mostly why it failed."""
    last = next((line for line in reversed(output.text.splitlines()) if line.strip()), "")
    return output.trouble or (f"exit {output.exit_code}, {last[:200]}" if last else f"exit {output.exit_code}")
