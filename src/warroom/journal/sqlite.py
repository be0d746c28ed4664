"""A journal in one SQLite file, shared by every console and command of the host."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite

from warroom.core.entries import Entry
from warroom.core.ports import JournalTrouble, Sleep
from warroom.journal import place, schema
from warroom.journal.chain import COLUMNS, READ, entry, seal
from warroom.journal.place import Place
from warroom.journal.trouble import advice

POLL = 0.2
"""Seconds between two looks for the entries of others."""
SURE = 10
"""Looks at the file's times alone before SQLite itself is asked: that wakes a thread each time."""
PAGE = 500
"""Entries read at once, so that a long journal does not hold the keys."""
MOST = 3000
"""Entries that one statement can carry."""


class SqliteJournal:
    """What it says it wrote survives a killed process and a lost power supply.

    `writable` is False for a journal that can only be read; it then refuses to append.
    """

    def __init__(
        self, file: Place, ours: aiosqlite.Connection, watching: aiosqlite.Connection, sleep: Sleep, writable: bool = True
    ) -> None:
        self.path = file.path
        self.writable = writable
        self._file, self._ours, self._watching, self._sleep = file, ours, watching, sleep
        self._grew: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path, sleep: Sleep, *, read_only: bool = False, patience: float = schema.PATIENCE
    ) -> AsyncIterator["SqliteJournal"]:
        """Makes the journal where there is none. `patience` is how many seconds another writer is waited for."""
        writable = not read_only and await asyncio.to_thread(_writable, path)
        open_file = partial(schema.connect, path, patience=patience, write=writable)
        # A connection does not see its own commits in data_version, so a second one watches.
        async with (
            _connection(partial(open_file, create=writable)) as ours,
            _connection(open_file) as watching,
        ):
            with advice(path):
                file = await asyncio.to_thread(Place.of, path)
            yield cls(file, ours, watching, sleep, writable)

    async def read(self, after: int) -> Sequence[Entry]:
        found: list[Entry] = []
        with advice(self.path):
            while True:
                query = f"select {READ} from entries where seq > ? order by seq limit {PAGE}"
                rows: Any = await self._ours.execute_fetchall(query, (found[-1].seq if found else after,))
                found += map(entry, rows)
                if len(rows) < PAGE:
                    return found

    async def append(self, entries: Sequence[Entry], after: int) -> bool:
        if not self.writable:
            raise JournalTrouble(f"the journal {self.path} can only be read: make it writable, or choose another (`--journal FILE`)")
        if len(entries) > MOST:
            raise ValueError(f"{len(entries)} entries in one append: {MOST} is the most")
        with advice(self.path):
            self._file.check()
            newest, prev = await self._head()
            if newest != after:
                return False
            rows = list(seal(entries, after, prev))
            if rows and not await self._insert(rows):
                return False
            self._file.check()
        self._tell()
        return True

    async def follow(self) -> AsyncIterator[int]:
        seen, calm = -1, 0
        stamp: tuple[int, ...] = ()
        while True:
            grew = self._grew
            newest = None
            with advice(self.path):
                self._file.check()
                before, stamp = stamp, self._file.stamp()
                calm = calm + 1 if stamp == before else 0
                # The times of files are coarse, so the first look after a change proves nothing about the next writer.
                if calm < 2 or calm % SURE == 0:
                    version = await self._number("pragma data_version")
                    if version != seen:
                        newest = await self._number("select coalesce(max(seq), 0) from entries")
                    seen = version
            if newest is not None:
                yield newest
            await self._pause(grew)

    async def _head(self) -> tuple[int, str]:
        rows: Any = await self._ours.execute_fetchall("select seq, hash from entries order by seq desc limit 1")
        return rows[0] if rows else (0, "")

    async def _insert(self, rows: Sequence[tuple[Any, ...]]) -> bool:
        """One statement is one transaction, and its primary key compares: a taken number means that another was first."""
        marks = ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))
        try:
            await self._ours.execute_fetchall(f"insert into entries ({COLUMNS}) values {marks}", [value for row in rows for value in row])
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
                return False
            raise
        return True

    async def _number(self, query: str) -> int:
        ((number,),) = await self._watching.execute_fetchall(query)
        return int(number)

    def _tell(self) -> None:
        """Our own followers need not wait for the next look."""
        self._grew.set_result(None)
        self._grew = asyncio.get_running_loop().create_future()

    async def _pause(self, grew: asyncio.Future[None]) -> None:
        sleeping = asyncio.ensure_future(self._sleep(POLL))
        try:
            await asyncio.wait([sleeping, grew], return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()


@asynccontextmanager
async def _connection(connect: Callable[[], sqlite3.Connection]) -> AsyncIterator[aiosqlite.Connection]:
    """A connection in a thread of its own, which has ended when this ends.

    aiosqlite leaves the thread of a connection that could not be made to itself, and it complains on the terminal when the
    program has ended before: so that thread gets an empty database, and is ended as any other.
    """
    failed: list[Exception] = []

    def attempt() -> sqlite3.Connection:
        try:
            return connect()
        except Exception as error:
            failed.append(error)
            return sqlite3.connect(":memory:")

    async with aiosqlite.Connection(attempt, iter_chunk_size=PAGE) as connection:
        if failed:
            raise failed[0]
        yield connection


def _writable(path: Path) -> bool:
    with advice(path):
        return not path.exists() or place.writable(path)
