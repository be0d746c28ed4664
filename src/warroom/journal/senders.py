"""Beside the journal: whose turn it is to send for a service, and what was begun."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from warroom.core.ports import Present
from warroom.core.readings import Tried
from warroom.journal.side import SILENCE, Side


class SideSenders:
    """Times are real ones. What is lost with the file is only who tried what: channels are read back before anything is said again."""

    def __init__(self, journal: Path, silence: timedelta = SILENCE) -> None:
        """`silence`: after so long without a word a turn is over."""
        self._side, self._silence = Side(journal), silence

    async def hold(self, service: str, me: Present, now: datetime) -> bool:
        return await asyncio.to_thread(self._hold, service, me, now)

    async def release(self, me: Present, service: str = "") -> None:
        await asyncio.to_thread(self._release, me, service)

    async def begin(self, id: str, now: datetime) -> None:
        await asyncio.to_thread(self._begin, id, now.timestamp())

    async def note(self, tried: Tried) -> None:
        await asyncio.to_thread(self._note, tried)

    async def tries(self) -> dict[str, Tried]:
        return await asyncio.to_thread(self._tries)

    def _hold(self, service: str, me: Present, now: datetime) -> bool:
        stamp, silent = now.timestamp(), (now - self._silence).timestamp()
        with self._side.transaction() as db:
            row = db.execute("select id, beat from sender where service = ?", (service,)).fetchone()
            if row and row[0] != me.id and silent <= row[1] <= stamp + self._silence.total_seconds():
                return False
            db.execute("insert or replace into sender values (?, ?, ?)", (service, me.id, stamp))
        return True

    def _release(self, me: Present, service: str) -> None:
        with self._side.transaction() as db:
            db.execute("delete from sender where id = ? and ? in ('', service)", (me.id, service))

    def _begin(self, id: str, stamp: float) -> None:
        with self._side.transaction() as db:
            db.execute(
                "insert into tries values (?, 1, ?, 0, 1, '')"
                " on conflict (id) do update set attempts = attempts + 1, begun = excluded.begun, unsure = 1",
                (id, stamp),
            )

    def _note(self, tried: Tried) -> None:
        with self._side.transaction() as db:
            row = (tried.id, tried.attempts, tried.begun, tried.next, tried.unsure, tried.error)
            db.execute("insert or replace into tries values (?, ?, ?, ?, ?, ?)", row)

    def _tries(self) -> dict[str, Tried]:
        with self._side.transaction() as db:
            rows = db.execute("select id, attempts, begun, next, unsure, error from tries").fetchall()
        return {id: Tried(id, attempts, begun, next, bool(unsure), error) for id, attempts, begun, next, unsure, error in rows}
