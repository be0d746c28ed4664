"""The journal's care: where it is, whether it is whole, and what slipped in taken out."""

from dataclasses import replace
from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import opened
from warroom.cli.out import Failure, Mistake, say, say_json
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts import Refusal


def register(app: typer.Typer) -> None:
    journal = typer.Typer(help="Take care of the journal.")
    app.add_typer(journal, name="journal")

    @verb(journal, "path", "warroom journal path", "warroom journal path --journal night.sqlite")
    def path(flags: Flags) -> None:
        """Print where the journal is."""
        say(str(flags.settings.journal_path.absolute()))

    @verb(journal, "verify", "warroom journal verify", "warroom journal verify --json")
    def verify(flags: Flags, json: Json = False) -> None:
        """Check every entry and the chain of hashes."""
        from warroom.journal.care import verify as verdict_of

        path = flags.settings.journal_path
        if not path.exists():
            raise Mistake(f"there is no journal at {path}: name one with --journal, or declare an incident")
        verdict = verdict_of(path)
        if json:
            say_json({"ok": verdict.ok, "entries": verdict.entries, "head": verdict.head, "problems": list(verdict.problems)})
        else:
            for problem in verdict.problems:
                say(problem)
            if verdict.ok:
                say(f"whole: {verdict.entries} entries, head {verdict.head or 'none'}")
        if not verdict.ok:
            raise Failure(f"{path} is not whole: keep it as it is, and go on in another with --journal")

    @verb(journal, "purge", 'warroom journal purge 3 --reason "a password"', 'warroom journal purge 4 --reason "a name" --json')
    async def purge(
        flags: Flags,
        entry: Annotated[str, typer.Argument(metavar="ID", help="The entry: its number or its id.")],
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Replace an entry's text by its hash, for what must not be kept."""
        from warroom.journal.care import purge as purged

        async with opened(flags, latest=True, alone=False) as desk:
            desk.wanted()
            done = purged(flags.settings.journal_path, entry, reason, flags.settings.user, desk.clock.now())
        if isinstance(done, Refusal):
            raise (Mistake if done.mistake else Failure)(done.why)
        async with opened(replace(flags, incident=done.incident), latest=True) as desk:
            show_entry(desk, desk.incident.entry(done.id) or done, json=json)
