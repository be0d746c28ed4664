"""Setting the severity: a human's word, with the suggestion of that moment beside it."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Draft, SeveritySet
from warroom.core.incident import Incident
from warroom.core.severity import suggest
from warroom.runbook.model import Runbook


@dataclass(frozen=True, slots=True)
class SetSeverity:
    """Up at once; down needs a reason, too."""

    level: str
    reason: str

    def fact(self, runbook: Runbook) -> SeveritySet | Refusal:
        severity = runbook.severity(self.level)
        if severity is None:
            known = ", ".join(level.level for level in runbook.severities) or "none at all"
            return Refusal(f"the runbook has no severity {self.level!r}: it knows {known}")
        return SeveritySet(level=severity.level, rank=severity.rank, reason=self.reason.strip())

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        fact = self.fact(runbook)
        if isinstance(fact, Refusal):
            return fact
        if fact.level == incident.severity:
            return Refusal(f"{incident.id} is {fact.level} already", mistake=False)
        if not fact.reason:
            return Refusal(f"say why it is {fact.level} (`--reason`)")
        suggestion = suggest(runbook, incident)
        suggested, why = suggestion.level or "", suggestion.reasons
        return (Draft(SeveritySet(level=fact.level, rank=fact.rank, reason=fact.reason, suggested=suggested, why=why), now),)
