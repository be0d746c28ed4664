"""Settling temporary changes that nobody runs the inverse of from here."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import NONE_DECLARED, Decision, Refusal
from warroom.core.entries import DebtRepaid, DebtWaived, Draft
from warroom.core.incident import Incident
from warroom.core.ledger import Debt, find_debt, owed
from warroom.runbook.model import Runbook


def open_debt(incident: Incident, reference: str) -> Debt | Refusal:
    if not incident.id:
        return NONE_DECLARED
    found = find_debt(incident, reference)
    if found is None:
        known = ", ".join(f"{debt.seq} ({debt.object or debt.command})" for debt in owed(incident)) or "none at all"
        return Refusal(f"there is no temporary change {reference}: open are {known}")
    if found.state != "owed":
        return Refusal(f"temporary change {found.seq} was {found.state} by {found.settled_by} at {found.settled_at:%H:%M:%S} UTC", False)
    return found


@dataclass(frozen=True, slots=True)
class Repay:
    """Somebody undid it elsewhere, and says how."""

    debt: str
    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = open_debt(incident, self.debt)
        if isinstance(found, Refusal):
            return found
        if not self.reason.strip():
            return Refusal("say how it was undone (`--reason`), or let the console run its inverse")
        return (Draft(DebtRepaid(debt=found.id, reason=self.reason.strip()), now),)


@dataclass(frozen=True, slots=True)
class Waive:
    """The change stays."""

    debt: str
    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = open_debt(incident, self.debt)
        if isinstance(found, Refusal):
            return found
        if not self.reason.strip():
            return Refusal("say why the change stays (`--reason`)")
        return (Draft(DebtWaived(debt=found.id, reason=self.reason.strip()), now),)
