"""How people are reached: a ladder of levels, a table of telephone numbers, or a list of them."""

import re

from warroom.runbook import people
from warroom.runbook.document import List, ListItem, Paragraph, Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.model import Contact
from warroom.runbook.pairs import Pair, keyed, pair_of
from warroom.runbook.sections import roles
from warroom.runbook.views import views
from warroom.runbook.words import seconds

_LEVEL = re.compile(r"\b(level|tier|step|team)\b", re.IGNORECASE)
_ROLE = re.compile(r"\b(role|name|who|person|position)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(response|time|within|sla)\b", re.IGNORECASE)
_METHOD = re.compile(r"\b(method|contact|phone|via|how|channel|reach)\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(when|hours|availability|available|response|time|notes?|for|escalat\w*|purpose)\b", re.IGNORECASE)
_REACHED = re.compile(r"\+?\d[\d\s()/-]{5,}|@|#\w|https?:|\b(slack|pager\w*|phone|e-?mail|sms|rota)\b", re.IGNORECASE)


def is_ladder(draft: Draft, table: Table) -> bool:
    role = column(table, _ROLE)
    return (
        role is not None and column(table, _LEVEL) not in (None, role) and any(column(table, each) is not None for each in (_TIME, _METHOD))
    )


def _is_numbers(draft: Draft, section: Section, table: Table) -> bool:
    said = draft.says(section, "contacts", "contacts")
    first = _first(table)
    ways = [number for number, name in enumerate(table.header) if number > first and draft.hears(name, "contact")]
    who = len(table.header) > first and (
        _ROLE.search(table.header[first])
        or draft.hears(table.header[first], "role")
        or re.search(r"\b(team|contact|service|vendor|level)\b", table.header[first], re.I)
    )
    found = roles.columns(draft, table)
    return bool(ways and who and (said or _reached(table, ways)) and not found.keys() & {"backup", "duties"})


def _first(table: Table) -> int:
    """The first column that has a name; one without may count the rows."""
    return 0 if len(table.header) < 2 or re.search(r"[^\W\d_]", table.header[0]) else 1


def _reached(table: Table, ways: list[int]) -> bool:
    cells = [cell(row, number) for row in table.rows for number in ways]
    return sum(bool(_REACHED.search(text)) for text in cells) * 2 > len(cells)


def _lists(draft: Draft, section: Section) -> list[List]:
    found = []
    for view in views(section):
        before = {each.line: view.paragraph_before(each) for each in view.lists()}
        for each in view.lists():
            paragraph = before[each.line]
            said = draft.says(view, "contacts", "contacts") >= 2.0 or bool(
                paragraph and draft.hears(paragraph.text, "contacts") and paragraph.text.endswith(":")
            )
            pairs = [_pair(entry) for entry in each.items]
            if said and len(each.items) > 0 and all(pair and (pair.value or pair.items) for pair in pairs):
                found.append(each)
    return found


def _pair(entry: ListItem) -> Pair | None:
    """Also `Legal - legal@acme.example`, where the second half is a way to reach somebody."""
    if pair := pair_of(entry):
        return pair
    found = re.match(r"(.{2,40}?)\s+[-–—]\s+(.+)$", entry.text)
    return Pair(found[1], found[2], entry.line, entry.text_end, False) if found and _REACHED.search(found[2]) else None


def _is_lines(draft: Draft, section: Section, block: Paragraph) -> bool:
    """Lines that each give a name and a way to reach it, below a heading that says so."""
    found = [keyed(line) for line in draft.document.lines[block.line - 1 : block.end - 1]]
    return draft.says(section, "contacts", "contacts") >= 2.0 and all(pair and people.REACHED.search(pair[1]) for pair in found)


def _read_lines(draft: Draft, block: Paragraph) -> None:
    for number in range(block.line, block.end):
        if pair := keyed(draft.document.lines[number - 1]):
            contact = Contact(level="", role=pair[0], method=pair[1], line=number)
            draft.contacts.append(contact)
            draft.take(number, number + 1, contact)


def reads(section: Section, draft: Draft) -> float:
    if any(is_ladder(draft, table) for table in section.tables()):
        return 1.5 + draft.says(section, "escalate", "contacts")
    if any(_is_numbers(draft, section, table) for table in section.tables()):
        return 1.8
    lines = any(_is_lines(draft, section, block) for block in section.paragraphs())
    return 1.6 if lines or _lists(draft, section) else 0.0


def read(section: Section, draft: Draft) -> None:
    for table in draft.open_tables(section):
        if is_ladder(draft, table):
            _read_ladder(table, draft)
        elif _is_numbers(draft, section, table):
            _read_numbers(table, draft)
    for block in draft.open(section):
        if isinstance(block, Paragraph) and _is_lines(draft, section, block):
            _read_lines(draft, block)
    open_lists = draft.open_lists(section)
    for each in _lists(draft, section):
        if each in open_lists:
            for entry in each.items:
                if pair := _pair(entry):
                    value = ", ".join(filter(None, [pair.value, *(item.text for item in pair.items)]))
                    contact = Contact(level="", role=pair.key, method=value, line=entry.line)
                    draft.contacts.append(contact)
                    draft.take(entry.line, entry.end, contact)


def _read_ladder(table: Table, draft: Draft) -> None:
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


def _role_column(draft: Draft, table: Table) -> int:
    """The column of the roles, also where a column of people's names stands before it."""
    first = _first(table)
    names = re.search(r"\b(name|person|contact|who)\b", table.header[first], re.IGNORECASE)
    if not names or not all(people.held(cell(row, first)) for row in table.rows):
        return first
    return next((number for number, name in enumerate(table.header) if number > first and draft.hears(name, "role")), first)


def _read_numbers(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    when = [
        number
        for number, name in enumerate(table.header)
        if number > _first(table) and _WHEN.search(name) and not draft.hears(name, "contact")
    ]
    who = _role_column(draft, table)
    for row in table.rows:
        cells = [cell(row, number) for number in range(_first(table), len(table.header)) if number not in (who, *when)]
        ways = [text for text in cells if re.search(r"\w", text)]
        response = ", ".join(filter(None, (cell(row, number) for number in when)))
        contact = Contact(level="", role=cell(row, who), method=", ".join(ways), line=row.line, response=response)
        if contact.role:
            draft.contacts.append(contact)
            draft.take_row(row, contact)
