"""How bad it is and how far the response has come."""

from typing import Annotated

import typer

from warroom.cli.flags import At, Flags, Json, Reason
from warroom.cli.incident import change
from warroom.cli.verb import verb
from warroom.core.acts.observations import SetDetected
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity


def register(app: typer.Typer) -> None:
    @verb(app, "severity", 'warroom severity P1 --reason "all customers affected"', 'warroom severity P2 --reason "one region only" --json')
    async def severity(
        flags: Flags,
        level: Annotated[str, typer.Argument(metavar="LEVEL", help="The runbook's name for it.")],
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Set the severity."""
        await change(flags, lambda _: SetSeverity(level, reason), json=json)

    @verb(app, "phase", "warroom phase 2", "warroom phase 3 --json")
    async def phase(
        flags: Flags,
        number: Annotated[int, typer.Argument(metavar="N", help="Phases count from 1.")],
        json: Json = False,
    ) -> None:
        """Go to a phase of the response; going back is fine."""
        await change(flags, lambda _: SetPhase(number), json=json)

    @verb(app, "detected", "warroom detected --at -9m", 'warroom detected --at 02:36 --reason "first failed job"')
    async def detected(flags: Flags, at: At = None, reason: Reason = "", json: Json = False) -> None:
        """Set when it truly began; without a time, what the figures propose."""
        await change(flags, lambda desk: SetDetected(desk.moment(at), reason), json=json)
