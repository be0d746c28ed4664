"""Documents beside the runbook, for the console to show."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from warroom.core.acts import Refusal

SUFFIXES = (".md", ".markdown", ".mdown", ".txt", ".rst")
NOT_FOUND = "not found"


def reader(runbook: Sequence[Path]) -> Callable[[str], Awaitable[str | Refusal]] | None:
    """Reads by the path from the folder of the runbook; the runbook that ships with the console has none beside it."""
    from warroom.library import folder_of

    if not runbook:
        return None
    folder = folder_of(runbook)

    async def read(target: str) -> str | Refusal:
        return await asyncio.to_thread(read_beside, folder, target)

    return read


def read_beside(folder: Path, target: str) -> str | Refusal:
    """Only text, and only where the link itself leads: not where a symbolic link in the place of the file does."""
    from warroom.core.redact import redact
    from warroom.library import LibraryTrouble, load_text

    if not target or "\0" in target or target.startswith(("/", "~")) or "\\" in target:
        return Refusal("not a path from the runbook's folder")
    if not target.lower().endswith(SUFFIXES):
        return Refusal("neither Markdown nor plain text: open it elsewhere")
    try:
        home = folder.resolve()
        wanted = Path(os.path.normpath(home / target))
        found = wanted.resolve()
        if found != wanted and not found.is_relative_to(home):
            return Refusal("a symbolic link that leads out of the runbook's folder")
        # Whatever is no plain file could keep a reader waiting for ever.
        return redact(load_text(found)) if found.is_file() else Refusal(NOT_FOUND)
    except LibraryTrouble as trouble:
        return Refusal(str(trouble))
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, a circle of links
        return Refusal(NOT_FOUND)
