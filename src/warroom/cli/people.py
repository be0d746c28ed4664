"""Who holds which role."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import opened
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts import Refusal
from warroom.core.acts.people import TakeRole, find_role


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
