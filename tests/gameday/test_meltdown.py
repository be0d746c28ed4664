"""The scenario that consoles have to hold: how much of it there is, and that it stays so."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from warroom.gameday.attempts import Attempt
from warroom.gameday.loglines import LogLines, Reader, nanos
from warroom.gameday.resources import DEPLOYMENTS, PODS

Make = Callable[..., Any]


@pytest.fixture
def melting(play: Make) -> Any:
    return play("meltdown")


def said(play: Any, seconds: float, part: str = "") -> Iterator[bytes]:
    """By all pods, from now on."""
    simulation, now = play.simulation, play.now
    for pod in play.pods(part):
        attempt = simulation.attempts(pod).current
        reader = Reader(simulation.log_lines(pod, pod["spec"]["containers"][0]["name"]), attempt, nanos(now))
        for _, line in reader.until(nanos(now + timedelta(seconds=seconds)), attempt):
            yield line


def test_five_thousand_lines_a_second(melting: Any) -> None:
    assert sum(1 for _ in said(melting, 4)) / 4 == pytest.approx(5000, rel=0.1)


def test_two_hundred_thousand_different_ones_a_minute(melting: Any) -> None:
    held = [line for line in said(melting, 3, "tensafe-server") if b"cannot read" in line]
    assert len({line.rpartition(b"read ")[2] for line in held}) * 20 >= 200_000


def test_lines_that_bite(melting: Any) -> None:
    voices = [voice for voice in melting.simulation._voices if voice.plan.format == "plain"]
    lines = LogLines(voices, "tensafe-server-1/server", {}, melting.simulation.start, 1.0, 1)
    attempt = Attempt(0, melting.now)
    seen = b"".join(
        line if len(line) < 1000 else b"<long>"
        for _, line in Reader(lines, attempt, None).until(nanos(melting.now + timedelta(seconds=300)), attempt)
    )
    for bite in (b"\x00", b"\xc3\x28", b"\x1b]52;c;", b"\x1b[2J", b"[@click=app.quit]", b"\r", b"<long>"):
        assert bite in seen
    with pytest.raises(UnicodeDecodeError):
        seen.decode()


def test_two_thousand_changes_of_pods_a_second(melting: Any) -> None:
    counted = [0]
    melting.world.listeners.append(lambda change: counted.__setitem__(0, counted[0] + (change.after.resource is PODS)))
    for _ in range(200):
        melting.forward(0.01)
    assert counted[0] / 2 == pytest.approx(2000, rel=0.1)


def test_what_was_not_managed_is_left_out(melting: Any) -> None:
    before = melting.world.version
    melting.forward(60)
    assert melting.world.version - before < 5000


def test_scaling_down_ends_it(melting: Any) -> None:
    object = melting.world.copy(DEPLOYMENTS, "tensafe", "tensafe-server")
    object["spec"]["replicas"] = 2
    melting.world.put(DEPLOYMENTS, object)
    melting.forward(180)
    assert sum(1 for _ in said(melting, 4)) / 4 < 100
    assert melting.simulation.figures.at(melting.now).errors < 0.01
