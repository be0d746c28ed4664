"""Who holds which role."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import opened
from warroom.cli.out import Mistake, say
from warroom.cli.show import runbook_of, show_entry
from warroom.cli.team import team_of
from warroom.cli.verb import verb
from warroom.core.acts import Refusal
from warroom.core.acts.messages import Call
from warroom.core.acts.people import TakeRole, find_role
from warroom.core.contacts import contact_for
from warroom.core.oncall import resolve
from warroom.reports.message import call_script


def register(app: typer.Typer) -> None:
    @verb(app, "role", "warroom role IC --to ada", 'warroom role "Communications Lead" --to grace')
    async def role(
        flags: Flags,
        name: Annotated[str, typer.Argument(metavar="ROLE", help="Its name, the start of it, or its initials.")],
        to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who holds it from now on; empty hands it back.")],
        json: Json = False,
    ) -> None:
        """Give a role to somebody."""
        async with opened(flags) as desk:
            found = find_role(desk.room.runbook, name)
            # Who held it when we looked: of two who take it in the same second the later one is told.
            expected = None if isinstance(found, Refusal) else desk.room.incident.roles.get(found.name, "")
            show_entry(desk, (await desk.do(TakeRole(name, to, expected)))[0], json=json)

    @verb(app, "call", "warroom call L4", 'warroom call "VP Engineering" reached --text "joins at 03:10"')
    async def call(
        flags: Flags,
        contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Of the runbook's escalation: its level (L4) or its role.")],
        outcome: Annotated[str, typer.Argument(metavar="[reached|voicemail|none]", help="How it went; without it what to say.")] = "",
        text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What you need of them, or what they said.")] = "",
        json: Json = False,
    ) -> None:
        """Show whom to call and what to say in twenty seconds, or record how a call went; nothing is dialled."""
        team = team_of(flags.settings)
        async with opened(flags) as desk:
            runbook, now = runbook_of(desk, desk.wanted()), desk.clock.now()
            found = contact_for(runbook, contact)
            if found is None:
                known = ", ".join(f"{one.level} ({one.role})" for one in runbook.escalation.contacts) or "nobody"
                raise Mistake(f"{contact!r} is nobody whom the runbook names for an escalation: it names {known}")
            duty = resolve(found.role, runbook, team, now)
            person = duty.person if duty else None
            if outcome:
                who = person.name if person else found.role
                show_entry(desk, (await desk.do(Call(found.level, who, outcome, text)))[0], json=json)
                return
            number = person.phone if person and person.phone else "no number known: name one in the team's file (WARROOM_TEAM)"
            say(f"{person.name if person else found.role} ({found.level}, {found.role}): {number}")
            say(call_script(desk.incident, now, flags.settings.user, text))
