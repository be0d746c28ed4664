"""The incident handed to the next shift."""

from typing import Annotated, Any

import typer

from warroom.cli.export import head_of
from warroom.cli.flags import Flags, Json
from warroom.cli.opened import Opened, opened
from warroom.cli.out import Mistake, say, say_json
from warroom.cli.show import document, runbook_of
from warroom.cli.verb import verb
from warroom.core.acts.handover import Accept, HandOver
from warroom.core.entries import Entry, HandedOver


def register(app: typer.Typer) -> None:
    @verb(app, "handoff", "warroom handoff --to kim", 'warroom handoff accept --words "jobs fail since 2.8.1" --as tom')
    async def handoff(
        flags: Flags,
        what: Annotated[str, typer.Argument(metavar="[accept]", help="accept: sign what was handed over to you.")] = "",
        to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who takes over; without it the brief is only printed.")] = "",
        words: Annotated[str, typer.Option("--words", metavar="TEXT", help="With accept: what is broken, in your own words.")] = "",
        why: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the timeline.")] = "",
        json: Json = False,
    ) -> None:
        """Print the handoff brief, hand over, or sign: roles move with the signature, and no clock begins anew."""
        if what not in ("", "accept"):
            raise Mistake(f"`warroom handoff {what}` is unknown: it is `warroom handoff --to NAME`, or `warroom handoff accept`")
        if what and to:
            raise Mistake("whoever signs hands over to nobody: leave --to away")
        async with opened(flags, latest=not (what or to)) as desk:
            written: tuple[Entry, ...] = ()
            if what or to:
                written = await desk.do(Accept(words) if what else HandOver(to, why))
            desk.wanted()
            head = head_of(flags.settings.journal_path)
            if json:
                say_json(shape(desk, head, written))
                return
            say(document(desk, "handoff", head).rstrip("\n"))


def shape(desk: Opened, head: str, written: tuple[Entry, ...]) -> dict[str, Any]:
    from warroom.reports.brief import brief
    from warroom.reports.status import entry_json, incident_json

    incident, now = desk.incident, desk.clock.now()
    runbook, offered = runbook_of(desk, incident), incident.handoff
    return {
        "markdown": document(desk, "handoff", head),
        "head": head or None,
        "parts": [{"label": part.label, "lines": [said.text for said in part.said]} for part in brief(incident, runbook, now)],
        "waits_for": offered.fact.to if offered and isinstance(offered.fact, HandedOver) else None,
        "entries": [entry_json(entry, incident) for entry in written],
        "incident": incident_json(incident, runbook, now),
    }
