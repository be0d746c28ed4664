"""What the service counts: over any span, per pod, and when nobody serves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from warroom.gameday import scenario
from warroom.gameday.endpoints import Endpoints, Unreachable
from warroom.gameday.figures import BUCKETS
from warroom.gameday.resources import DEPLOYMENTS
from warroom.gameday.scenario import ScenarioTrouble

from .conftest import SMALL

Make = Callable[..., Any]


def failed(load: Any) -> float:
    return float(sum(count for status, count in load.status.items() if status >= "500") / load.count)


def between(play: Any, first: float, last: float) -> Any:
    start = play.simulation.start
    return play.simulation.figures.between(start + timedelta(seconds=first), start + timedelta(seconds=last))


def scale(play: Any, replicas: int, image: str = "tensafe/server:2.8.1") -> None:
    object = play.world.copy(DEPLOYMENTS, "tensafe", "tensafe-server")
    object["spec"]["replicas"] = replicas
    object["spec"]["template"]["spec"]["containers"][0]["image"] = image
    object["metadata"]["generation"] += 1
    play.world.put(DEPLOYMENTS, object)


def test_rates_follow_the_scenario(play: Make) -> None:
    played = play("bad-release")
    played.forward(600)
    day_before, worst = between(played, -86400, -86340), between(played, 540, 600)
    assert day_before.count / 60 == pytest.approx(262, rel=0.05)
    assert failed(day_before) == pytest.approx(0.004, rel=0.05)
    assert failed(worst) == pytest.approx(0.142, rel=0.05)
    assert worst.count / 60 == pytest.approx(212, rel=0.05)


def test_a_whole_is_the_sum_of_its_parts(play: Make) -> None:
    played = play("bad-release")
    parts = [between(played, n * 7.5, (n + 1) * 7.5).count for n in range(40)]
    assert sum(parts) == pytest.approx(between(played, 0, 300).count, rel=0.01)
    assert between(played, 5, 5).count == 0


def test_the_buckets_hold_the_latency_of_95_of_100(play: Make) -> None:
    played = play("bad-release")
    played.forward(600)
    for first, wanted in ((-3600, 0.310), (540, 1.890)):
        load = between(played, first, first + 60)
        assert load.buckets == sorted(load.buckets)
        rank = 0.95 * load.count
        above = next(n for n, count in enumerate(load.buckets) if count >= rank)
        low, high = BUCKETS[above - 1], BUCKETS[above]
        within = (rank - load.buckets[above - 1]) / (load.buckets[above] - load.buckets[above - 1])
        assert low + (high - low) * within == pytest.approx(wanted, rel=0.06)


def test_speed_changes_no_figure_of_a_real_second(play: Make) -> None:
    slow, fast = play("bad-release"), play("bad-release", speed=60)
    assert between(slow, -3600, -3540).count == pytest.approx(between(fast, -3600, -3540).count, rel=0.05)


def test_ready_pods_share_the_work_and_a_new_container_begins_at_nothing(play: Make) -> None:
    played = play("bad-release")
    meters = played.simulation.meters
    assert meters.serving == 3
    before = {pod["metadata"]["name"]: meters.of(pod, played.now).count for pod in played.pods("6b5f9c7d88")}
    whole = meters.whole.count
    played.forward(60)
    done = [meters.of(pod, played.now).count - before[pod["metadata"]["name"]] for pod in played.pods("6b5f9c7d88")]
    assert sum(done) == pytest.approx(meters.whole.count - whole)
    assert max(done) == pytest.approx(min(done))
    assert all(meters.of(pod, played.now).count == 0 for pod in played.pods("7d9f8b6c4d"))


def test_when_nobody_serves_all_fail(play: Make) -> None:
    played = play("bad-release")
    scale(played, 0)
    played.forward(60)
    assert played.simulation.meters.serving == 0
    assert failed(between(played, 50, 60)) == 1.0
    scale(played, 2, "tensafe/server:2.8.0")
    played.forward(120)
    assert failed(between(played, 170, 180)) < 0.5
    assert failed(between(played, 50, 60)) == 1.0, "history does not change"


def test_a_pod_tells_its_metrics_in_the_format_of_prometheus(play: Make) -> None:
    played = play("bad-release")
    ends, pod = Endpoints(played.simulation), played.pods("6b5f9c7d88")[0]
    first = samples(ends.ask(pod, 9090, "/metrics", played.now).body)
    played.forward(30)
    second = samples(ends.ask(pod, 9090, "/metrics", played.now).body)
    rate = (second["tensafe_http_requests_total", "200"] - first["tensafe_http_requests_total", "200"]) / 30
    assert rate == pytest.approx(220 * 0.86 / 3, rel=0.15)
    assert second["tensafe_http_request_duration_seconds_count", ""] >= second["tensafe_http_request_duration_seconds_bucket", "10"]
    assert 0.5 < second["tensafe_cpu_saturation_ratio", ""] < 1


def samples(text: bytes) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels.get("status") or sample.labels.get("le", "")): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_endpoints_say_how_a_pod_is(play: Make) -> None:
    played = play("bad-release")
    ends = Endpoints(played.simulation)
    good, bad = played.pods("6b5f9c7d88")[0], played.pods("7d9f8b6c4d")[0]
    assert ends.ask(good, 8000, "/health", played.now).status == 200
    assert ends.ask(good, 8000, "/nothing", played.now).status == 404
    played.forward(600)
    database = ends.ask(good, 8000, "/health/db", played.now)
    assert b'"status": "degraded"' in database.body
    with pytest.raises(Unreachable, match=r"dial tcp 10\.0\.\d\.\d+:8000: connect: connection refused"):
        ends.ask(bad, 8000, "/health", played.now)
    with pytest.raises(Unreachable, match=":1234"):
        ends.ask(good, 1234, "/health", played.now)
    played.simulation.endpoints["/health"] = 503
    assert ends.ask(good, 8000, "/health", played.now).status == 503
    assert ends.public("/health", played.now).status == 503


def test_a_sick_pod_says_so_while_it_lives(play: Make) -> None:
    played = play("bad-release")
    ends = Endpoints(played.simulation)
    for _ in range(600):
        played.forward(1)
        for pod in played.pods("7d9f8b6c4d"):
            try:
                answer = ends.ask(pod, 8000, "/health", played.now)
            except Unreachable:
                continue
            if answer.status == 500:
                assert b"KeyError: 'dp_epsilon'" in answer.body
                return
    raise AssertionError("no failing pod ever answered")


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ('workload = "nope"', "metrics.workload: there is no deployment nope"),
        ('workload = "api"\nrequests = "nope"', "metrics.requests: there is no series nope"),
        ('workload = "api"\nprefix = "9 lives"', "metrics.prefix"),
    ],
)
def test_metrics_that_nothing_stands_behind_are_told(metrics: str, words: str) -> None:
    with pytest.raises(ScenarioTrouble) as told:
        scenario.parse(f"{SMALL}\n[metrics]\n{metrics}", "own.toml")
    assert words in str(told.value)
