"""The ledger of temporary changes: what the console changed, what undoes it, and whether somebody did."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.core.entries import DebtRepaid, Entry, StepEnded, StepStarted
from warroom.core.incident import Incident
from warroom.core.redact import GONE

DebtState = Literal["owed", "repaid", "waived"]


class Debt(msgspec.Struct, frozen=True, kw_only=True):
    """A change and its inverse. `id` is that of the StepStarted; `seq` its number in this journal, for people."""

    id: str
    seq: int
    playbook: str
    step: int
    object: str
    command: str
    inverse: str
    by: str
    at: datetime
    state: DebtState = "owed"
    settled_by: str = ""
    settled_at: datetime | None = None
    reason: str = ""
    """Why it was waived, or how it was repaid where not by the console."""
    certain: bool = True
    """Whether the change was made: of a run whose console died nobody knows."""
    runnable: bool = True
    """Whether its inverse can be run: one of which a part was redacted cannot."""


def debts(incident: Incident) -> tuple[Debt, ...]:
    """Every change that has an inverse, the oldest first."""
    ends = {entry.fact.run: entry.fact for entry in incident.steps if isinstance(entry.fact, StepEnded)}
    found = []
    for entry in incident.steps:
        if isinstance(fact := entry.fact, StepStarted) and not fact.pays and (end := ends.get(entry.id)):
            inverse = fact.inverse if end.ended == "lost" else end.inverse
            if inverse:
                found.append(_debt(incident, entry, fact, inverse, certain=end.ended != "lost"))
    return tuple(found)


def owed(incident: Incident) -> tuple[Debt, ...]:
    """What is still to be undone, the newest first: that is the order in which changes are taken back."""
    return tuple(debt for debt in reversed(debts(incident)) if debt.state == "owed")


def find_debt(incident: Incident, reference: str) -> Debt | None:
    """By its id or its number."""
    return next((debt for debt in debts(incident) if reference in (debt.id, str(debt.seq))), None)


def _debt(incident: Incident, entry: Entry, fact: StepStarted, inverse: str, *, certain: bool) -> Debt:
    settled = incident.paid.get(entry.id)
    state: DebtState = "owed" if settled is None else "repaid" if isinstance(settled.fact, DebtRepaid) else "waived"
    return Debt(
        id=entry.id,
        seq=entry.seq,
        playbook=fact.playbook,
        step=fact.step,
        object=fact.object,
        command=fact.runs,
        inverse=inverse,
        by=entry.by,
        at=incident.at(entry),
        state=state,
        settled_by=settled.by if settled else "",
        settled_at=incident.at(settled) if settled else None,
        reason=getattr(settled.fact, "reason", "") if settled else "",
        certain=certain,
        runnable=GONE not in inverse,
    )
