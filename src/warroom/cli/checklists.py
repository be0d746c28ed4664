"""Items of any check-list, ticked and unticked."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import opened
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts import Act
from warroom.core.acts.checklists import Tick, Untick

ItemWords = Annotated[str, typer.Argument(metavar="ITEM", help="Its id, or the start of its text.")]


async def change(flags: Flags, act: Act, *, json: bool) -> None:
    async with opened(flags) as desk:
        show_entry(desk, (await desk.do(act))[0], json=json)


def register(app: typer.Typer) -> None:
    @verb(app, "tick", 'warroom tick "all customers affected"', 'warroom tick "error rate > 10%" --as ada', text=True)
    async def tick(flags: Flags, item: ItemWords, json: Json = False) -> None:
        """Tick an item of a check-list of the runbook."""
        await change(flags, Tick(item), json=json)

    @verb(app, "untick", 'warroom untick "all customers affected"', 'warroom untick "error rate > 10%" --json', text=True)
    async def untick(flags: Flags, item: ItemWords, json: Json = False) -> None:
        """Take a tick back."""
        await change(flags, Untick(item), json=json)
