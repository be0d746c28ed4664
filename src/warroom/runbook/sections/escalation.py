"""Who is told when things stand still or grow, and how fast they answer."""

import re

from warroom.runbook.document import Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.model import Contact, EscalationTrigger, TriggerKind
from warroom.runbook.words import seconds, slug

_HEADING = re.compile(r"\bescalat\w*", re.IGNORECASE)
_CONDITION = re.compile(r"\b(conditions?|triggers?|situations?|when|if|event)\b", re.IGNORECASE)
_ACTION = re.compile(r"\b(actions?|escalate|to|notify|who|tell|target)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(level|tier|step|team)\b", re.IGNORECASE)
_ROLE = re.compile(r"\b(role|name|who|person|position)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(response|time|within|sla)\b", re.IGNORECASE)
_METHOD = re.compile(r"\b(method|contact|phone|via|how|channel|reach)\b", re.IGNORECASE)
_INCLUDE = re.compile(r"\b(communication|include|message|say)\b", re.IGNORECASE)
_NO_RESPONSE = re.compile(r"\b(no|without( an?)?|not|un)[\s-]*(response|answer\w*|ack\w*|repl(y|ied)|reaction)|\bunanswered", re.IGNORECASE)
_NO_PROGRESS = re.compile(
    r"\b(no|without|not|lack of)\s+(progress\w*|fix\w*|mitigat\w*|resol\w+|updates?)|\b(stuck|stalled|unresolved)\b", re.IGNORECASE
)
_DURATION = re.compile(r"\b(duration|lasts?|lasting|longer|exceeds?|open|ongoing|still|runs?)\b|[>≥]", re.IGNORECASE)
_ORDER = re.compile(
    r"^(?:(?:immediately|auto(?:matically)?|at once|then|also|please)[\s-]+)*"
    r"(?:(?:escalate|page|notify|tell|inform|call|contact|alert|engage|wake)\s+(?:up\s+)?)?(?:to\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(r"(?<!\w)(?:P|SEV[\s-]?|S)\d(?!\w)", re.IGNORECASE)
_FILLERS = re.compile(r"\b(to|on|in|for|of|the|an?|is|are|within|after|alerts?|been|has|have)\b", re.IGNORECASE)


def _is_triggers(table: Table) -> bool:
    condition, action = column(table, _CONDITION), column(table, _ACTION)
    return condition is not None and action is not None and condition != action and column(table, _LEVEL) is None


def _is_contacts(table: Table) -> bool:
    role = column(table, _ROLE)
    return role is not None and column(table, _LEVEL) is not None and any(column(table, each) is not None for each in (_TIME, _METHOD))


def reads(section: Section, draft: Draft) -> float:
    said = section.says(_HEADING)
    if said and (any(map(_is_triggers, section.tables())) or any(map(_is_contacts, section.tables()))):
        return 2.0 + said
    if any(map(_is_contacts, section.tables())):
        return 1.5
    return said


def read(section: Section, draft: Draft) -> None:
    for table in draft.open_tables(section):
        if _is_contacts(table):
            _read_contacts(table, draft)
        elif _is_triggers(table) and section.says(_HEADING):
            _read_triggers(table, draft)
    if section.says(_HEADING) and _INCLUDE.search(section.heading):
        draft.include += [item.text for item in draft.items(section, draft.open_lists(section))]


def _read_triggers(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    condition, action = column(table, _CONDITION), column(table, _ACTION)
    for row in table.rows:
        if cell(row, condition):
            trigger = rule(cell(row, condition), cell(row, action), row.line, draft)
            draft.escalations.append(trigger)
            draft.take_row(row, trigger)


def rule(condition: str, action: str, line: int, draft: Draft) -> EscalationTrigger:
    """What a condition's and an action's words ask for, by the labels of this document."""
    after = seconds(condition)
    return EscalationTrigger(
        id=draft.unique(slug(_FILLERS.sub(" ", condition), 7) or "rule"),
        condition=condition,
        kind=_kind(condition, after),
        levels=_levels(condition, draft.labels),
        after_seconds=after,
        to=targets(action),
        text=action,
        line=line,
    )


def targets(action: str) -> tuple[str, ...]:
    parts = re.split(r"\s*(?:\+|/|,|;|&|\band\b)\s*", _ORDER.sub("", action.strip(), count=1).rstrip(". "))
    return tuple(name for part in parts if (name := _ORDER.sub("", part, count=1).strip()))


def _kind(condition: str, after: float | None) -> TriggerKind:
    if _NO_RESPONSE.search(condition):
        return "no_response"
    if _NO_PROGRESS.search(condition):
        return "no_progress"
    return "duration" if after is not None and _DURATION.search(condition) else "fact"


def _levels(condition: str, labels: list[str]) -> tuple[str, ...]:
    if not labels:
        return tuple(dict.fromkeys(_ANY_LABEL.findall(condition)))
    found = ((name, re.search(rf"(?<!\w){re.escape(name)}(?!\w)", condition, re.IGNORECASE)) for name in labels)
    return tuple(name for name, match in found if match)


def _read_contacts(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    level, role = column(table, _LEVEL), column(table, _ROLE)
    times = [number for number, name in enumerate(table.header) if _TIME.search(name) and number not in (level, role)]
    method = next(
        (number for number, name in enumerate(table.header) if _METHOD.search(name) and number not in (level, role, *times)), None
    )
    for row in table.rows:
        response = cell(row, times[0]) if times else ""
        contact = Contact(
            level=cell(row, level),
            role=cell(row, role),
            response_seconds=seconds(response),
            method=cell(row, method),
            line=row.line,
            response=response,
        )
        if contact.level or contact.role:
            draft.contacts.append(contact)
            draft.take_row(row, contact)
