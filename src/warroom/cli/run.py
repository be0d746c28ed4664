"""`warroom run`: a step of a playbook, with the same look at the cluster and the same refusals as in the console."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import Opened, opened
from warroom.cli.out import Failure, Mistake, say, say_json
from warroom.cli.verb import verb
from warroom.core.acts import Refusal
from warroom.core.acts.playbook import AnswerStep
from warroom.core.output import Output
from warroom.core.playbooks import playbook_key, state
from warroom.core.ports import Runner
from warroom.core.prepared import Prepared, Said, Wanted
from warroom.runbook.model import Playbook, Step

if TYPE_CHECKING:
    from warroom.runbook.classes import Judgement

PlaybookName = Annotated[str, typer.Argument(metavar="PLAYBOOK", help="Its title, or a unique start of it.")]


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "run",
        "warroom run 'API completely down' 3 --yes-i-mean tensafe-server",
        "warroom run 'high error rate' 4 --set pod-name=api-0 --dry-run",
        cluster=True,
    )
    async def run(
        flags: Flags,
        playbook: PlaybookName,
        step: Annotated[str | None, typer.Argument(metavar="STEP", help="Its number, or a unique start of it.")] = None,
        set: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What a placeholder stands for.")] = None,
        yes_i_mean: Annotated[str, typer.Option("--yes-i-mean", metavar="OBJECT", help="The name of what is to be changed.")] = "",
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Look at what it would do, and run nothing.")] = False,
        json: Json = False,
    ) -> None:
        """Run a step of a playbook; without STEP list its steps and run nothing."""
        from warroom.cli.pinned import pinned_shell, step_runner

        async with opened(flags) as desk:
            book = find(desk, playbook)
            if step is None:
                listed(desk, book, pinned_shell(flags.settings, desk.room).judge, json=json)
                return
            runner = step_runner(flags.settings, desk.room, desk.clock, follows=False)
            try:
                await runner.find_lost()
                number = step_number(book, step)
                told = await Asked(desk, runner, book, values(set or []), yes_i_mean.strip(), dry_run, json).all_of(number)
            finally:
                await runner.close()
        if json:
            say_json([one for one, _ in told])
        if trouble := next((trouble for _, trouble in told if trouble), None):
            raise trouble


class Asked:
    """What was asked for on the command line."""

    def __init__(
        self, desk: Opened, runner: Runner, book: Playbook, values: tuple[tuple[str, str], ...], means: str, dry: bool, json: bool
    ) -> None:
        self._desk, self._runner, self._book, self._values = desk, runner, book, values
        self._means, self._dry, self._json = means, dry, json

    async def all_of(self, number: int) -> list[tuple[dict[str, Any], Exception | None]]:
        """Each command of the step: what failed holds back no look at something else, and every change."""
        step = self._book.steps[number - 1]
        if not step.commands:
            raise Mistake(
                f"step {number} ({step.title}) has nothing to run: do it, and say so with `warroom step {self._book.title!r} {number} done`"
            )
        if step.condition and not self._dry and self._desk.incident.open:
            await self._desk.room.do(AnswerStep(self._key, number, "yes"))  # a refusal says that it was answered so
        found: list[tuple[dict[str, Any], Exception | None]] = []
        for command, each in enumerate(step.commands, 1):
            if any(trouble for _, trouble in found) and self._runner.judge(each.command).kind != "read":
                break
            found.append(await self._one(number, step, command))
        return found

    @property
    def _key(self) -> str:
        return playbook_key(self._desk.room.runbook, self._book)

    async def _one(self, number: int, step: Step, command: int) -> tuple[dict[str, Any], Exception | None]:
        prepared = await self._runner.prepare(Wanted(playbook=self._key, step=number, command=command, values=self._values))
        if self._dry or prepared.refusal:
            refused = prepared.refusal
            if not self._json:
                say(card(prepared))
            return as_json(step, prepared, refused=refused), Mistake(refused) if refused else None
        running = await self._runner.start(prepared, Said(name=self._means, arms=bool(self._means)))
        if isinstance(running, Refusal):
            if not self._json and prepared.blast:
                say(card(prepared))
            why, mistake = running.why, running.mistake
            if prepared.changes and not self._means and not prepared.untrusted:
                why, mistake = f"{prepared.why}, and nothing was run: give --yes-i-mean {prepared.word} if you mean it", True
            return as_json(step, prepared, refused=why), (Mistake if mistake else Failure)(why)
        output = await running.output()
        if not self._json:
            say(as_text(prepared, output))
        trouble = None if output.ok else Failure(f"step {number} ({step.title}): {output.trouble or f'exit {output.exit_code}'}")
        return as_json(step, prepared, output), trouble


def find(desk: Opened, name: str) -> Playbook:
    """By a unique start of its title, whatever the case."""
    books = desk.room.runbook.playbooks
    wanted = bare(name)
    exact = [one for one in books if bare(one.title) == wanted]
    found = exact if len(exact) == 1 else [one for one in books if bare(one.title).startswith(wanted)]
    if len(found) != 1:
        known = ", ".join(playbook_key(desk.room.runbook, one) for one in found or books) or "none at all"
        raise Mistake(f"{'several playbooks begin' if found else 'no playbook begins'} with {name!r}: there are {known}")
    return found[0]


def bare(title: str) -> str:
    return " ".join(title.casefold().removeprefix("playbook:").split())


def step_number(book: Playbook, step: str) -> int:
    if step.isdigit() and 1 <= int(step) <= len(book.steps):
        return int(step)
    found = [number for number, one in enumerate(book.steps, 1) if one.title.casefold().startswith(step.casefold())]
    if len(found) != 1:
        known = "; ".join(f"{number} {one.title}" for number, one in enumerate(book.steps, 1))
        raise Mistake(f"{book.title} has {'several steps' if found else 'no step'} {step!r}: it has {known}")
    return found[0]


def values(given: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = [one.partition("=") for one in given]
    if wrong := next((name for name, equals, _ in pairs if not equals or not name), None):
        raise Mistake(f"--set {wrong} says no value: write NAME=VALUE")
    return tuple((name, value) for name, _, value in pairs)


def listed(desk: Opened, book: Playbook, judge: Callable[[str], "Judgement"], *, json: bool) -> None:
    states = state(desk.incident, playbook_key(desk.room.runbook, book), book, desk.clock.now())
    if json:
        nothing = {"ran": False, "refused": None, "exit_code": None, "seconds": None, "output": "", "inverse": None}
        say_json(
            [
                {
                    "step": one.step.title,
                    "number": one.number,
                    "state": one.word,
                    "command": each.command,
                    "class": judge(each.command).kind,
                    **nothing,
                }
                for one in states
                for each in one.step.commands
            ]
        )
        return
    say(book.title)
    for one in states:
        who = f", {one.by} {one.at:%H:%M}" if one.at else ""
        say(f"{one.number:>3}  {one.step.title}  ({one.word}{who})")
        for each in one.step.commands:
            lines = each.command.splitlines()
            say(f"       $ {lines[0]}{' …' if len(lines) > 1 else ''}  ({judge(each.command).kind})")


def as_json(step: Step, prepared: Prepared, output: Output | None = None, refused: str = "") -> dict[str, Any]:
    blast = prepared.blast
    return {
        "step": step.title,
        "number": prepared.wanted.step,
        "command": prepared.written,
        "class": prepared.kind,
        "ran": output is not None and output.ended != "not run",
        "refused": refused or (output.trouble if output and output.ended == "not run" else None),
        "exit_code": output.exit_code if output else None,
        "seconds": output.seconds if output else None,
        "output": output.text if output else "",
        "inverse": prepared.inverse or None,
        "then": prepared.then or None,
        "runs": prepared.runs,
        "why": prepared.why,
        "ok": output.ok if output else None,
        "asks": prepared.asks,
        "word": prepared.word or None,
        "unfilled": [blank.name for blank in prepared.blanks if not blank.value],
        "warnings": list(blast.warnings) if blast else [],
        "object": blast.object if blast else None,
        "effects": list(blast.effects) if blast else [],
        "dry_run": blast.dry_run if blast else None,
        "accepted": blast.accepted if blast else None,
        "diff": list(blast.diff) if blast else [],
    }


def card(prepared: Prepared) -> str:
    """The blast radius as text."""
    blast = prepared.blast
    lines = [blast.title if blast else prepared.title]
    if blast and blast.context:
        lines.append(f"context {blast.context}{f', namespace {blast.namespace}' if blast.namespace else ''}")
    lines.append(f"runs         {prepared.runs}")
    lines += [f"we added     {one}" for one in prepared.added]
    lines.append(f"kind         {prepared.kind}: {prepared.why}")
    if blast:
        lines += [f"effect       {one}" for one in blast.effects]
        lines += [f"server says  {blast.dry_run}"] if blast.dry_run else []
        lines += [
            f"ready        {one.when}: {one.least if one.least == one.most else f'{one.least} to {one.most}'} of {one.wanted}"
            f"{f', {one.words}' if one.words else ''}"
            for one in blast.ready
        ]
        lines += [f"diff         {one}" for one in blast.diff]
        lines += [f"mind         {one}" for one in blast.warnings]
        lines += [f"             {one}" for one in blast.calm]
    lines += [f"then look    {prepared.then}"] if prepared.then else []
    lines += [f"to undo      {prepared.inverse}"] if prepared.inverse else []
    return "\n".join(lines)


def as_text(prepared: Prepared, output: Output) -> str:
    ending = output.trouble or f"exit {output.exit_code}, {output.seconds:.1f} s"
    undo = f"\nto undo, kept in temporary changes: {prepared.inverse}" if prepared.inverse and output.ok else ""
    return f"$ {prepared.runs}\n{output.text.rstrip()}\n# {prepared.title}: {ending}{undo}\n"
