"""The rules that deadlines come from: the table of the specification."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from warroom.core.contacts import contact_rules
from warroom.core.entries import PhaseSet
from warroom.core.escalation import suspicion_rules, trigger_rule
from warroom.core.incident import Incident
from warroom.core.promises import ack_rule, postmortem_rule, report_rule, respond_rule, update_rule
from warroom.core.rule import COMMANDER, Rule, owner
from warroom.runbook.model import Runbook


def rules(runbook: Runbook, incident: Incident, now: datetime) -> Iterator[Rule]:
    """Those that apply, or did."""
    if not incident.id or incident.alerted is None or incident.declared is None:
        return
    for found in (
        ack_rule(runbook, incident, incident.alerted),
        respond_rule(runbook, incident, incident.alerted),
        *(trigger_rule(trigger, runbook, incident, incident.alerted, now) for trigger in runbook.escalation.triggers),
        *contact_rules(runbook, incident),
        *suspicion_rules(runbook, incident),
        update_rule(runbook, incident, incident.declared, now),
        *_phases(runbook, incident, incident.alerted),
        postmortem_rule(runbook, incident),
        report_rule(runbook, incident),
    ):
        if found is not None:
            yield found


def phase_name(title: str) -> str:
    """`Phase 1: Detection & Triage (0-15 minutes)` is called Detection & Triage."""
    return re.sub(r"\s*\([^)]*\)\s*$", "", re.sub(r"^phase\s+\w+\s*[:.–-]+\s*", "", title, flags=re.IGNORECASE)) or title


def _phases(runbook: Runbook, incident: Incident, alerted: datetime) -> Iterator[Rule]:
    """A time box is met by any later phase, or when the service works again."""
    restored = min((start for start, _ in incident.restorations), default=None)
    for number, phase in enumerate(runbook.phases, 1):
        if phase.to_seconds is None:
            continue
        later = [incident.at(entry) for entry in incident.phases if isinstance(entry.fact, PhaseSet) and entry.fact.phase > number]
        left = min(later, default=None)
        by_phase = left is not None and (restored is None or left <= restored)
        yield Rule(
            id=f"phase:{number}",
            title=f"{phase_name(phase.title)}, {_box(phase.from_seconds, phase.to_seconds)}",
            owner=owner(runbook, incident, COMMANDER),
            consequence=f"phase {number} is overdue, say why",
            start=alerted,
            due=alerted + timedelta(seconds=phase.to_seconds),
            line=phase.line,
            met=left if by_phase else restored,
            met_by="a later phase" if by_phase else "restored",
        )


def _box(start: float | None, end: float) -> str:
    size, unit = (3600, "h") if end % 3600 == 0 and (start or 0) % 3600 == 0 else (60, "min")
    return f"{(start or 0) / size:g}-{end / size:g} {unit}"
