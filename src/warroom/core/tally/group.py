"""Error events that say the same, and what is counted of them."""

from collections import Counter
from datetime import datetime
from hashlib import blake2s

from warroom.core.readings import Pattern
from warroom.core.tally.masks import WILD
from warroom.core.tally.stamps import moment
from warroom.core.tally.tree import Template

MINUTES = 30
FIELDS, VALUES, TOLD = 4, 64, 5
EARLY = 3
"""Of the first 2^3 events all values are counted, then of half as many each time the events double."""
SOURCES = 300
EXAMPLE = 8 * 1024


class Group:
    """One pattern: what the event's head says, and what was thrown if it has a trace. It only ever grows."""

    # fmt: off
    __slots__ = (
        "_says", "_told", "count", "due", "example", "first", "gone", "head", "id", "last",
        "newest", "oldest", "revisions", "ring", "sources", "thrown", "values",
    )
    # fmt: on

    def __init__(self, head: Template, thrown: Template | None, taken: set[str]) -> None:
        self.head, self.thrown = head, thrown
        self.id = _free(f"{head.born}\n{thrown.born}" if thrown else head.born, taken)
        self.count = self.due = 0
        """`due`: after so many, values are counted again."""
        self.gone = False
        """It was too rare to be kept."""
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.oldest = self.newest = b""
        """The lines at which it began and was seen last, where nobody else tells the time."""
        self.ring: dict[int, int] = {}
        self.sources: dict[str, int] = {}
        self.revisions: dict[str, int] = {}
        self.values: dict[int, Counter[str]] = {}
        """By their place in the head."""
        self.example = ""
        self._told: Pattern | None = None
        self._says: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.head.text} <- {self.thrown.text}" if self.thrown else self.head.text

    def add(self, number: int, source: str, revision: str) -> None:
        self.count += number
        _count(self.sources, source, number)
        if revision:
            _count(self.revisions, revision, number)

    def seen(self, first: datetime, last: datetime) -> None:
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def happened(self, minute: int, number: int) -> None:
        self.ring[minute] = self.ring.get(minute, 0) + number
        if len(self.ring) > 2 * MINUTES:
            for old in sorted(self.ring)[:-MINUTES]:
                del self.ring[old]

    def wants(self, number: int) -> bool:
        """Whether the values of one of the next so many events are to be counted."""
        return self.due < self.count + number and self.head.open

    def fill(self, words: list[str], before: int) -> None:
        """Counts the values that stand where the template has none, of the event that so many were before, and for some after it."""
        weight = 1 << max(0, before.bit_length() - EARLY)
        self.due = before + weight
        told = self.head.words
        if len(words) not in (len(told), len(told) - 1):  # `5xx` is no word of the message
            return
        places = [place for place, mark in enumerate(told) if WILD in mark and place < len(words)]
        for place in places[:FIELDS]:
            counter = self.values.get(place)
            if counter is None:
                counter = self.values[place] = Counter()
                if before and (was := self.head.was.get(place)):
                    counter[was] = before
            counter[_inside(words[place], told[place])[:80]] += weight
            if len(counter) > VALUES:
                for rare, _ in counter.most_common()[VALUES // 2 :]:
                    del counter[rare]

    def rate(self, minute: int) -> int:
        """Events in the last five minutes."""
        get = self.ring.get
        return get(minute, 0) + get(minute - 1, 0) + get(minute - 2, 0) + get(minute - 3, 0) + get(minute - 4, 0)

    def pattern(self, since: datetime | None, minute: int | None) -> Pattern:
        """The same value as long as it says the same: who shows it needs to draw it once only."""
        says = (self.count, since, minute, self.head.words, self.thrown.words if self.thrown else None)
        if self._told is None or self._says != says:
            self._told, self._says = self._pattern(since, minute), says
        return self._told

    def _pattern(self, since: datetime | None, minute: int | None) -> Pattern:
        first, last = self.first or moment(self.oldest), self.last or moment(self.newest)
        return Pattern(
            id=self.id,
            text=self.text,
            count=self.count,
            minutes=tuple(self.ring.get(minute - back, 0) for back in range(MINUTES - 1, -1, -1))
            if minute is not None and self.ring
            else (),
            first=first,
            last=last,
            sources=_ranked(self.sources),
            revisions=_ranked(self.revisions),
            example=self.example,
            values=tuple(tuple(self.values[place].most_common(TOLD)) for place in sorted(self.values)[:FIELDS]),
            new=since is not None and first is not None and first >= since,
        )


def _free(text: str, taken: set[str]) -> str:
    name = blake2s(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}-{number}", number + 1
    taken.add(unique)
    return unique


def _count(counts: dict[str, int], name: str, number: int) -> None:
    counts[name] = counts.get(name, 0) + number
    if len(counts) > SOURCES:  # pods that came and went over a long time
        del counts[min(counts, key=counts.__getitem__)]


def _ranked(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _inside(word: str, mark: str) -> str:
    """What stands in a word where its template has the mark: `bob` of `user=bob,` by `user=<*>,`."""
    before, _, after = mark.partition(WILD)
    if len(word) > len(before) + len(after) and word.startswith(before) and word.endswith(after):
        return word[len(before) : len(word) - len(after) or None]
    return word
