"""Every set of siblings that begin with labels of one family, in whatever shape it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from warroom.runbook.document import Block, List, Paragraph, Row, Section, Table
from warroom.runbook.draft import Draft, cell
from warroom.runbook.labels import Label, bare, fold, label
from warroom.runbook.levels import Entry, LevelSet
from warroom.runbook.pairs import keyed
from warroom.runbook.times import is_time, kind_of
from warroom.runbook.views import views
from warroom.runbook.vocabulary import rank_word

_MARKS = re.compile(r"^[\s>]+|\*\*|__|`")
_NAMED = re.compile(r"^[\s(\[–—:,-]*([^:–—()\[\].]{1,40}?)\s*[)\]]?\s*(?:[:.]\s+|\s[-–—]+\s+|(?<=[)\]])\s+)(.*\w.*)$")
_IN_SENTENCE = re.compile(r"(?<!\w)([A-Za-z]{1,8}[ -]?\d)\s*(?:\(([^()]*[^\W\d][^()]*)\)|(?:=|:\s)\s*([^,;.()=:]*[^\W\d][^,;.()=:]*))")


def sets(draft: Draft, section: Section) -> Iterator[LevelSet]:
    for view in views(section):
        for block in view.blocks:
            if isinstance(block, Table):
                yield from _of_table(draft, view, block)
            elif isinstance(block, List):
                yield from _of_list(draft, view, block)
            elif isinstance(block, Paragraph) and draft.hears(view.heading, "severity"):
                yield from _of_sentence(view, block)
        if view.line == section.line:
            yield from _of_paragraphs(draft, view)
            yield from _of_lines(draft, view)
    yield from _of_sections(section, section.children, "headings")
    yield from _of_sections(section, section.parts(), "bold lines")


def _family(labels: Sequence[Label | None]) -> bool:
    """Two or more labels of one family, each once."""
    texts = [fold(text) for each in labels if each for text in each.all]
    return (
        len(labels) > 1
        and all(labels)
        and len({each.family for each in labels if each}) == 1
        and len(set(texts)) == len(texts)
        and len(texts) < 9
    )


def _of_table(draft: Draft, section: Section, table: Table) -> Iterator[LevelSet]:
    if len(table.rows) > 1:
        strong = bool(table.header) and (draft.hears(table.header[0], "severity") or draft.hears(table.header[0], "priority"))
        for number in range(min(2, len(table.header))):
            texts = [cell(row, number) for row in table.rows]
            labels = [label(text, digits=strong and number == 0) for text in texts]
            rows = [row for row, each in zip(table.rows, labels, strict=True) if each]
            labels_there = [each for each in labels if each]
            others = len(table.rows) - len(rows)
            if others and not (others == 1 and len(rows) > 2 and draft.hears(table.header[number], "severity")):
                continue
            if _family(labels_there) and not _matrix(table) and all(_short(each, strong or number == 0) for each in labels_there):
                entries = [_row_entry(section, row, each, number) for row, each in zip(rows, labels_there, strict=True)]
                yield LevelSet("table", section, entries, table.line, table, number)
                return
        if strong and draft.hears(table.header[0], "severity") and _phrases([cell(row, 0) for row in table.rows]) and not _matrix(table):
            entries = [_row_entry(section, row, _phrase(cell(row, 0)), 0) for row in table.rows]
            yield LevelSet("table", section, entries, table.line, table)
            return
    yield from _of_columns(draft, section, table)


def _row_entry(section: Section, row: Row, found: Label, number: int) -> Entry:
    return Entry(found, found.name if len(found.name.split()) < 7 else "", "", row.line, row.end, section, row=row, column=number)


def _short(found: Label, strong: bool) -> bool:
    return len(found.rest.split()) <= (8 if strong else 4)


def _phrase(text: str) -> Label:
    return Label(text, "phrase", 0, "")


def _phrases(texts: list[str]) -> bool:
    return 2 <= len(texts) <= 6 and all(0 < len(text.split()) < 6 for text in texts) and len(set(map(fold, texts))) == len(texts)


def _matrix(table: Table) -> bool:
    """The cells give levels too, or the head has the same words as the rows: impact by urgency."""
    if len(table.header) < 3:
        return False
    columns = [label(name) for name in table.header[1:]]
    rows = [label(cell(row, 0)) for row in table.rows]
    inner = [cell(row, number) for row in table.rows for number in range(1, len(table.header))]
    shown = sum(bool(text) and len(text.split()) < 4 and label(text) is not None for text in inner)
    return (all(columns) and all(rows)) or shown * 2 > len(inner)


def _of_columns(draft: Draft, section: Section, table: Table) -> Iterator[LevelSet]:
    width = len(table.header)
    if width < 3 or len(table.rows) < 2:
        return
    keys = [cell(row, 0) for row in table.rows]
    attributes = sum(bool(kind_of(key, draft.language)) or draft.hears(key, "impact") or draft.hears(key, "example") for key in keys)
    if attributes * 2 < len(keys):
        return
    rows = [Row(table.header, table.line, table.header_end), *table.rows]
    for row in rows[:3]:
        labels = [label(cell(row, number)) for number in range(1, width)]
        if _family(labels):
            entries = [
                Entry(each, each.name, "", row.line, row.end, section, column=number) for number, each in enumerate(labels, 1) if each
            ]
            yield LevelSet("columns", section, entries, table.line, table, turned=True, label_row=None if row is rows[0] else row)
            return
    if draft.says(section, "severity", "severities") and _phrases(list(table.header[1:])):
        entries = [
            Entry(_phrase(name), "", "", table.line, table.line + 1, section, column=number)
            for number, name in enumerate(table.header[1:], 1)
        ]
        yield LevelSet("columns", section, entries, table.line, table, turned=True)


def _of_list(draft: Draft, section: Section, each: List) -> Iterator[LevelSet]:
    entries = []
    for item in each.items:
        begins = item.lead or item.text
        found = label(begins)
        if found and found.family == "word" and not item.lead and not re.match(r"\s*([:–—(=-]|$)", found.rest):
            found = None
        if found is None:
            return
        name, text = _name_and_text(found, item.text, item.lead)
        entries.append(Entry(found, name, text, item.line, item.text_end, section, item.blocks))
    if _family([entry.label for entry in entries]):
        before = section.paragraph_before(each)
        kind = kind_of(section.heading + " " + (before.text if before else ""), draft.language)
        timely = kind and sum(is_time(entry.text, draft.language) for entry in entries) * 2 > len(entries)
        yield LevelSet("list", section, entries, each.line, kind=kind if timely else None)


def _name_and_text(found: Label, text: str, lead: str) -> tuple[str, str]:
    """`**P1 - Critical**: nobody can pay` and its kin: the second name of the level, and what it means."""
    if lead and text.startswith(lead):
        return bare(found.rest), text[len(lead) :].strip().lstrip(":：–—-. ").strip()
    if (match := _NAMED.match(found.rest)) and len(match[1].split()) < 5 and (found.rest.lstrip()[:1] in "([" or rank_word(match[1])):
        return match[1].strip(), match[2].strip()
    return "", found.rest.strip().lstrip(":：、，–—-=. )]→>").strip()


def _of_paragraphs(draft: Draft, section: Section) -> Iterator[LevelSet]:
    """Paragraphs, or lines of one, that begin with a bold label and go on with what it means."""
    entries: list[Entry] = []
    for at, block in enumerate(section.blocks):
        if isinstance(block, Paragraph) and block.lead and not block.title and (found := label(block.lead)):
            first, rest = _first_line(draft, block)
            name, text = _name_and_text(found, first, block.lead)
            below: list[Block] = [rest] if rest else []
            for each in section.blocks[at + 1 :]:
                if isinstance(each, Paragraph):
                    break
                below.append(each)
            entries.append(Entry(found, name, text, block.line, block.end, section, tuple(below)))
    if _family([entry.label for entry in entries]):
        yield LevelSet("paragraphs", section, entries, entries[0].line)


def _first_line(draft: Draft, block: Paragraph) -> tuple[str, Paragraph | None]:
    """Its words, and the lines below where each is a key and a value."""
    lines = draft.document.lines[block.line - 1 : block.end - 1]
    if len(lines) < 2 or not all(map(keyed, lines[1:])):
        return block.text, None
    return _MARKS.sub("", lines[0]).strip(), Paragraph(" ".join(lines[1:]), block.line + 1, block.end)


def _of_lines(draft: Draft, section: Section) -> Iterator[LevelSet]:
    """Lines of paragraphs that each begin with a label and a colon, a dash or brackets: `P1 (urgent): nobody can pay`."""
    entries: list[Entry] = []
    for block in section.blocks:
        if isinstance(block, Paragraph) and not block.lead:
            for number in range(block.line, block.end):
                line = draft.document.lines[number - 1].strip()
                found = label(line)
                if found is None or found.family == "word" or not re.match(r"\s*(?:[:(=–—]|-\s)", found.rest):
                    continue
                name, text = _name_and_text(found, line, "")
                entries.append(Entry(found, name, text, number, number + 1, section))
    if _family([entry.label for entry in entries]):
        yield LevelSet("lines", section, entries, entries[0].line)


def _of_sentence(section: Section, paragraph: Paragraph) -> Iterator[LevelSet]:
    """`SEV1 (nobody can pay), SEV2 (some cannot)`: the levels and what each means, in brackets or behind an equals sign."""
    entries = []
    for match in _IN_SENTENCE.finditer(paragraph.text):
        if (found := label(match[1])) and found.family != "word" and not found.rest.strip():
            entries.append(Entry(found, "", (match[2] or match[3]).strip(), paragraph.line, paragraph.end, section))
    if _family([entry.label for entry in entries]):
        yield LevelSet("sentence", section, entries, paragraph.line)


def _of_sections(parent: Section, children: Sequence[Section], shape: str) -> Iterator[LevelSet]:
    families: dict[str, list[Entry]] = {}
    for child in children:
        if found := label(_numberless(child.heading)):
            blocks = child.blocks[1:] if shape == "bold lines" and child.blocks and child.blocks[0].end == child.end else child.blocks
            if shape == "bold lines" and blocks and blocks[0].line < child.end:
                blocks = blocks[1:]
            name = found.name if len(found.name.split()) < 9 else ""
            entry = Entry(found, name, "", child.line, child.end, child, tuple(_with_parts(child, blocks)))
            entry = _labelled_below(entry) if found.family == "word" else entry
            families.setdefault(entry.label.family, []).append(entry)
    for entries in families.values():
        if _family([entry.label for entry in entries]):
            yield LevelSet(shape, parent, entries, entries[0].line)


def _labelled_below(entry: Entry) -> Entry:
    """`Critical` whose bullets all begin with P1: the label is P1, and the bullets are what makes it that."""
    for at, block in enumerate(entry.blocks):
        if isinstance(block, List):
            labels = [label(item.text) for item in block.items]
            first = labels[0] if labels else None
            if first is None or first.family == "word" or any(each is None or fold(each.text) != fold(first.text) for each in labels):
                return entry
            items = tuple(replace(item, text=each.name) for item, each in zip(block.items, labels, strict=True) if each)
            blocks = (*entry.blocks[:at], replace(block, items=items), *entry.blocks[at + 1 :])
            return replace(entry, label=replace(first, rest=""), name=entry.label.text, blocks=blocks)
    return entry


def _with_parts(child: Section, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of a level's section and of the sections below it, whose headings are keys."""
    yield from blocks
    for below in child.children:
        yield Paragraph(f"{below.heading}:", below.line, below.end)
        yield from below.blocks


def _numberless(heading: str) -> str:
    return re.sub(r"^\s*\d+(\.\d+)*[.)]?\s+", "", heading)
