"""Whether something has held long enough to be believed, and has been gone long enough to be over."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

HOLD = timedelta(seconds=300)
"""How long a breach must be there, and must be gone, where the runbook does not say."""
GAP = timedelta(seconds=90)
"""Samples further apart than this leave a gap: it neither proves nor clears."""


class Run(msgspec.Struct, frozen=True):
    """How one condition has fared over its samples; `settled` is what is believed, None: nothing yet."""

    last: datetime | None = None
    """The newest sample that had a value."""
    met: bool = False
    """By that sample."""
    seconds: float = 0.0
    """Of samples, since when it is so."""
    turned: bool = False
    """Whether it was seen to become so, rather than found so."""
    settled: bool | None = None

    def young(self, now: datetime, gap: timedelta = GAP) -> bool:
        return self.last is not None and now - self.last <= gap


def advance(run: Run, at: datetime, met: bool, hold: timedelta, leave: timedelta = HOLD, gap: timedelta = GAP) -> Run:
    """One more sample. A breach is believed when it held for `hold`; it is over when it was gone for `leave`.

    What was never believed is denied at once by a sample without it. What was found there, and not seen to begin, is open
    until it has held.
    """
    spent = at - run.last if run.last else None
    if run.last is None or met != run.met:
        seconds, turned = 0.0, run.last is not None
    else:
        counts = 0.0 if spent is None or spent > gap else spent.total_seconds()
        # After a gap that is longer than what must hold, it begins anew.
        seconds = counts if spent and spent > max(gap, hold if met else leave) else run.seconds + counts
        turned = run.turned
    settled = run.settled
    if met:
        settled = True if seconds >= hold.total_seconds() else False if settled is None and turned else settled
    elif settled is not True or seconds >= leave.total_seconds():
        settled = False
    return Run(last=at, met=met, seconds=seconds, turned=turned, settled=settled)


def follow(
    run: Run,
    samples: Iterable[tuple[datetime, float | None]],
    test: Callable[[float], bool],
    hold: timedelta,
    leave: timedelta = HOLD,
    gap: timedelta = GAP,
) -> Run:
    """All samples that are newer than the last, oldest first; one without a value is a gap."""
    for at, value in samples:
        if value is not None and (run.last is None or at > run.last):
            run = advance(run, at, test(value), hold, leave, gap)
    return run
