"""Which of the lines just come begin an event, which belong to it, and what was thrown."""

import re
from collections import defaultdict
from itertools import compress

from warroom.core.tally import letters
from warroom.core.tally.entry import LETTER, Entry
from warroom.core.tally.events import CARRIED, Events
from warroom.core.tally.stamps import is_kubelet, nanoseconds

CLOSE = 5_000_000
"""Nanoseconds within which a program writes what belongs together."""
DAY = 86_400 * 10**9
_JOINS = re.compile(b"[TXLB]")
_FIRST = re.compile(b"[ C]*.")
_NO_MORE = bytes.maketrans(bytes([letters.MORE]), bytes([letters.FOLLOWS]))
_ASKED = bytes(code == letters.ASKS for code in range(256))
_ANSWERED = bytes.maketrans(bytes([letters.ASKS]), bytes([letters.NOTHING]))
_FLAGS = bytes(code == letters.BEGINS for code in range(256))


class Open:
    """The event that the next line may belong to. `letters`: its own, as few as tell how it goes on. `stamp`: of the line before."""

    __slots__ = ("head", "letters", "stamp", "thrown")

    def __init__(self) -> None:
        self.head: Entry | None = None
        self.thrown: Entry | None = None
        self.letters = b""
        self.stamp: int | None = None

    def close(self) -> None:
        self.head, self.thrown, self.letters = None, None, b""


def walk(before: Open, lines: list[bytes], entries: list[Entry], *, every: bool) -> Events:
    """The events that begin in these lines, after the one that was open before; the one that is open behind them stays there."""
    text, shift = before.letters + _said(before, lines, entries, every), len(before.letters)
    marks, told = _joined(text, every)
    ours = marks[shift:]
    flags = ours.translate(_FLAGS)
    starts, heads = list(compress(range(len(ours)), flags)), list(compress(entries, flags))
    if before.head is not None:
        starts.insert(0, CARRIED)
        heads.insert(0, before.head)
    thrown = {}
    for start, at in told.items():
        entry = entries[at - shift] if at >= shift else before.thrown
        if entry is not None:
            thrown[start - shift if start >= shift else CARRIED] = entry
    last = len(marks.rstrip(b" ")) - 1
    before.close()
    over = len(heads)
    if marks[last] == letters.BEGINS:
        over -= 1
        before.head, before.thrown = heads[-1], thrown.get(starts[-1])
        before.letters = _short(text[last:], told[last] - last if last in told else None)
    before.stamp = _stamp(lines[-1])
    return Events(heads, starts, thrown, lines, ours, over)


def _said(before: Open, lines: list[bytes], entries: list[Entry], every: bool) -> bytes:
    """A letter for each line."""
    said = bytearray(map(LETTER, entries))
    if letters.ASKS in said:
        _ask(said, lines, entries)
    if every:
        _begin_with_more(said, before)
    _time(said, lines, before.stamp)
    return bytes(said)


def _joined(text: bytes, every: bool) -> tuple[bytearray, dict[int, int]]:
    """Marks as events have them, and by their beginnings: where it is said what was thrown."""
    marks, told = bytearray(text), {}
    for found in (letters.EVERY if every else letters.JOINED).finditer(text):
        start, end = found.span()
        marks[start + 1 : end] = b" " * (end - start - 1)
        if found.lastindex:
            told[start] = found.start(found.lastindex)
    return marks.translate(letters.BEGUN_EVERY if every else letters.BEGUN), told


def _short(event: bytes, told: int | None) -> bytes:
    """As few letters as tell how an event goes on. `told`: where it is said what was thrown."""
    begins = event[:1]
    head = begins if begins in b"EP" else b"T" if begins in b"Tt" else b"X"
    if told is None:
        return head + b"T" if head in b"EX" and b"T" in event[1:] else head
    rest = event[told + 1 :]
    return {b"E": b"EX", b"T": b"TX"}.get(head, b"XTX") + (b"CT" if b"T" in rest else b"C" if b"C" in rest else b"")


def _ask(said: bytearray, lines: list[bytes], entries: list[Entry]) -> None:
    """What numbers decide, of all lines that one pattern is asked of at once."""
    asked: dict[re.Pattern[bytes] | None, list[int]] = defaultdict(list)
    for place in compress(range(len(said)), said.translate(_ASKED)):
        asked[entries[place].check].append(place)
    said[:] = said.translate(_ANSWERED)
    for check, places in asked.items():
        assert check is not None
        text, at, number = b"\n".join([lines[place] for place in places]), 0, 0
        for found in check.finditer(text):
            number += text.count(b"\n", at, found.start())
            at = found.start()
            said[places[number]] = letters.ERROR


def _begin_with_more(said: bytearray, before: Open) -> None:
    """Where all events count, what would belong to another line begins one if there is none."""
    if before.head is None and (first := _FIRST.match(said)) and said[first.end() - 1] == letters.MORE:
        said[first.end() - 1] = letters.LOOSE
    said[:] = said.translate(_NO_MORE)


def _time(said: bytearray, lines: list[bytes], before: int | None) -> None:
    """Only what was written at once belongs together, where the kubelet says when."""
    for found in _JOINS.finditer(bytes(said)):
        place = found.start()
        if is_kubelet(line := lines[place]):
            stamp = _stamp(lines[place - 1]) if place else before
            if stamp is not None:
                near = (nanoseconds(line) - stamp) % DAY <= CLOSE
                said[place] = (letters.NEAR if near else letters.FAR)[said[place]]


def _stamp(line: bytes) -> int | None:
    return nanoseconds(line) if is_kubelet(line) else None
