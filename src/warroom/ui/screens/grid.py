"""How many rows each pane of the cluster's half gets, so that none stands empty while another scrolls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEAD = 2
"""The ruled line and the names of the columns."""
ROOMY = 50
"""From so many rows on there is room for more than the four panes that have a key."""
STEP = 3
"""A need that changes by less moves nothing: panes must not jump while pods come and go."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A pane that wants `need` rows, and is left out rather than have fewer than `least`."""

    name: str
    least: int
    need: int
    weight: int = 1


def share(rows: int, wishes: Sequence[Wish]) -> dict[str, int]:
    """All rows, given out: first what each needs at least, by rank; then to whoever is short; the rest to the last one shown.

    0 rows: the pane is left out.
    """
    given, room = dict.fromkeys((wish.name for wish in wishes), 0), rows
    for wish in wishes:
        if room >= wish.least:
            given[wish.name] = wish.least
            room -= wish.least
    shown = [wish for wish in wishes if given[wish.name]]
    while room:
        short = [wish for wish in shown if given[wish.name] < wish.need]
        if not short:
            break
        for wish in short:
            for _ in range(wish.weight):
                if room and given[wish.name] < wish.need:
                    given[wish.name] += 1
                    room -= 1
    if shown and room:
        given[shown[-1].name] += room
    return given


ALL = ("metrics", "pods", "errors", "events", "changes", "peek")
TABLES = ALL[:-1]


def cluster(size: str, rows: int, needs: Mapping[str, int], current: str) -> dict[str, int]:
    """The heights of the panes of the cluster's half in a layout of that name, of `rows` rows."""

    def wish(name: str, least: int, most: int = 10_000, weight: int = 1) -> Wish:
        return Wish(name, least, min(needs.get(name, least), most), weight)

    none = dict.fromkeys(ALL, 0)
    if size == "-single":
        if current not in TABLES:
            return none
        least = min(rows, 15 if current == "pods" else 12)
        return none | share(rows, (wish(current, least, weight=3), wish("peek", 3)))
    if size == "-ultra":
        left = (wish("pods", 12, weight=3), wish("metrics", 5, 13), wish("peek", 8))
        return none | share(rows, left) | share(rows, (wish("errors", 8, 22, 2), wish("changes", 6), wish("events", 10)))
    wide = size == "-wide"
    changes, peek = wish("changes", 4, 9 if wide else 7), wish("peek", 6, 12)
    more = (changes, *((peek,) if wide else ())) if rows >= ROOMY else (changes,) if current == "changes" else ()
    least = 5 + wide
    keyed = (
        wish("pods", least + 2, weight=3),
        wish("metrics", least, 13, 2),
        wish("errors", least, 14, 2),
        wish("events", least, weight=2),
    )
    wishes = (*more, *keyed) if current == "changes" else (*keyed, *more)
    given = share(rows, wishes)
    if current in given and not given[current]:  # the pane that one is in is never left out
        given = share(rows, sorted(wishes, key=lambda one: one.name != current))
    return none | given


def differs(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    """Whether the needs have become others by enough to move panes."""
    return before.keys() != after.keys() or any(abs(before[name] - need) >= STEP for name, need in after.items())
