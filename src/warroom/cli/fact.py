"""The three questions of triage."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import opened
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts.hypotheses import AnswerTriage


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "fact",
        'warroom fact what "training jobs fail when they start"',
        'warroom fact who "all who train with a DP budget"',
        text=True,
    )
    async def fact(
        flags: Flags,
        question: Annotated[str, typer.Argument(metavar="what|who|blast-radius", help="Broken, affected, or how far it reaches.")],
        text: Annotated[str, typer.Argument(metavar="TEXT", help="In a few words: messages and reports say it so.")],
        json: Json = False,
    ) -> None:
        """Say what is broken, who is affected, or how far it reaches."""
        async with opened(flags) as desk:
            show_entry(desk, (await desk.do(AnswerTriage(question, text)))[0], json=json)
