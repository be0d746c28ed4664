"""Tables of a Markdown template: found, read, and their timeline written."""

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from warroom.core.entries import Amended
from warroom.core.incident import Incident
from warroom.core.timeline import lines
from warroom.reports.fields import Fields
from warroom.reports.times import day, hhmm
from warroom.reports.words import markdown

NOT_RECORDED = "not recorded"
GENERIC = re.compile(r"|\W*|(?:event|action|what|entry|description|details?)(?: (?:description|\d+|happened))?", re.IGNORECASE)
"""What stands in a row that asks for nothing of its own."""
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")


class Table(msgspec.Struct, frozen=True):
    """`head` is its first two lines; `end` the line after its last."""

    head: tuple[str, str]
    rows: tuple[str, ...]
    end: int

    @property
    def width(self) -> int:
        return len(cells(self.head[0]))

    def column(self, words: str, taken: set[int] | None = None) -> int | None:
        """The first whose heading has one of the words."""
        names = [re.sub(r"[*_`]", "", name) for name in cells(self.head[0])]
        found = (n for n, name in enumerate(names) if n not in (taken or ()) and re.search(rf"\b(?:{words})", name, re.IGNORECASE))
        return next(found, None)

    def has(self, words: str) -> bool:
        return any(re.search(words, line, re.IGNORECASE) for line in (self.head[0], *self.rows))

    def choice(self, column: str, words: str) -> str:
        """The first value of a column that has one of the words."""
        n = self.column(column)
        values = [] if n is None else [found[n] for line in self.rows if n < len(found := cells(line))]
        return next((value for value in values if re.search(words, value, re.IGNORECASE) and "[" not in value), "")


def table_at(lines: list[str], n: int) -> Table | None:
    """The table that begins in this line."""
    if n + 1 >= len(lines) or "|" not in lines[n] or "|" not in lines[n + 1] or not _RULE.match(lines[n + 1]):
        return None
    end = n + 2
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        end += 1
    return Table((lines[n], lines[n + 1]), tuple(lines[n + 2 : end]), end)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in _PIPE.split(line.strip().removeprefix("|").removesuffix("|"))]


def row(values: list[str]) -> str:
    return f"| {' | '.join(values)} |"


def rows_of_timeline(table: Table, incident: Incident, fields: Fields, time: int, event: int, who: int | None) -> Iterator[str]:
    """The rows that the template asks for, in its order; then everything else, with a row for each new day."""

    def written(at: str, text: str, by: str = "") -> str:
        values = [""] * table.width
        values[time], values[event] = at, text if who is not None or not by else f"{by}: {text}"
        if who is not None:
            values[who] = by
        return row(values)

    today = day(incident.alerted) if incident.alerted else ""

    def dated(at: datetime) -> Iterator[str]:
        nonlocal today
        if day(at) != today:
            today = day(at)
            yield written(f"**{today}**", "")

    told: set[str] = set()
    for line in table.rows:
        asked = re.sub(r"[\[\]{}<>]", "", cells(line)[event]) if event < len(cells(line)) else ""
        moment = fields.moment(asked)
        if moment is None and (GENERIC.fullmatch(asked.strip()) or re.search(r"\d\d:\d\d", cells(line)[time])):
            continue  # a row to copy, or an example
        if moment is None:
            yield written(NOT_RECORDED, markdown(asked))
            continue
        told |= {moment.entry} if moment.entry else set()
        yield from dated(moment.at)
        yield written(hhmm(moment.at), f"{markdown(asked)}{f': {markdown(moment.text)}' if moment.text else ''}", markdown(moment.by))
    entries = {entry.id: entry for entry in incident.entries}
    for found in lines(incident):
        entry = entries[found.id]
        if found.is_struck or found.id in told or isinstance(entry.fact, Amended):  # an amendment is told where it counts
            continue
        yield from dated(found.at)
        text = fields.words(entry) if found.id in incident.amended else found.text
        yield written(hhmm(found.at), markdown(text), markdown(found.who))
