"""What the one on call owes, who that is, and the first things to do and to look at."""

import re

from warroom.runbook.document import Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.fences import commands
from warroom.runbook.model import QuickCommand, RotaRow

_ONCALL = re.compile(r"\b(on-?call|duty|first responder)\b", re.IGNORECASE)
_DUTIES = re.compile(r"\b(responsibilit\w+|duties|expectations?)\b", re.IGNORECASE)
_CHECKLIST = re.compile(r"\b(check-?list|initial response|first response|when alerted|first (steps|minutes))\b", re.IGNORECASE)
_SHIFT = re.compile(r"\b(shift|hand-?(off|over)|rotation|end of)\b", re.IGNORECASE)
_QUICK = re.compile(
    r"\b(quick|assess\w*|triage|health|useful|first) .*\b(commands?|checks?|assessment)\b|\bquick assessment\b", re.IGNORECASE
)
_PLAYBOOK = re.compile(r"\b(playbooks?|runbooks?)\b", re.IGNORECASE)
_ROTA = re.compile(r"\b(rotas?|rotation|schedule|on-?call)\b", re.IGNORECASE)
_WEEK = re.compile(r"\b(weeks?|rotation|period|shift|when|dates?|days?|months?)\b", re.IGNORECASE)
_PRIMARY = re.compile(r"\b(primary|first|on-?call)\b", re.IGNORECASE)
_SECONDARY = re.compile(r"\b(secondary|second|backup|deputy)\b", re.IGNORECASE)


def _is_rota(table: Table) -> bool:
    return column(table, _WEEK) == 0 and column(table, _PRIMARY) is not None and column(table, _SECONDARY) is not None


def _is_quick(section: Section) -> bool:
    return bool(_QUICK.search(section.heading)) and not section.says(_PLAYBOOK) and any(map(commands, section.fences()))


def _is_checklist(section: Section) -> bool:
    return bool(_CHECKLIST.search(section.heading) and section.says(_ONCALL) and not _SHIFT.search(section.heading))


def reads(section: Section, draft: Draft) -> float:
    if any(map(_is_rota, section.tables())):
        return 2.0 + section.says(_ROTA)
    if _is_quick(section):
        return 3.0
    if section.lists() and (_is_checklist(section) or (_DUTIES.search(section.heading) and section.says(_ONCALL))):
        return 3.0
    return 0.0


def read(section: Section, draft: Draft) -> None:
    for table in filter(_is_rota, draft.open_tables(section)):
        _read_rota(table, draft)
    if _is_quick(section):
        _read_quick(section, draft)
    elif _is_checklist(section):
        draft.checklist += draft.items(section, draft.open_lists(section))
    elif _DUTIES.search(section.heading) and section.says(_ONCALL):
        draft.responsibilities += draft.items(section, draft.open_lists(section))


def _read_rota(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    for row in table.rows:
        rota = RotaRow(
            week=cell(row, 0),
            primary=cell(row, column(table, _PRIMARY)),
            secondary=cell(row, column(table, _SECONDARY)),
            line=row.line,
        )
        draft.rota.append(rota)
        draft.take_row(row, rota)


def _read_quick(section: Section, draft: Draft) -> None:
    for fence in draft.open_fences(section):
        found = [QuickCommand(title=comment, command=command, line=line) for command, line, comment in commands(fence)]
        if found:
            draft.quick += found
            draft.take_fence(fence, found)
