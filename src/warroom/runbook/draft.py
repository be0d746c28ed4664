"""What was understood so far, and which source lines it came from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from warroom.runbook.document import Block, Document, Fence, List, ListItem, Row, Section, Table
from warroom.runbook.model import (
    AgendaItem,
    Channel,
    Checklist,
    Columns,
    Contact,
    EscalationTrigger,
    Item,
    Phase,
    Playbook,
    Prose,
    QuickCommand,
    Related,
    Revision,
    Role,
    RotaRow,
    Severity,
    Template,
    Way,
)
from warroom.runbook.vocabulary import heard
from warroom.runbook.words import normal, said_in, short_hash, slug, tokens

_OPTIONAL = re.compile(r"[(\[]optional[)\]]", re.IGNORECASE)
_NO_WORDS = re.compile(r"[\s\-|:*_=+#>`~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A part that was read from shape alone, or nearly so."""

    line: int
    part: str
    because: str
    write: str


class Draft:
    """The runbook in the making; `take` is the only way by which a line stops being prose."""

    def __init__(self, document: Document, language: str = "en", mapping: Mapping[str, str] | None = None) -> None:
        self.document = document
        self.language = language
        self.mapping = {normal(heading): part for heading, part in (mapping or {}).items()}
        self.doubts: list[Doubt] = []
        self.understood: set[int] = set()
        self.title = ""
        self.version: str | None = None
        self.updated: str | None = None
        self.owner: str | None = None
        self.definition = ""
        self.triggers: list[Item] = []
        self.ways: list[Way] = []
        self.severities: dict[str, Severity] = {}
        self.roles: list[Role] = []
        self.channels: list[Channel] = []
        self.responsibilities: list[Item] = []
        self.rota: list[RotaRow] = []
        self.checklist: list[Item] = []
        self.quick: list[QuickCommand] = []
        self.phases: list[Phase] = []
        self.checklists: list[Checklist] = []
        self.templates: list[Template] = []
        self.escalations: list[EscalationTrigger] = []
        self.contacts: list[Contact] = []
        self.include: list[str] = []
        self.postmortem = ""
        self.postmortem_line = 0
        self.agenda: list[AgendaItem] = []
        self.playbooks: dict[int, Playbook] = {}
        self.related: list[Related] = []
        self.revisions: list[Revision] = []
        self.columns: list[Columns] = []
        self._ids: dict[str, int] = {}
        """Each id with the last number it was given."""

    @property
    def labels(self) -> list[str]:
        """The document's own names of its severities, the worst first."""
        return [severity.level for severity in sorted(self.severities.values(), key=lambda severity: severity.rank)]

    def mapped(self, section: Section) -> str:
        """What the team itself says that the section is; empty when it says nothing."""
        if self.mapping:
            for each in (section, *section.ancestors()):
                if part := self.mapping.get(normal(each.heading)):
                    return part
        return ""

    def hears(self, text: str, concept: str) -> bool:
        """The text has one of the concept's words, in English or the document's language."""
        return heard(self.language, concept, text)

    def says(self, section: Section, concept: str, part: str = "") -> float:
        """How clearly the headings say it: 3 the team's own mapping, 2 its own heading, 1 one above it, 0 none."""
        if mapped := self.mapped(section):
            return 3.0 if mapped == part else 0.0
        if not section.is_title and self.hears(section.heading, concept):
            return 2.0
        return 1.0 if any(not above.is_title and self.hears(above.heading, concept) for above in section.ancestors()) else 0.0

    def doubt(self, line: int, part: str, because: str, write: str) -> None:
        self.doubts.append(Doubt(line=line, part=part, because=because, write=write))

    def named(self, section: Section, text: str, line: int, depth: int = 0) -> Item:
        """An item from words that are no list entry; its lines are not taken yet."""
        return Item(id=self._item_id(section, text), text=text, line=line, depth=depth, optional=bool(_OPTIONAL.search(text)))

    def source(self, first: int, end: int) -> str:
        return "\n".join(self.document.lines[first - 1 : end - 1])

    def open(self, section: Section) -> list[Block]:
        """The blocks of the section from which nothing was read yet."""
        return [block for block in section.blocks if self.understood.isdisjoint(range(block.line, block.end))]

    def open_lists(self, section: Section) -> list[List]:
        return [block for block in self.open(section) if isinstance(block, List)]

    def open_tables(self, section: Section) -> list[Table]:
        return [block for block in self.open(section) if isinstance(block, Table)]

    def open_fences(self, section: Section) -> list[Fence]:
        return [block for block in self.open(section) if isinstance(block, Fence)]

    def take(self, first: int, end: int, *values: object) -> None:
        """These lines were read into these values; a line with a word that is in none of them stays prose as well."""
        self.take_spans([(first, end)], *values)

    def take_spans(self, spans: Iterable[tuple[int, int]], *values: object) -> None:
        said: set[str] = set()
        for text in _texts(values):
            said |= said_in(text)
        for first, end in spans:
            self.understood.update(number for number in range(first, end) if tokens(self.document.lines[number - 1]) <= said)

    def take_row(self, row: Row, value: object) -> None:
        self.take(row.line, row.end, value)

    def take_columns(self, table: Table) -> None:
        columns = Columns(names=table.header, line=table.line)
        self.columns.append(columns)
        self.take(table.line, table.header_end, columns)

    def take_fence(self, fence: Fence, *values: object) -> None:
        self.take(fence.line, fence.end, fence.language, *values)

    def items(self, section: Section, lists: Iterable[List], depth: int = 0) -> list[Item]:
        """Every entry of the lists, the nested ones one deeper than theirs."""
        found: list[Item] = []
        for each in lists:
            for entry in each.items:
                if entry.text:
                    found.append(self.item(section, entry, depth))
                found += self.items(section, (block for block in entry.blocks if isinstance(block, List)), depth + 1)
        return found

    def item(self, section: Section, entry: ListItem, depth: int = 0) -> Item:
        item = Item(
            id=self._item_id(section, entry.text),
            text=entry.text,
            line=entry.line,
            depth=depth,
            optional=bool(_OPTIONAL.search(entry.text)),
        )
        self.take(entry.line, entry.text_end, item)
        return item

    def unique(self, id: str) -> str:
        wanted, number = id, self._ids.get(id, 0)
        while id in self._ids:
            number += 1
            id = f"{wanted}-{number}"
        self._ids[wanted] = max(number, 1)
        self._ids.setdefault(id, 1)
        return id

    def _item_id(self, section: Section, text: str) -> str:
        path = [re.sub(r"\([^)]*\)", "", heading) for heading in section.path]  # a time box may change; the section stays
        name = ".".join(part for part in (slug(path[-1] if path else "", 3), slug(text, 3)) if part) or "item"
        return self.unique(f"{name}.{short_hash(*map(normal, path), normal(text))}")

    def prose(self) -> list[Prose]:
        """Every line that nothing was read from, by section, in stretches that no value interrupts."""
        sections = list(self.document.sections())
        ends = [section.line for section in sections[1:]] + [len(self.document.lines) + 1]
        found = []
        for section, end in zip(sections, ends, strict=True):
            for first, last in self._stretches(section.line if section.level == 0 else section.end, end):
                found.append(Prose(heading=section.heading, line=first, text=self.source(first, last + 1)))
            if section.level and not self.understood.issuperset(range(section.line, section.end)):
                found.append(Prose(heading=section.heading, line=section.line, text=self.source(section.line, section.end)))
        return sorted(found, key=lambda prose: prose.line)

    def _stretches(self, first: int, end: int) -> Sequence[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        begun = last = 0
        for number in range(first, end):
            line = self.document.lines[number - 1]
            if number in self.understood:
                if begun:
                    found.append((begun, last))
                begun = 0
            elif line.strip() and (begun or not _NO_WORDS.fullmatch(line) or line.lstrip().startswith(("```", "~~~"))):
                begun = begun or number
                last = number if not re.fullmatch(r"\s{0,3}([-*_]\s*){3,}", line) else last
        if begun:
            found.append((begun, last))
        return [(begun, last) for begun, last in found if not all(map(_NO_WORDS.fullmatch, self.document.lines[begun - 1 : last]))]


def column(table: Table, pattern: re.Pattern[str]) -> int | None:
    """The first column whose name says it."""
    return next((number for number, name in enumerate(table.header) if pattern.search(name)), None)


def cell(row: Row, number: int | None) -> str:
    return row.cells[number] if number is not None and number < len(row.cells) else ""


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from _texts(msgspec.structs.astuple(value))
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _texts(each)
