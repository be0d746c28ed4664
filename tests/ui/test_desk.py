"""A journal that goes away under an open console."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hand import HandClock
from ui.console import HandRoom, console, declared, text_of, until
from warroom.core.incident import Incident
from warroom.core.ports import JournalTrouble
from warroom.ui.desk import Desk


class LosingRoom(HandRoom):
    """Its journal is gone from when the test says so until the test says so."""

    def __init__(self) -> None:
        super().__init__(declared())
        self.gone, self.back = asyncio.Event(), asyncio.Event()

    async def follow(self) -> AsyncIterator[Incident]:
        yield self.incident
        await self.gone.wait()
        self.gone.clear()
        yield self.incident
        raise JournalTrouble("the journal was deleted while it was open: put the file back [/x]")

    async def _back(self) -> AsyncIterator[Incident]:
        await self.back.wait()
        yield self.incident


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_lost_journal_is_told_and_ends_nothing(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    monkeypatch.setattr(Desk, "PATIENCE", 0.0)
    room = LosingRoom()
    app = console(room, HandClock())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "SAFE" in text_of(app, "#header")[0])
        monkeypatch.setattr(room, "follow", room._back, raising=False)
        room.gone.set()
        await until(pilot, lambda: "KEPT" in text_of(app, "#header")[0])
        assert next(notice.message for notice in app._notifications).endswith("put the file back [/x]")
        room.back.set()
        await until(pilot, lambda: "SAFE" in text_of(app, "#header")[0])
        assert app.is_running
