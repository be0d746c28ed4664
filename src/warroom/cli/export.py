"""Documents out of an incident, to the terminal or to a file that nobody has edited since."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from warroom.cli.flags import Flags
from warroom.cli.opened import opened
from warroom.cli.out import Failure, Mistake, say, warn
from warroom.cli.show import document
from warroom.cli.verb import verb

WHAT = ("postmortem", "timeline", "handoff", "json")


def register(app: typer.Typer) -> None:
    @verb(app, "export", "warroom export postmortem -o postmortem.md", "warroom export timeline")
    async def export(
        flags: Flags,
        what: Annotated[str, typer.Argument(metavar="|".join(WHAT), help="Which document.")],
        output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file (default: the terminal).")] = None,
        force: Annotated[bool, typer.Option("--force", help="Also over a file that was edited since.")] = False,
    ) -> None:
        """Write the post-mortem, the timeline, the handoff brief, or everything."""
        if what not in WHAT:
            raise Mistake(f"there is no document {what}: choose one of {', '.join(WHAT)}")
        async with opened(flags, latest=True) as desk:
            desk.wanted()
            text = document(desk, what, head_of(flags.settings.journal_path))
        if output is None:
            say(text.rstrip("\n"))
            return
        write(output.expanduser(), text, Ours(flags.settings.home / "exports.json"), force=force)
        warn(f"wrote {output}")


def head_of(journal: Path) -> str:
    """The newest hash, for a document that others can hold the journal against; empty where the chain is torn."""
    from warroom.journal.care import verify

    verdict = verify(journal)
    if not verdict.ok:
        warn(f"the journal is not whole ({verdict.problems[0]}), so the document names no hash: see `warroom journal verify`")
    return verdict.head if verdict.ok else ""


class Ours:
    """What we exported last to each path, so that another's edit is not overwritten."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self, file: Path) -> str | None:
        return self._read().get(str(file.resolve()))

    def remember(self, file: Path, text: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = {**self._read(), str(file.resolve()): hashlib.sha256(text).hexdigest()}
        place(self._path, msgspec.json.encode(known), 0o600)

    def _read(self) -> dict[str, str]:
        """A memory that was lost or damaged makes every file another's."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}


def write(file: Path, text: str, ours: Ours, *, force: bool) -> None:
    """Whole or not at all."""
    content = text.encode()
    try:
        standing = file.read_bytes()
    except FileNotFoundError:
        standing = None
    except OSError as error:
        raise Mistake(f"{file} cannot be read ({error.strerror}): name another file") from error
    if standing is not None and standing != content and not force:
        known = ours.last(file)
        if known is None:
            raise Mistake(f"{file} exists and is not an export of ours: name another file, or overwrite it with --force")
        if known != hashlib.sha256(standing).hexdigest():
            raise Mistake(f"{file} was edited since our last export: name another file, or overwrite it with --force")
    try:
        place(file, content, 0o600 if standing is None else file.stat().st_mode & 0o777)
        ours.remember(file, content)
    except OSError as error:
        raise Failure(f"{file} cannot be written ({error.strerror}): name another file") from error


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
