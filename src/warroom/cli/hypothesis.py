"""What people think is the cause."""

from typing import Annotated, Any

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import opened
from warroom.cli.out import Mistake, say, say_json
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts import Act
from warroom.core.acts.hypotheses import Judge, Own, Propose, Support
from warroom.core.hypotheses import Hypothesis, HypothesisState, hypotheses
from warroom.core.incident import Incident
from warroom.reports.times import rfc3339

STATES: dict[str, HypothesisState] = {
    "testing": "testing",
    "test": "testing",
    "refuted": "refuted",
    "refute": "refuted",
    "confirmed": "confirmed",
    "confirm": "confirmed",
    "proposed": "proposed",
}
USES = "propose TEXT, testing|refuted|confirmed ID, owner ID NAME, evidence ID ENTRY, against ID ENTRY; nothing lists the board"


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "hypothesis",
        'warroom hypothesis propose "release 2.8.1 overflows the DP budget" --owner tom',
        'warroom hypothesis confirmed 7 --reason "gone after the rollback"',
        text=True,
    )
    async def hypothesis(
        flags: Flags,
        what: Annotated[str, typer.Argument(metavar="[WHAT]", help=f"{USES}.")] = "",
        words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]...", help="Its text, or the entry's number and more.")] = None,
        owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="Who looks into it.")] = "",
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Show the board of hypotheses, or move one on it."""
        if not what:
            async with opened(flags, latest=True) as desk:
                show_board(desk.wanted(), json=json)
            return
        act = act_of(what, list(words or ()), owner, reason)
        async with opened(flags) as desk:
            show_entry(desk, (await desk.do(act))[0], json=json)


def act_of(what: str, words: list[str], owner: str, reason: str) -> Act:
    if what in ("propose", "add"):
        return Propose(" ".join(words), owner)
    if what in STATES and len(words) == 1:
        return Judge(words[0], STATES[what], reason)
    if what == "owner" and words:
        return Own(words[0], owner or " ".join(words[1:]))
    if what in ("evidence", "against") and len(words) == 2:
        return Support(words[0], words[1], against=what == "against")
    raise Mistake(f"`warroom hypothesis {what}` with {len(words)} words is unknown: it takes {USES}")


def show_board(incident: Incident, *, json: bool) -> None:
    board = hypotheses(incident)
    if json:
        say_json([board_json(one, incident) for one in board])
        return
    for one in board:
        entry, weight = incident.entry(one.id), f"{len(one.evidence)} for, {len(one.against)} against"
        say(f"{entry.seq if entry else '?'}  {one.state:<9}  {one.owner or 'no owner':<12}  {one.text} ({weight})")
    if not board:
        say("nothing is proposed as the cause")


def board_json(one: Hypothesis, incident: Incident) -> dict[str, Any]:
    entry = incident.entry(one.id)
    return {
        "id": one.id,
        "seq": entry.seq if entry else None,
        "text": one.text,
        "state": one.state,
        "owner": one.owner or None,
        "reason": one.reason or None,
        "by": one.by,
        "at": rfc3339(one.at),
        "since": rfc3339(one.since),
        "evidence": list(one.evidence),
        "against": list(one.against),
    }
