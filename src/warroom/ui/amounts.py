"""Figures as panes show them: the number apart from its unit, and what the runbook says of it."""

import re

from warroom.core.checks import Check
from warroom.core.figures import spelled
from warroom.core.readings import Series
from warroom.core.series import against_normal
from warroom.runbook.measures import Threshold
from warroom.ui.look import foreign
from warroom.ui.words import lasted, minus

FIGURE = re.compile(r"(-?[\d.,]+)\s?(.*)", re.DOTALL)
WORTH_TELLING = 1.2
"""Times normal from which on that is told."""


def title_of(figure: Series | Check) -> str:
    if isinstance(figure, Series):
        return figure.title or figure.id
    return "public" if figure.public else figure.endpoint


def parted(value: float, unit: str) -> tuple[str, str]:
    """`14.2` and `%`."""
    found = FIGURE.fullmatch(spelled(value, unit))
    return (found[1].replace("-", minus()), found[2]) if found else (spelled(value, unit), "")


def bound_words(series: Series, threshold: Threshold | None) -> str:
    """`> 10 % is P2`; of what only declares `> 500 ms for 5 min declares`; where nothing is said, what is normal."""
    low = threshold.measure.low if threshold else None
    if threshold is None or low is None:
        return f"normal {spelled(series.baseline, series.unit)}" if series.baseline is not None else ""
    sign = "from" if low.inclusive else ">"
    figure = spelled(low.value, threshold.measure.unit or series.unit)
    if threshold.rank:
        return f"{sign} {figure} is {foreign(threshold.level, 20)}"
    hold = threshold.measure.hold_seconds
    return f"{sign} {figure}{f' for {lasted(hold)}' if hold else ''} declares"


def times_normal(series: Series) -> str:
    """`6.1x`, or empty where it is as always or nobody knows."""
    factor = against_normal(series)
    return spelled(factor, "x") if factor is not None and factor >= WORTH_TELLING else ""


def per_cent(share: float) -> str:
    """Whole ones; what is not all is never told as all, and what is not nothing never as nothing."""
    rounded = round(share * 100)
    if 0 < share < 0.005:
        return "<1 %"
    return f"{min(rounded, 99) if share < 1 else rounded} %"
