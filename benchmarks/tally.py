"""The tallies against the pipeline of the runbook: speed, memory, stalls, and how many events they find.

python benchmarks/tally.py [MINUTES] feeds hostile lines for so long and tells the memory of this process as it goes.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import logmix
from benchmarks.claim import Figure

from warroom.core.tally import Source, Tallies

RUNS = 5
PIPELINE = r'cat "$1" | grep -a -i "error\|exception" | sort | uniq -c | sort -rn | head -20'
MIXED, STORM, TRUTH = 600_000, 220_000, 60_000
"""Events."""
READ = 64 * 1024
FILE = Source("file")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="warroom-tally-") as folder:
        for name, number, share, target in (("mixed", MIXED, 0.05, 0.9), ("storm", STORM, 1.0, 1.1)):
            path = Path(folder) / f"{name}.log"
            write(path, number, share)
            yield from _speed(path, name, target)
        yield from _memory(Path(folder) / "mixed.log")
    yield from _stalls()
    yield from _truth()


def write(path: Path, number: int, share: float) -> None:
    with path.open("wb") as file:
        for event in logmix.events(number, share):
            file.write(b"\n".join(event.lines) + b"\n")


def _speed(path: Path, name: str, target: float) -> Iterator[Figure]:
    """Both read the same file, one after the other, several times."""
    ratios, spent = [], []
    for turn in range(RUNS + 1):
        pipe, ours = piped(path), tallied(path)
        if turn:
            ratios.append(ours[0] / pipe[0])
            spent.append(ours[1] / pipe[1])
    note = f"{path.stat().st_size / 1e6:.0f} MB; the pipeline's processes run at once on {os.cpu_count()} cores, the tally on one"
    yield Figure(f"tally of a {name} log / the runbook's pipeline, time", tuple(ratios), round(1 / target, 2), note=note)
    yield Figure(f"the same of a {name} log, processor time", tuple(spent), None, note="no target of its own")


def piped(path: Path) -> tuple[float, float]:
    """Seconds, and seconds of the processors."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(["bash", "-c", PIPELINE, "-", str(path)], stdout=subprocess.DEVNULL, check=True)
    taken, after = time.perf_counter() - began, os.times()
    return taken, after.children_user + after.children_system - before.children_user - before.children_system


def tallied(path: Path) -> tuple[float, float]:
    began, spent = time.perf_counter(), time.process_time()
    tallies = Tallies(budget=None)
    again(path, tallies)
    tallies.end_all()
    tallies.snapshot(None, 20)
    return time.perf_counter() - began, time.process_time() - spent


def slices(log: bytes) -> Iterator[bytes]:
    for at in range(0, len(log), Tallies.SLICE):
        yield log[at : at + Tallies.SLICE]


def hostile(chance: random.Random) -> Iterator[bytes]:
    """For ever, a slice at a time: random words, new in every line; NUL, broken UTF-8, colours; a line of a megabyte."""
    letters = "ghijklmnopqrstuvwxyz"
    while True:
        words = (" ".join("".join(chance.choices(letters, k=6)) for _ in range(chance.randrange(1, 8))) for _ in range(300))
        yield from slices("".join(f"ERROR {line}\n" for line in words).encode())
        yield from slices(b"".join(b"\x1b]0;%s\x07 error \x00\xff%s\n" % (chance.randbytes(9), chance.randbytes(40)) for _ in range(200)))
        yield from slices(b"Traceback (most recent call last):\n" + b"x" * 1_000_000 + b"\n")
        yield from slices(
            b'{"level":"error","msg":"' + b"(a" * 8000 + b'"}\n' + b"a@" * 8000 + b"\n" + b"1.1:" * 4000 + b"\n" + b"[" * 16000 + b"\n"
        )
        yield from slices(b"error\n" * 4000)


def _stalls() -> Iterator[Figure]:
    """The longest call of a live feed, in processor time: other programs are none of its fault."""
    log = b"".join(line + b"\n" for event in logmix.events(40_000, 0.3) for line in logmix.stamped(event))
    told = {
        "a mixed log": list(slices(log)),
        "hostile lines": [part for _, part in zip(range(2500), hostile(random.Random(3)), strict=False)],
    }
    for name, parts in told.items():
        runs = []
        for _ in range(3):
            tallies, longest = Tallies(), 0.0
            for number, part in enumerate(parts):
                began = time.thread_time()
                tallies.read(FILE, part, logmix.BEGIN)
                if number % 40 == 0:
                    tallies.snapshot(logmix.BEGIN)
                longest = max(longest, time.thread_time() - began)
            runs.append(longest * 1000)
        yield Figure(
            f"longest call of the tally, {name}", tuple(runs), 8, "ms", f"{len(parts)} slices of {Tallies.SLICE} bytes, processor time"
        )


def _memory(path: Path) -> Iterator[Figure]:
    """What the same log leaves behind when it is read again and again, per million of its lines."""
    tallies, lines = Tallies(budget=None), path.read_bytes().count(b"\n")
    again(path, tallies)
    before = resident()
    for _ in range(3):
        again(path, tallies)
    grown = (resident() - before) / (3 * lines / 1e6)
    yield Figure("memory that a million lines leave behind", (grown,), 5, "MB", f"resident, after the first {lines} lines")


def again(path: Path, tallies: Tallies) -> None:
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(READ):
            tallies.read(FILE, chunk, None)


def resident() -> float:
    """Of this process, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _truth() -> Iterator[Figure]:
    """Per pod, as the feed reads them: an event is found if its first and last line are told."""
    for share, name in ((0.3, "30 %"), (0.05, "5 %")):
        missed, wrong, groups = graded(share)
        yield Figure(
            f"error events missed, {name} errors",
            (missed * 1000,),
            1,
            "in 1000",
            f"of {TRUTH} made-up events of {len(logmix.ERRORS)} kinds; recall is what is left",
        )
        yield Figure(
            f"events told that are none, {name} errors", (wrong * 1000,), 5, "in 1000", f"precision is what is left; {groups} patterns"
        )


def graded(share: float) -> tuple[float, float, int]:
    told: dict[tuple[str, int, int], str | None] = {}
    tallies = Tallies(budget=None, closed=lambda source, first, last, pattern: told.__setitem__((source.name, first, last), pattern))
    true: dict[tuple[str, int, int], str] = {}
    lines: Counter[str] = Counter()
    for event in logmix.events(TRUTH, share):
        first = lines[event.pod] + 1
        lines[event.pod] += len(event.lines)
        if event.kind:
            true[event.pod, first, lines[event.pod]] = event.kind
        tallies.read(Source(event.pod), b"".join(line + b"\n" for line in logmix.stamped(event)), event.at)
    tallies.end_all()
    found = told.keys() & true.keys()
    return 1 - len(found) / len(true), 1 - len(found) / max(1, len(told)), len(set(told.values()))


def soak(minutes: float) -> None:
    """Resident memory, every half a minute."""
    tallies, began, told = Tallies(), time.monotonic(), 0.0
    for part in hostile(random.Random(4)):
        tallies.read(FILE, part, logmix.BEGIN)
        now = time.monotonic() - began
        if now >= told:
            told += 30
            tally = tallies.snapshot(logmix.BEGIN)
            resident = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
            print(
                f"{now:6.0f} s {resident:7.1f} MB {tally.lines:>10} lines {tally.not_folded:>9} not folded {tally.dropped:>9} dropped",
                flush=True,
            )
        if now > minutes * 60:
            return


if __name__ == "__main__":
    soak(float(sys.argv[1]) if len(sys.argv) > 1 else 10)
