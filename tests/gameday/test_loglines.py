"""Lines made from seed, pod and second: the same for whoever reads, in whatever pieces, and none from the future."""

import random
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from warroom.gameday import scenario
from warroom.gameday.attempts import Attempt
from warroom.gameday.loglines import KEPT_LINES, LogLines, Reader, Voice, nanos
from warroom.gameday.plans import LogPlan
from warroom.gameday.scenario import ScenarioTrouble
from warroom.gameday.templates import Template

from .conftest import SMALL, START

Make = Callable[..., Any]
SPEAK = LogPlan(workload="api", say=("one {hex:4}", "two\nTraceback:\n  deep"), rate=3.5, format="plain")
HELLO = LogPlan(workload="api", say=("hello", "ready"), when="start", format="plain")
BYE = LogPlan(workload="api", say=("cannot go on",), when="crash", fault="broken", format="plain")
RUNS = Attempt(0, START - timedelta(seconds=30))


def lines(*plans: LogPlan, seed: int = 1, speed: float = 1.0, name: str = "api-1", level: float = 0.0) -> LogLines:
    voices = [Voice(plan, lambda at: level) for plan in plans or (HELLO, SPEAK, BYE)]
    return LogLines(voices, name, {"pod": name}, START, speed, seed)


def after(seconds: float) -> int:
    return nanos(START + timedelta(seconds=seconds))


def read(made: LogLines, attempt: Attempt, *moments: float, after: int | None = None) -> list[Any]:
    reader = Reader(made, attempt, after)
    return [line for moment in moments for line in reader.until(nanos(START + timedelta(seconds=moment)), attempt)]


def test_pieces_add_up_to_the_whole() -> None:
    chance = random.Random(3)
    moments = sorted(chance.uniform(-30, 60) for _ in range(200))
    whole = read(lines(), RUNS, moments[-1])
    assert read(lines(), RUNS, *moments) == whole
    assert len(whole) > 300
    assert all(one[0] < other[0] for one, other in pairwise(whole))
    assert read(lines(seed=2), RUNS, moments[-1]) != whole
    assert read(lines(name="api-2"), RUNS, moments[-1]) != whole


def test_whoever_reads_on_after_a_line_misses_and_doubles_nothing() -> None:
    whole = read(lines(), RUNS, 20)
    for cut in (0, 1, 57, len(whole) - 2):
        assert read(lines(), RUNS, 20, after=whole[cut][0]) == whole[cut + 1 :]


def test_the_last_lines_are_the_end_of_the_whole_and_none_is_from_the_future() -> None:
    whole = read(lines(), RUNS, 20)
    for many in (0, 1, 10, 100, len(whole), len(whole) + 5):
        assert lines().last(RUNS, after(20), many) == whole[len(whole) - many if many < len(whole) else 0 :]
    assert lines().last(RUNS, after(3.3))[-1][0] <= after(3.3)


def test_speed_moves_the_lines_closer_together_and_changes_no_word() -> None:
    attempt = Attempt(0, START)
    slow = [text for _, text in read(lines(), attempt, 40)]
    assert [text for _, text in read(lines(speed=10), attempt, 4)] == slow


def test_a_run_begins_with_its_first_words_and_its_fault_has_the_last() -> None:
    ended = Attempt(2, START, START + timedelta(seconds=9), "broken")
    said = [text for _, text in read(lines(), ended, 20)]
    assert said[:2] == [b"hello", b"ready"]
    assert said[-1] == b"cannot go on"
    assert lines().last(ended, after(20), 3) == read(lines(), ended, 20)[-3:]
    assert read(lines(), ended, 3, 20) == read(lines(), ended, 20)
    assert b"cannot go on" not in [text for _, text in read(lines(), Attempt(2, START, START + timedelta(seconds=9), "other"), 20)]


def test_a_trace_stays_with_its_head() -> None:
    said = [text for _, text in read(lines(), RUNS, 60)]
    assert said.count(b"two") > 50
    assert all(said[n + 1 : n + 3] == [b"Traceback:", b"  deep"] for n, text in enumerate(said) if text == b"two")


def test_the_rate_follows_the_fault() -> None:
    plan = LogPlan(workload="api", say=("x",), rate=1.0, worst=20.0, fault="broken", format="plain")
    counts = [len(read(lines(plan, level=level), Attempt(0, START), 100)) for level in (0.0, 0.5, 1.0)]
    assert counts == pytest.approx([100, 1050, 2000], abs=60)


def test_what_is_too_old_has_been_rotated_away() -> None:
    old = Attempt(0, START - timedelta(days=6))
    kept = lines().last(old, after(0))
    assert len(kept) <= KEPT_LINES
    assert kept[0][0] >= after(-3601)
    assert b"hello" not in [text for _, text in kept]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("job={hex:6}", rb"job=[0-9a-f]{6}"),
        ("{int:5:7} of {pick:a|b}", rb"[567] of [ab]"),
        ("{ip} {uuid}", rb"10\.0\.\d+\.\d+ [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("{words:3}", rb"[a-z]+ [a-z]+ [a-z]+"),
        ("{bytes:00fffe}\x1b[31m", rb"\x00\xff\xfe\x1b\[31m"),
        ("{fill:100}", rb"x{100}"),
        ("{pod}: {'a': 1}", rb"p-1: \{'a': 1\}"),
    ],
)
def test_placeholders(text: str, shape: bytes) -> None:
    template = Template(text)
    assert re.fullmatch(shape, template.fill(random.Random(1), {"pod": "p-1"}))
    assert template.fill(random.Random(1), {"pod": "p-1"}) == template.fill(random.Random(1), {"pod": "p-1"})


@pytest.mark.parametrize(
    ("logs", "words"),
    [
        ('workload = "nope"\nsay = ["x"]', "logs[0].workload: there is no workload nope"),
        ('workload = "api"\nsay = []', "logs[0].say: at least one sentence"),
        ('workload = "api"\nsay = ["{nope}"]', "logs[0].say: {nope} is no placeholder"),
        ('workload = "api"\nsay = ["x"]\nfault = "nope"', "logs[0].fault: there is no fault nope"),
        ('workload = "api"\nsay = ["x"]\nrate = 1e9', "logs[0].rate: a pod says from 0 to 10,000"),
        ('workload = "api"\nsay = ["x"]\nformat = "xml"', "logs[0].format"),
    ],
)
def test_a_log_that_cannot_be_written_is_told(logs: str, words: str) -> None:
    with pytest.raises(ScenarioTrouble) as told:
        scenario.parse(f"{SMALL}\n[[logs]]\n{logs}", "own.toml")
    assert words in str(told.value)
