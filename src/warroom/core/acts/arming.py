"""Arming: one console may change something, for a quarter of an hour and for a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Armed, Disarmed, Draft
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook

LASTS = timedelta(minutes=15)


def armed_until(incident: Incident, console: str, now: datetime) -> datetime | None:
    """None: it is safe, and changes nothing."""
    entry = incident.armed.get(console)
    until = entry.fact.until if entry and isinstance(entry.fact, Armed) else None
    return until if until and incident.open and until > now else None


@dataclass(frozen=True, slots=True)
class Arm:
    """`console` is `Runner.console`. Again before it ends is from now on anew."""

    console: str
    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        if not self.reason.strip():
            return Refusal("say why this console may change something from now on")
        return (Draft(Armed(console=self.console, until=now + LASTS, reason=self.reason.strip()), now),)


@dataclass(frozen=True, slots=True)
class Disarm:
    console: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if armed_until(incident, self.console, now) is None:
            return Refusal("this console is not armed", mistake=False)
        return (Draft(Disarmed(console=self.console), now),)
