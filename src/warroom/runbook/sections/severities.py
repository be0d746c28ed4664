"""The levels of an incident: their labels, times and criteria."""

import re
from collections.abc import Callable

import msgspec

from warroom.runbook.document import List, Row, Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.model import ResponseTime, Severity
from warroom.runbook.words import in_business_hours, seconds

_HEADING = re.compile(r"\b(severit\w*|priorit\w*|levels?|classif\w*|criteri\w*|sev)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(escalat\w*|playbooks?|contacts?|templates?|on-?call)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(severity|level|sev|classification|priority|class|rank|urgency|tier)\b", re.IGNORECASE)
_NOT_LEVELS = re.compile(r"\b(role|contact|person|escalat\w*|action|owner|status)\b", re.IGNORECASE)
_LABEL = re.compile(r"(P|SEV|S|Severity|Priority|Level|L|Tier|Class)([\s:_-]*)(\d{1,2})(?![\w.])", re.IGNORECASE)
_WORDS = (
    ("critical", "catastrophic", "emergency", "blocker", "severe"),
    ("high", "major", "error", "serious", "urgent"),
    ("medium", "moderate", "warning", "normal"),
    ("low", "minor", "info", "informational"),
    ("trivial", "cosmetic", "negligible"),
)
_NAME = re.compile(r"^(name|title|aka|type|label)$", re.IGNORECASE)
_IMPACT = re.compile(r"\b(impact|description|definition|means|meaning|criteria|when)\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"\bexamples?\b", re.IGNORECASE)
_TIME_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("acknowledge", re.compile(r"\back\w*", re.IGNORECASE)),
    ("resolve", re.compile(r"\b(resol\w+|fix\w*|restor\w+|recover\w+|mttr)\b", re.IGNORECASE)),
    ("update", re.compile(r"\b(updates?|cadence|news)\b", re.IGNORECASE)),
    ("respond", re.compile(r"\b(respon\w+|answer\w*|react\w*|sla)\b", re.IGNORECASE)),
)


def label(text: str) -> tuple[str, str] | None:
    """The label that the text begins with, as it is written, and what follows it."""
    text = text.strip().lstrip("#:[(").strip()
    if found := _LABEL.match(text):
        return found[0], text[found.end() :].lstrip("]) ")
    first = re.match(r"[A-Za-z]+", text)
    if first and _word_rank(first[0]) is not None:
        return first[0], text[first.end() :].strip()
    return None


def fold(name: str) -> str:
    """What two spellings of one label share: SEV-1, Sev 1 and sev1."""
    return re.sub(r"[\s:_-]", "", name).casefold()


def reads(section: Section, draft: Draft) -> float:
    if any(_is_levels(table) for table in section.tables()):
        return 2.0 + section.says(_HEADING)
    if _level_of(section, draft):
        return 2.0 + section.says(_HEADING)
    if section.says(_HEADING) == 2.0 and any(map(_are_levels, section.lists())):
        return 3.0
    return 0.0


def read(section: Section, draft: Draft) -> None:
    for table in filter(_is_levels, draft.open_tables(section)):
        _read_table(table, draft)
    if level := _level_of(section, draft):
        severity = draft.severities[fold(level)]
        criteria = severity.criteria + tuple(draft.items(section, draft.open_lists(section)))
        draft.severities[fold(level)] = msgspec.structs.replace(severity, criteria=criteria)
    elif section.says(_HEADING) == 2.0:
        for each in filter(_are_levels, draft.open_lists(section)):
            _read_list(each, draft)


def levels(section: Section, draft: Draft) -> None:
    """The labels are the vocabulary of all other sections: they are found before anything is read."""
    for table in section.tables():
        if _is_levels(table):
            _know(draft, [(cell(row, 0), row.line) for row in table.rows])
    for each in section.lists():
        if section.says(_HEADING) == 2.0 and _are_levels(each):
            _know(draft, [(entry.text, entry.line) for entry in each.items])
    under = [child for child in section.children if label(child.heading) and not _OTHER.search(" ".join(child.path))]
    if len(under) > 1 and any(child.says(_HEADING) for child in under):
        _know(draft, [(child.heading, child.line) for child in under], names=True)


