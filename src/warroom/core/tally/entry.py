"""What is remembered of all lines with one key."""

import re
from collections.abc import Callable, Iterator
from operator import attrgetter

from warroom.core.tally import letters
from warroom.core.tally.group import Group
from warroom.core.tally.roles import Role
from warroom.core.tally.tree import Template

_LETTERS = {
    Role.PLAIN: letters.PLAIN,
    Role.ERROR: letters.ERROR,
    Role.TRACE: letters.TRACE,
    Role.THROWN: letters.THROWN,
    Role.MORE: letters.MORE,
    Role.LOOSE: letters.LOOSE,
    Role.CHAINED: letters.CHAINED,
    Role.BARE: letters.BARE,
}


class Entry:
    """A kind of line. `template` and `group` are there as soon as an event of it was counted."""

    __slots__ = ("check", "fields", "group", "letter", "message", "role", "template", "told")

    def __init__(self, role: Role, message: str = "", check: re.Pattern[bytes] | None = None, told: str = "", fields: bool = False) -> None:
        self.role = role
        self.message = message
        self.check = check
        self.told = told
        self.fields = fields
        self.letter = _LETTERS[role] if check is None else letters.ASKS
        self.template: Template | None = None
        self.group: Group | None = None


LETTER: Callable[[Entry], int] = attrgetter("letter")
TEMPLATE: Callable[[Entry], Template | None] = attrgetter("template")
GROUP: Callable[[Entry], Group | None] = attrgetter("group")
QUIET = Entry(Role.PLAIN)
"""All lines that begin an event which nobody wants counted."""
QUIET.letter = letters.NOTHING
FOLLOWS = Entry(Role.MORE)
"""All lines that belong to the event above them, and are nothing by themselves."""
FOLLOWS.letter = letters.FOLLOWS


class Memory:
    """Entries by key: the latest few thousand, however many kinds of lines come by."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.young: dict[bytes, Entry] = {}
        self._old: dict[bytes, Entry] = {}

    def get(self, key: bytes) -> Entry | None:
        """Also of those that were not asked for lately."""
        found = self.young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: bytes, entry: Entry) -> None:
        if len(self.young) >= self._most:
            self._old, self.young = self.young, {}
        self.young[key] = entry

    def entries(self) -> Iterator[Entry]:
        yield from self.young.values()
        yield from self._old.values()
