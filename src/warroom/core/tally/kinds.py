"""The kinds of lines: looked at once each, and known by their keys from then on."""

import re
from collections.abc import Callable
from hashlib import blake2b

from warroom.core.tally.entry import FOLLOWS, QUIET, Entry, Memory
from warroom.core.tally.heads import head
from warroom.core.tally.keys import LONG, keys, rough
from warroom.core.tally.looks import look
from warroom.core.tally.masks import masked, united
from warroom.core.tally.roles import Look, Role
from warroom.core.tally.stamps import without_kubelet
from warroom.core.tally.tree import Template, Tree

REMEMBERED = 4096
# Control sequences of a terminal: they end within their line, complete or not.
_ANSI = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[@-Z\\^_])?")
LOOKS = 4
"""Looking at a line costs about so much less than folding it."""


class Kinds:
    """`every`: no line is quiet. `budget`: how many messages may be folded until `renew`; None: all."""

    def __init__(self, every: bool, budget: int | None) -> None:
        self.every = every
        self.dropped = 0
        """Lines that were not looked at."""
        self.tree = Tree()
        self._memory = Memory(REMEMBERED)
        self._budget = budget
        self._folds = self._looks = 0

    def renew(self) -> None:
        self._folds = self._looks = 0

    def of(self, body: bytes, lines: list[bytes]) -> list[Entry]:
        """An entry per line. Most are known by their rough keys, which cost a fraction of the true ones."""
        known = list(map(self._memory.young.get, rough(body)))
        if None not in known:
            return known  # type: ignore[return-value]
        places = [place for place, entry in enumerate(known) if entry is None]
        left = [lines[place] for place in places]
        true = keys(b"\n".join(left))
        for place, line, key, entry in zip(places, left, true, map(self._memory.young.get, true), strict=True):
            known[place] = entry or self._entry(key, line)
        return known  # type: ignore[return-value]

    @property
    def spent(self) -> bool:
        return self._budget is not None and self._folds >= self._budget

    def fold(self, entry: Entry, widens: Callable[[], None]) -> None:
        """Gives an entry its template. `widens` is called before one that was there changes."""
        self._folds += 1
        entry.template = self.tree.fold(entry.told or masked(entry.message), widens)

    def words(self, entry: Entry, line: bytes, number: int) -> list[str]:
        """The message of a line of this kind, which has so many words, with its values; none once the budget is spent."""
        if not self._may_look():
            return []
        return united(self._look(line).message).split() if entry.fields else united(clean(line)).split()[-number:]

    def drop(self, templates: set[Template]) -> None:
        """Forgets them; lines of their kinds are folded anew."""
        self.tree.drop(templates)
        for entry in self._memory.entries():
            if entry.template in templates:
                entry.template = entry.group = None

    def _may_look(self) -> bool:
        self._looks += 1
        return self._budget is None or self._looks <= self._budget * LOOKS

    def _entry(self, key: bytes, line: bytes) -> Entry:
        if len(key) > LONG:
            key = blake2b(key, digest_size=16).digest()
        if known := self._memory.get(key):
            return known
        if not self._may_look():
            self.dropped += 1
            return QUIET
        seen = self._look(line)
        if seen.role is Role.MORE and not (self.every and seen.message):
            entry = FOLLOWS
        elif seen.role is Role.PLAIN and not self.every:
            entry = QUIET
        else:
            entry = Entry(seen.role, seen.message, seen.check, seen.told, seen.fields)
        self._memory.put(key, entry)
        return entry

    def _look(self, line: bytes) -> Look:
        text = clean(line)
        seen = look(text)
        if self.every and seen.check is not None:  # an error or not: it is the same event
            return Look(Role.PLAIN, text[head(text).end :])
        return seen


def clean(line: bytes) -> str:
    """Without the kubelet's stamp, colours, NUL and CR."""
    return _ANSI.sub(b"", without_kubelet(line)).translate(None, b"\x00\r").decode("utf-8", "replace")
