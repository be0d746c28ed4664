"""Escalation by hand: somebody of the matrix is paged, and what was announced is called off."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import Opened, opened
from warroom.cli.out import Failure, warn
from warroom.cli.outbox import send_here, tries_of, waits
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts.paging import CancelAnnouncement, Page
from warroom.core.entries import PageAsked
from warroom.core.outbox import Sending, named
from warroom.core.readings import Tried


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "escalate",
        'warroom escalate L3 --help-needed "decide whether we fail over"',
        'warroom escalate "VP Engineering"',
    )
    async def escalate(
        flags: Flags,
        target: Annotated[str, typer.Argument(metavar="TARGET", help="A contact of the runbook: its level (L3) or its role.")],
        wanted: Annotated[str, typer.Option("--help-needed", metavar="TEXT", help="What you need of them, in your words.")] = "",
        deadline: Annotated[str, typer.Option("--deadline", metavar="ID", help="The overdue deadline that this answers.")] = "",
        json: Json = False,
    ) -> None:
        """Page somebody, with severity, duration, impact and what was done."""
        async with opened(flags) as desk:
            wish = Page(target, wanted, deadline, flags.settings.pagerduty.levels)
            asked = [entry for entry in await desk.do(wish) if isinstance(entry.fact, PageAsked)]
            found = [await send_here(flags, desk, entry.id) for entry in asked]
            for entry in asked[:1] if json else asked:
                outcomes = [one for one in desk.incident.sendings if named(one) == entry.id]
                show_entry(desk, (entry, *outcomes)[-1], json=json)
            await judge(flags, desk, found)

    @verb(app, "cancel", 'warroom cancel trigger:no-response-p1-15-min --reason "she is on the bridge"', "warroom cancel 14 --reason known")
    async def cancel(
        flags: Flags,
        announced: Annotated[str, typer.Argument(metavar="DEADLINE", help="What was announced: its deadline, or its number.")],
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Call off what the watch has announced, within its minute."""
        async with opened(flags) as desk:
            show_entry(desk, (await desk.do(CancelAnnouncement(announced, reason)))[0], json=json)


async def judge(flags: Flags, desk: Opened, pages: list[Sending]) -> None:
    """What is not sent yet is said to whoever asked; what cannot be is a failure."""
    tries = await tries_of(flags)
    for one in pages:
        if one.state == "queued":
            warn(waits(flags, one, tries.get(one.intent.id, Tried(one.intent.id))))
    if failed := [one for one in pages if one.state == "failed"]:
        raise Failure(f"NOT SENT: {failed[0].why}")
