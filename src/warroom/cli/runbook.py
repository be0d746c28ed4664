"""The runbook: checked, and shown as it was understood."""

from pathlib import Path
from typing import Annotated

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.out import Failure, Mistake, say, say_json, warn
from warroom.cli.verb import verb
from warroom.runbook.model import Finding, Runbook

FORMATS = ("text", "github")


def register(app: typer.Typer) -> None:
    runbook = typer.Typer(help="Check a runbook, or show what was understood of it and what its commands would do.")
    app.add_typer(runbook, name="runbook")

    @verb(runbook, "check", "warroom runbook check runbook.md", "warroom runbook check runbook.md --cluster -n shop", cluster=True)
    def check(
        flags: Flags,
        files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Markdown files.")],
        format: Annotated[str, typer.Option("--format", metavar="FORMAT", help="How findings look: text or github.")] = "text",
        cluster: Annotated[bool, typer.Option("--cluster", help="Look also whether the cluster has what the commands name.")] = False,
        json: Json = False,
    ) -> None:
        """Find gaps and contradictions; warnings are no fault, an error exits 1."""
        from warroom.library import load

        if format not in FORMATS:
            raise Mistake(f"there is no format {format}: choose one of {', '.join(FORMATS)}")
        found = [finding for path in files for finding in checked(load(path, mapping=flags.settings.mapping), str(path))]
        if cluster:
            from warroom.cli.rot import missing_of

            found += missing_of(flags, files)
        if json:
            say_json(found)
        for finding in () if json else found:
            advice = f"{finding.message}; {finding.fix}" if finding.fix else finding.message
            if format == "github":
                level = {"note": "notice"}.get(finding.level, finding.level)
                say(f"::{level} file={_escaped(finding.file, ':,')},line={finding.line},title={finding.code}::{_escaped(advice)}")
            else:
                say(f"{finding.file}:{finding.line}: {finding.level}: {advice}")
        if not json and format == "text":
            count = {level: sum(finding.level == level for finding in found) for level in ("error", "warning", "note")}
            warn(", ".join(f"{number} {level}{'s' * (number != 1)}" for level, number in count.items()))
        if errors := sum(finding.level == "error" for finding in found):
            raise Failure(f"{errors} error{'s' * (errors != 1)} found: correct them, the lines are above")

    @verb(runbook, "show", "warroom runbook show", "warroom runbook show runbook.md --json")
    def show(
        flags: Flags,
        files: Annotated[
            list[Path] | None, typer.Argument(metavar="FILE…", help="Markdown files or folders (default: the runbook of the settings).")
        ] = None,
        json: Json = False,
    ) -> None:
        """Show all that was understood of a runbook."""
        from warroom.library import default_runbook, load
        from warroom.runbook.reader import read
        from warroom.runbook.show import show as value_of

        paths = tuple(files or flags.settings.runbook)
        runbook = load(*paths, mapping=flags.settings.mapping) if paths else read(*default_runbook())
        if json:
            say_json(value_of(runbook))
            return
        say(f"{runbook.title or 'no title'} {runbook.version or ''}".rstrip())
        say(f"  {', '.join(map(str, paths)) or 'the shipped runbook'}, {runbook.lines} lines")
        say(f"  updated {runbook.updated or 'unknown'}, owner {runbook.owner or 'unknown'}")
        say(f"  sha256 {runbook.sha256}")
        parts = (
            ("declaration triggers", len(runbook.declaration.triggers)),
            ("severities", len(runbook.severities)),
            ("criteria", sum(len(severity.criteria) for severity in runbook.severities)),
            ("roles", len(runbook.roles)),
            ("phases", len(runbook.phases)),
            ("items to tick", sum(1 for _ in runbook.items())),
            ("message templates", len(runbook.templates)),
            ("escalation triggers", len(runbook.escalation.triggers)),
            ("contacts", len(runbook.escalation.contacts)),
            ("playbooks", len(runbook.playbooks)),
            ("steps", sum(len(playbook.steps) for playbook in runbook.playbooks)),
            ("commands", sum(len(step.commands) for playbook in runbook.playbooks for step in playbook.steps)),
            ("findings", len(runbook.findings)),
        )
        for name, number in parts:
            say(f"{number:>5} {name}")
        for severity in runbook.severities:
            say(f"  {severity.level} {severity.name}: {len(severity.criteria)} criteria, line {severity.line}")
        for playbook in runbook.playbooks:
            say(f"  {playbook.title}: {len(playbook.steps)} steps, line {playbook.line}")

    @verb(runbook, "commands", "warroom runbook commands runbook.md", "warroom runbook commands runbook.md --json")
    def commands(
        flags: Flags,
        files: Annotated[
            list[Path] | None, typer.Argument(metavar="FILE…", help="Markdown files or folders (default: the runbook of the settings).")
        ] = None,
        verbs: Annotated[Path | None, typer.Option("--verbs", metavar="FILE", help="A table of your own programs and verbs.")] = None,
        json: Json = False,
    ) -> None:
        """List every command in document order, with what it would do and why."""
        from warroom.library import default_runbook, files_of, load_verbs, read_text
        from warroom.runbook.commands import listed

        paths = tuple(files or flags.settings.runbook)
        table = load_verbs(verbs or flags.settings.home / "verbs.toml", optional=verbs is None)
        books = [(each.text, str(each.path)) for each in files_of(paths)] if paths else [default_runbook()]
        found = [each for text, name in books for each in listed(text, read_text(text, name), file=name, verbs=table)]
        if json:
            say_json(found)
            return
        place: tuple[str, str | None, str | None] | None = None
        for each in found:
            if place != (each.file, each.playbook, each.step):
                place = (each.file, each.playbook, each.step)
                say(" · ".join(part for part in (each.file, each.playbook or "outside the playbooks", each.step) if part))
            marks = "".join(f", {word}" for word in ("interactive", "streams") if getattr(each, word))
            more = " …" * ("\n" in each.command)
            say(f"{each.line:>6} {each.kind:<8}{each.command.splitlines()[0]}{more}")
            say(f"                {each.why}{marks}")
        count = {kind: sum(each.kind == kind for each in found) for kind in ("read", "mutate", "destroy", "unknown")}
        warn(", ".join(f"{number} {kind}" for kind, number in count.items()))

    @verb(runbook, "trust", "warroom runbook trust runbook.md", "warroom runbook trust runbook.md --json")
    def trust(
        flags: Flags,
        files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Markdown files or folders, as they are used together.")],
        json: Json = False,
    ) -> None:
        """Let the commands of a runbook run without the question of the first time."""
        import hashlib

        from warroom.cli.pinned import trust as trust_of
        from warroom.library import open_text

        text = open_text(files)
        try:
            trust_of(flags.settings).add(text)
        except OSError as error:
            raise Failure(f"what is trusted cannot be kept in {flags.settings.home} ({error.strerror}): make it writable") from error
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if json:
            say_json({"sha256": sha256})
        else:
            say(f"trusted: {', '.join(map(str, files))} ({sha256[:12]}); when it changes, it is asked again")


def checked(runbook: Runbook, file: str) -> list[Finding]:
    """What is doubtful in it, and who decides each criterion."""
    from warroom.runbook.deciders import decided_by

    return sorted((*runbook.findings, *decided_by(runbook, file)), key=lambda finding: (finding.file, finding.line))


def _escaped(text: str, more: str = "") -> str:
    """As the workflow commands of a CI want it."""
    return "".join(f"%{ord(char):02X}" if char in "%\r\n" + more else char for char in text)
