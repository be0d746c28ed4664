"""The timeline: written, corrected, and read."""

from typing import Annotated

import typer

from warroom.cli.flags import At, Flags, Json, Reason
from warroom.cli.opened import opened
from warroom.cli.show import show_entry, show_timeline
from warroom.cli.verb import verb
from warroom.core.acts import Act
from warroom.core.acts.timeline import AddAction, Amend, Badly, Move, Note, Strike, Well

Text = Annotated[str, typer.Argument(metavar="TEXT", help="Taken as it is, also when it begins with `-`.")]
Reference = Annotated[str, typer.Argument(metavar="ID", help="The entry: its number or its id.")]


async def write(flags: Flags, act: Act, *, json: bool) -> None:
    """With no open incident it goes to the latest: what was seen is often written down afterwards."""
    async with opened(flags, latest=True) as desk:
        show_entry(desk, (await desk.do(act))[0], json=json)


def register(app: typer.Typer) -> None:
    @verb(app, "note", 'warroom note "rolled back, watching"', 'warroom note --at -7m --progress "found the bad release"', text=True)
    async def note(
        flags: Flags,
        words: Text,
        at: At = None,
        progress: Annotated[bool, typer.Option("--progress", help="It is progress, which starts that clock anew.")] = False,
        json: Json = False,
    ) -> None:
        """Write into the timeline."""
        async with opened(flags, latest=True) as desk:
            show_entry(desk, (await desk.do(Note(words, progress, desk.moment(at))))[0], json=json)

    @verb(app, "amend", 'warroom amend 3 "rolled back at 02:41"', 'warroom amend 3 "rolled back to r41" --json', text=True)
    async def amend(flags: Flags, entry: Reference, words: Text, json: Json = False) -> None:
        """Give an entry another text; the first stays readable."""
        await write(flags, Amend(entry, words), json=json)

    @verb(app, "strike", "warroom strike 3", 'warroom strike 4 --reason "that was another cluster"')
    async def strike(flags: Flags, entry: Reference, reason: Reason = "", json: Json = False) -> None:
        """Strike an entry: it stays readable and counts for nothing."""
        await write(flags, Strike(entry, reason), json=json)

    @verb(app, "move", "warroom move 3 --at -2m", "warroom move 4 --at -1m --json")
    async def move(
        flags: Flags,
        entry: Reference,
        at: Annotated[str, typer.Option("--at", metavar="TIME", help="When it happened: -7m, 02:41 or RFC 3339; UTC.")],
        json: Json = False,
    ) -> None:
        """Move an entry in time."""
        async with opened(flags, latest=True) as desk:
            to = desk.moment(at)
            assert to is not None  # the flag must be given
            show_entry(desk, (await desk.do(Move(entry, to)))[0], json=json)

    @verb(app, "well", 'warroom well "the rollback took two minutes"', 'warroom well "-f was not needed"', text=True)
    async def well(flags: Flags, words: Text, json: Json = False) -> None:
        """Record what went well."""
        await write(flags, Well(words), json=json)

    @verb(app, "badly", 'warroom badly "nobody knew the dashboard"', 'warroom badly "the alert came late" --json', text=True)
    async def badly(flags: Flags, words: Text, json: Json = False) -> None:
        """Record what could be improved."""
        await write(flags, Badly(words), json=json)

    @verb(
        app,
        "action",
        'warroom action "alert on the connection pool" --owner grace --due 2026-12-01',
        'warroom action "write the missing dashboard"',
        text=True,
    )
    async def action(
        flags: Flags,
        words: Text,
        owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="Who does it.")] = "",
        due: Annotated[str, typer.Option("--due", metavar="DATE", help="Until when, as 2026-02-17.")] = "",
        priority: Annotated[str, typer.Option("--priority", metavar="LEVEL", help="How pressing it is.")] = "",
        json: Json = False,
    ) -> None:
        """Add an action item."""
        await write(flags, AddAction(words, owner, due, priority), json=json)

    @verb(app, "timeline", "warroom timeline", "warroom timeline --all --json")
    async def timeline(
        flags: Flags,
        every: Annotated[bool, typer.Option("--all", help="Every entry, also ticks and what was struck.")] = False,
        json: Json = False,
    ) -> None:
        """Read the timeline."""
        async with opened(flags, latest=True) as desk:
            show_timeline(desk, every=every, json=json)
