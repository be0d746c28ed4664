"""Beside the journal, what may be lost without losing a fact: who is on watch, and who is here."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from warroom.core.ports import Present
from warroom.core.readings import Lease
from warroom.journal import place
from warroom.journal.trouble import advice

SILENCE = timedelta(seconds=30)
"""After so long without a word a watch is taken over, and a console is no longer counted."""
PATIENCE = 2.0
"""Seconds to wait for another process that writes."""
_TABLES = """
create table if not exists watch (
    one integer primary key check (one = 1), number integer not null, id text not null, holder text not null,
    sees integer not null, beat real
) strict;
create table if not exists here (id text primary key, holder text not null, beat real not null) strict;
create table if not exists sender (service text primary key, id text not null, beat real not null) strict;
create table if not exists tries (
    id text primary key, attempts integer not null, begun real not null, next real not null, unsure integer not null, error text not null
) strict;
"""


class Side:
    """The side file of one journal. Times are real ones: a scenario that runs faster does not make consoles fall silent."""

    def __init__(self, journal: Path) -> None:
        self.path = journal.with_name(f"{journal.stem}.side.sqlite")

    async def ask(self, me: Present, now: datetime, *, wants: bool = True, least: int = 0) -> Lease:
        """`beat`, without holding anybody back."""
        return await asyncio.to_thread(self.beat, me, now, wants=wants, least=least)

    def beat(self, me: Present, now: datetime, *, wants: bool = True, least: int = 0) -> Lease:
        """Says that we are here and, where we want the watch, keeps it or takes it; tells who has it.

        It is free when nobody has it, when its holder fell silent, or when its holder sees no cluster and we do. Each taking has a
        higher number than all before it, and than `least`, which the journal knows of.
        """
        stamp, silent = now.timestamp(), (now - SILENCE).timestamp()
        with self.transaction() as db:
            db.execute("insert or replace into here values (?, ?, ?)", (me.id, me.holder, stamp))
            db.execute("delete from here where beat < ?", (silent,))
            row = db.execute("select number, id, holder, sees, beat from watch").fetchone()
            number, id, holder, sees, beat = row or (0, "", "", 0, None)
            free = beat is None or beat < silent or (not sees and me.sees)
            if wants and (id != me.id or beat is None or number < least) and (free or id == me.id):
                number, id, holder = max(number, least) + 1, me.id, me.holder
            if wants and id == me.id:
                db.execute("insert or replace into watch values (1, ?, ?, ?, ?, ?)", (number, me.id, me.holder, me.sees, stamp))
                beat = stamp
            held = beat is not None and beat >= silent
            consoles = int(db.execute("select count(*) from here").fetchone()[0])
        return Lease(number=number if held else 0, holder=holder if held else "", mine=held and id == me.id, consoles=consoles)

    def leave(self, me: Present) -> None:
        """The next who asks may have the watch at once."""
        with self.transaction() as db:
            db.execute("update watch set beat = null where id = ?", (me.id,))
            db.execute("delete from here where id = ?", (me.id,))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone among all processes of the host."""
        with advice(self.path):
            place.check(self.path)
            place.make(self.path)
            db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            try:
                db.execute("pragma synchronous = off")  # what a lost power supply takes from here is nobody's loss
                db.execute("begin immediate")
                for statement in _TABLES.split(";"):
                    db.execute(statement)
                yield db
                db.execute("commit")
            except BaseException:
                if db.in_transaction:
                    db.execute("rollback")
                raise
            finally:
                db.close()
