"""Where people talk in an incident: a table or a list of channels and what each is for."""

import re

from warroom.runbook.document import List, Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.model import Channel
from warroom.runbook.views import views

_NAME = re.compile(r"\b(channel|tool|medium|canal|kanal)\b", re.IGNORECASE)
_ENTRY = re.compile(r"(#[\w-]+(?:\s*\([^()]*\))?|[^:–—]{2,40}?)\s*(?::\s+|\s[-–—]+\s+|:$|$)(.*)$")
_PLACE = re.compile(
    r"#[a-z][\w-]+|\b(slack|teams|zoom|bridge|channel|room|pager\w*|status ?page|e-?mail|meet|discord|phone|jira|irc|matrix|canal|kanal)\b",
    re.IGNORECASE,
)


def _purpose(draft: Draft, table: Table) -> int | None:
    return next((number for number, name in enumerate(table.header) if number and draft.hears(name, "purpose")), None)


def _is_channels(draft: Draft, table: Table) -> bool:
    if column(table, _NAME) != 0 or _purpose(draft, table) is None:
        return False
    places = sum(bool(_PLACE.search(cell(row, 0))) for row in table.rows)
    return "channel" in table.header[0].casefold() or "canal" in table.header[0].casefold() or places * 2 > len(table.rows)


def _lists(draft: Draft, section: Section) -> list[List]:
    found = []
    for view in views(section):
        said = draft.says(view, "channels", "channels") >= 2.0
        for each in view.lists():
            places = sum(bool(_PLACE.search(entry.lead or entry.text.partition(":")[0].partition(" - ")[0])) for entry in each.items)
            hashes = sum(bool(re.match(r"#[a-z][\w-]+\s*([:(–—-]|$)", entry.text)) for entry in each.items)
            if (said and places * 2 > len(each.items) and all(_ENTRY.match(entry.text) for entry in each.items)) or (
                hashes > 1 and hashes == len(each.items)
            ):
                found.append(each)
    return found


def reads(section: Section, draft: Draft) -> float:
    if any(_is_channels(draft, table) for table in section.tables()):
        return 2.0 + draft.says(section, "channels", "channels")
    return 2.2 if _lists(draft, section) and not any(entry.box for each in section.lists() for entry in each.items) else 0.0


def read(section: Section, draft: Draft) -> None:
    for table in draft.open_tables(section):
        if _is_channels(draft, table):
            draft.take_columns(table)
            for row in table.rows:
                channel = Channel(name=cell(row, 0), purpose=cell(row, _purpose(draft, table)), line=row.line)
                if channel.name:
                    draft.channels.append(channel)
                    draft.take_row(row, channel)
    open_lists = draft.open_lists(section)
    for each in _lists(draft, section):
        for entry in each.items if each in open_lists else ():
            if found := _ENTRY.match(entry.text):
                name = re.sub(r"\s*\([^()]*\)\s*$", "", found[1]).strip()
                channel = Channel(name=name or found[1], purpose=found[2].strip(), line=entry.line)
                draft.channels.append(channel)
                draft.take(entry.line, entry.text_end, channel)
