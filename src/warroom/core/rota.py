"""The rota: whose week it is, by odd and even ISO weeks."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from warroom.runbook.model import RotaRow, Runbook

CHANGE_OVER = timedelta(hours=9)
"""Into Monday, UTC; the runbook names no hour."""
WEEK = timedelta(days=7)


class Watch(msgspec.Struct, frozen=True):
    """Who is on call until `until`, and who then. `parity` is `odd` or `even`, of the ISO week `week`."""

    row: RotaRow
    week: int
    parity: str
    until: datetime
    next: RotaRow

    @property
    def start(self) -> datetime:
        return self.until - WEEK

    @property
    def again(self) -> bool:
        """The same people have the next week, too."""
        return self.next == self.row


def on_call(runbook: Runbook, now: datetime, change_over: timedelta = CHANGE_OVER) -> Watch | None:
    """None: the rota does not go by odd and even weeks. Two odd weeks may follow each other, where a year has 53."""
    rows = {
        parity: row for row in runbook.oncall.rota for parity in ("odd", "even") if re.search(rf"\b{parity}\b", row.week, re.IGNORECASE)
    }
    if len(rows) < 2:
        return None
    shifted = now.astimezone(UTC) - change_over
    monday = shifted.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=shifted.weekday())
    until = monday + WEEK + change_over
    week, after = shifted.isocalendar().week, (monday + WEEK).isocalendar().week
    parity = "odd" if week % 2 else "even"
    return Watch(rows[parity], week, parity, until, rows["odd" if after % 2 else "even"])


def doubled(runbook: Runbook, now: datetime, change_over: timedelta = CHANGE_OVER, weeks: int = 4) -> Watch | None:
    """The next week, at most so many ahead, after which the same people go on: the year turns on an odd one."""
    for ahead in range(weeks + 1):
        watch = on_call(runbook, now + ahead * WEEK, change_over)
        if watch is not None and watch.again:
            return watch
    return None
