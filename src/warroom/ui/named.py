"""Lines that say in their first column what they are about."""

from warroom.ui.cells import Line, measure, wrap
from warroom.ui.look import foreign, g

NAMES = 12
"""Cells of that column."""


def named(name: str, line: Line) -> Line:
    return [(f"{name:{NAMES}}", "$soft"), *line]


def wrapped(name: str, text: str, width: int, style: str = "$outside", most: int = 4000, bar: bool = True) -> list[Line]:
    """Words of the cluster stand behind the bar."""
    lead: Line = [(f"{g['bar']} ", "$outside")] if bar else []
    parts = wrap(foreign(text, most), max(10, width - NAMES - measure(lead)))
    return [named(name if n == 0 else "", [*lead, (part, style)]) for n, part in enumerate(parts)]
