"""The runbook was written anew while an incident is open: what of it is another, and what that does to the ticks."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff

import msgspec

from warroom.core.entries import RunbookText
from warroom.runbook.model import Item, Runbook

SAME_SECTION, ELSEWHERE = 0.5, 0.75
"""How alike two wordings must be to be one item, of 1: within its section, and in another one."""
MOST_LINES = 20_000
"""Longer texts are not compared line by line: that could take minutes."""
MOST_TOLD = 400


class Written(msgspec.Struct, frozen=True):
    """The file as it is now, where that is not the runbook that holds."""

    text: RunbookText
    moved: tuple[tuple[str, str], ...] = ()
    """Of each item that is worded anew: its id before and now."""
    gone: tuple[str, ...] = ()
    """Ids of the items that no list has any more."""
    difference: tuple[str, ...] = ()
    """Lines of a unified diff."""
    added: int = 0
    removed: int = 0


def written(text: RunbookText, before: Runbook, after: Runbook, was: str) -> Written:
    """`was` is the text of `before`."""
    moved = reworded(before, after)
    kept = {item.id for item in after.items()}
    gone = tuple(dict.fromkeys(item.id for item in before.items() if item.id not in kept and item.id not in moved))
    lines = list(_difference(was, text.text))
    added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    return Written(text, tuple(moved.items()), gone, tuple(lines[:MOST_TOLD]), added, removed)


def reworded(before: Runbook, after: Runbook) -> dict[str, str]:
    """From the ids that are gone to those that are new, by how alike their words are; each at most once, the likest first."""
    old, new = _only(before, after), _only(after, before)
    pairs = sorted(_alike(old, new), key=lambda pair: (-pair[0], pair[1].line, pair[2].line))
    found = dict[str, str]()
    taken = set[str]()
    for _, was, now in pairs:
        if was.id not in found and now.id not in taken:
            found[was.id] = now.id
            taken.add(now.id)
    return found


def _only(these: Runbook, those: Runbook) -> list[Item]:
    known = {item.id for item in those.items()}
    return list({item.id: item for item in these.items() if item.id not in known}.values())


def _alike(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[float, Item, Item]]:
    for now in new:
        matcher = SequenceMatcher(None, "", now.text.casefold(), autojunk=False)
        for was in old:
            least = SAME_SECTION if _section(was) == _section(now) else ELSEWHERE
            matcher.set_seq1(was.text.casefold())
            if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and (alike := matcher.ratio()) >= least:
                yield alike, was, now


def _section(item: Item) -> str:
    return item.id.partition(".")[0]


def _difference(before: str, after: str) -> Iterator[str]:
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        yield f"  {len(old)} lines before, {len(new)} now: too many to compare here"
        return
    yield from unified_diff(old, new, "what holds", "the file now", lineterm="", n=1)
