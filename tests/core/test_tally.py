"""Streams of logs: events joined, counted and folded, wherever the chunks are cut and whatever the bytes are."""

import pkgutil
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warroom.core.readings import Pattern, Tally
from warroom.core.tally import Source, Tallies, stream
from warroom.core.tally.kinds import REMEMBERED

NOW = datetime(2026, 1, 5, 3, 10, tzinfo=UTC)
POD = Source("ns/api-1", "server", "7d9f8b6c4d")
START = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def stamp(milliseconds: float) -> bytes:
    at = START + timedelta(milliseconds=milliseconds)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond * 1000:09}Z ".encode()


def stamped(*lines: tuple[float, str]) -> bytes:
    return b"".join(stamp(at) + line.encode() + b"\n" for at, line in lines)


class Labels(list[tuple[int, int, str | None]]):
    def __call__(self, source: Source, first: int, last: int, pattern: str | None) -> None:
        self.append((first, last, pattern))


def tallied(log: bytes, sizes: Iterator[int] | None = None, *, every: bool = False, ends: bool = True) -> tuple[Tally, Labels]:
    labels = Labels()
    tallies = Tallies(every=every, budget=None, closed=labels)
    at = 0
    while at < len(log):
        size = next(sizes) if sizes else len(log)
        tallies.read(POD, log[at : at + size], NOW)
        at += size
    if ends:
        tallies.end(POD)
    return tallies.snapshot(NOW), labels


def only(tally: Tally) -> Pattern:
    (pattern,) = tally.patterns
    return pattern


def spans(log: bytes, *, every: bool = False) -> list[tuple[int, int]]:
    return [(first, last) for first, last, _ in tallied(log, every=every)[1]]


TRACE = ("Traceback (most recent call last):", '  File "a.py", line 3, in run', "ValueError: too large: 12")
CASES = {
    "a logged traceback": stamped((0, "ERROR job 7 stopped"), *((1 + n, line) for n, line in enumerate(TRACE))),
    "a traceback of its own, 6 ms after an error": stamped((0, "ERROR job 7 stopped"), *((6 + n, line) for n, line in enumerate(TRACE))),
    "a traceback after a line that is no error": stamped((0, "INFO job 7 begins"), *((1 + n, line) for n, line in enumerate(TRACE))),
    "one exception while another is handled": b"\n".join(
        [
            b"ERROR job 7 stopped",
            *(line.encode() for line in TRACE),
            b"",
            b"During handling of the above exception, another exception occurred:",
            b"",
        ]
        + [line.encode() for line in TRACE]
    ),
    "two tracebacks, one after another": b"\n".join([line.encode() for line in TRACE] * 2),
    "java": b"2026-01-05 03:00:00,100 ERROR [w-1] a.b.C: write failed\njava.io.IOException: reset\n"
    b"\tat a.b.C.d(C.java:3)\nCaused by: x.Y: z\n\t... 3 more",
    "go": b"panic: runtime error: index out of range [5]\n\ngoroutine 1 [running]:\n"
    b"main.main()\n\t/a.go:3 +0x1d\nexit status 2\nINFO again",
    "an exception alone": b"java.lang.OutOfMemoryError: Java heap space\n\tat a.b.C.d(C.java:3)",
    "two errors": b"ERROR one\nERROR two",
}
EXPECTED = {
    "a logged traceback": [(1, 4)],
    "a traceback of its own, 6 ms after an error": [(1, 1), (2, 4)],
    "a traceback after a line that is no error": [(2, 4)],
    "one exception while another is handled": [(1, 10)],
    "two tracebacks, one after another": [(1, 3), (4, 6)],
    "java": [(1, 5)],
    "go": [(1, 6)],
    "an exception alone": [(1, 2)],
    "two errors": [(1, 1), (2, 2)],
}


@pytest.mark.parametrize("name", CASES)
def test_what_belongs_together_is_one_event(name: str) -> None:
    assert spans(CASES[name]) == EXPECTED[name]


