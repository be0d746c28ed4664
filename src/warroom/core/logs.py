"""The log of a container as it was written, line by line."""

from datetime import datetime

import msgspec


class LogLine(msgspec.Struct, frozen=True, gc=False):
    """One line as the container wrote it: foreign text, at most 64 KB of it. `at` is None where the node gave no stamp."""

    at: datetime | None
    text: str


class LogPart(msgspec.Struct, frozen=True):
    """The next piece of a log that is being read; the pieces together are the log, without a line twice."""

    lines: tuple[LogLine, ...] = ()
    gap: bool = False
    """Before these lines there may be others that the server no longer had."""
    trouble: str = ""
    """Why nothing comes now, in the form of `Reading.trouble`; it goes on by itself. Empty: it is open."""
    ended: bool = False
    """The container is over and this was all of it; more comes only if it starts again."""
    cut: int = 0
    """Lines among these that were longer than is shown."""
