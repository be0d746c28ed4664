"""Every deadline as a function of the runbook, the incident and now."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.core.incident import Incident
from warroom.runbook.model import Runbook

DeadlineState = Literal["running", "paused", "due", "fired", "met", "missed"]


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with its due moment. `left_seconds` is negative once it is past; `line` is the rule's in the runbook, 0: ours."""

    id: str
    title: str
    owner: str
    consequence: str
    """What missing it costs, in few words: what follows "else"."""
    due: datetime
    left_seconds: float
    state: DeadlineState
    line: int = 0
    to: tuple[str, ...] = ()
    """Whom it calls for."""
    why: str = ""
    """Why it is paused, fired or excused."""


def deadlines(runbook: Runbook, incident: Incident, now: datetime) -> tuple[Deadline, ...]:
    """Soonest first; what is overdue comes before what runs."""
    return ()
