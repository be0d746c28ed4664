"""`warroom step`: what was answered, skipped or done without running anything from here."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import opened
from warroom.cli.out import Mistake
from warroom.cli.run import PlaybookName, find, step_number
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts import Act
from warroom.core.acts.playbook import AnswerStep, FinishStep, SkipStep
from warroom.core.playbooks import playbook_key

WHATS = ("answer", "skip", "done")


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "step",
        "warroom step 'API completely down' 3 answer no --reason 'the last release is 6 days old'",
        "warroom step 'high error rate' 2 done --reason 'only /train fails'",
    )
    async def step(
        flags: Flags,
        playbook: PlaybookName,
        step: Annotated[str, typer.Argument(metavar="STEP", help="Its number, or a unique start of it.")],
        what: Annotated[str, typer.Argument(metavar="answer|skip|done", help="What happened to it.")],
        answer: Annotated[str | None, typer.Argument(metavar="yes|no", help="To its condition.")] = None,
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Answer a step's condition, skip it, or say that it was done."""
        async with opened(flags) as desk:
            desk.wanted()
            book = find(desk, playbook)
            act = wish(playbook_key(desk.room.runbook, book), step_number(book, step), what, answer, reason)
            entries = await desk.do(act)
            show_entry(desk, entries[0], json=json)


def wish(key: str, number: int, what: str, answer: str | None, reason: str) -> Act:
    """`yes` and `no` alone are answers, too."""
    if what in ("yes", "no") and answer is None:
        what, answer = "answer", what
    if what == "answer":
        if answer not in ("yes", "no"):
            raise Mistake("say what the answer is: `answer yes` or `answer no`")
        return AnswerStep(key, number, "yes" if answer == "yes" else "no", reason)
    if what == "answer" or answer is not None or what not in WHATS:
        raise Mistake(f"{what}{f' {answer}' if answer else ''} is not known: say `answer yes`, `answer no`, `skip` or `done`")
    return SkipStep(key, number, reason) if what == "skip" else FinishStep(key, number, reason)
