"""The cluster's events as people want them: repeats folded, warnings first, the newest first."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from warroom.core.readings import ClusterEvent

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def ordered(events: Iterable[ClusterEvent]) -> tuple[ClusterEvent, ...]:
    """Warnings first, then the newest. Times may be missing; those come last."""
    return tuple(sorted(events, key=_order))


def _order(event: ClusterEvent) -> tuple[bool, float, str]:
    return (not event.warning, -event.at.timestamp() if event.at else 0.0, event.key)


def folded(events: Iterable[ClusterEvent]) -> tuple[ClusterEvent, ...]:
    """Events of one cause (object, reason and message) become the newest of them, with all their counts and the first time."""
    causes: dict[tuple[str, ...], list[ClusterEvent]] = {}
    for event in events:
        causes.setdefault((event.namespace, event.kind, event.object, event.reason, event.message), []).append(event)
    return tuple(same[0] if len(same) == 1 else _one(same) for same in causes.values())


def _one(same: list[ClusterEvent]) -> ClusterEvent:
    newest = max(same, key=lambda event: (event.at or LONG_AGO, event.key))
    firsts = [at for event in same if (at := event.first or event.at)]
    return msgspec.structs.replace(
        newest,
        # One key for the cause, whichever of its events is the newest: a cursor stays on its row.
        key=min(event.key for event in same),
        count=sum(event.count for event in same),
        first=min(firsts, default=None),
        warning=any(event.warning for event in same),
    )
