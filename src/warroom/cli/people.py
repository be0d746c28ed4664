"""Who holds which role."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import opened
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts.people import TakeRole


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
            show_entry(desk, (await desk.do(TakeRole(name, to)))[0], json=json)
