"""Two processes write and are killed at random moments: what they were told is durable is there, once."""

import json
import secrets
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from hand import HandClock
from journal.child import start
from journal.notes import OWN, at_once, texts
from warroom.core.acts import Refusal
from warroom.core.acts.timeline import Note
from warroom.journal.care import verify
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room

MOMENTS = 200
PER_JOURNAL = 20
"""A new journal now and then: some are killed while they make it."""


@pytest.mark.timeout(300)
async def test_killed_at_200_moments_no_entry_is_lost_and_none_doubled(tmp_path: Path, hand: HandClock) -> None:
    seed = secrets.randbits(32)
    dice, told = Random(seed), 0
    with start("journal.nursery") as nursery:
        assert nursery.stdin
        assert nursery.stdout
        for journal_number in range(MOMENTS // PER_JOURNAL):
            path = tmp_path / f"{journal_number}.db"
            acknowledged: list[str] = []
            for moment in range(PER_JOURNAL):
                # Early ones hit the making and opening of the file, later ones the writing.
                seconds = [dice.uniform(0.0, 0.02 if moment < 4 else 0.1) for _ in range(2)]
                print(path, moment, *seconds, file=nursery.stdin, flush=True)
                acknowledged += json.loads(nursery.stdout.readline())
                kept = await _open_and_verify(path, hand, f"seed {seed}, journal {journal_number}, moment {moment}")
                lost = set(acknowledged) - kept.keys()
                doubled = [text for text, times in kept.items() if times > 1]
                assert (lost, doubled) == (set(), []), f"seed {seed}, journal {journal_number}, moment {moment}"
            # Each writer may have written one more than it could tell.
            assert sum(kept.values()) <= len(acknowledged) + 2 * PER_JOURNAL, f"seed {seed}"
            told += len(acknowledged)
        nursery.stdin.close()
    assert told > MOMENTS, "hardly anything was written: the test shows nothing"


async def _open_and_verify(path: Path, hand: HandClock, where: str) -> Counter[str]:
    if not path.exists():  # killed before the first of them made it
        return Counter()
    async with SqliteJournal.open(path, at_once) as journal:
        kept = Counter(texts(await journal.read(after=0)))
        room = await Room.open(journal, OWN, hand, "after")
        assert room.incident.id or not kept, where
    verdict = verify(path)
    assert verdict.ok, (where, verdict.problems)
    return kept


async def test_after_all_that_the_journal_goes_on(tmp_path: Path, hand: HandClock) -> None:
    path = tmp_path / "room.db"
    with start("journal.nursery") as nursery:
        assert nursery.stdin
        assert nursery.stdout
        print(path, 1, 0.4, 0.5, file=nursery.stdin, flush=True)
        acknowledged = json.loads(nursery.stdout.readline())
        nursery.stdin.close()
    async with SqliteJournal.open(path, at_once) as journal:
        room = await Room.open(journal, OWN, hand, "after")
        assert not isinstance(await room.do(Note("and on")), Refusal)
        assert set(acknowledged) < set(texts(room.incident.entries))
        assert not [text for text in acknowledged if text.startswith("trouble")]
    assert verify(path).head == room.incident.entries[-1].hash
