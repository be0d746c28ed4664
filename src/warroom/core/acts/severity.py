"""Setting the severity: a human's word, with the suggestion of that moment beside it."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Draft, SeveritySet
from warroom.core.incident import Incident
from warroom.core.rule import COMMANDER, holder
from warroom.core.severity import Suggestion, suggest
from warroom.runbook.model import Runbook


@dataclass(frozen=True, slots=True)
class SetSeverity:
    """Up at once; down is for whoever commands. The reason may be left to what suggests the level."""

    level: str
    reason: str

    def fact(self, runbook: Runbook, suggestion: Suggestion) -> SeveritySet | Refusal:
        severity = runbook.severity(self.level)
        if severity is None:
            known = ", ".join(level.level for level in runbook.severities) or "none at all"
            return Refusal(f"the runbook has no severity {self.level!r}: it knows {known}")
        reason = self.reason.strip() or ("; ".join(suggestion.reasons) if suggestion.level == severity.level else "")
        return SeveritySet(
            level=severity.level, rank=severity.rank, reason=reason, suggested=suggestion.level or "", why=suggestion.reasons
        )

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        fact = self.fact(runbook, suggest(runbook, incident))
        if isinstance(fact, Refusal):
            return fact
        if fact.level == incident.severity:
            return Refusal(f"{incident.id} is {fact.level} already", mistake=False)
        if not fact.reason:
            return Refusal(f"say why it is {fact.level} (`--reason`)")
        commander = holder(runbook, incident, COMMANDER)
        if incident.rank is not None and fact.rank > incident.rank and commander not in ("", by):
            return Refusal(
                f"from {incident.severity} down to {fact.level} is for {commander}, who commands: ask, or take the role over",
                mistake=False,
            )
        return (Draft(fact, now),)
