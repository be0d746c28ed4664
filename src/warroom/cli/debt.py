"""`warroom debt`: temporary changes, taken back or kept."""

from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import Opened, opened
from warroom.cli.out import Failure, Mistake, say, say_json
from warroom.cli.run import as_text, card
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts import Refusal
from warroom.core.acts.ledger import Repay, Waive
from warroom.core.entries import Entry
from warroom.core.ledger import debts
from warroom.core.ports import Runner
from warroom.core.prepared import Said
from warroom.reports.status import debt_json

Id = Annotated[str, typer.Argument(metavar="ID", help="Its number, as `warroom debt` lists them.")]
Means = Annotated[str, typer.Option("--yes-i-mean", metavar="OBJECT", help="Run its inverse on the object with this name.")]


def register(app: typer.Typer) -> None:
    below = typer.Typer(help="Temporary changes: list them, take them back, or keep them.", invoke_without_command=False)
    app.add_typer(below, name="debt")

    @verb(below, "list", "warroom debt list", "warroom debt list --json")
    async def list_all(flags: Flags, json: Json = False) -> None:
        """List what was changed and what undoes it."""
        async with opened(flags, latest=True) as desk:
            found = debts(desk.wanted())
        if json:
            say_json([debt_json(one) for one in found])
            return
        for one in found:
            say(f"{one.seq:>4}  {one.state:<7} {one.at:%H:%M} {one.by}  {one.command}\n      undo: {one.inverse}")
        if not found:
            say("nothing was changed that has to be taken back")

    @verb(
        below,
        "repay",
        "warroom debt repay 14 --yes-i-mean tensafe-server",
        "warroom debt repay 14 --reason 'scaled back in the web console'",
        cluster=True,
    )
    async def repay(flags: Flags, id: Id, yes_i_mean: Means = "", reason: Reason = "", json: Json = False) -> None:
        """Take a temporary change back by its inverse, or say how it was done elsewhere."""
        from warroom.cli.pinned import step_runner

        async with opened(flags, latest=True) as desk:
            desk.wanted()
            if reason.strip() and not yes_i_mean:
                entries = await desk.do(Repay(id, reason))
                show_entry(desk, entries[0], json=json)
                return
            runner = step_runner(flags.settings, desk.room, desk.clock, follows=False)
            try:
                await undo(desk, runner, id, yes_i_mean.strip(), json=json)
            finally:
                await runner.close()

    @verb(below, "waive", "warroom debt waive 14 --reason 'two replicas do'", "warroom debt waive 14 --reason kept --json")
    async def waive(flags: Flags, id: Id, reason: Reason = "", json: Json = False) -> None:
        """Keep a temporary change for good."""
        async with opened(flags, latest=True) as desk:
            desk.wanted()
            entries = await desk.do(Waive(id, reason))
            show_entry(desk, entries[0], json=json)


async def undo(desk: Opened, runner: Runner, id: str, means: str, *, json: bool) -> None:
    prepared = await runner.undoing(id)
    if isinstance(prepared, Refusal):
        raise (Mistake if prepared.mistake else Failure)(prepared.why)
    running = Refusal(prepared.refusal) if prepared.refusal else await runner.start(prepared, Said(name=means, arms=bool(means)))
    if isinstance(running, Refusal):
        if not json:
            say(card(prepared))
        asks = f", and nothing was run: give --yes-i-mean {prepared.word} if you mean it" if not means and not prepared.refusal else ""
        raise (Mistake if running.mistake else Failure)(f"{prepared.why}{asks}" if asks else running.why)
    output = await running.output()
    if not output.ok:
        raise Failure(f"the inverse failed, and the change is still owed: {output.trouble or output.text.strip()[-300:]}")
    if json:
        show_entry(desk, settled(desk, id), json=True)
    else:
        say(as_text(prepared, output))


def settled(desk: Opened, id: str) -> Entry:
    found = next(one for one in debts(desk.incident) if id in (one.id, str(one.seq)))
    return desk.incident.paid[found.id]
