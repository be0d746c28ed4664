"""A table with sparklines, which all span the same minutes."""

from datetime import datetime
from typing import Generic, TypeVar

from warroom.core.changes import recent_changes
from warroom.ui.panes.cluster import ClusterPane
from warroom.ui.spark import Past, newest_release

T = TypeVar("T")


class SparkPane(ClusterPane[T], Generic[T]):
    """Its minutes end now, or with the last good answer; its sparklines are `past_cells` wide."""

    past_cells = 30

    def __init__(self) -> None:
        super().__init__()
        self._past: tuple[tuple[object, ...], Past] | None = None

    @property
    def until(self) -> datetime | None:
        reading = self.reading
        return reading.at if reading is not None and reading.at is not None and self.state == "stale" else self.now

    def past(self) -> Past | None:
        """The same object until its minute, its width or the rollouts are others."""
        end = self.until
        if end is None:
            return None
        made_of = (int(end.timestamp() // 60), self.past_cells, self.incident.alerted, id(self.world.deployments.value))
        if self._past is None or self._past[0] != made_of:
            changes = recent_changes(self.world.deployments.value, self.incident.alerted)
            self._past = made_of, Past(end, self.past_cells, newest_release(changes, end))
        return self._past[1]
