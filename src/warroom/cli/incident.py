"""The incident as a whole: declared, looked at, acknowledged, restored, resolved, closed, reopened."""

from collections.abc import Callable
from typing import Annotated

import typer

from warroom.cli.cluster import cluster_of
from warroom.cli.flags import At, Flags, Json, Reason
from warroom.cli.opened import Opened, opened
from warroom.cli.out import warn
from warroom.cli.show import show_incident, show_incidents, show_open_actions
from warroom.cli.verb import verb
from warroom.core.acts import Act
from warroom.core.acts.incident import Acknowledge, Close, Declare, Reopen, Resolve, Restore
from warroom.core.entries import Closed
from warroom.core.ledger import owed


async def change(flags: Flags, make: Callable[[Opened], Act], *, json: bool, latest: bool = False) -> None:
    """Does what the act wishes and shows the incident."""
    async with opened(flags, latest=latest) as desk:
        await desk.do(make(desk))
        show_incident(desk, json=json)


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "declare",
        'warroom declare "API errors above 10 %" --severity P2 --at -7m',
        'warroom declare "restore drill" --drill --yes',
        cluster=True,
        text=True,
    )
    async def declare(
        flags: Flags,
        title: Annotated[str, typer.Argument(metavar="TITLE", help="What is broken, in a few words.")],
        severity: Annotated[str | None, typer.Option("--severity", metavar="LEVEL", help="The level, by the runbook's name.")] = None,
        at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="When the alert fired: -7m, 02:41 or RFC 3339; UTC.")] = None,
        detected: Annotated[str | None, typer.Option("--detected", metavar="TIME", help="When it was noticed, if not then.")] = None,
        symptoms: Annotated[str, typer.Option("--symptoms", metavar="TEXT", help="What is seen.")] = "",
        drill: Annotated[bool, typer.Option("--drill", help="An exercise.")] = False,
        pagerduty: Annotated[str, typer.Option("--pagerduty", metavar="ID", help="The PagerDuty incident it belongs to.")] = "",
        yes: Annotated[bool, typer.Option("--yes", help="Another incident than the one declared just now.")] = False,
        json: Json = False,
    ) -> None:
        """Declare an incident."""
        async with opened(flags, alone=False, declaring=True) as desk:
            act = Declare(
                title=title,
                runbook=desk.own,
                severity=severity,
                alerted=desk.moment(at),
                detected=desk.moment(detected),
                symptoms=symptoms,
                drill=drill,
                pagerduty=pagerduty,
                cluster=cluster_of(flags.settings, desk.own.text),
                another=yes,
            )
            await desk.do(act)
            show_incident(desk, json=json)

    @verb(app, "status", "warroom status", "warroom status --line")
    async def status(
        flags: Flags,
        line: Annotated[bool, typer.Option("--line", help="One line of at most 60 cells, for a status bar.")] = False,
        open: Annotated[bool, typer.Option("--open", help="The open action items of all incidents.")] = False,
        json: Json = False,
    ) -> None:
        """Show the incident."""
        async with opened(flags, latest=True, alone=not open) as desk:
            if open:
                show_open_actions(desk, json=json)
            else:
                show_incident(desk, json=json, line=line)

    @verb(app, "incidents", "warroom incidents", "warroom incidents --json")
    async def incidents(flags: Flags, json: Json = False) -> None:
        """List the incidents of this journal, the newest first."""
        async with opened(flags, alone=False) as desk:
            show_incidents(desk, json=json)

    @verb(app, "ack", "warroom ack", "warroom ack --json")
    async def ack(flags: Flags, at: At = None, json: Json = False) -> None:
        """Acknowledge the alert."""
        await change(flags, lambda desk: Acknowledge(desk.moment(at)), json=json)

    @verb(
        app,
        "restored",
        'warroom restored --reason "error rate below 1 % for 5 min"',
        'warroom restored --at -1m --reason "P95 is normal"',
    )
    async def restored(flags: Flags, at: At = None, reason: Reason = "", json: Json = False) -> None:
        """Record that the service works again."""
        await change(flags, lambda desk: Restore(reason, desk.moment(at)), json=json)

    @verb(app, "resolve", "warroom resolve", "warroom resolve --json")
    async def resolve(flags: Flags, json: Json = False) -> None:
        """Record that the incident is resolved."""
        async with opened(flags) as desk:
            await desk.do(Resolve())
            show_incident(desk, json=json)
            if left := owed(desk.incident):
                each = "; ".join(f"{debt.seq} {debt.object or debt.command}" for debt in left)
                warn(f"{len(left)} temporary changes are still owed: repay each (`warroom debt repay`) or waive it with a reason: {each}")

    @verb(app, "close", "warroom close", "warroom close --not-an-incident")
    async def close(
        flags: Flags,
        not_an_incident: Annotated[bool, typer.Option("--not-an-incident", help="It was none; it stays in the list.")] = False,
        json: Json = False,
    ) -> None:
        """Close the incident."""
        async with opened(flags) as desk:
            (entry,) = await desk.do(Close(not_an_incident))
            show_incident(desk, json=json)
            if isinstance(entry.fact, Closed) and entry.fact.left:
                warn(f"closed although the runbook's closing items are open, which the timeline says: {'; '.join(entry.fact.left)}")

    @verb(app, "reopen", 'warroom reopen --reason "it is back"', 'warroom reopen --reason "errors again" --json')
    async def reopen(flags: Flags, reason: Reason = "", json: Json = False) -> None:
        """Open it again, with every clock going on."""
        await change(flags, lambda _: Reopen(reason), json=json, latest=True)
