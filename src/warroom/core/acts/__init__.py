"""Acts: what somebody wishes to be done, one file per noun."""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from warroom.core.entries import Draft
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook


class Refusal(msgspec.Struct, frozen=True):
    """Why nothing was done, as advice to whoever asked. `mistake`: the asker's, rather than the state of things."""

    why: str
    mistake: bool = True


Decision = tuple[Draft, ...] | Refusal


class Act(Protocol):
    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        """Pure: it may be asked again when another console was first."""
        ...


NONE_DECLARED = Refusal("no incident is declared: declare one first (`!`, or `warroom declare TITLE`)")


def unless_open(incident: Incident) -> Refusal | None:
    """Why an act that needs an open incident cannot be done."""
    if not incident.id:
        return NONE_DECLARED
    if incident.closed:
        return Refusal(f"{incident.id} was closed at {incident.closed:%Y-%m-%d %H:%M} UTC: reopen it first (`warroom reopen --reason …`)")
    return None


def unless_past(at: datetime | None, now: datetime) -> Refusal | None:
    """Why a moment cannot be recorded: it has not come yet. A minute of difference between clocks is forgiven."""
    if at is not None and at > now + timedelta(minutes=1):
        return Refusal(f"{at:%Y-%m-%d %H:%M:%S} UTC has not come yet: give a time that has passed (`-7m`, `02:41`)")
    return None
