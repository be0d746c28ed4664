"""What of a log was delivered already, so that after a cut it goes on with exactly the next line."""

import re
from collections import Counter, deque
from datetime import UTC, datetime, timedelta

LONGEST = 64 * 1024
"""Bytes of a line; the rest of a longer one is left out."""
REMEMBERED = 512 * 1024
"""Bytes of delivered lines that are kept to know them again; what came before is then known by its stamp alone."""
DISORDER = timedelta(seconds=1)
"""Lines of stdout and stderr need not lie in the order of their stamps; beyond this they do."""
STAMP = 30
"""Length of the kubelet's stamp in UTC: `2026-01-31T12:00:00.000000000Z`."""
_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ")


def stamp_of(line: bytes) -> bytes:
    """The kubelet's stamp before a line, in the one form whose bytes sort by time; empty: it has none."""
    if line[STAMP - 1 : STAMP + 1] == b"Z " and line[10:11] == b"T" and line[19:20] == b"." and line[:4].isdigit():
        return line[:STAMP]
    found = _STAMP.match(line)
    if found is None:
        return b""
    second, fraction, zone = found.groups()
    if zone != b"Z":
        try:
            moved = datetime.fromisoformat((second + zone).decode()).astimezone(UTC)
        except (ValueError, OverflowError):
            return b""
        second = moved.strftime("%Y-%m-%dT%H:%M:%S").encode()
    return b"%s.%sZ" % (second, (fraction or b"").ljust(9, b"0"))


def moment(stamp: bytes) -> datetime:
    """A stamp that `stamp_of` gave."""
    return datetime.fromisoformat(stamp[:26].decode() + "+00:00")


class Lines:
    """Cuts bytes into whole lines, however they come."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, chunk: bytes) -> bytes:
        """The lines that are whole now, each with its end."""
        cut = chunk.rfind(b"\n") + 1
        if not cut:
            if len(self._rest) < LONGEST:
                self._rest = (self._rest + chunk)[:LONGEST]
            return b""
        block = self._rest + chunk[:cut]
        self._rest = chunk[cut:][:LONGEST]
        if len(block) > LONGEST:
            block = b"".join(line[:LONGEST] + b"\n" for line in _split(block))
        return block

    def rest(self) -> bytes:
        """The last line, which has no end."""
        rest, self._rest = self._rest, b""
        return rest + b"\n" if rest else b""


class Cursor:
    """Takes what one stream after another gives of the same log, and gives each line once.

    A stream that begins again repeats at least its last second, since a server takes whole seconds; what was delivered is
    known by its stamp and text. Whether lines are missing is known too: the last delivered line has to come again first.
    """

    def __init__(self) -> None:
        self.lost = False
        """The stream goes on without our last line: nothing more of it is taken until `forget`."""
        self.met = True
        """Whether what was opened last has shown that nothing is missing."""
        self._lines = Lines()
        self._kept: deque[tuple[bytes, bytes]] = deque()
        """Delivered blocks, each with the stamp of its last line."""
        self.remembered = 0
        """Bytes of them."""
        self._newest = b""
        self._last = b""
        """The last delivered line that has a stamp."""
        self._since = self._old = b""
        self._floor = b""
        """We no longer know each line up to here: it was delivered, or was not to be."""
        self._again: Counter[bytes] | None = None
        """Lines that come again, until the last of them has."""

    @property
    def since(self) -> str:
        """From when the next stream has to begin; empty: nothing was delivered."""
        return self._since.decode() + "Z" if self._since else ""

    @property
    def newest(self) -> datetime | None:
        """The newest stamp that was delivered."""
        return moment(self._newest) if self._newest else None

    def open(self) -> None:
        """Another stream of the same log begins, at `since` or before."""
        self._lines, self.lost, self.met = Lines(), False, not self._last
        lines = (line for _, block in self._kept for line in _split(block))
        self._again = Counter(line for line in lines if stamp_of(line) >= self._since) if self._last else None

    def forget(self, *, fresh: bool = False) -> None:
        """What comes next is another file. `fresh`: none of it was delivered, however old its stamps; else what is older was."""
        if fresh:
            self._newest = self._since = self._old = b""
        self._kept.clear()
        self.remembered, self._last, self._floor = 0, b"", self._newest
        self._lines, self.lost, self.met, self._again = Lines(), False, True, None

    def take(self, chunk: bytes) -> bytes:
        """The whole lines in it that are new. Nothing when that cannot be known, and `lost` says so."""
        return b"" if self.lost else self._delivered(self._lines.take(chunk))

    def finish(self) -> bytes:
        """The last line, when the container is over and has not ended it."""
        return b"" if self.lost else self._delivered(self._lines.rest())

    def _delivered(self, block: bytes) -> bytes:
        if block and (self._again is not None or not self._kept):
            block = self._unseen(block)
        if block:
            self._keep(block)
        return block

    def _unseen(self, block: bytes) -> bytes:
        new: list[bytes] = []
        lines = _split(block)
        for place, line in enumerate(lines):
            if self._again is None and self._kept:
                new += lines[place:]
                break
            stamp = stamp_of(line)
            if self._again is not None and self._again[line] > 0:
                self._again[line] -= 1
                if line == self._last and not self._again[line]:
                    self.met, self._again = True, None
            elif not stamp:
                new.append(line)  # a word of the node's own, which is in no log
            elif stamp >= self._since and stamp >= self._floor:
                if not self.met:
                    self.lost = True
                    break
                new.append(line)
        return b"\n".join(new) + b"\n" if new else b""

    def _keep(self, block: bytes) -> None:
        stamp, last = _last_stamped(block)
        if not stamp:
            return
        if not self._kept:
            self._floor = max(self._floor, stamp_of(block))
        self._last = last
        self._kept.append((stamp, block))
        self.remembered += len(block)
        if stamp > self._newest:
            if stamp[:19] != self._newest[:19]:
                self._since = _seconds(moment(stamp) - DISORDER)
                self._old = _seconds(moment(stamp) - 2 * DISORDER)
            self._newest = stamp
        while len(self._kept) > 1 and self._kept[0][0] < self._old:
            self.remembered -= len(self._kept.popleft()[1])
        while len(self._kept) > 1 and self.remembered > REMEMBERED:
            gone, text = self._kept.popleft()
            self.remembered -= len(text)
            self._floor = max(self._floor, gone, stamp_of(self._kept[0][1]))


def _split(block: bytes) -> list[bytes]:
    return block[:-1].split(b"\n")


def _seconds(when: datetime) -> bytes:
    return when.strftime("%Y-%m-%dT%H:%M:%S").encode()


def _last_stamped(block: bytes) -> tuple[bytes, bytes]:
    end = len(block) - 1
    while end >= 0:
        begin = block.rfind(b"\n", 0, end) + 1
        line = block[begin:end]
        if stamp := stamp_of(line):
            return stamp, line
        end = begin - 1
    return b"", b""
