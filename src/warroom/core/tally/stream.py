"""One source as it streams in: its lines made whole, and what is kept of them while an event is open."""

from datetime import datetime

from warroom.core.tally.events import CARRIED, Events
from warroom.core.tally.source import Source
from warroom.core.tally.walk import Open

LONGEST = 64 * 1024
"""Bytes of a line; what is longer is cut."""
KEPT_LINES, KEPT_BYTES = 100, 8 * 1024


class Stream:
    """Follows one source. `lines`: how many came before those that are walked now."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = 0
        self.at: datetime | None = None
        """When something came last."""
        self.begun = self.filled = 0
        """The numbers of the open event's first line, and of the latest line that is not empty."""
        self.carried: list[bytes] = []
        """The first lines of the open event, from before this walk."""
        self.event = Open()
        self._rest = b""
        self._skipping = False

    def whole(self, chunk: bytes) -> bytes:
        """The lines that are complete by this chunk, without the last line's end; b"" if none is."""
        if self._skipping:
            end = chunk.find(b"\n")
            if end < 0:
                return b""
            chunk, self._skipping = chunk[end:], False
        body, ended, rest = (self._rest + chunk).rpartition(b"\n")
        if len(rest) > LONGEST:
            rest, self._skipping = rest[:LONGEST], True
        self._rest = rest
        return body + ended if ended else b""

    def unfinished(self) -> bytes:
        """Takes the line that has no end yet."""
        rest, self._rest, self._skipping = self._rest, b"", False
        return rest

    def lines_of(self, body: bytes) -> tuple[bytes, list[bytes]]:
        """Whole lines as one and each, long ones cut."""
        lines = body.split(b"\n")
        if len(body) > LONGEST and max(map(len, lines)) > LONGEST:
            lines = [line[:LONGEST] for line in lines]
            return b"\n".join(lines), lines
        return body, lines

    @property
    def open(self) -> bool:
        return self.event.head is not None

    def closed(self) -> Events | None:
        """The open event, which nothing follows."""
        head, thrown = self.event.head, self.event.thrown
        self.event.close()
        return None if head is None else Events([head], [CARRIED], {CARRIED: thrown} if thrown else {}, [], b"", 1)

    def head(self, events: Events, place: int) -> bytes:
        """An event's first line."""
        start = events.starts[place]
        return self.carried[0] if start == CARRIED else events.lines[start]

    def whole_event(self, events: Events, place: int) -> list[bytes]:
        """An event's lines, or the first of many."""
        start = events.starts[place]
        end = events.end(start)
        if start == CARRIED:
            return (self.carried + events.lines[: min(end, KEPT_LINES)])[:KEPT_LINES]
        return events.lines[start : min(end, start + KEPT_LINES)]

    def span(self, events: Events, place: int) -> tuple[int, int]:
        """The numbers of an event's first and last line, without the empty ones behind it."""
        start, lines = events.starts[place], events.lines
        last = events.end(start) - 1
        while last >= max(start, 0) and not lines[last].strip():
            last -= 1
        return (self.begun if start == CARRIED else self.lines + start + 1), (self.lines + last + 1 if last >= 0 else self.filled)

    def settle(self, lines: list[bytes], begun: int | None) -> None:
        """After a walk: what the next one must know of these lines. `begun`: where the open event began."""
        if begun is not None:
            if begun != CARRIED:
                self.carried, self.begun = [], self.lines + begun + 1
            room = min(KEPT_LINES - len(self.carried), 1 + (KEPT_BYTES - sum(map(len, self.carried))) // 80)
            if room > 0:
                first = max(begun, 0)
                self.carried += [line[:KEPT_BYTES] for line in lines[first : first + room]]
        for index in range(len(lines) - 1, -1, -1):
            if lines[index].strip():
                self.filled = self.lines + index + 1
                break
        self.lines += len(lines)
