"""Moving between the phases of the response; going back is legal."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Draft, PhaseSet
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook


@dataclass(frozen=True, slots=True)
class SetPhase:
    """Phases count from 1."""

    phase: int

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        if not 1 <= self.phase <= len(runbook.phases):
            return Refusal(f"the runbook has {len(runbook.phases)} phases and no phase {self.phase}")
        if self.phase == incident.phase:
            return Refusal(f"{incident.id} is in phase {self.phase} already", mistake=False)
        return (Draft(PhaseSet(phase=self.phase, title=runbook.phases[self.phase - 1].title), now),)
