"""Of which release errors are."""

from datetime import timedelta

from msgspec.structs import replace

from look.scene import ALERTED, DEPLOYMENTS, NEW, OLD, PATTERNS
from warroom.core.readings import Pattern
from warroom.core.releases import Releases

RELEASES = Releases.of(DEPLOYMENTS, ALERTED)


def test_the_newest_revision_rolled_out_around_the_start_is_new() -> None:
    assert RELEASES.new == {NEW}
    assert (RELEASES.numbers[NEW], RELEASES.numbers[OLD]) == (42, 41)


def test_a_roll_back_makes_nothing_new() -> None:
    one = next(one for one in DEPLOYMENTS if any(revision.template_hash == OLD for revision in one.revisions))
    back = next(revision for revision in one.revisions if revision.template_hash == OLD)
    bad = next(revision for revision in one.revisions if revision.template_hash == NEW)
    again = replace(back, number=43, changed=ALERTED + timedelta(minutes=20))
    assert Releases.of([replace(one, revision=43, revisions=(again, bad))], ALERTED).new == {NEW}, "errors still come from the bad release"


def test_without_an_incident_nothing_is_new() -> None:
    assert Releases.of(DEPLOYMENTS, None).new == frozenset()


def test_the_revision_that_most_comes_from() -> None:
    assert RELEASES.most(Pattern(id="a", text="a", count=100, revisions=((OLD, 7), (NEW, 93)))) == (42, 0.93)
    assert RELEASES.most(Pattern(id="a", text="a", count=100, revisions=(("unknown", 100),))) is None
    assert RELEASES.most(Pattern(id="a", text="a", count=0, revisions=((NEW, 0),))) is None


def test_the_share_of_new_releases_is_of_all_events() -> None:
    patterns = (
        Pattern(id="a", text="a", count=90, revisions=((NEW, 80), (OLD, 10))),
        Pattern(id="b", text="b", count=10, sources=(("tensafe/tensafe-redis-0", 10),)),
    )
    assert RELEASES.from_new(patterns) == (0.8, frozenset({42}))
    assert RELEASES.from_new(()) == (0.0, frozenset())
    assert 0.8 < RELEASES.from_new(PATTERNS)[0] < 0.9
