"""Deadlines: read, snoozed, answered."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import opened
from warroom.cli.show import show_deadlines, show_entry
from warroom.cli.verb import verb
from warroom.core.acts.clocks import Answer, Snooze

Name = Annotated[str, typer.Argument(metavar="DEADLINE", help="Its id, or the start of its id or title.")]


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "snooze",
        'warroom snooze update --for 15m --reason "on a call"',
        'warroom snooze ack --for 5m --reason "on the way"',
    )
    async def snooze(
        flags: Flags,
        deadline: Name,
        length: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 15m, 1h30m; at most 24 h.")],
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Let a deadline wait, with a reason."""
        async with opened(flags) as desk:
            show_entry(desk, (await desk.do(Snooze(deadline, desk.length(length), reason)))[0], json=json)

    @verb(app, "answer", "warroom answer update sent", 'warroom answer ack told --text "on the bridge since 02:50"')
    async def answer(
        flags: Flags,
        deadline: Name,
        outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="What was done: told, paged, called, sent, not needed …")],
        text: Annotated[str, typer.Option("--text", metavar="TEXT", help="In your own words.")] = "",
        json: Json = False,
    ) -> None:
        """Say what was done about a deadline."""
        async with opened(flags) as desk:
            show_entry(desk, (await desk.do(Answer(deadline, outcome, text)))[0], json=json)

    @verb(app, "deadlines", "warroom deadlines", "warroom deadlines --json")
    async def deadlines(flags: Flags, json: Json = False) -> None:
        """List every deadline, overdue ones first."""
        async with opened(flags, latest=True) as desk:
            show_deadlines(desk, json=json)
