"""What the watch writes into an incident, once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.story import Story
from core.test_verdicts import BOOK, Court, deployment
from hand import T0
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.acts.incident import Close, Resolve
from warroom.core.acts.observations import Observe, SetDetected
from warroom.core.acts.severity import SetSeverity
from warroom.core.entries import Draft, Entry, Observed, WatchTaken
from warroom.core.observations import frozen, observations, proposed_start
from warroom.core.readings import Container, Deployment, Pod, Reading, Revision, Series, World
from warroom.core.severity import suggest
from warroom.core.timeline import lines


def series(id: str, value: float, *, baseline: float | None = None, points: tuple[tuple[datetime, float | None], ...] = ()) -> Series:
    unit = "ratio" if id == "errors" else "s"
    return Series(id=id, title=id, unit=unit, value=value, at=T0, baseline=baseline, points=points)


def failing(name: str, owner: str = "ReplicaSet/tensafe-server-7d9f") -> Pod:
    container = Container(name="server", image="x", ready=False, restarts=3, state="CrashLoopBackOff", last_exit=1)
    return Pod(
        key=f"tensafe/{name}",
        namespace="tensafe",
        name=name,
        uid=name,
        created=T0,
        phase="Running",
        node="n",
        owner=owner,
        template_hash="",
        containers=(container,),
    )


def rolled_out(minutes: float = -1) -> Deployment:
    revisions = (
        Revision(number=42, name="b", template_hash="b", created=T0 + timedelta(minutes=minutes), images=(("s", "t/s:2.8.1"),), replicas=6),
        Revision(number=41, name="a", template_hash="a", created=T0 - timedelta(days=6), images=(("s", "t/s:2.8.0"),), replicas=0),
    )
    base = deployment(3)
    return Deployment(key=base.key, namespace="tensafe", name=base.name, replicas=6, ready=3, updated=3, revision=42, revisions=revisions)


STEP = tuple((T0 + timedelta(seconds=15 * n), 0.003 if n < 0 else 0.142) for n in range(-60, 24))


def bad_night(minute: float = 6) -> World:
    """Six minutes after a bad release."""
    court = Court()
    court.now = T0 + timedelta(minutes=minute)
    errors = series("errors", 0.142, points=STEP)
    world = World(
        metrics=Reading((errors, series("p95", 0.31, baseline=0.3)), court.now),
        deployments=Reading((rolled_out(),), court.now),
        pods=Reading((failing("a"), failing("b")), court.now),
    )
    court.sits(world)
    return replace(world, verdicts=Reading(court.verdicts, court.now))


class Watch:
    """A watch upon a story."""

    def __init__(self, story: Story, number: int = 1) -> None:
        self.story, self.number = story, number

    def looks(self, minute: float, world: World) -> list[Observed]:
        found = observations(self.story.runbook, self.story.incident, world, self.story.at(minute))
        written = self.story.does(minute, Observe(self.number, "ada@bastion", found), by="watch")
        return [entry.fact for entry in written if isinstance(entry.fact, Observed)]


def night(**more: Any) -> tuple[Story, Watch]:
    story = Story(BOOK)
    story.declares(6, severity=None, alerted=3, **more)
    return story, Watch(story)


def test_everything_that_a_bad_night_has_is_written_once() -> None:
    story, watch = night()
    wrote = watch.looks(6.1, bad_night())
    kinds = [fact.what for fact in wrote]
    assert {kind: kinds.count(kind) for kind in kinds} == {"rollout": 1, "baseline": 1, "verdict": 3, "onset": 1, "pod": 2, "sample": 1}
    assert isinstance(story.entries[1].fact, WatchTaken)
    assert watch.looks(6.2, bad_night()) == []
    # A second console, which saw the same and did not know, adds nothing.
    again = observations(BOOK, replace(story.incident, observed={}, measured={}, sampled=None), bad_night(), story.at(6.3))
    assert story.does(6.3, Observe(1, "kim@laptop", again), by="watch") == ()


def test_what_happened_stands_at_its_own_time() -> None:
    story, watch = night()
    watch.looks(6.1, bad_night())
    at = {entry.fact.what: entry.at for entry in story.entries if isinstance(entry.fact, Observed)}
    assert at["rollout"] == T0 - timedelta(minutes=1)
    assert at["onset"] == T0
    assert at["verdict"] == story.at(6.1)


def test_the_timeline_tells_what_is_met_and_hides_what_is_only_counted() -> None:
    story, watch = night()
    watch.looks(6.1, bad_night())
    told = [line.text for line in lines(story.incident) if line.who == "watch"]
    assert told == [
        "rollout of tensafe-server: 2.8.0 → 2.8.1, revision 42",
        "error rate rose from 0.3 % to 14.2 %, 1 min after tensafe-server 2.8.0 → 2.8.1, revision 42",
        "ada@bastion is on watch, number 1",
        "met: Error rate > 10%: error rate 14.2 % > 10 % for 5 min",
        "a CrashLoopBackOff, exit 1, 3 restarts",
        "b CrashLoopBackOff, exit 1, 3 restarts",
    ]
    every = [line.text for line in lines(story.incident, every=True)]
    assert "error rate 14.2 %, P95 310 ms, 3 of 6 ready" in every
    assert "normal P95 is 300 ms" in every


def test_the_suggestion_has_its_evidence() -> None:
    story, watch = night()
    watch.looks(6.1, bad_night())
    found = suggest(BOOK, story.incident)
    assert (found.level, found.reasons) == ("P2", ("error rate 14.2 % > 10 % for 5 min",))
    story.does(7, SetSeverity("P2", ""))
    fact = story.incident.severities[0].fact
    assert getattr(fact, "reason", "") == "error rate 14.2 % > 10 % for 5 min"


def verdict(story: Story, minute: float, id: str, said: Any, told: str) -> None:
    fact = Observed(what="verdict", key=f"verdict/{id}/{minute}", text=f"{id}: {told}", about=id, verdict=said, evidence=told)
    story.does(minute, Observe(1, "ada@bastion", (Draft(fact, story.at(minute)),)), by="watch")


def test_measurements_never_suggest_less_than_what_is_set() -> None:
    story, watch = night()
    watch.looks(6.1, bad_night())
    story.does(7, SetSeverity("P2", ""))
    verdict(story, 20, "p2", "false", "error rate 4 %, not > 10 %")
    verdict(story, 20, "p3", "true", "error rate 4 % is 1 % to 10 % for 5 min")
    assert suggest(BOOK, story.incident).level is None
    story.does(21, Tick("p3.slow"))
    assert suggest(BOOK, story.incident).level == "P3"  # a hand may


def test_what_was_met_counts_until_a_level_is_set() -> None:
    story, watch = night()
    watch.looks(6.1, bad_night())
    verdict(story, 20, "p2", "false", "error rate 0.4 %, not > 10 %")
    found = suggest(BOOK, story.incident)
    assert (found.level, found.reasons) == ("P2", ("error rate 14.2 % > 10 % for 5 min, over at 03:12",))


def test_a_gap_takes_nothing_back() -> None:
    story, watch = night()
    watch.looks(6.1, bad_night())
    verdict(story, 9, "p2", "unknown", "error rate: no data for 2 min")
    story.does(10, SetSeverity("P2", ""))
    assert suggest(BOOK, story.incident).level == "P2"


def test_hands_and_measurements() -> None:
    story, watch = night()
    story.does(6.05, Tick("p2"))
    story.does(6.06, Untick("p2"))
    watch.looks(6.1, bad_night())
    assert "needs no hand" in story.refused(7, Tick("p2")).why
    assert "no hand takes that back" in story.refused(7, Untick("p2")).why
    story.does(8, Tick("p2.slow"))  # unknown or denied: a hand may say otherwise, and stands beside it
    story.does(8, Tick("p3"))
    assert [line.text for line in lines(story.incident) if line.kind == "ticked"][-1] == (
        "ticked Error rate 1-10%, against what is measured: error rate 14.2 %, not 1 % to 10 %"
    )
    assert "Error rate 1-10% (ada; measured: error rate 14.2 %, not 1 % to 10 %)" not in suggest(BOOK, story.incident).reasons
    story.does(9, Untick("p3"))


def test_a_hand_that_ticked_before_it_was_measured_can_take_its_own_back() -> None:
    story, watch = night()
    story.does(6.05, Tick("p2"))
    watch.looks(6.1, bad_night())
    story.does(7, Untick("p2"))
    assert suggest(BOOK, story.incident).level == "P2"


def test_an_older_watch_is_fenced_off() -> None:
    story, watch = night()
    watch.looks(6.1, World())
    Watch(story, 2).looks(6.2, World())
    refused = story.refused(6.3, Observe(1, "ada@bastion", observations(BOOK, story.incident, bad_night(), story.at(6.3))), by="watch")
    assert refused.why == "watch 2 has taken over from watch 1: nothing more is written by it"


def test_samples_are_a_minute_apart_and_end_when_it_is_resolved() -> None:
    story, watch = night()
    samples = [
        fact
        for second in range(0, 360, 20)
        for fact in watch.looks(6.1 + second / 60, bad_night(6.1 + second / 60))
        if fact.what == "sample"
    ]
    assert len(samples) == 7  # of 02:58 to 03:04
    assert samples[0].values == (("errors", 0.142), ("p95", 0.31), ("ready", 3.0), ("wanted", 6.0))
    story.does(13, Resolve())
    assert [fact for fact in watch.looks(15, bad_night()) if fact.what == "sample"] == []
    story.does(16, Close())
    assert observations(BOOK, story.incident, bad_night(), story.at(17)) == ()


def test_a_replica_set_of_hundreds_does_not_flood_the_journal() -> None:
    _, watch = night()
    many = World(pods=Reading(tuple(failing(f"pod-{n}") for n in range(300)), T0))
    wrote = watch.looks(6.1, many)
    assert len([fact for fact in wrote if fact.what == "pod"]) == 21
    assert wrote[-2].text == "more than 20 pods of tensafe-server-7d9f fail: no more of them are written"
    assert [fact for fact in watch.looks(6.2, many) if fact.what == "pod"] == []


def test_what_was_normal_is_frozen() -> None:
    story, watch = night()
    watch.looks(6.1, World(metrics=Reading((series("p95", 0.3, baseline=0.3),), T0)))
    watch.looks(8, World(metrics=Reading((series("p95", 2.0, baseline=1.5),), T0)))
    assert frozen(story.incident) == {"p95": 0.3}


def test_the_proposed_start_is_taken_over_by_an_act() -> None:
    story, watch = night()
    assert "nothing that was measured" in story.refused(6, SetDetected()).why
    watch.looks(6.1, bad_night())
    entry: Entry | None = proposed_start(story.incident)
    assert entry is not None
    assert entry.at == T0
    story.does(7, SetDetected())
    assert story.incident.detected == T0
    assert story.incident.alerted == story.at(3)
    assert proposed_start(story.incident) is None
    assert lines(story.incident)[-1].text.startswith("it began at 2026-02-03 02:52:18: error rate rose from 0.3 % to 14.2 %")
    assert "already" in story.refused(8, SetDetected()).why
