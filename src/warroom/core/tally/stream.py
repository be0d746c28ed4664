"""One source as it streams in: its lines made whole, and lines of one event joined."""

from collections.abc import Callable
from datetime import datetime

from warroom.core.tally.entry import QUIET, Entry
from warroom.core.tally.kinds import Kinds
from warroom.core.tally.looks import Role
from warroom.core.tally.source import Source
from warroom.core.tally.stamps import is_kubelet, nanoseconds

LONGEST = 64 * 1024
"""Bytes of a line; what is longer is cut."""
CLOSE = 5_000_000
"""Nanoseconds within which a program writes what belongs together."""
DAY = 86_400 * 10**9
KEPT_LINES, KEPT_BYTES = 100, 8 * 1024


class Event:
    """The lines from `start` until before `end` of the lines just walked; a start of -1: it began before them."""

    __slots__ = ("end", "head", "start", "thrown")

    def __init__(self, head: Entry, start: int) -> None:
        self.head = head
        self.start = start
        self.end = start
        self.thrown: Entry | None = None


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
        self.open: Event | None = None
        self._tracing = self._chained = False
        self._stamp: int | None = None
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

    def closed(self) -> list[Event]:
        """The open event, which nothing follows."""
        event, self.open = self.open, None
        if event is None:
            return []
        event.end = 0
        return [event]

    def span(self, event: Event, lines: list[bytes]) -> tuple[int, int]:
        """The numbers of an event's first and last line, without the empty ones behind it."""
        last = event.end - 1
        while last >= max(event.start, 0) and not lines[last].strip():
            last -= 1
        return (self.lines + event.start + 1 if event.start >= 0 else self.begun), (self.lines + last + 1 if last >= 0 else self.filled)

    def walk(self, lines: list[bytes], entries: list[Entry], kinds: Kinds, book: Callable[[list[Event]], None]) -> None:
        """Books the events that these lines end: before any template changes, so that chunks make no difference."""
        closed: list[Event] = []
        every = kinds.every

        def fold(entry: Entry) -> None:
            if closed:
                book(closed)
                closed.clear()
            kinds.fold(entry)

        event = self.open
        more, bare, chained = Role.MORE, Role.BARE, Role.CHAINED
        for index, entry in enumerate(entries):
            if entry is QUIET:
                if event is not None:
                    event.end = index
                    closed.append(event)
                    event = None
                continue
            role = entry.role
            if role is more and (event is not None or not every or not entry.message):
                continue
            if role is chained:
                self._chained = True
                continue
            if entry.check is not None and not entry.check.search(lines[index]):
                if event is not None:
                    event.end = index
                    closed.append(event)
                    event = None
                continue
            if role > 1 and self._joins(event, entry, role, lines, index, fold):
                continue
            if event is not None:
                event.end = index
                closed.append(event)
            self._tracing = role is Role.TRACE
            self._chained = False
            if role is bare and not every:
                event = None
                continue
            if entry.template is None:
                fold(entry)
            event = Event(entry, index)
        self.open = event
        if closed:
            book(closed)

    def settle(self, lines: list[bytes]) -> None:
        """After a walk: what the next one must know of these lines."""
        event = self.open
        if event is not None:
            if event.start >= 0:
                self.carried, self.begun = [], self.lines + event.start + 1
            room = min(KEPT_LINES - len(self.carried), 1 + (KEPT_BYTES - sum(map(len, self.carried))) // 80)
            if room > 0:
                self.carried += [line[:KEPT_BYTES] for line in lines[max(event.start, 0) :][:room]]
            event.start = -1
        for index in range(len(lines) - 1, -1, -1):
            if lines[index].strip():
                self.filled = self.lines + index + 1
                break
        last = lines[-1]
        self._stamp = nanoseconds(last) if is_kubelet(last) else None
        self.lines += len(lines)

    def _joins(self, event: Event | None, entry: Entry, role: Role, lines: list[bytes], index: int, fold: Callable[[Entry], None]) -> bool:
        """Whether a line without a head belongs to the event above it. What was thrown becomes part of the event."""
        if event is None or event.head.role is Role.PLAIN:
            return False
        gap = self._gap(lines, index)
        if gap is not None and gap > CLOSE:
            return False
        if role is Role.TRACE:
            if not self._chained and (event.thrown is not None or event.head.role is Role.TRACE):
                return False
            self._tracing, self._chained = True, False
            return True
        if self._tracing or (role is Role.THROWN and event.thrown is None and event.head.role is Role.ERROR):
            if entry.template is None:
                fold(entry)
            event.thrown, self._tracing = entry, False
            return True
        headed = event.head.role is Role.ERROR
        return (role is Role.LOOSE and gap is not None and headed) or (role is Role.BARE and (gap is not None or event.thrown is not None))

    def _gap(self, lines: list[bytes], index: int) -> int | None:
        """Nanoseconds since the line before, if the kubelet stamped both."""
        line = lines[index]
        if not is_kubelet(line):
            return None
        if index:
            before = lines[index - 1]
            stamp = nanoseconds(before) if is_kubelet(before) else None
        else:
            stamp = self._stamp
        return None if stamp is None else (nanoseconds(line) - stamp) % DAY
