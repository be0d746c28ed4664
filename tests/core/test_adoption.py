"""A runbook that is written anew during an incident: ticks follow their items, and none is lost."""

import hashlib
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hand import HandClock
from warroom.core.acts import Refusal
from warroom.core.acts.adoption import AdoptRunbook
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Declare
from warroom.core.adoption import Written, reworded, written
from warroom.core.entries import RunbookText, Ticked
from warroom.journal.memory import MemoryJournal
from warroom.room import Room
from warroom.runbook.reader import read

BEFORE = """# Incidents

## When to declare

- [ ] Service is completely unavailable
- [ ] Error rate exceeds 1% for 5+ minutes

## Severity

### P1 - Critical

**Criteria:**
- [ ] Complete service unavailability
- [ ] Data loss or corruption confirmed
- [ ] Security breach confirmed
"""


def text_of(text: str) -> RunbookText:
    return RunbookText(text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), file="small.md")


def compared(after: str) -> Written:
    return written(text_of(after), read(BEFORE), read(after), BEFORE)


def test_what_is_worded_anew_is_found_by_its_words() -> None:
    found = compared(BEFORE.replace("Data loss or corruption confirmed", "Loss or corruption of data is confirmed"))
    ((was, now),) = found.moved
    assert "data-loss" in was
    assert "loss-or" in now
    assert (found.gone, found.added, found.removed) == ((), 1, 1)
    assert "+- [ ] Loss or corruption of data is confirmed" in found.difference


def test_what_is_taken_out_is_told_and_no_other_item_takes_its_tick() -> None:
    found = compared(BEFORE.replace("- [ ] Security breach confirmed\n", "- [ ] All customers wait\n"))
    assert found.moved == ()
    assert len(found.gone) == 1


def test_each_item_is_followed_at_most_once() -> None:
    after = read(BEFORE.replace("Security breach confirmed", "Security breach is confirmed\n- [ ] A security breach confirmed"))
    assert len(set(reworded(read(BEFORE), after).values())) == 1


async def test_ticks_go_along_and_orphans_stay(hand: HandClock) -> None:
    journal = MemoryJournal()
    room = await Room.open(journal, text_of(BEFORE), hand, "ana")
    await room.do(Declare(title="down", runbook=text_of(BEFORE)))
    for words in ("Data loss", "Security breach confirmed"):
        await room.do(Tick(words))
    after = BEFORE.replace("Data loss or corruption", "Data loss or a corruption").replace("- [ ] Security breach confirmed\n", "")
    found = compared(after)
    await room.do(AdoptRunbook(found.text, found.moved, text_of(BEFORE).sha256))
    incident = room.incident
    assert incident.runbook == text_of(after)
    texts = {item: tick.fact.text for item, tick in incident.ticks.items() if isinstance(tick.fact, Ticked)}
    assert sorted(texts.values()) == ["Data loss or corruption confirmed", "Security breach confirmed"]
    assert [room.runbook.item(item) is not None for item in sorted(texts, key=texts.__getitem__)] == [True, False]
    again = await room.do(Tick("Data loss or a corruption"))
    assert isinstance(again, Refusal)
    assert "was ticked by ana" in again.why


async def test_what_was_worked_out_against_another_text_is_refused(hand: HandClock) -> None:
    room = await Room.open(MemoryJournal(), text_of(BEFORE), hand, "ana")
    await room.do(Declare(title="down", runbook=text_of(BEFORE)))
    answer = await room.do(AdoptRunbook(text_of(BEFORE + "\nmore"), (), "0" * 64))
    assert isinstance(answer, Refusal)
    same = await room.do(AdoptRunbook(text_of(BEFORE)))
    assert isinstance(same, Refusal)


WORDS = ["error", "rate", "service", "data", "loss", "security", "breach", "latency", "customers", "payment", "queue", "disk"]
LINES = st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6).map(" ".join), min_size=1, max_size=8, unique=True)


@settings(deadline=None, max_examples=100)
@given(LINES, LINES, st.randoms(use_true_random=False))
def test_whatever_is_edited_no_tick_is_lost_and_none_is_doubled(old: list[str], new: list[str], chance: random.Random) -> None:
    kept = [line for line in old if chance.random() < 0.5]
    after_lines = [*kept, *(line for line in new if line not in kept)]
    before, after = (read("# R\n\n## P1\n\nCriteria:\n" + "".join(f"- [ ] {line}\n" for line in lines)) for lines in (old, after_lines))
    moved = reworded(before, after)
    ids, now = [item.id for item in before.items()], {item.id for item in after.items()}
    follows = [moved.get(id, id) for id in ids]
    assert len(set(follows)) == len(set(ids))
    assert all(id not in now for id in moved)
    assert all(id in now for id in moved.values())
