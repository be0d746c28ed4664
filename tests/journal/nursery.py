"""Forks pairs of writers and kills each at the moment that it is told; a fork costs no imports.

Each line that it reads is `PATH ROUND SECONDS SECONDS`; it answers with the texts of the notes that the two writers were
told are durable, as JSON.
"""

import asyncio
import json
import os
import signal
import sys
import time
from importlib import import_module
from itertools import count
from pathlib import Path

from journal.notes import OWN
from warroom.clock import SystemClock
from warroom.core.acts import Refusal
from warroom.core.acts.incident import Declare
from warroom.core.acts.timeline import Note
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room

for late in ("warroom.core.redact", "warroom.runbook.reader"):  # what a room loads when it first needs it
    import_module(late)


async def write(path: Path, who: str, told: int) -> None:
    async with SqliteJournal.open(path, asyncio.sleep) as journal:
        room = await Room.open(journal, OWN, SystemClock(), who)
        if not room.incident.id:
            await room.do(Declare("API down", OWN))
        for n in count():
            text = f"{who} {n}"
            if not isinstance(await room.do(Note(text)), Refusal):
                os.write(told, f"{text}\n".encode())


def born(path: Path, who: str) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            asyncio.run(write(path, who, writing))
        except BaseException as error:
            os.write(writing, f"trouble: {error!r}\n".encode())
        finally:
            os._exit(1)
    os.close(writing)
    return child, reading


def round_of(path: Path, number: str, seconds: list[float]) -> list[str]:
    writers = [(*born(path, f"{number}.{n}"), after) for n, after in enumerate(seconds)]
    waited, said = 0.0, []
    for child, reading, after in sorted(writers, key=lambda writer: writer[2]):
        time.sleep(max(0.0, after - waited))
        waited = max(waited, after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading) as told:
            said += told.read().splitlines()
    return said


def main() -> None:
    for line in sys.stdin:
        path, number, *seconds = line.split()
        print(json.dumps(round_of(Path(path), number, [float(after) for after in seconds])), flush=True)


if __name__ == "__main__":
    main()
