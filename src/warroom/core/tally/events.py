"""Events in the order in which they began."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from warroom.core.tally.entry import GROUP, TEMPLATE, Entry

CARRIED = -1
"""Where an event began that was open before these lines."""
_NEXT = re.compile(rb"[^ ]")


@dataclass(slots=True)
class Events:
    """`starts`: where each begins in `lines`; `thrown`: by that; `marks`: `+` for a line that begins one, a blank if it belongs to it.

    `over`: how many of them are; `booked`: how many of those were counted.
    """

    heads: list[Entry]
    starts: list[int]
    thrown: dict[int, Entry]
    lines: list[bytes]
    marks: bytes | bytearray
    over: int
    booked: int = 0

    def part(self, first: int, end: int) -> "Events":
        return Events(self.heads[first:end], self.starts[first:end], self.thrown, self.lines, self.marks, end - first)

    def end(self, start: int) -> int:
        """Behind an event's last line."""
        found = _NEXT.search(self.marks, start + 1)
        return found.start() if found else len(self.marks)

    def news(self) -> bool:
        """Whether some may never have been folded."""
        return None in map(GROUP, self.heads) or None in map(TEMPLATE, self.thrown.values())

    def without_template(self) -> Iterator[tuple[int, Entry]]:
        """What was never folded, in the order of the lines, each with the event it is of."""
        for place, (head, start) in enumerate(zip(self.heads, self.starts, strict=True)):
            if head.template is None:
                yield place, head
            if (thrown := self.thrown.get(start)) and thrown.template is None:
                yield place, thrown
