"""The bytes of a command as text that may be shown and stored: piece by piece, without escape sequences and secrets."""

import codecs
import re
from collections.abc import Iterator

PIECE = 4 * 1024
"""Characters that are cleaned at once: redaction takes about 1.5 ms for 1,000 characters, and holds back every other thread."""
LONGEST = 64 * 1024
"""A line, or a secret over several lines, longer than this is cut."""
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])|[\x80-\x9f]|.\x08|\x08")
NO_TERMINAL = re.compile(r"^Unable to use a TTY - input is not a terminal or the right kind of file\n?", re.MULTILINE)
"""What kubectl says where `-t` was asked for; we know."""
GOES_ON = re.compile(r"PRIVATE KEY|\bname[\"']?[ \t]*:|[|>][+-]?[ \t]*$", re.IGNORECASE)
"""A line whose secret may stand on the next one."""


class Pieces:
    """Cuts a stream of bytes into pieces of whole lines; a piece does not end where a secret may go on."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""

    def feed(self, chunk: bytes, *, last: bool = False) -> Iterator[str]:
        self._held += self._decoder.decode(chunk, last).replace("\r\n", "\n")
        while self._held:
            end = self._end()
            if last and not end:
                end = min(len(self._held), LONGEST)
            if not end:
                return
            piece, self._held = self._held[:end], self._held[end:]
            yield piece

    def _end(self) -> int:
        """Where the next piece ends; 0: more has to come first."""
        held = self._held
        end = held.rfind("\n", 0, PIECE) + 1 or held.find("\n") + 1
        while end:
            begun = held.rfind("-----BEGIN", 0, end)
            ended = held.find("-----END", begun) if begun >= 0 else 0
            if ended < 0 or ended >= end:
                end = held.find("\n", ended) + 1 if ended > 0 else 0
            if not end or not GOES_ON.search(held, held.rfind("\n", 0, end - 1) + 1, end - 1):
                break
            end = held.find("\n", end) + 1
        return end or (LONGEST if len(held) >= LONGEST else 0)


def cleaned(piece: str) -> str:
    from warroom.core.redact import redact

    return redact(NO_TERMINAL.sub("", ESCAPES.sub("", piece).replace("\r", "\n")))
