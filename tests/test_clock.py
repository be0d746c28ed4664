"""The clocks, and the file that tells which one a home has."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warroom.clock import ClockTrouble, ScenarioClock, SystemClock, clock_of

EPOCH = datetime(2026, 2, 3, 2, 50, tzinfo=UTC)


def test_the_system_tells_utc_and_leaves_stamps_alone() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.of(EPOCH) == EPOCH


@pytest.mark.parametrize(("real", "scenario"), [(0, 0), (10, 100), (-6, -60), (3600, 36000)])
def test_a_scenario_runs_from_its_epoch_forwards_and_backwards(real: int, scenario: int) -> None:
    clock = ScenarioClock(EPOCH, 10)
    assert clock.of(EPOCH + timedelta(seconds=real)) == EPOCH + timedelta(seconds=scenario)


def test_now_is_the_real_now_in_scenario_time() -> None:
    clock = ScenarioClock(EPOCH, 2)
    before, now, after = SystemClock().now(), clock.now(), SystemClock().now()
    assert clock.of(before) <= now <= clock.of(after)


def test_a_home_without_a_scenario_has_the_systems_clock(tmp_path: Path) -> None:
    assert isinstance(clock_of(tmp_path), SystemClock)
    assert isinstance(clock_of(tmp_path / "not" / "there"), SystemClock)


def test_every_process_of_a_home_reads_the_same_scenario(tmp_path: Path) -> None:
    (tmp_path / "clock.json").write_text(json.dumps({"epoch": "2026-02-03T03:50:00+01:00", "speed": 6}))
    first, second = clock_of(tmp_path), clock_of(tmp_path)
    assert isinstance(first, ScenarioClock)
    assert isinstance(second, ScenarioClock)
    assert (first.epoch, first.speed) == (second.epoch, second.speed) == (EPOCH, 6)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "not json",
        '{"epoch": "2026-02-03T02:50:00Z"}',
        '{"epoch": "2026-02-03T02:50:00", "speed": 1}',
        '{"epoch": "2026-02-03T02:50:00Z", "speed": 0}',
        '{"epoch": "2026-02-03T02:50:00Z", "speed": "fast"}',
    ],
)
def test_a_broken_clock_is_told_in_one_sentence_with_its_file(tmp_path: Path, written: str) -> None:
    (tmp_path / "clock.json").write_text(written)
    with pytest.raises(ClockTrouble, match=re.escape(str(tmp_path / "clock.json"))) as caught:
        clock_of(tmp_path)
    assert "\n" not in str(caught.value)