def test_an_event_is_what_its_head_says_and_what_was_thrown() -> None:
    tally, _ = tallied(CASES["a logged traceback"])
    pattern = only(tally)
    assert pattern.text == "job <*> stopped <- ValueError: too large: <*>"
    assert pattern.example.splitlines() == ["ERROR job 7 stopped", *TRACE]
    assert (pattern.sources, pattern.revisions) == ((("ns/api-1", 1),), (("7d9f8b6c4d", 1),))


def test_every_event_counts_when_asked() -> None:
    assert spans(b"INFO one\n  and more\nERROR two\nthree\n\nfour", every=True) == [(1, 2), (3, 3), (4, 4), (6, 6)]


def test_minutes_and_times_come_from_the_kubelets_stamps_by_the_clock() -> None:
    tallies = Tallies(of=lambda real: real + timedelta(hours=1), since=START + timedelta(hours=1, minutes=2))
    tallies.read(POD, stamped((0, "ERROR a 1"), (61_000, "ERROR a 2"), (62_000, "ERROR a 3"), (180_000, "ERROR b b")), NOW)
    tallies.end(POD)
    a, b = sorted(tallies.snapshot(START + timedelta(hours=1, minutes=3)).patterns, key=lambda one: one.text)
    assert (a.minutes[-4:], b.minutes[-4:]) == ((1, 2, 0, 0), (0, 0, 0, 1))
    assert (a.first, a.last) == (START + timedelta(hours=1), START + timedelta(hours=1, seconds=62))
    assert (a.new, b.new) == (False, True)


def test_without_stamps_an_event_happened_when_it_came() -> None:
    tallies = Tallies()
    tallies.read(POD, b"ERROR a 1\n", NOW)
    tallies.read(POD, b"ERROR a 2\nINFO x\n", NOW + timedelta(minutes=1))
    pattern = only(tallies.snapshot(NOW + timedelta(minutes=1)))
    assert (pattern.first, pattern.last, pattern.minutes[-2:]) == (NOW + timedelta(minutes=1), NOW + timedelta(minutes=1), (0, 2))


def test_the_worst_by_rate_comes_first() -> None:
    tallies = Tallies()
    tallies.read(POD, stamped(*((n, f"ERROR old {n}") for n in range(5)), (600_000, "ERROR fresh x"), (600_001, "INFO x")), NOW)
    assert [pattern.text for pattern in tallies.snapshot(NOW).patterns] == ["fresh x", "old <*>"]


def test_an_open_event_is_closed_by_silence() -> None:
    tallies = Tallies()
    tallies.read(POD, b"ERROR boom\n  more\n", NOW)
    assert tallies.snapshot(NOW).events == 0
    assert only(tallies.snapshot(NOW + timedelta(seconds=1))).example == "ERROR boom\n  more"
    tallies.read(POD, b"ERROR boom\n", NOW)
    tallies.end(POD)
    assert only(tallies.snapshot(NOW)).count == 2


def test_a_cut_stream_forgets_the_line_that_comes_again() -> None:
    tallies = Tallies()
    tallies.read(POD, b"ERROR one\nERROR tw", NOW)
    tallies.cut(POD)
    tallies.read(POD, b"ERROR two\n", NOW)
    tallies.end(POD)
    assert (tallies.snapshot(NOW).lines, tallies.snapshot(NOW).events) == (2, 2)


def test_sources_are_never_joined_and_their_shares_are_told() -> None:
    tallies = Tallies()
    other = Source("ns/api-2", "server", "new")
    for number in range(4):
        tallies.read(other, b"ERROR disk %d is full\n" % number, NOW)
        tallies.read(POD, b"  more\nERROR disk 9 is full\n" if number == 3 else b"", NOW)
    tallies.end(POD)
    tallies.end(other)
    pattern = only(tallies.snapshot(NOW))
    assert pattern.sources == (("ns/api-2", 4), ("ns/api-1", 1))
    assert pattern.revisions == (("new", 4), ("7d9f8b6c4d", 1))


