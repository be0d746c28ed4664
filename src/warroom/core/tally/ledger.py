"""The groups of events, and the counts that are booked on them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

from warroom.core.readings import Pattern
from warroom.core.tally.group import EXAMPLE, Group
from warroom.core.tally.kinds import Kinds
from warroom.core.tally.stamps import is_kubelet, without_kubelet
from warroom.core.tally.stream import Event, Stream
from warroom.core.tally.tree import Template

SHOWN = 200
SAMPLED = ((0, 64, 1), (64, 1024, 16), (1024, 1 << 62, 256))
Pair = tuple[Template, Template | None]


class Ledger:
    """`most`: groups; the rarer half of more is forgotten. `of`: the kubelet's stamps as the clock's time."""

    def __init__(self, kinds: Kinds, most: int, of: Callable[[datetime], datetime]) -> None:
        self.events = 0
        self.not_folded = 0
        self._kinds = kinds
        self._most = most
        self._of = of
        self._groups: dict[Pair, Group] = {}
        self._ids: set[str] = set()

    def book(self, stream: Stream, events: list[Event], lines: list[bytes], at: datetime | None) -> list[Group | None]:
        """Counts events of the lines just walked; their groups, None where the budget left none."""
        found = [self._group(event) for event in events]
        self.events += len(events)
        heads = [lines[event.start] if event.start >= 0 else stream.carried[0] for event in events]
        lasts = dict(zip(found, heads, strict=True))
        firsts = dict(zip(reversed(found), reversed(heads), strict=True))
        for group, number in Counter(found).items():
            if group is None:
                self.not_folded += number
                continue
            for ordinal, weight in samples(group.count, number) if group.head.open else ():
                index = next(islice((index for index, one in enumerate(found) if one is group), ordinal, None))
                group.fill(self._kinds.message(heads[index]), weight)
            group.add(number, stream.source.name, stream.source.revision)
            self._date(group, firsts[group], lasts[group], at)
            if not group.example:
                group.example = _example(stream, events[found.index(group)], lines)
        for group, minute, number in self._minutes(found, heads, at):
            group.happened(minute, number)
        return found

    def patterns(self, since: datetime | None, now: datetime | None) -> tuple[Pattern, ...]:
        """The worst by rate, then by count."""
        minute = minute_of(now) if now else None
        ranked = sorted(self._groups.values(), key=lambda group: (-group.rate(minute) if minute else 0, -group.count, group.id))
        return tuple(group.pattern(since, minute) for group in ranked[:SHOWN])

    def _group(self, event: Event) -> Group | None:
        head, thrown = event.head, event.thrown
        if head.template is None:
            return None
        if thrown is None and head.group is not None and not head.group.gone:
            return head.group
        pair = head.template, thrown.template if thrown else None
        group = self._groups.get(pair)
        if group is None:
            if len(self._groups) >= self._most:
                self._forget()
            group = self._groups[pair] = Group(*pair, self._ids)
        if pair[1] is None:
            head.group = group
        return group

    def _forget(self) -> None:
        """The rarer half makes room."""
        ranked = sorted(self._groups.items(), key=lambda one: one[1].count, reverse=True)
        for _, group in ranked[self._most // 2 :]:
            self.not_folded += group.count
            group.gone = True
        self._groups = dict(ranked[: self._most // 2])
        self._ids = {group.id for group in self._groups.values()}
        self._kinds.tree.keep({template for pair in self._groups for template in pair if template})
        self._kinds.forget()

    def _date(self, group: Group, first: bytes, last: bytes, at: datetime | None) -> None:
        since, until = self._moment(first, at), self._moment(last, at)
        if since and until:
            group.seen(since, until)
        else:
            group.oldest = group.oldest or first[:200]
            group.newest = last[:200]

    def _moment(self, line: bytes, at: datetime | None) -> datetime | None:
        if not is_kubelet(line):
            return at
        try:
            return self._of(datetime.fromisoformat(line[:30].decode()))
        except ValueError:
            return at

    def _minutes(self, found: list[Group | None], heads: list[bytes], at: datetime | None) -> Iterable[tuple[Group, int, int]]:
        """Group, minute and how many."""
        stamped = is_kubelet(heads[0])
        for (group, start), number in Counter(zip(found, (line[:16] if stamped else b"" for line in heads), strict=True)).items():
            moment = self._moment(start + b":00.000000000Z ", at) if stamped else at
            if group is not None and moment is not None:
                yield group, minute_of(moment), number


def samples(before: int, number: int) -> Iterator[tuple[int, int]]:
    """Which of the next events stand for how many in the counts of values: the first ones each for itself, later fewer for more."""
    for lower, upper, weight in SAMPLED:
        start = max(before, lower)
        for ordinal in range(start + -start % weight, min(before + number, upper), weight):
            yield ordinal - before, weight


def _example(stream: Stream, event: Event, lines: list[bytes]) -> str:
    """The event as it was written, from before these lines too."""
    whole = lines[max(event.start, 0) : event.end]
    if event.start < 0:
        whole = stream.carried + whole
    return b"\n".join(map(without_kubelet, whole[:100]))[:EXAMPLE].decode("utf-8", "replace").rstrip()


def minute_of(at: datetime) -> int:
    return int(at.timestamp() // 60)
