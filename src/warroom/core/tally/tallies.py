"""The tallies of all followed logs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from warroom.core.readings import Tally
from warroom.core.tally.events import Events
from warroom.core.tally.kinds import Kinds
from warroom.core.tally.ledger import Ledger
from warroom.core.tally.source import Source
from warroom.core.tally.stream import Stream
from warroom.core.tally.walk import walk

BUDGET = 16
MOST = 2000
SHOWN = 100
SILENCE = timedelta(seconds=1)
Closed = Callable[[Source, int, int, str | None], None]


class Tallies:
    """Reads logs in chunks of any size and knows at any time which error patterns they hold.

        tallies = Tallies(since=incident.alerted, of=clock.of)
        tallies.read(source, chunk, clock.now())      # at most SLICE bytes a call keeps a call short
        tallies.cut(source)                           # the connection broke in mid-line; the rest comes again
        tallies.end(source)                           # the container ended: no more lines
        tally = tallies.snapshot(clock.now())         # gaps and left_out are the caller's to fill in

    `since`: a pattern first seen at or after this moment is new. `of`: the kubelet's stamps as the clock's time.
    `every`: all events count, not only errors. `budget`: how many new messages one `read` may fold (and four times as
    many lines of a new kind it may look at); None: all. `most`: patterns that are kept. `closed`: told of each event: its
    source, the numbers of its first and its last line there, from 1, and its pattern's id.
    """

    SLICE = 8 * 1024

    def __init__(
        self,
        *,
        since: datetime | None = None,
        of: Callable[[datetime], datetime] = lambda stamp: stamp,
        every: bool = False,
        budget: int | None = BUDGET,
        most: int = MOST,
        closed: Closed | None = None,
    ) -> None:
        self.since = since
        self._kinds = Kinds(every, budget)
        self._ledger = Ledger(self._kinds, most, of)
        self._closed = closed
        self._lines = 0
        self._streams: dict[Source, Stream] = {}

    def read(self, source: Source, chunk: bytes, at: datetime | None) -> None:
        """Takes the next bytes of a source, cut anywhere.

        A line that begins with the kubelet's stamp (`timestamps=true`) happened then, any other at `at`.
        """
        stream = self._streams.get(source)
        if stream is None:
            stream = self._streams[source] = Stream(source)
        stream.at = at
        self._kinds.renew()
        if body := stream.whole(chunk):
            self._take(stream, body[:-1])

    def cut(self, source: Source) -> None:
        """The stream broke and will begin again with a whole line: an unfinished line is forgotten."""
        if stream := self._streams.get(source):
            stream.unfinished()

    def end(self, source: Source) -> None:
        """The stream is over: an unfinished line counts, an open event is closed, and the source is forgotten."""
        if stream := self._streams.pop(source, None):
            self._kinds.renew()
            if rest := stream.unfinished():
                self._take(stream, rest)
            self._close(stream)

    def end_all(self) -> None:
        for source in list(self._streams):
            self.end(source)

    def snapshot(self, now: datetime | None, top: int = SHOWN) -> Tally:
        """What is known, with so many patterns at most; events whose source has been silent for a second by `now` are closed first."""
        for stream in self._streams.values():
            if stream.open and now and stream.at and now - stream.at >= SILENCE:
                self._close(stream)
        return Tally(
            patterns=self._ledger.patterns(self.since, now, top),
            lines=self._lines,
            events=self._ledger.events,
            not_folded=self._ledger.not_folded,
            dropped=self._kinds.dropped,
            streams=len(self._streams),
            since=self.since,
        )

    def _take(self, stream: Stream, body: bytes) -> None:
        """Whole lines."""
        body, lines = stream.lines_of(body)
        self._lines += len(lines)
        events = walk(stream.event, lines, self._kinds.of(body, lines), every=self._kinds.every)
        if events.news():
            self._fold(stream, events)
        self._book_until(stream, events, events.over)
        stream.settle(lines, events.starts[-1] if events.over < len(events.starts) else None)

    def _fold(self, stream: Stream, events: Events) -> None:
        """Gives templates to what has none. What is over is booked before one changes, so that chunks make no difference."""
        for place, entry in events.without_template():
            if self._kinds.spent:
                return
            if entry.template is None:
                self._kinds.fold(entry, partial(self._book_until, stream, events, place))

    def _book_until(self, stream: Stream, events: Events, place: int) -> None:
        self._book(stream, events.part(events.booked, place))
        events.booked = place

    def _close(self, stream: Stream) -> None:
        """The open event is over."""
        if events := stream.closed():
            self._book(stream, events)

    def _book(self, stream: Stream, events: Events) -> None:
        if not events.heads:
            return
        groups = self._ledger.book(stream, events, stream.at)
        if self._closed is not None:
            for place, group in enumerate(groups):
                self._closed(stream.source, *stream.span(events, place), group.id if group else None)
