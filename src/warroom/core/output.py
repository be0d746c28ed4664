"""What a command printed and how it ended."""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

Ended = Literal["exited", "stopped", "too long", "not run"]
SIGPIPE = 141
"""Of a program whose reader, `head` for one, had seen enough."""
SEARCHES = frozenset(("grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack"))
"""Programs that exit with 1 when they find nothing."""


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is redacted, free of escape sequences, and at most the shell's cap; `sha256` is that of `text`.

    `ok`: it ran to its end and none of its programs failed. `trouble` says in a sentence why it was not run, or not to its end.
    """

    command: str
    """As it ran, which may differ from how it is written."""
    ended: Ended = "exited"
    ok: bool = False
    exit_code: int | None = None
    seconds: float = 0.0
    text: str = ""
    truncated: bool = False
    rest: str = ""
    """The file that holds all of it, where `text` is only the beginning."""
    sha256: str = ""
    trouble: str = ""


def answered(command: str, text: str) -> int | None:
    """The last HTTP status that `curl -v` or `-i` told; curl itself ends well whatever it was. None: nothing was told."""
    found = re.findall(r"^(?:< )?HTTP/[\d.]+ (\d{3})\b", text, re.MULTILINE) if re.search(r"\bcurl\b", command) else []
    return int(found[-1]) if found else None


def is_ok(exit_code: int, stages: Sequence[int], programs: Sequence[str]) -> bool:
    """Whether that is success: a search that finds nothing is, and so is a program whose reader went away.

    `stages` are the exit codes of the last pipeline and `programs` the names of all programs called, both in order; stages that
    cannot be told apart are taken as they are.
    """
    if exit_code in (0, SIGPIPE):
        return True
    names = programs if len(programs) == len(stages) else [""] * len(stages)
    return any(stages) and all(code in (0, SIGPIPE) or (code == 1 and name in SEARCHES) for code, name in zip(stages, names, strict=True))
