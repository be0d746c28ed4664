"""Appends more than this process may write to a file, and says what it was told."""

import asyncio
import resource
import sys
from pathlib import Path

from journal.notes import at_once, notes
from warroom.core.ports import JournalTrouble
from warroom.journal.sqlite import SqliteJournal


async def main(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        try:
            await journal.append(notes("x", "y" * 200_000, start=1), after=1)
        except JournalTrouble as trouble:
            print(trouble)


asyncio.run(main(Path(sys.argv[1])))
