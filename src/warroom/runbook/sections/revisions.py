"""The document's own history."""

import re

from warroom.runbook.document import Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.model import Revision

_HEADING = re.compile(r"\b(revisions?|history|change ?log|versions?)\b", re.IGNORECASE)
_VERSION = re.compile(r"\b(version|revision|rev)\b", re.IGNORECASE)
_DATE = re.compile(r"\bdate\b", re.IGNORECASE)
_AUTHOR = re.compile(r"\b(author|by|who|editor)\b", re.IGNORECASE)
_CHANGES = re.compile(r"\b(changes?|description|summary|notes?|what)\b", re.IGNORECASE)


def _is_history(table: Table) -> bool:
    return column(table, _DATE) is not None and (column(table, _VERSION) is not None or column(table, _CHANGES) is not None)


def reads(section: Section, draft: Draft) -> float:
    return 3.0 if section.says(_HEADING) and any(map(_is_history, section.tables())) else 0.0


def read(section: Section, draft: Draft) -> None:
    for table in filter(_is_history, draft.open_tables(section)):
        draft.take_columns(table)
        version, date, author, changes = (column(table, each) for each in (_VERSION, _DATE, _AUTHOR, _CHANGES))
        for row in table.rows:
            revision = Revision(
                version=cell(row, version), date=cell(row, date), author=cell(row, author), changes=cell(row, changes), line=row.line
            )
            draft.revisions.append(revision)
            draft.take_row(row, revision)
