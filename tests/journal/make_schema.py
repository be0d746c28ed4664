"""Makes the fixture database of the newest schema: `PYTHONPATH=src:tests python tests/journal/make_schema.py`.

A journal of every schema that ever was is kept in `schemas/` for ever, and each must open. So a migration comes with three
steps: add it to `warroom.journal.schema.MIGRATIONS`, run this once with the code that writes the new schema, commit the new
file. It never touches the older ones; a schema that has been released is not made again.
"""

import asyncio
from pathlib import Path

from journal.facts import FACTS
from journal.notes import at_once, entry
from warroom.core.entries import Erased
from warroom.journal.schema import VERSION
from warroom.journal.sqlite import SqliteJournal

SCHEMAS = Path(__file__).parent / "schemas"


async def make(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        kept = [entry(fact, n) for n, fact in enumerate(FACTS) if not isinstance(fact, Erased)]
        assert await journal.append(kept[:1], after=0)
        assert await journal.append(kept[1:], after=1)


if __name__ == "__main__":
    target = SCHEMAS / f"{VERSION}.db"
    if target.exists():
        raise SystemExit(f"{target} is there already: a schema that was kept is not made again")
    asyncio.run(make(target))
