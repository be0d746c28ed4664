"""The journal's care: where it is, whether it is whole, and what slipped in taken out."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import opened
from warroom.cli.out import Failure, Mistake, say, say_json
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts import Refusal
from warroom.core.entries import Merged

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file.")]


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

        path = there(flags)
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

    @verb(journal, "backup", "warroom journal backup night.sqlite", "warroom journal backup kept.sqlite --json")
    def backup(flags: Flags, file: File, json: Json = False) -> None:
        """Copy the journal and its evidence while others go on writing; the copy is a journal itself."""
        from warroom.journal.care import verify as verdict_of
        from warroom.journal.exchange import backup as backed_up

        count = backed_up(there(flags), file.expanduser())
        verdict = verdict_of(file.expanduser())
        if json:
            say_json({"file": str(file), "ok": verdict.ok, "entries": count, "head": verdict.head, "problems": list(verdict.problems)})
        else:
            say(f"copied {count} entries to {file}, head {verdict.head or 'none'}")
        if not verdict.ok:
            raise Failure(f"the copy in {file} is not whole ({verdict.problems[0]}): see `warroom journal verify`")

    @verb(journal, "export", "warroom journal export night.journal", "warroom journal export night.journal --json")
    async def export(flags: Flags, file: File, json: Json = False) -> None:
        """Write the journal into one file for another machine, redacted as it is stored; --incident: that incident alone."""
        from warroom.journal.exchange import write_copy

        path, incident = there(flags), ""
        if flags.incident:
            async with opened(flags, latest=True) as desk:
                incident = desk.wanted().id
        copy = write_copy(path, file.expanduser(), incident)
        if json:
            say_json({"file": str(file), "ok": True, "entries": len(copy.rows), "head": copy.head, "problems": []})
        else:
            say(f"wrote {len(copy.rows)} entries to {file}, head {copy.head or 'none'}")

    @verb(journal, "import", "warroom journal import night.journal", "warroom journal import night.journal --journal other.sqlite --json")
    async def import_(flags: Flags, file: File, json: Json = False) -> None:
        """Take in what a copy has and the journal has not; what both decided differently is told."""
        from warroom.clock import clock_of
        from warroom.journal.exchange import take

        settings = flags.settings
        taken = take(settings.journal_path, file.expanduser(), settings.user, clock_of(settings.home).now())
        told = [word for one in taken.merged if isinstance(one.fact, Merged) for word in one.fact.differences]
        if json:
            shape = {"file": str(file), "ok": True, "entries": taken.entries, "head": taken.head}
            heads = {"added": taken.added, "known": taken.known, "ours": taken.ours, "theirs": taken.theirs}
            say_json({**shape, **heads, "incidents": list(taken.incidents), "differences": told, "problems": []})
            return
        say(f"took in {taken.added} {'entry' if taken.added == 1 else 'entries'}, {taken.known} were here; head {taken.head or 'none'}")
        for word in told:
            say(f"decided differently: {word}")


def there(flags: Flags) -> Path:
    path = flags.settings.journal_path
    if not path.exists():
        raise Mistake(f"there is no journal at {path}: name one with --journal, or declare an incident")
    return path
