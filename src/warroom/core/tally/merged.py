"""One text of many pods, as `kubectl logs --prefix` prints it, taken apart again."""

import re

from warroom.core.tally.source import Source

_PREFIX = re.compile(rb"\[pod/([^/\]\s]{1,253})/([^/\]\s]{1,253})\] ?")


class Merged:
    """Lines of a file, each given to the container that its prefix names; without one they are the file's own."""

    def __init__(self, name: str) -> None:
        self._whole = Source(name)
        self._sources: dict[bytes, Source] = {}
        self._numbers: dict[Source, list[int]] = {}
        self._lines = 0
        self._prefixed = False
        self._rest = b""

    def parts(self, chunk: bytes) -> list[tuple[Source, bytes]]:
        """What each source says in the next bytes of the file."""
        if not self._prefixed and _PREFIX.match(self._rest + chunk):
            self._prefixed = True
        if not self._prefixed:
            return [(self._whole, chunk)]
        body, ended, self._rest = (self._rest + chunk).rpartition(b"\n")
        return self._apart(body.split(b"\n")) if ended else []

    def last(self) -> list[tuple[Source, bytes]]:
        """What stands after the last line's end."""
        rest, self._rest = self._rest, b""
        return self._apart([rest]) if rest else []

    def number(self, source: Source, line: int) -> int:
        """In the file, of a source's line; both from 1."""
        numbers = self._numbers.get(source)
        return numbers[line - 1] if numbers else line

    def _apart(self, lines: list[bytes]) -> list[tuple[Source, bytes]]:
        told: dict[Source, list[bytes]] = {}
        for line in lines:
            self._lines += 1
            found = _PREFIX.match(line)
            source = self._source(found) if found else self._whole
            told.setdefault(source, []).append(line[found.end() :] if found else line)
            self._numbers.setdefault(source, []).append(self._lines)
        return [(source, b"\n".join(each) + b"\n") for source, each in told.items()]

    def _source(self, found: re.Match[bytes]) -> Source:
        source = self._sources.get(found[0])
        if source is None:
            pod, container = found[1].decode("utf-8", "replace"), found[2].decode("utf-8", "replace")
            source = self._sources[found[0]] = Source(pod, container)
        return source
