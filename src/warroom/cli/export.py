"""Documents out of an incident, to the terminal or to a file, where what people wrote into it stays."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import msgspec
import typer

from warroom.cli.flags import Flags
from warroom.cli.opened import opened
from warroom.cli.out import Failure, Mistake, say, warn
from warroom.cli.show import document
from warroom.cli.verb import verb

if TYPE_CHECKING:
    from warroom.core.incident import Incident
    from warroom.reports.charts import Chart

WHAT = ("postmortem", "timeline", "handoff", "json", "patch")


def register(app: typer.Typer) -> None:
    @verb(app, "export", "warroom export postmortem -o postmortem.md", "warroom export timeline")
    async def export(
        flags: Flags,
        what: Annotated[str, typer.Argument(metavar="|".join(WHAT), help="Which document.")],
        output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file (default: the terminal).")] = None,
        force: Annotated[bool, typer.Option("--force", help="Over whatever stands there, edits included.")] = False,
    ) -> None:
        """Write the post-mortem, the timeline, the handoff brief, everything, or what the runbook should learn as a patch of it."""
        if what not in WHAT:
            raise Mistake(f"there is no document {what}: choose one of {', '.join(WHAT)}")
        async with opened(flags, latest=True) as desk:
            about = f"{what} of {desk.wanted().id}"
            beside = drawn(desk.incident, output) if what == "postmortem" and output else {}
            pictures = [(chart.title, quote(file.name)) for file, chart in beside.items()]
            text = document(desk, what, head_of(flags.settings.journal_path), pictures)
        if output is None:
            say(text.rstrip("\n"))
            return
        ours = Ours(flags.settings.home / "exports.json")
        for file, chart in beside.items():
            write(file, Exported(about, chart.svg), ours, force=force, merges=False)
        conflicts = write(output.expanduser(), Exported(about, text), ours, force=force, merges=what not in ("json", "patch"))
        meet = f"; {conflicts} {'edit meets' if conflicts == 1 else 'edits meet'} news: search for `Conflict`" if conflicts else ""
        charts = f", and {', '.join(file.name for file in beside)} beside it" if beside else ""
        warn(f"wrote {output}{charts}{meet}")


def drawn(incident: "Incident", document: Path) -> "dict[Path, Chart]":
    """The charts of an incident by the files that they get beside a document."""
    from warroom.reports.charts import charts

    file = document.expanduser()
    return {file.with_name(f"{file.stem}-{chart.name}.svg"): chart for chart in charts(incident)}


def head_of(journal: Path) -> str:
    """The newest hash, for a document that others can hold the journal against; empty where the chain is torn."""
    from warroom.journal.care import verify

    verdict = verify(journal)
    if not verdict.ok:
        warn(f"the journal is not whole ({verdict.problems[0]}), so the document names no hash: see `warroom journal verify`")
    return verdict.head if verdict.ok else ""


class Exported(msgspec.Struct, frozen=True):
    """What we had to say, without what people have made of it since."""

    about: str
    text: str


class Ours:
    """What we exported last to each path: by its hash, and whole, so that another's edits are known from it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self, file: Path) -> str | None:
        """The hash of what we wrote there."""
        return self._read().get(str(file.resolve()))

    def exported(self, file: Path) -> Exported | None:
        try:
            return msgspec.json.decode(self._kept(file).read_bytes(), type=Exported)
        except (OSError, msgspec.DecodeError):
            return None

    def remember(self, file: Path, written: bytes, exported: Exported) -> None:
        kept = self._kept(file)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place(kept, msgspec.json.encode(exported), 0o600)
        known = {**self._read(), str(file.resolve()): hashlib.sha256(written).hexdigest()}
        place(self._path, msgspec.json.encode(known), 0o600)

    def _kept(self, file: Path) -> Path:
        return self._path.with_suffix("") / hashlib.sha256(str(file.resolve()).encode()).hexdigest()

    def _read(self) -> dict[str, str]:
        """A memory that was lost or damaged makes every file another's."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}


def write(file: Path, said: Exported, ours: Ours, *, force: bool, merges: bool = True) -> int:
    """Whole or not at all; how many edits meet news. `merges`: into a file that was edited; else such a file is left alone."""
    try:
        standing = file.read_bytes()
    except FileNotFoundError:
        standing = None
    except OSError as error:
        raise Mistake(f"{file} cannot be read ({error.strerror}): name another file") from error
    text, conflicts = said.text, 0
    if standing is not None and standing != text.encode() and not force:
        text, conflicts = merged(file, standing, said, ours, merges=merges)
    try:
        place(file, text.encode(), 0o600 if standing is None else file.stat().st_mode & 0o777)
        ours.remember(file, text.encode(), said)
    except OSError as error:
        raise Failure(f"{file} cannot be written ({error.strerror}): name another file") from error
    return conflicts


def merged(file: Path, standing: bytes, said: Exported, ours: Ours, *, merges: bool) -> tuple[str, int]:
    """What stands there, with the news; and how often both meet."""
    known, base = ours.last(file), ours.exported(file)
    if known is None:
        raise Mistake(f"{file} exists and is not an export of ours: name another file, or overwrite it with --force")
    if known == hashlib.sha256(standing).hexdigest() and (base is None or base.text.encode() == standing):
        return said.text, 0
    if base is None or base.about != said.about or not merges:
        raise Mistake(f"{file} was edited since our last export: name another file, or overwrite it with --force")
    from warroom.reports.rewritten import rewritten

    try:
        done = rewritten(base.text, standing.decode(), said.text)
    except UnicodeDecodeError as error:
        raise Mistake(f"{file} is no UTF-8 any more: save it as such, name another file, or overwrite it with --force") from error
    return done.text, done.conflicts


def place(file: Path, content: bytes, mode: int) -> None:
    """Beside it first, then in its place: a reader sees the old or the new one."""
    file = file.resolve()  # what a link points at is replaced, not the link
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "wb") as beside:
            beside.write(content)
            beside.flush()
            os.fsync(beside.fileno())
        os.chmod(name, mode)
        os.replace(name, file)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
