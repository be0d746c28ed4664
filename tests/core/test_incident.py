"""What entries add up to."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.books import BOOK
from core.story import TEXT, Story
from core.strategies import stories
from warroom.core.acts import Act
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.acts.incident import Acknowledge, Close, Declare, PinCluster, Reopen, Resolve, Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Move, Note, Strike
from warroom.core.deadlines import deadlines
from warroom.core.entries import RoleSet
from warroom.core.incident import Incident, fold
from warroom.core.readings import Cluster


@settings(deadline=None)
@given(stories(), st.integers(min_value=0))
def test_any_prefix_folds_and_the_rest_folds_onto_it(story: Story, cut: int) -> None:
    whole = fold(story.entries)
    assert fold(story.entries[cut:], fold(story.entries[:cut])) == whole
    one_by_one = Incident()
    for entry in story.entries:
        one_by_one = fold([entry], one_by_one)
    assert one_by_one == whole
    assert whole.seq == len(story.entries)


@settings(deadline=None)
@given(stories(), st.integers(0, 5000))
def test_deadlines_are_in_order_and_each_is_one_of_its_kind(story: Story, minute: int) -> None:
    found = deadlines(BOOK, story.incident, story.at(minute))
    ranks = [("due", "running", "paused", "fired", "met", "missed").index(deadline.state) for deadline in found]
    assert [min(rank, 3) for rank in ranks] == sorted(min(rank, 3) for rank in ranks)
    assert len({deadline.id for deadline in found}) == len(found)
    assert all(deadline.left_seconds <= 0 for deadline in found if deadline.state == "due")
    assert all(deadline.left_seconds >= 0 for deadline in found if deadline.state == "running")


def test_nothing() -> None:
    assert fold([]) == Incident()
    assert (Incident().state, Incident().open, Incident().seq, Incident().worst_rank) == ("none", False, 0, None)


def test_states_follow_each_other() -> None:
    story = Story(BOOK)
    story.declares(0)
    seen = [story.incident.state]
    acts: list[Act] = [SetPhase(3), Restore("back"), Resolve(), Close(), Reopen("came back")]
    for minute, act in enumerate(acts, 1):
        story.does(minute, act)
        seen.append(story.incident.state)
    assert seen == ["declared", "mitigating", "monitoring", "resolved", "closed", "mitigating"]


def test_times_are_separate() -> None:
    story = Story(BOOK)
    story.does(9, Declare(title="x", runbook=TEXT, alerted=story.at(2), detected=story.at(1)))
    story.does(12, Acknowledge(at=story.at(4)))
    story.does(20, Resolve())
    story.does(30, Close())
    found = story.incident
    assert [
        None if at is None else (at - story.start).total_seconds() / 60
        for at in (found.detected, found.alerted, found.declared, found.acknowledged, found.restored, found.resolved, found.closed)
    ] == [1, 2, 9, 4, 20, 20, 30]
    assert found.elapsed(story.at(99)) == 18 * 60


def test_elapsed_goes_on_after_reopening() -> None:
    story = Story(BOOK)
    story.declares(0)
    story.does(10, Restore("back"))
    assert story.incident.elapsed(story.at(15)) == 600
    story.does(20, Reopen("came back"))
    assert story.incident.elapsed(story.at(25)) == 1500
    assert story.incident.restorations == ((story.at(10), story.at(20)),)


def test_a_second_restored_corrects_the_first() -> None:
    story = Story(BOOK)
    story.declares(0)
    story.does(10, Restore("back"))
    story.does(20, Restore("really", at=story.at(15)))
    assert story.incident.restorations == ((story.at(15), None),)


def test_a_struck_restored_never_was() -> None:
    story = Story(BOOK)
    story.declares(0)
    (restored,) = story.does(10, Restore("back"))
    story.does(11, Strike(restored.id, "the graph was stale"))
    assert (story.incident.restored, story.incident.state) == (None, "declared")


def test_a_moved_entry_counts_at_its_new_time() -> None:
    story = Story(BOOK)
    story.declares(0)
    (restored,) = story.does(10, Restore("back"))
    story.does(11, Move(restored.id, story.at(8)))
    assert story.incident.restored == story.at(8)
    assert story.incident.entry(restored.id) == restored, "what was written stays as it was"


def test_ticks_and_roles_that_stand() -> None:
    story = Story(BOOK)
    story.declares(0)
    story.does(1, Tick("p1.down"), by="kim")
    story.does(2, Tick("p2.errors"))
    story.does(3, Untick("p2.errors"))
    story.does(4, TakeRole("ic", "ada"))
    story.does(5, TakeRole("tl", "tom"))
    story.does(6, TakeRole("ic", "kim"))
    story.does(7, TakeRole("tl", ""))
    assert [(item, tick.by) for item, tick in story.incident.ticks.items()] == [("p1.down", "kim")]
    assert story.incident.roles == {"Incident Commander": "kim"}
    changes = [entry.fact for entry in story.incident.role_changes]
    assert [fact.previous for fact in changes if isinstance(fact, RoleSet)] == ["", "", "ada", "tom"]


def test_the_first_level_is_no_progress_and_the_worst_is_kept() -> None:
    story = Story(BOOK)
    story.declares(0, severity="P2")
    assert list(story.incident.progress) == []
    story.does(1, SetSeverity("P1", "worse"))
    story.does(2, SetSeverity("P3", "calm"))
    story.does(3, Note("x"))
    story.does(4, Note("y", progress=True))
    assert [entry.kind for entry in story.incident.progress] == ["severity_set", "severity_set", "noted"]
    assert (story.incident.severity, story.incident.worst_rank) == ("P3", 1)


def test_the_first_cluster_stays() -> None:
    story = Story(BOOK)
    story.declares(0)
    cluster = Cluster(context="prod", server="https://a", namespaces=("x",))
    story.does(1, PinCluster(cluster))
    assert story.incident.cluster == cluster
    assert not story.refused(2, PinCluster(cluster)).mistake
    assert story.refused(2, PinCluster(Cluster(context="other", server="https://b", namespaces=()))).mistake


def test_entries_are_found_by_number_and_id() -> None:
    story = Story(BOOK)
    story.declares(0)
    assert story.incident.entry("2") == story.incident.entry("e00002") != story.incident.entry("1")
    assert story.incident.entry("99") is None
