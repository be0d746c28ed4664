"""The groups of events, and the counts that are booked on them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import nsmallest
from math import inf

from warroom.core.readings import Pattern
from warroom.core.tally.entry import GROUP, Entry
from warroom.core.tally.events import Events
from warroom.core.tally.group import EXAMPLE, Group
from warroom.core.tally.kinds import Kinds
from warroom.core.tally.stamps import is_kubelet, without_kubelet
from warroom.core.tally.stream import Stream
from warroom.core.tally.tree import Template

HEAD = 200
"""Bytes of a line in which its time stands."""
FORGOTTEN = 8
"""The part of all groups that is forgotten at once: so that no call takes long, and little is lost."""
Pair = tuple[Template, Template | None]


class Ledger:
    """`most`: groups; the rarest of more are forgotten. `of`: the kubelet's stamps as the clock's time."""

    def __init__(self, kinds: Kinds, most: int, of: Callable[[datetime], datetime]) -> None:
        self.events = 0
        self.not_folded = 0
        self._kinds = kinds
        self._most = most
        self._of = of
        self._groups: dict[Pair, Group] = {}
        self._ids: set[str] = set()

    def book(self, stream: Stream, events: Events, at: datetime | None) -> list[Group | None]:
        """Counts events of the lines just walked; their groups, None where the budget left none."""
        found = self._found(events)
        heads = [stream.head(events, 0), *map(events.lines.__getitem__, events.starts[1:])]
        numbers = Counter(found)
        lasts = dict(zip(found, heads, strict=True))
        timed = at is not None or any(map(is_kubelet, (heads[0], heads[-1])))
        self._sample(found, events, heads, numbers)
        for group, number in numbers.items():
            if group is None or group.gone:
                self.not_folded += number
                continue
            if not group.count:
                place = found.index(group)
                group.example, group.oldest = _example(stream.whole_event(events, place)), heads[place][:HEAD]
            group.add(number, stream.source.name, stream.source.revision)
            if timed:
                self._date(group, heads[found.index(group)] if group.first is None else lasts[group], lasts[group], at)
            else:
                group.newest = lasts[group][:HEAD]
        if timed:
            for group, minute, number in self._minutes(found, heads, numbers, at):
                group.happened(minute, number)
        self.events += len(found)
        return found

    def _found(self, events: Events) -> list[Group | None]:
        """The group of each."""
        heads, starts = events.heads, events.starts
        found = list(map(GROUP, heads))
        for start, thrown in events.thrown.items():
            place = bisect_left(starts, start)
            if place < len(starts) and starts[place] == start:
                found[place] = self._group(heads[place], thrown)
        if None in found:
            thrown_at = events.thrown
            for place, group in enumerate(found):
                if group is None and starts[place] not in thrown_at:
                    found[place] = self._group(heads[place], None)
        return found

    def patterns(self, since: datetime | None, now: datetime | None, top: int) -> tuple[Pattern, ...]:
        """The worst by rate, then by count."""
        minute = minute_of(now) if now else None
        ranked = nsmallest(top, self._groups.values(), key=lambda group: (-group.rate(minute) if minute else 0, -group.count, group.id))
        return tuple(group.pattern(since, minute) for group in ranked)

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
        """The rarest make room, of equals those that are here longest; last those of events that are being counted."""
        rare = sorted(self._groups.items(), key=lambda one: one[1].count or inf)[: max(1, self._most // FORGOTTEN)]
        dropped = {template for pair, _ in rare for template in pair if template}
        for pair, group in rare:
            self.not_folded += group.count
            group.gone = True
            del self._groups[pair]
            self._ids.discard(group.id)
        for pair in self._groups:
            dropped.difference_update(pair)
        self._kinds.drop(dropped)

    def _date(self, group: Group, first: bytes, last: bytes, at: datetime | None) -> None:
        since, until = self._moment(first, at), self._moment(last, at)
        if since and until:
            group.seen(since, until)

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

    def _sample(self, found: list[Group | None], events: Events, heads: list[bytes], numbers: Counter[Group | None]) -> None:
        """Counts values, before the events are: of ever fewer, so that the cost of looking at them fades."""
        passed = {group: group.count for group, number in numbers.items() if group and group.wants(number)}
        if not passed:
            return
        for place, group in enumerate(found):
            if group in passed:
                passed[group] = before = passed[group] + 1
                if before > group.due:
                    group.fill(self._kinds.words(events.heads[place], heads[place], len(group.head.words)), before - 1)


def _example(lines: list[bytes]) -> str:
    """The event as it was written."""
    return b"\n".join(map(without_kubelet, lines))[:EXAMPLE].decode("utf-8", "replace").rstrip()


def minute_of(at: datetime) -> int:
    return int(at.timestamp() // 60)
