"""The groups of events, and the counts that are booked on them."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from warroom.core.readings import Pattern
from warroom.core.tally.entry import Entry
from warroom.core.tally.group import EXAMPLE, Group
from warroom.core.tally.kinds import Kinds
from warroom.core.tally.stamps import is_kubelet, without_kubelet
from warroom.core.tally.stream import Event, Stream
from warroom.core.tally.tree import Template

FIRST = 8
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
        found = [head.group if thrown is None and head.group else self._group(head, thrown) for head, thrown, _, _ in events]
        heads = [lines[start] if start >= 0 else stream.carried[0] for _, _, start, _ in events]
        numbers = Counter(found)
        self.not_folded += sum(number for group, number in numbers.items() if group is None or group.gone)
        lasts = dict(zip(found, heads, strict=True))
        self._sample(found, events, heads, numbers)
        for group, number in numbers.items():
            if group is None or group.gone:
                continue
            group.add(number, stream.source.name, stream.source.revision)
            self._date(group, lasts[group] if group.last or group.newest else heads[found.index(group)], lasts[group], at)
            if not group.example:
                group.example = _example(stream, events[found.index(group)], lines)
        for group, minute, number in self._minutes(found, heads, numbers, at):
            group.happened(minute, number)
        self.events += len(events)
        return found

    def patterns(self, since: datetime | None, now: datetime | None, top: int) -> tuple[Pattern, ...]:
        """The worst by rate, then by count."""
        minute = minute_of(now) if now else None
        ranked = sorted(self._groups.values(), key=lambda group: (-group.rate(minute) if minute else 0, -group.count, group.id))
        return tuple(group.pattern(since, minute) for group in ranked[:top])

    def _group(self, head: Entry, thrown: Entry | None) -> Group | None:
        if head.template is None:
            return None
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

    def _minutes(
        self, found: list[Group | None], heads: list[bytes], numbers: Counter[Group | None], at: datetime | None
    ) -> Iterator[tuple[Group, int, int]]:
        """Group, minute and how many."""
        first, last = self._moment(heads[0], at), self._moment(heads[-1], at)
        if first is None or last is None:
            return
        if minute_of(first) == minute_of(last):
            counts = {(group, first): number for group, number in numbers.items()}
        else:
            starts = (self._moment(line[:16] + b":00.000000000Z ", at) or first for line in heads)
            counts = Counter(zip(found, starts, strict=True))
        for (group, start), number in counts.items():
            if group is not None:
                yield group, minute_of(start), number

    def _sample(self, found: list[Group | None], events: list[Event], heads: list[bytes], numbers: Counter[Group | None]) -> None:
        """Counts values: of a group's first events each, later of fewer events for more, whichever group they are of."""
        for group in numbers:
            if group is not None and group.count < FIRST and group.head.open:
                places = [index for index, one in enumerate(found) if one is group]
                for index in places[: FIRST - group.count]:
                    group.fill(self._kinds.words(events[index][0], heads[index], len(group.head.words)), 1)
        for index, weight in samples(self.events, len(found)):
            if (group := found[index]) and group.head.open and group.count >= FIRST:
                group.fill(self._kinds.words(events[index][0], heads[index], len(group.head.words)), weight)


def samples(before: int, number: int) -> Iterator[tuple[int, int]]:
    """Which of the next events stand for how many: ever fewer, so that the cost of looking at them fades."""
    at = before
    while at < before + number:
        weight = 1 << max(2, (at >> 8).bit_length())
        at += -at % weight
        if at < before + number:
            yield at - before, weight
        at += 1


def _example(stream: Stream, event: Event, lines: list[bytes]) -> str:
    """The event as it was written, from before these lines too."""
    _, _, start, end = event
    whole = lines[start:end] if start >= 0 else stream.carried + lines[:end]
    return b"\n".join(map(without_kubelet, whole[:100]))[:EXAMPLE].decode("utf-8", "replace").rstrip()


def minute_of(at: datetime) -> int:
    return int(at.timestamp() // 60)
