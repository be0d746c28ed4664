"""The tallies of all followed logs."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from warroom.core.readings import Pattern, Tally
from warroom.core.tally.source import Source

BUDGET = 100
ERROR = re.compile(rb"(?i)error|exception|fatal|critical|panic")


class Tallies:
    """Reads logs in chunks of any size and knows at any time which error patterns they hold.

        tallies = Tallies(since=incident.alerted, of=clock.of)
        tallies.read(source, chunk, clock.now())      # at most SLICE bytes a call keeps a call short
        tallies.cut(source)                           # the connection broke in mid-line; the rest comes again
        tallies.end(source)                           # the container ended: no more lines
        tally = tallies.snapshot(clock.now())         # streams, gaps, dropped, left_out are the caller's to fill in

    `since`: a pattern first seen at or after this moment is new. `of`: the kubelet's stamps as the clock's time.
    `budget`: how many lines of a kind never seen before one `read` may look at closely; None: all.
    """

    SLICE = 16 * 1024

    def __init__(
        self,
        *,
        since: datetime | None = None,
        of: Callable[[datetime], datetime] = lambda stamp: stamp,
        every: bool = False,
        budget: int | None = BUDGET,
    ) -> None:
        self.since = since
        self._of = of
        self._every = every
        self._budget = budget
        self._lines = 0
        self._rests: dict[Source, bytes] = {}
        self._counts: Counter[bytes] = Counter()

    def read(self, source: Source, chunk: bytes, at: datetime | None) -> None:
        """Takes the next bytes of a source, cut anywhere.

        A line that begins with the kubelet's stamp (`timestamps=true`) happened then, any other at `at`.
        """
        *lines, rest = (self._rests.get(source, b"") + chunk).split(b"\n")
        self._rests[source] = rest
        self._lines += len(lines)
        self._counts.update(re.sub(rb"\d+", b"<*>", line) for line in lines if ERROR.search(line))

    def cut(self, source: Source) -> None:
        """The stream broke and will begin again with a whole line: an unfinished line is forgotten."""
        self._rests.pop(source, None)

    def end(self, source: Source) -> None:
        """The stream is over: an unfinished line counts, an open event is closed, and the source is forgotten."""
        if self._rests.pop(source, b""):
            self._lines += 1

    def snapshot(self, now: datetime | None) -> Tally:
        """What is known; events whose source has been silent for a second by `now` are closed first."""
        patterns = tuple(
            Pattern(id=f"{hash(text) & 0xFFFFFFFF:08x}", text=text.decode(errors="replace"), count=count)
            for text, count in self._counts.most_common(100)
        )
        return Tally(patterns=patterns, lines=self._lines, events=self._counts.total(), since=self.since)
