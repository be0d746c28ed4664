"""What the tests of the journal share: a file in a directory of its own, and rooms on it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from hand import HandClock
from journal.notes import OWN, at_once, declare
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room.db"


@pytest.fixture
async def rooms(path: Path, hand: HandClock) -> AsyncIterator[list[Room]]:
    """Four consoles, each with its own connections, in one incident."""
    async with AsyncExitStack() as stack:
        journals = [await stack.enter_async_context(SqliteJournal.open(path, at_once)) for _ in range(4)]
        opened = [await Room.open(journal, OWN, hand, f"console {n}") for n, journal in enumerate(journals)]
        await declare(opened[0])
        for room in opened:
            await anext(room.follow())
        yield opened
