"""Opening a folder of runbooks, against opening one of its files as many times, and against only reading its bytes."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.claim import Figure

from warroom import library
from warroom.cli.kept import KeptRunbooks
from warroom.core.entries import RunbookText

RUNS, FILES = 3, 500
ONE = """---
title: Oven{n}Cold
---
# Oven{n}Cold

## Meaning

Oven {n} has been colder than it should be for ten minutes.

## Impact

Bread of line {n} is late.

## Diagnosis

Look at the oven's pods and their last words:

```console
$ kubectl -n bakery get pods -l oven={n}
NAME      READY   STATUS
oven-{n}  0/1     CrashLoopBackOff
$ kubectl -n bakery logs <pod-name> --previous
```

If the gas is out, call the gas people.

## Mitigation

1. Restart the oven
   ```bash
   kubectl -n bakery rollout restart deploy/oven-{n}
   ```
2. If that does not help, move its bread to another line
3. Tell the shop how late it will be
"""


def fill(folder: Path) -> list[Path]:
    """Alert runbooks, no two alike."""
    found = []
    for n in range(FILES):
        path = folder / f"part-{n % 10}" / f"oven-{n}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(ONE.replace("{n}", str(n)))
        found.append(path)
    return found


def spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def consoles(folder: Path, file: Path) -> tuple[float, float, float]:
    """What a first console, a second one, and one after a change of that file spend on the runbook; none has anything in memory."""

    def opens() -> None:
        KeptRunbooks(Path(home) / "read").read(RunbookText(text=library.open_text([folder]), sha256="", file=folder.name))

    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as home:
        cold, warm = spent(opens), spent(opens)
        file.write_text(file.read_text() + "4. Close the shop\n")
        return cold, warm, spent(opens)


def measure() -> Iterator[Figure]:
    first, again, words, kept, edited = [], [], [], [], []
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as name:
        folder = Path(name)
        files = fill(folder)

        def singly() -> None:
            for path in files:
                library.load(path)

        def only_read() -> None:
            for path in files:
                path.read_text()

        for turn in range(RUNS + 1):
            library.read_text.cache_clear()
            floor = spent(singly)
            library.read_text.cache_clear()
            opened = spent(lambda: library.load(folder))
            if turn:
                first.append(opened / floor)
                again.append(spent(lambda: library.load(folder)) / opened)
                words.append(opened / spent(only_read))
                library.read_text.cache_clear()
                cold, warm, other = consoles(folder, files[turn])
                kept.append(warm / cold)
                edited.append(other / cold)
    note = f"{FILES} alert runbooks of about {len(ONE)} bytes, processor time"
    yield Figure("opening a folder / its files one by one", tuple(first), None, note=note)
    yield Figure("opening it a second time / the first time", tuple(again), None, note="same process, nothing changed")
    yield Figure("opening it / only reading its bytes", tuple(words), None, note="no target of its own")
    yield Figure("a second console opening it / the first one", tuple(kept), None, note="as it was kept on the disk")
    yield Figure("the same after one of its files changed", tuple(edited), None, note="the others as they were kept")
