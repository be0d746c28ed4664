"""The runbook's file is looked at while an incident is open; what cannot be read changes nothing."""

import asyncio
import hashlib
from contextlib import aclosing
from pathlib import Path

from hand import HandClock
from warroom.core.acts.adoption import AdoptRunbook
from warroom.core.acts.incident import Declare
from warroom.core.entries import RunbookText
from warroom.journal.memory import MemoryJournal
from warroom.library import load_text, stamp
from warroom.room import Room
from warroom.watch.written import WrittenFeed

BEFORE = "# Incidents\n\n## P1\n\nCriteria:\n- [ ] everything is down\n- [ ] data is lost\n"


async def test_a_file_that_was_written_is_told_until_it_is_adopted(tmp_path: Path, hand: HandClock) -> None:
    file = tmp_path / "runbook.md"
    file.write_text(BEFORE)

    def load() -> RunbookText:
        text = load_text(file)
        return RunbookText(text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), file=file.name)

    room = await Room.open(MemoryJournal(), load(), hand, "ana")
    feed = WrittenFeed(room, lambda: stamp((file,)), load, hand, lambda _: asyncio.sleep(0))
    async with aclosing(feed.readings()) as readings:  # type: ignore[type-var]
        assert (await anext(readings)).value is None
        await room.do(Declare(title="down", runbook=load()))
        assert (await anext(readings)).value is None
        file.write_text(BEFORE.replace("data is lost", "data is lost or wrong"))
        found = (await anext(readings)).value
        assert found is not None
        assert (found.added, found.removed, len(found.moved), found.gone) == (1, 1, 1, ())

        file.unlink()
        gone = await anext(readings)
        assert gone.value is None
        assert "does not exist" in gone.trouble

        file.write_text(found.text.text)
        assert (await anext(readings)).value == found
        await room.do(AdoptRunbook(found.text, found.moved))
        assert (await anext(readings)).value is None