def test_values_that_a_widened_pattern_no_longer_names_are_counted() -> None:
    log = b"".join(
        b"ERROR login of %s failed after %d ms\n" % (name, number) for number, name in enumerate((b"ann", b"bob", b"ann", b"ann"))
    )
    names, times = only(tallied(log)[0]).values
    assert names == (("ann", 3), ("bob", 1))
    assert len(times) == 4


def test_what_the_budget_leaves_is_counted() -> None:
    chance = random.Random(1)
    words = [b"".join(chance.choices([bytes([letter]) for letter in b"ghijklmnopqrstuvwxyz"], k=9)) for _ in range(600)]
    tallies = Tallies(budget=10)  # and 40 looks
    tallies.read(POD, b"".join(b"ERROR %s\n" % word for word in words), NOW)
    tallies.end(POD)
    tally = tallies.snapshot(NOW)
    assert (tally.lines, tally.dropped, tally.events, tally.not_folded) == (600, 560, 40, 30)
    assert sum(pattern.count for pattern in tally.patterns) == 10


LINES = st.sampled_from(
    [
        b"INFO fine",
        b"ERROR job 7 of ann stopped",
        b"ERROR job 8 of bob stopped",
        b"Traceback (most recent call last):",
        b'  File "a.py", line 3',
        b"ValueError: 7",
        b"During handling of the above exception, another exception occurred:",
        b"Caused by: x.Y: z",
        b"panic: no room for 7",
        b"",
        b"plain words",
        b"\x1b[31mERROR red\x1b[0m\r",
        b'{"level":50,"msg":"five"}',
        b'{"level":30,"msg":"three"}',
        b'1.2.3.4 - - [05/Jan/2026:03:00:00 +0000] "GET /a/1 HTTP/1.1" 503 1',
        b'1.2.3.4 - - [05/Jan/2026:03:00:00 +0000] "GET /a/2 HTTP/1.1" 200 1',
        b"\x00\xff\xfe ERROR \x80",
        b"ERROR " + b"x" * 330,
    ]
)
LOGS = st.lists(st.tuples(st.sampled_from([0, 1, 4, 6, 70_000]), LINES | st.binary(max_size=40)), max_size=30)


