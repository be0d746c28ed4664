"""Files become runbooks; what cannot be read is told in one sentence."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec

from warroom.runbook.model import Related, Runbook
from warroom.runbook.reader import read

MOST_BYTES = 1_000_000
"""A larger file is refused: reading it would hold up the console for seconds."""
DEFAULT_NAME = "tensafe.md"


class LibraryTrouble(Exception):
    """A runbook that cannot be had; the words say what to do."""


def load(path: Path) -> Runbook:
    """The runbook in the file, with its related documents looked up beside it. Raises LibraryTrouble."""
    text = load_text(path)
    runbook = read_text(text, str(path))
    return msgspec.structs.replace(runbook, related=tuple(_looked_up(related, path.parent) for related in runbook.related))


def load_text(path: Path) -> str:
    """The file's text as it is, so that its SHA-256 is the file's. Raises LibraryTrouble."""
    try:
        if path.is_dir():
            raise LibraryTrouble(f"{path} is a folder: name the one Markdown file in it that is the runbook")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise LibraryTrouble(f"{path} does not exist: name a Markdown file with --runbook, or leave it away for the shipped one") from None
    except OSError as problem:
        raise LibraryTrouble(f"{path} cannot be read ({problem.strerror}): check the file and its permissions") from None
    if len(content) > MOST_BYTES:
        raise LibraryTrouble(f"{path} is larger than {MOST_BYTES // 1_000_000} MB: name the runbook alone, without what it links to")
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise LibraryTrouble(f"{path}, line {line}: this is not UTF-8 text: save the file as UTF-8") from None


@lru_cache(maxsize=16)
def read_text(text: str, file: str = "runbook.md") -> Runbook:
    """`read`, once per text: every fold of an incident asks for the runbook that it carries."""
    return read(text, file)


def default_runbook() -> tuple[str, str]:
    """Text and name of the runbook that ships with the console."""
    return files("warroom.runbook").joinpath(DEFAULT_NAME).read_bytes().decode(), DEFAULT_NAME


def _looked_up(related: Related, folder: Path) -> Related:
    """A web address is not looked for."""
    target = related.target.split("#")[0].split("?")[0]
    if not target or "://" in target or target.startswith("mailto:"):
        return related
    try:
        exists = (folder / target).exists()
    except (OSError, ValueError):  # a name that no file can have
        exists = False
    return msgspec.structs.replace(related, exists=exists)
