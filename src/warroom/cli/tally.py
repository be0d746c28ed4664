"""The error patterns of a log, for people, as JSON, or line by line."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import msgspec
import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.out import Mistake, harmless, say, say_json, warn
from warroom.cli.verb import verb
from warroom.core.readings import Tally
from warroom.reports.times import rfc3339

if TYPE_CHECKING:
    from warroom.core.tally import Merged, Tallies

CHUNK = 64 * 1024
MOST = 20_000
"""Patterns that a whole file may have: nothing waits for their number here."""


def register(app: typer.Typer) -> None:
    @verb(app, "tally", "warroom tally app.log --top 5", "warroom tally app.log --every --json")
    def tally(
        flags: Flags,
        file: Annotated[
            str, typer.Argument(metavar="[FILE|-]", help="A log; -: what is piped in, also of many pods with `kubectl logs --prefix`.")
        ] = "-",
        top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="How many patterns.")] = 20,
        every: Annotated[bool, typer.Option("--every", help="Of all events, not only errors: what is noisy.")] = False,
        label: Annotated[bool, typer.Option("--label", help="Print an event per line: its lines and its pattern.")] = False,
        json: Json = False,
    ) -> None:
        """Fold the errors of a log into patterns, the most frequent first."""
        with opened(file) as log:
            if label:
                labels(log, file, every=every)
                return
            tallied = counted(log, file, top, every=every)
        if json:
            say_json(value(tallied))
        else:
            show(tallied)


def opened(file: str) -> BinaryIO:
    if file == "-":
        if sys.stdin.isatty():
            raise Mistake("there is no log to read: name a file, or pipe one in, as in `kubectl logs POD | warroom tally -`")
        return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    try:
        return Path(file).open("rb", buffering=0)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Mistake(f"{file} cannot be read: {reason}: name a file with a log, or - for what is piped in") from error


def chunks(log: BinaryIO) -> Iterator[bytes]:
    """Until the end, or until the reader has seen enough."""
    try:
        while chunk := log.read(CHUNK):
            yield chunk
    except KeyboardInterrupt:
        warn("stopped: this is what came until now")


def counted(log: BinaryIO, name: str, top: int, *, every: bool) -> Tally:
    from warroom.core.tally import Merged, Tallies

    tallies = Tallies(every=every, budget=None, most=MOST)
    for _ in fed(log, tallies, Merged(name)):
        pass
    return tallies.snapshot(None, top)


def labels(log: BinaryIO, name: str, *, every: bool) -> None:
    """An event per line, as soon as it is over."""
    from warroom.core.tally import Merged, Source, Tallies

    merged = Merged(name)
    told: list[dict[str, Any]] = []

    def closed(source: Source, first: int, last: int, pattern: str | None) -> None:
        told.append({"line": merged.number(source, first), "end": merged.number(source, last), "id": pattern})

    for _ in fed(log, Tallies(every=every, budget=None, most=MOST, closed=closed), merged):
        sys.stdout.write(msgspec.json.Encoder().encode_lines(told).decode())
        told.clear()


def fed(log: BinaryIO, tallies: "Tallies", merged: "Merged") -> Iterator[None]:
    """Reads it all; stops after each chunk, and at the end."""
    for chunk in chunks(log):
        for source, part in merged.parts(chunk):
            tallies.read(source, part, None)
        yield
    for source, part in merged.last():
        tallies.read(source, part, None)
    tallies.end_all()
    yield


def value(tally: Tally) -> dict[str, Any]:
    """As JSON."""
    return {
        "lines": tally.lines,
        "events": tally.events,
        "not_folded": tally.not_folded,
        "dropped": tally.dropped,
        "patterns": [
            {
                "id": pattern.id,
                "pattern": pattern.text,
                "count": pattern.count,
                "first": pattern.first and rfc3339(pattern.first),
                "last": pattern.last and rfc3339(pattern.last),
                "sources": dict(pattern.sources),
                "example": pattern.example,
                "new": pattern.new,
                "values": [[{"value": text, "count": number} for text, number in field] for field in pattern.values],
            }
            for pattern in tally.patterns
        ],
    }


def show(tally: Tally) -> None:
    """A line per pattern: how many, of how many pods, and what it says, cut to the terminal's width."""
    pods = any(len(pattern.sources) > 1 for pattern in tally.patterns)
    if tally.patterns:
        say(f"{'count':>9} {'share':>6} {'pods':>5}  pattern" if pods else f"{'count':>9} {'share':>6}  pattern")
    for pattern in tally.patterns:
        head = f"{pattern.count:>9} {100 * pattern.count / max(1, tally.events):>5.1f}%" + (f" {len(pattern.sources):>5}" if pods else "")
        say(f"{head}  {cut(harmless(pattern.text), columns() - len(head) - 2)}")
    left = f", {tally.not_folded} of them not folded" if tally.not_folded else ""
    warn(f"{many(tally.lines, 'line')}, {many(tally.events, 'event')}{left}, {many(len(tally.patterns), 'pattern')} shown")


def many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(1, width - 1)] + "…"


def columns() -> int:
    """Of the terminal; what is piped on is not cut."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 10_000
