"""One source as it streams in: its lines made whole, and lines of one event joined."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum

from warroom.core.tally.entry import FOLLOWS, QUIET, Entry
from warroom.core.tally.kinds import Kinds
from warroom.core.tally.roles import Role
from warroom.core.tally.source import Source
from warroom.core.tally.stamps import is_kubelet, nanoseconds

LONGEST = 64 * 1024
"""Bytes of a line; what is longer is cut."""
CLOSE = 5_000_000
"""Nanoseconds within which a program writes what belongs together."""
DAY = 86_400 * 10**9
KEPT_LINES, KEPT_BYTES = 100, 8 * 1024


class Joins(Enum):
    NO = 0
    YES = 1
    THROWN = 2
    """It is what was thrown."""

    def __bool__(self) -> bool:
        return self is not Joins.NO


Event = tuple[Entry, Entry | None, int, int]
"""Its head, what was thrown, and where it begins and ends in the lines just walked: -1 is before them."""


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
        self._head: Entry | None = None
        """Of the open event."""
        self._thrown: Entry | None = None
        self._start = -1
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

    @property
    def open(self) -> bool:
        return self._head is not None

    def closed(self) -> list[Event]:
        """The open event, which nothing follows."""
        head, self._head = self._head, None
        return [] if head is None else [(head, self._thrown, -1, 0)]

    def span(self, event: Event, lines: list[bytes]) -> tuple[int, int]:
        """The numbers of an event's first and last line, without the empty ones behind it."""
        _, _, start, end = event
        last = end - 1
        while last >= max(start, 0) and not lines[last].strip():
            last -= 1
        return (self.lines + start + 1 if start >= 0 else self.begun), (self.lines + last + 1 if last >= 0 else self.filled)

    def walk(self, lines: list[bytes], entries: list[Entry], kinds: Kinds, book: Callable[[list[Event]], None]) -> None:
        """Books the events that these lines end: before any template changes, so that chunks make no difference."""
        closed: list[Event] = []
        every = kinds.every
        more, bare, chained = Role.MORE, Role.BARE, Role.CHAINED
        head, thrown, start = self._head, self._thrown, self._start

        def fold(entry: Entry) -> None:
            if kinds.spent:
                return
            if closed:
                book(closed)
                closed.clear()
            kinds.fold(entry)

        for index, entry in enumerate(entries):
            if entry is FOLLOWS:
                continue
            role = entry.role
            if role is more and head is not None:
                continue
            if entry is QUIET or (entry.check is not None and not entry.check.search(lines[index])):
                if head is not None:
                    closed.append((head, thrown, start, index))
                    head = None
                continue
            if role > 1 and role is not more:
                if role is chained:
                    self._chained = True
                    continue
                if head is not None and head.role is not Role.PLAIN and (joins := self._joins(head, thrown, role, lines, index)):
                    if joins is Joins.THROWN:
                        thrown = entry
                        if entry.template is None:
                            fold(entry)
                    continue
                self._tracing, self._chained = role is Role.TRACE, False
            if head is not None:
                closed.append((head, thrown, start, index))
            if role is bare and not every:
                head = None
                continue
            if entry.template is None:
                fold(entry)
            head, thrown, start = entry, None, index
        self._head, self._thrown, self._start = head, thrown, start
        if closed:
            book(closed)

    def settle(self, lines: list[bytes]) -> None:
        """After a walk: what the next one must know of these lines."""
        if self._head is not None:
            if self._start >= 0:
                self.carried, self.begun = [], self.lines + self._start + 1
            room = min(KEPT_LINES - len(self.carried), 1 + (KEPT_BYTES - sum(map(len, self.carried))) // 80)
            if room > 0:
                self.carried += [line[:KEPT_BYTES] for line in lines[max(self._start, 0) :][:room]]
            self._start = -1
        for index in range(len(lines) - 1, -1, -1):
            if lines[index].strip():
                self.filled = self.lines + index + 1
                break
        last = lines[-1]
        self._stamp = nanoseconds(last) if is_kubelet(last) else None
        self.lines += len(lines)

    def _joins(self, head: Entry, thrown: Entry | None, role: Role, lines: list[bytes], index: int) -> Joins:
        """Whether a line without a head belongs to the error event above it."""
        gap = self._gap(lines, index)
        if gap is not None and gap > CLOSE:
            return Joins.NO
        if role is Role.TRACE:
            if not self._chained and (thrown is not None or head.role is Role.TRACE):
                return Joins.NO
            self._tracing, self._chained = True, False
            return Joins.YES
        if self._tracing or (role is Role.THROWN and thrown is None and head.role is Role.ERROR):
            self._tracing = False
            return Joins.THROWN
        if role is Role.LOOSE:
            return Joins.YES if gap is not None and head.role is Role.ERROR else Joins.NO
        return Joins.YES if role is Role.BARE and (gap is not None or thrown is not None) else Joins.NO

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