@given(LOGS, st.lists(st.integers(1, 200), min_size=1), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_where_chunks_are_cut_changes_nothing(
    log: list[tuple[int, bytes]], sizes: list[int], kubelet: bool, every: bool, ended: bool
) -> None:
    at, written = 0, []
    for gap, line in log:
        at += gap
        prefix = stamp(at) if kubelet else b""
        written.append(prefix + line.replace(b"\n", b"\n" + prefix))
    whole = b"\n".join(written) + b"\n" * ended
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "LONGEST", 300)
        cut = tallied(whole, iter(sizes * (len(whole) // sum(sizes) + 1)), every=every)
        assert cut == tallied(whole, every=every)


@given(st.binary(max_size=4000), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_bytes_are_too_strange(log: bytes, every: bool) -> None:
    tally, labels = tallied(log, every=every)
    assert tally.lines == log.count(b"\n") + (not log.endswith(b"\n") and bool(log))
    assert tally.events == len(labels) == sum(pattern.count for pattern in tally.patterns) + tally.not_folded
    assert all(1 <= first <= last <= tally.lines for first, last, _ in labels)


def test_random_text_fills_nothing_without_bound() -> None:
    chance = random.Random(2)
    tallies = Tallies(budget=None, most=100)
    letters = "ghijklmnopqrstuvwxyz"
    for _ in range(8):
        log = "".join(f"ERROR {' '.join(''.join(chance.choices(letters, k=6)) for _ in range(6))}\n" for _ in range(1000))
        tallies.read(POD, log.encode(), NOW)
    ledger, known = tallies._ledger, tallies._kinds
    assert len(ledger._groups) <= 100
    assert len(ledger._ids) <= 100
    assert sum(map(len, known.tree._leaves.values())) <= 200
    assert len(known._memory.young) + len(known._memory._old) <= 2 * REMEMBERED
    tally = tallies.snapshot(NOW)
    assert tally.events == 7999
    assert sum(pattern.count for pattern in tally.patterns) + tally.not_folded == tally.events


def spied(monkeypatch: pytest.MonkeyPatch, name: str) -> list[Any]:
    """What this function is given from now on, each time it is called."""
    module, _, attribute = name.rpartition(".")
    owner = pkgutil.resolve_name(module)
    real, given = getattr(owner, attribute), []

    def spy(*args: Any) -> Any:
        given.append(args)
        return real(*args)

    monkeypatch.setattr(owner, attribute, spy)
    return given


def test_no_call_does_more_work_than_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that are all new: looked at and folded only so many in a call, whether they make room or not."""
    looked = spied(monkeypatch, "warroom.core.tally.kinds.look")
    folded = spied(monkeypatch, "warroom.core.tally.tree.Tree.fold")
    dropped = spied(monkeypatch, "warroom.core.tally.tree.Tree.drop")
    chance = random.Random(3)
    tallies = Tallies(budget=16, most=80)
    for _ in range(40):
        looked.clear()
        folded.clear()
        words = ("".join(chance.choices("ghijklmnopqrstuvwxyz", k=6)) for _ in range(600))
        log = "".join(f'{{"level":"error","msg":"{one} {other}"}}\nERROR {other} {one}\n' for one, other in zip(words, words, strict=True))
        tallies.read(POD, log.encode(), NOW)
        assert len(looked) <= 64
        assert len(folded) <= 16
    assert len(dropped) > 10
    assert max(len(templates) for _, templates in dropped) <= 10, "an eighth of 80"


def test_what_made_room_is_counted_anew_when_it_comes_again() -> None:
    tallies = Tallies(budget=None, most=8)
    often = b"ERROR often\n" * 3
    for line in (often, *(b"ERROR once%c there\n" % letter for letter in b"ghijklmnop"), b"INFO fine\n"):
        tallies.read(POD, line, NOW)
    tallies.read(POD, b"ERROR onceg there\n" * 5 + often, NOW)
    tallies.end(POD)
    tally = tallies.snapshot(NOW)
    assert [(pattern.text, pattern.count) for pattern in tally.patterns[:2]] == [("often", 6), ("onceg there", 5)]
    assert sum(pattern.count for pattern in tally.patterns) + tally.not_folded == tally.events == 21


def test_only_the_patterns_that_are_shown_are_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    told = spied(monkeypatch, "warroom.core.tally.group.Group.pattern")
    tallies = Tallies(budget=None)
    tallies.read(POD, b"".join(b"ERROR %c%c here\n" % (one, other) for one in b"ghijklmn" for other in b"ghijklmn"), NOW)
    assert len(tallies.snapshot(NOW, 5).patterns) == len(told) == 5


def test_a_pattern_that_says_the_same_is_the_same_value() -> None:
    tallies = Tallies()
    tallies.read(POD, b"ERROR disk 1 is full\nERROR login of ann to the shop failed\nINFO fine\n", NOW)
    first = {pattern.text: pattern for pattern in tallies.snapshot(NOW).patterns}
    tallies.read(POD, b"ERROR login of bob to the shop failed\nINFO fine\n", NOW)
    later = {pattern.text: pattern for pattern in tallies.snapshot(NOW).patterns}
    assert later["disk <*> is full"] is first["disk <*> is full"]
    assert later["login of <*> to the shop failed"].count == 2
    assert tallies.snapshot(NOW + timedelta(minutes=1)).patterns[0].minutes[-2:] == (2, 0)


def test_a_line_of_a_megabyte_is_cut_and_its_event_still_told() -> None:
    tallies = Tallies()
    for _ in range(3):
        tallies.read(POD, b'{"level":"error","msg":"big","blob":"', NOW)
        for _ in range(16):
            tallies.read(POD, b"x" * 65_536, NOW)
        tallies.read(POD, b'"}\nERROR small\n', NOW)
    tallies.end(POD)
    tally = tallies.snapshot(NOW)
    assert (tally.lines, tally.events) == (6, 6)
    assert len(tallies._streams) == 0
    assert all(len(pattern.example) <= 8 * 1024 and len(pattern.text) < 5000 for pattern in tally.patterns)
