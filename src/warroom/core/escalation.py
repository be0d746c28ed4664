"""Rules of the escalation matrix, and suspicions that wait for a word."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from warroom.core.entries import Entry, Ticked
from warroom.core.facts import heads, is_suspicion, states
from warroom.core.incident import Incident
from warroom.core.levels import running, spans
from warroom.core.rule import COMMANDER, Rule, answers_to, applies_at, due_moment, owner, spell_answer, together
from warroom.runbook.model import EscalationTrigger, Runbook

SUSPICION_SECONDS = 30 * 60.0
"""Until what is suspected is to be confirmed or refuted."""


def trigger_rule(trigger: EscalationTrigger, runbook: Runbook, incident: Incident, alerted: datetime, now: datetime) -> Rule | None:
    if trigger.kind == "fact":
        return _fact(trigger, runbook, incident)
    if trigger.after_seconds is None:
        return None
    id, at_level, why = f"trigger:{trigger.id}", applies_at(trigger.levels), ""
    met, met_by, start = incident.restored, "restored", alerted
    if trigger.kind == "no_response" and incident.acknowledged and (met is None or incident.acknowledged < met):
        met, met_by = incident.acknowledged, "acknowledged"
    if trigger.kind == "no_progress":
        answers = answers_to(incident, id)
        start = max([alerted, *(incident.at(entry) for entry in (*incident.progress, *answers))])
        why = spell_answer(answers[-1], incident.at(answers[-1])) if answers and incident.at(answers[-1]) == start else ""
    pieces = running(incident, at_level, start, waits=trigger.kind == "duration", gaps=incident.restorations)
    if not any(at_level(span.level, span.rank) for span in spans(incident)):
        return None
    return Rule(
        id=id,
        title=trigger.condition,
        owner=owner(runbook, incident, COMMANDER),
        consequence=_told(trigger),
        start=start,
        due=due_moment(pieces, trigger.after_seconds, now),
        line=trigger.line,
        to=trigger.to,
        met=met,
        met_by=met_by,
        paused="" if at_level(incident.severity, incident.rank) else f"not {'/'.join(trigger.levels)} now",
        why=why,
        strict=trigger.kind == "duration",
        rearms=trigger.kind == "no_progress",
    )


def _fact(trigger: EscalationTrigger, runbook: Runbook, incident: Incident) -> Rule | None:
    """Starts when somebody ticks an item that states the fact; told, it stays told when the tick is taken back."""
    at_level, id = applies_at(trigger.levels), f"trigger:{trigger.id}"

    def stated(entries: tuple[Entry, ...]) -> list[Entry]:
        return [entry for entry in entries if isinstance(entry.fact, Ticked) and states(entry.fact.text, trigger.condition)]

    ticks = stated(tuple(incident.ticks.values()))
    if not ticks and answers_to(incident, id):
        ticks = stated(tuple(entry for entry in incident.entries if entry.id not in incident.struck))
    if not ticks or not at_level(incident.severity, incident.rank):
        return None
    first = min(ticks, key=incident.at)
    return Rule(
        id=id,
        title=trigger.condition,
        owner=owner(runbook, incident, COMMANDER),
        consequence=_told(trigger),
        start=incident.at(first),
        due=incident.at(first) + timedelta(seconds=trigger.after_seconds or 0.0),
        line=trigger.line,
        to=trigger.to,
        why=f"{first.by} ticked {first.fact.text!r}" if isinstance(first.fact, Ticked) else "",
    )


def _told(trigger: EscalationTrigger) -> str:
    if not trigger.to:
        return trigger.text or "somebody has to be told"
    if trigger.kind == "no_response":
        return f"page {together(trigger.to)}"
    return f"{together(trigger.to)} {'is' if len(trigger.to) == 1 else 'are'} told"


def suspicion_rules(runbook: Runbook, incident: Incident) -> Iterator[Rule]:
    """R21: what is suspected is to be confirmed, by the tick that says so, or refuted, by taking the suspicion back."""
    asked = {item.id: item for item in (*runbook.declaration.triggers, *(item for level in runbook.severities for item in level.criteria))}
    for id, tick in incident.ticks.items():
        if id not in asked or not is_suspicion(asked[id].text):
            continue
        wanted = heads(asked[id].text)
        sure = [
            incident.at(other)
            for other in incident.ticks.values()
            if isinstance(other.fact, Ticked) and not is_suspicion(other.fact.text) and wanted & heads(other.fact.text)
        ]
        start = incident.at(tick)
        yield Rule(
            id=f"confirm:{id}",
            title=f"Confirm or refute: {asked[id].text}",
            owner=owner(runbook, incident, COMMANDER),
            consequence="nobody knows what to tell whom",
            start=start,
            due=start + timedelta(seconds=SUSPICION_SECONDS),
            line=asked[id].line,
            met=max(start, min(sure)) if sure else None,
            met_by="confirmed",
        )
