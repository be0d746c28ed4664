"""The figures that stand in the header: how much fails, and how slow it is."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from warroom.core.figures import spelled
from warroom.core.ranges import reached
from warroom.core.readings import Series, World
from warroom.runbook.measures import Threshold, thresholds
from warroom.runbook.model import Runbook
from warroom.ui.amounts import times_normal
from warroom.ui.cells import Line, joined, measure
from warroom.ui.look import foreign

SHOWN = (("errors", "errors"), ("p95", "P95"))
NORMAL = " normal"


class Vitals:
    """Reads the runbook's thresholds once for each runbook."""

    def __init__(self) -> None:
        self._read: tuple[Runbook | None, dict[str, Sequence[Threshold]]] = (None, {})

    def lines(self, world: World, runbook: Runbook, now: datetime | None) -> Iterator[Line]:
        """`errors 14.2 %`, `P95 6.1x normal`; the latter in its own unit where nobody knows what is normal."""
        old = now is None or world.metrics.state(now) != "live"
        for id, name in SHOWN:
            series = next((one for one in world.metrics.value if one.id == id), None)
            if series is not None:
                yield [(f"{name} ", "$soft"), *self._told(series, runbook, old)]

    def _told(self, series: Series, runbook: Runbook, old: bool) -> Line:
        if series.value is None:
            return [(foreign(series.why or "no data", 40), "$soft" if old else "$soon")]
        found = reached(series, self._thresholds(runbook, series.id))
        style = "$soft" if old else "$loud" if found and found.rank else "$ink"
        factor = times_normal(series) if series.id == "p95" else ""
        return [(factor, style), (NORMAL, "$soft")] if factor else [(spelled(series.value, series.unit), style)]

    def _thresholds(self, runbook: Runbook, id: str) -> Sequence[Threshold]:
        if self._read[0] is not runbook:
            self._read = runbook, {id: thresholds(runbook, id) for id, _ in SHOWN}
        return self._read[1][id]


def fitting(facts: Sequence[Line], room: int) -> Line:
    """Whole ones: what has no room goes, first the word that says least, then the last one."""
    kept = list(facts)
    if measure(joined(kept)) > room:
        kept = [[seg for seg in fact if seg[0] != NORMAL] for fact in kept]
    while len(kept) > 1 and measure(joined(kept)) > room:
        kept.pop()
    return joined(kept)
