"""Where people talk in an incident: a table of channels and what each is for."""

import re

from warroom.runbook.document import Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.model import Channel

_HEADING = re.compile(r"\b(channels?|communication|tools?)\b", re.IGNORECASE)
_NAME = re.compile(r"\b(channel|tool|medium)\b", re.IGNORECASE)
_PURPOSE = re.compile(r"\b(purpose|use|used for|usage|for|when)\b", re.IGNORECASE)


def _is_channels(table: Table) -> bool:
    return column(table, _NAME) == 0 and column(table, _PURPOSE) is not None


def reads(section: Section, draft: Draft) -> float:
    return 2.0 + section.says(_HEADING) if any(map(_is_channels, section.tables())) else 0.0


def read(section: Section, draft: Draft) -> None:
    for table in filter(_is_channels, draft.open_tables(section)):
        draft.take_columns(table)
        for row in table.rows:
            channel = Channel(name=cell(row, 0), purpose=cell(row, column(table, _PURPOSE)), line=row.line)
            if channel.name:
                draft.channels.append(channel)
                draft.take_row(row, channel)
