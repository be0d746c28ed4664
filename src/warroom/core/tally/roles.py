"""What a line can be, and what is told of one."""

import re
from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    PLAIN = 0
    """The head of an event that is no error."""
    ERROR = 1
    """The head of an error event."""
    TRACE = 2
    """A trace begins: Python's."""
    THROWN = 3
    """What was thrown: `ValueError: bad batch size`."""
    MORE = 4
    """A part of the event above."""
    LOOSE = 5
    """A line without a head which by its words is an error."""
    CHAINED = 6
    """Says that the next trace belongs to the one above."""
    BARE = 7
    """Any other line without a head."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a line finds. `message`: what it says; it ends the line unless `fields`.

    `check`: what numbers decide is asked of each line: it is an error if this is found in it, plain if not.
    """

    role: Role
    message: str
    check: re.Pattern[bytes] | None = None
    told: str = ""
    """The message with its values out of sight already."""
    fields: bool = False
    """The message was put together of named fields."""
