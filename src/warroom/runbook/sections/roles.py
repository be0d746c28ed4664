"""Who does what in an incident: a table of roles with their holders."""

import re

from warroom.runbook.document import Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.model import Role

_HEADING = re.compile(r"\b(roles?|contacts?|responsib\w+|team|who)\b", re.IGNORECASE)
_ROLE = re.compile(r"\b(role|position|function)\b", re.IGNORECASE)
_PRIMARY = re.compile(r"\b(primary|holder|assigned|default|person|owner)\b", re.IGNORECASE)
_BACKUP = re.compile(r"\b(backup|back-up|deputy|secondary|alternate|substitute)\b", re.IGNORECASE)
_CONTACT = re.compile(r"\b(contact|reach|channel|phone)\b", re.IGNORECASE)
_DUTIES = re.compile(r"\b(dut(y|ies)|responsibilit\w+|does|tasks?)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(level|tier)\b", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z]{0,5})\)")


def _is_roles(table: Table) -> bool:
    named = column(table, _ROLE) is not None and column(table, _LEVEL) is None
    return named and any(column(table, pattern) is not None for pattern in (_PRIMARY, _BACKUP, _DUTIES))


def reads(section: Section, draft: Draft) -> float:
    return 2.0 + section.says(_HEADING) if any(map(_is_roles, section.tables())) else 0.0


def read(section: Section, draft: Draft) -> None:
    for table in filter(_is_roles, draft.open_tables(section)):
        draft.take_columns(table)
        name, primary, backup = (column(table, pattern) for pattern in (_ROLE, _PRIMARY, _BACKUP))
        contact, duties = column(table, _CONTACT), column(table, _DUTIES)
        for row in table.rows:
            abbreviation = _ABBREVIATION.search(cell(row, name))
            role = Role(
                name=_ABBREVIATION.sub("", cell(row, name)).strip(),
                abbreviation=abbreviation[1] if abbreviation else "",
                primary=cell(row, primary),
                backup=cell(row, backup),
                contact=cell(row, contact),
                duties=(cell(row, duties),) if cell(row, duties) else (),
                line=row.line,
            )
            if role.name:
                draft.roles.append(role)
                draft.take_row(row, role)
