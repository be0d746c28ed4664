"""A document that was exported, edited by people, and is exported again: both remain."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import msgspec
from merge3 import Merge3

from warroom.reports.postmortem import SOURCE, TO_WRITE, counted

YOURS, ANEW, END = "<!-- Conflict: as it was edited -->", "<!-- Conflict: as it is written anew -->", "<!-- Conflict ends -->"
CELL = "**Conflict, written anew:** "
"""In a row of a table, where a comment would end the table."""


class Rewritten(msgspec.Struct, frozen=True):
    """`conflicts` counts the places where an edit and news meet: both stand there, marked."""

    text: str
    conflicts: int = 0


def rewritten(base: str, hand: str, new: str) -> Rewritten:
    """`base` is what was exported last, `hand` what people made of it, `new` what would be exported now.

    No line of both is lost, but for questions that were answered.
    """
    if hand == base:
        return Rewritten(new)
    base, hand = _of_now(base, hand, new)
    lines = [text.split("\n") for text in (base, hand, new)]
    merged = list(_merged(*lines))
    return Rewritten(counted("\n".join(merged)), sum(line == YOURS or CELL in line for line in merged))


def _of_now(base: str, hand: str, new: str) -> tuple[str, str]:
    """What the console alone writes, the first line and the source, is no matter of a merge: an unedited one becomes the new one."""
    for pattern in (re.compile(r"\A<!--.*?-->"), SOURCE):
        was, now = pattern.search(base), pattern.search(new)
        if was and now:
            hand = hand.replace(was[0], now[0], 1)
            base = base.replace(was[0], now[0], 1)
    return base, hand


def _merged(base: list[str], hand: list[str], new: list[str]) -> Iterator[str]:
    for region in Merge3(base, hand, new).merge_regions():
        match region:
            case ("unchanged", int(start), int(end)):
                yield from base[start:end]
            case ("same" | "a", int(start), int(end)):
                yield from hand[start:end]
            case ("b", int(start), int(end)):
                yield from new[start:end]
            case ("conflict", *ends):
                zs, ze, hs, he, ns, ne = (end or 0 for end in ends)
                yield from _line_by_line(base[zs:ze], hand[hs:he], new[ns:ne])


class _Fate(msgspec.Struct):
    """What became of one line: `before` is what was put before it; `now` None: it stands."""

    before: list[str]
    now: list[str] | None = None


def _line_by_line(base: list[str], hand: list[str], new: list[str]) -> Iterator[str]:
    """Edits of neighbouring lines are no conflict: only where both changed one line do they meet."""
    for n, (edited, written) in enumerate(zip(_fates(base, hand), _fates(base, new), strict=True)):
        yield from edited.before
        if written.before != edited.before:
            yield from written.before
        if n < len(base):
            yield from _one(base[n], edited.now, written.now)


def _one(line: str, edited: list[str] | None, written: list[str] | None) -> Iterator[str]:
    if edited is None and written is None:
        yield line
    elif edited is None or written is None or edited == written:
        yield from (written if edited is None else edited) or ()
    elif edited and written and all(TO_WRITE in asked for asked in written):
        yield from edited  # a question that somebody answered is not asked again, however it is worded by now
    else:
        yield from _both(edited, written)


def _both(edited: list[str], written: list[str]) -> Iterator[str]:
    """Both, told apart by a mark."""
    if all(line.lstrip().startswith("|") for line in (*edited, *written)):
        yield from edited
        yield from (_marked(row) for row in written)
        return
    yield from (YOURS, *edited, ANEW, *written, END)


def _marked(row: str) -> str:
    """The mark stands in the second cell, behind the time."""
    cut = [found.start() for found in re.finditer(r"(?<!\\)\|", row)]
    at = (cut[1] if len(cut) > 2 else cut[0]) + 1
    return f"{row[:at]} {CELL}{row[at:].lstrip()}"


def _fates(base: list[str], changed: list[str]) -> list[_Fate]:
    """One for each line of the base, and one for its end."""
    fates = [_Fate([]) for _ in range(len(base) + 1)]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, base, changed, autojunk=False).get_opcodes():
        if tag == "insert":
            fates[i1].before += changed[j1:j2]
        elif tag == "delete":
            for fate in fates[i1:i2]:
                fate.now = []
        elif tag == "replace":  # line by line, as far as both go; what is more goes with the last
            for n, fate in enumerate(fates[i1:i2]):
                last = i1 + n == i2 - 1
                fate.now = changed[j1 + n : j2] if last else changed[j1 + n : min(j1 + n + 1, j2)]
    return fates
