"""Two copies of an incident that both went on: one truth on both sides."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from core.books import BOOK
from core.story import Story
from core.strategies import stories
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.acts.incident import Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.timeline import Note, Strike
from warroom.core.entries import Entry, Merged
from warroom.core.incident import Incident, fold
from warroom.core.merge import differences


def journal(*entries: Entry) -> tuple[Entry, ...]:
    """In the order in which a journal holds them."""
    return tuple(changed(entry, seq=seq) for seq, entry in enumerate(entries, 1))


def merged(after: Entry) -> Entry:
    fact = Merged(ours="a" * 64, theirs="b" * 64, entries=1)
    return changed(after, id="f", fact=fact, kind="merged")


def state(incident: Incident) -> dict[str, object]:
    """What it adds up to, without the numbers that entries have in one journal."""
    bare = replace(incident, entries=(), merges=())
    return {
        name: str(getattr(bare, name)) for name in ("severity", "rank", "phase", "roles", "restored", "resolved", "closed", "acknowledged")
    } | {
        "ticks": {item: entry.id for item, entry in bare.ticks.items()},
        "struck": set(bare.struck),
        "amended": {id: entry.id for id, entry in bare.amended.items()},
        "progress": [entry.id for entry in bare.progress],
        "spans": [entry.id for entry in bare.severities],
    }


@settings(deadline=None, max_examples=60)
@given(stories(), st.integers(1, 4), st.integers(0, 2**16))
def test_both_journals_add_up_to_the_same_however_they_are_read(story: Story, common: int, sides: int) -> None:
    shared, later = story.entries[:common], story.entries[common:]
    ours = [entry for n, entry in enumerate(later) if sides >> n & 1]
    theirs = [entry for n, entry in enumerate(later) if not sides >> n & 1]
    told = merged(story.entries[-1])
    here, there = journal(*shared, *ours, *theirs, told), journal(*shared, *theirs, *ours, told)
    assert state(fold(here)) == state(fold(there)) == state(story.incident)
    for cut in (common, len(here) - 1):
        assert fold(here[cut:], fold(here[:cut])) == fold(here)


def two() -> tuple[Story, list[Entry]]:
    story = Story(BOOK)
    story.declares(0)
    return story, list(story.entries)


def test_only_what_both_decided_is_a_difference() -> None:
    story, shared = two()
    ours = story.does(1, TakeRole("ic", "ada")) + story.does(2, SetPhase(2)) + story.does(3, Tick("d.down")) + story.does(4, Note("here"))
    theirs = (
        story.does(5, TakeRole("ic", "kim"), by="kim")
        + story.does(6, Untick("d.down"), by="kim")
        + story.does(7, Restore("gone"), by="kim")
    )
    found = differences([*shared, *ours], [*shared, *theirs])
    assert found == (
        "Incident Commander: ada by ada 02:53:18 here, kim by kim 02:57:18 there, kim counts",
        "tick of Service is completely unavailable: ticked by ada 02:55:18 here, taken back by kim 02:58:18 there, taken back counts",
    )


def test_the_same_decision_is_none_and_a_struck_one_does_not_count() -> None:
    story, shared = two()
    ours = story.does(1, SetPhase(2)) + story.does(2, Restore("gone"))
    struck = story.does(3, Strike(ours[-1].id, "too early"))
    theirs = story.does(4, Restore("gone for good"), by="kim")
    same = changed(ours[0], id="e00099", by="kim")
    assert differences([*shared, *ours, *struck], [*shared, *theirs, same]) == ()
