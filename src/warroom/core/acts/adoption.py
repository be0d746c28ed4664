"""Going on by the runbook as it is written now."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Draft, RunbookAdopted, RunbookText
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook


@dataclass(frozen=True, slots=True)
class AdoptRunbook:
    """`moved`: which items are worded anew, from id to id; `instead` is the hash of the runbook that this was worked out against."""

    runbook: RunbookText
    moved: tuple[tuple[str, str], ...] = ()
    instead: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        holds = incident.runbook
        if holds is not None and holds.sha256 == self.runbook.sha256:
            return Refusal("the incident goes by this text already", mistake=False)
        if holds is not None and self.instead and holds.sha256 != self.instead:
            return Refusal("another text was adopted meanwhile: look at the difference again", mistake=False)
        return (Draft(RunbookAdopted(runbook=self.runbook, moved=self.moved, was=holds.sha256 if holds else ""), now),)
