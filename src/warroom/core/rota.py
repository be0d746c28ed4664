"""Who is on call: the rota row of the week."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from warroom.runbook.model import RotaRow, Runbook

CHANGE_OVER = timedelta(hours=9)
"""Into Monday, UTC; the runbook names no hour."""


class Watch(msgspec.Struct, frozen=True):
    """Who is on call until `until`, and who then. `parity` is `odd` or `even`, of the ISO week `week`."""

    row: RotaRow
    week: int
    parity: str
    until: datetime
    next: RotaRow


def on_call(runbook: Runbook, now: datetime) -> Watch | None:
    """None: the rota does not go by odd and even weeks. Two odd weeks may follow each other, where a year has 53."""
    rows = {
        parity: row for row in runbook.oncall.rota for parity in ("odd", "even") if re.search(rf"\b{parity}\b", row.week, re.IGNORECASE)
    }
    if len(rows) < 2:
        return None
    shifted = now.astimezone(UTC) - CHANGE_OVER
    monday = shifted.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=shifted.weekday())
    until = monday + timedelta(days=7) + CHANGE_OVER
    week, after = shifted.isocalendar().week, (monday + timedelta(days=7)).isocalendar().week
    parity = "odd" if week % 2 else "even"
    return Watch(rows[parity], week, parity, until, rows["odd" if after % 2 else "even"])