def _know(draft: Draft, found: list[tuple[str, int]], names: bool = False) -> None:
    for text, line in found:
        if (split := label(text)) and fold(split[0]) not in draft.severities:
            name = split[1].lstrip(" -–—:(").rstrip(") ") if names else ""
            draft.severities[fold(split[0])] = Severity(level=split[0], rank=0, name=name, line=line)
    ordered = sorted(draft.severities.values(), key=_order(draft))
    for rank, severity in enumerate(ordered, 1):
        draft.severities[fold(severity.level)] = msgspec.structs.replace(severity, rank=rank)


def _order(draft: Draft) -> Callable[[Severity], tuple[int, int]]:
    """By number, else by what the words mean, else as they stand."""
    places = {name: place for place, name in enumerate(draft.severities)}

    def order(severity: Severity) -> tuple[int, int]:
        place = places[fold(severity.level)]
        if found := _LABEL.fullmatch(severity.level):
            return int(found[3]), place
        rank = _word_rank(severity.level)
        return (place if rank is None else rank), place

    return order


def _word_rank(word: str) -> int | None:
    return next((rank for rank, words in enumerate(_WORDS) if word.casefold() in words), None)


def _family(labels: list[str]) -> bool:
    """Two or more labels of one family, each once."""
    families = {"word" if not (found := _LABEL.fullmatch(name)) else found[1].casefold() for name in labels}
    return len(labels) > 1 and len(families) == 1 and len(set(map(fold, labels))) == len(labels)


def _is_levels(table: Table) -> bool:
    if not table.header or any(_NOT_LEVELS.search(name) for name in table.header):
        return False
    found = [label(cell(row, 0)) for row in table.rows]
    return bool(_FIRST.search(table.header[0])) and all(found) and _family([each[0] for each in found if each])


def _are_levels(each: List) -> bool:
    found = [label(entry.text) for entry in each.items]
    return all(found) and _family([split[0] for split in found if split])


def _level_of(section: Section, draft: Draft) -> str | None:
    """The one known level whose criteria a section of this heading lists."""
    if not section.says(_HEADING) or _OTHER.search(" ".join(section.path)):
        return None
    spoken = [name for name in draft.labels if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", section.heading, re.IGNORECASE)]
    return spoken[0] if len(spoken) == 1 else None


def _read_table(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    name, impact, example = (column(table, pattern) for pattern in (_NAME, _IMPACT, _EXAMPLE))
    used = {0, name, impact, example}
    timed = [number for number in range(len(table.header)) if number not in used and _kind(table.header[number])]
    for row in table.rows:
        split = label(cell(row, 0))
        if split is None:
            continue
        severity = draft.severities[fold(split[0])]
        times = tuple(_time(row, number, table) for number in timed if cell(row, number))
        severity = msgspec.structs.replace(
            severity,
            name=severity.name or cell(row, name) or split[1].lstrip(" -–—:(").rstrip(") "),
            impact=severity.impact or cell(row, impact),
            example=severity.example or cell(row, example),
            times=severity.times + times,
            response_seconds=_response(severity.times + times),
            line=row.line,
        )
        draft.severities[fold(split[0])] = severity
        draft.take_row(row, severity)


def _read_list(each: List, draft: Draft) -> None:
    for entry in each.items:
        if split := label(entry.text):
            severity = draft.severities[fold(split[0])]
            severity = msgspec.structs.replace(severity, impact=severity.impact or split[1].lstrip(" -–—:"), line=entry.line)
            draft.severities[fold(split[0])] = severity
            draft.take(entry.line, entry.text_end, severity)


def _kind(name: str) -> str | None:
    return next((kind for kind, pattern in _TIME_KINDS if pattern.search(name)), None)


def _time(row: Row, number: int, table: Table) -> ResponseTime:
    text = cell(row, number)
    return msgspec.convert(
        {
            "kind": _kind(table.header[number]) or "other",
            "seconds": seconds(text),
            "text": text,
            "hours": "business" if in_business_hours(text) else "any",
        },
        ResponseTime,
    )


def _response(times: tuple[ResponseTime, ...]) -> float | None:
    """The first human answer: "respond", and "acknowledge" only when nothing says respond."""
    for kind in ("respond", "acknowledge"):
        for time in times:
            if time.kind == kind:
                return time.seconds
    return None
