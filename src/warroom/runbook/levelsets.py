"""Sets of siblings that begin with labels of one family, and how likely each is to be the document's severities."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from warroom.runbook.document import Block, List, Paragraph, Row, Section, Table
from warroom.runbook.draft import Draft, cell
from warroom.runbook.labels import Label, bare, fold, label
from warroom.runbook.pairs import Pair, pairs
from warroom.runbook.times import Kind, is_time, kind_of, names_a_time, spoken
from warroom.runbook.vocabulary import plain, rank_word, says

LEAST = 3.0
"""A set that scores less is no set of severities."""
_NAMED = re.compile(r"^[\s(\[–—:,-]*([^:–—()\[\].]{1,40}?)\s*[)\]]?\s*(?:[:.]\s+|\s[-–—]+\s+|(?<=[)\]])\s+)(.*\w.*)$")
_IN_SENTENCE = re.compile(r"(?<!\w)([A-Za-z]{1,8}[ -]?\d)\s*(?:\(([^()]*[^\W\d][^()]*)\)|(?:=|:\s)\s*([^,;.()=:]*[^\W\d][^,;.()=:]*))")
_SHARE = {
    "sev": 2.0,
    "p": 1.5,
    "s": 1.5,
    "severity": 2.0,
    "priority": 1.5,
    "prio": 1.5,
    "level": 0.5,
    "l": -1.0,
    "tier": -1.5,
    "t": -1.0,
    "c": -0.5,
    "i": -0.5,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One sibling: its label, its name, and what it says."""

    label: Label
    name: str
    text: str
    line: int
    end: int
    section: Section
    blocks: tuple[Block, ...] = ()
    row: Row | None = None
    column: int = 0


@dataclass(slots=True, eq=False)
class LevelSet:
    shape: str
    section: Section
    entries: list[Entry]
    line: int
    table: Table | None = None
    column: int = 0
    turned: bool = False
    label_row: Row | None = None
    kind: Kind | None = None
    """The time that the heading promises, for a list that has nothing else."""
    foreign: bool = False
    """It belongs to another part: escalation, playbooks, contacts."""
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    @property
    def why(self) -> str:
        return " and ".join(self.reasons) or "of its labels"

    @property
    def upside_down(self) -> bool:
        """The names say that the highest number is the worst."""
        if self.entries[0].label.family in ("word", "phrase"):
            return False
        ranks = [(entry.label.number, found[0]) for entry in self.entries if (found := rank_word(entry.name))]
        ranks.sort()
        return len(ranks) > 1 and all(first[1] > second[1] for first, second in pairwise(ranks))


def views(section: Section) -> list[Section]:
    """The section without what bold lines divide off, and each of those parts."""
    parts = section.parts()
    if not parts:
        return [section]
    first = parts[0].line
    rest = Section(section.heading, section.level, section.line, section.end, section.parent, section.is_title)
    rest.blocks = [block for block in section.blocks if block.line < first]
    rest.children = section.children
    return [rest, *parts]


def find(draft: Draft) -> list[LevelSet]:
    """The sets, the likeliest severities first; empty when none is likely enough."""
    found = [each for section in draft.document.sections() for each in _sets(draft, section)]
    for each in found:
        _judge(draft, each)
    found.sort(key=lambda each: (-each.score, each.line))
    return found if found and found[0].score >= LEAST else []


def _sets(draft: Draft, section: Section) -> Iterator[LevelSet]:
    for view in views(section):
        for block in view.blocks:
            if isinstance(block, Table):
                yield from _of_table(draft, view, block)
            elif isinstance(block, List):
                yield from _of_list(draft, view, block)
            elif isinstance(block, Paragraph) and draft.hears(view.heading, "severity"):
                yield from _of_sentence(view, block)
        if view.line == section.line:
            yield from _of_paragraphs(view)
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


def _of_paragraphs(section: Section) -> Iterator[LevelSet]:
    """Paragraphs, or lines of one, that begin with a bold label and go on with what it means."""
    entries: list[Entry] = []
    for at, block in enumerate(section.blocks):
        if isinstance(block, Paragraph) and block.lead and not block.title and (found := label(block.lead)):
            name, text = _name_and_text(found, block.text, block.lead)
            below = []
            for each in section.blocks[at + 1 :]:
                if isinstance(each, Paragraph):
                    break
                below.append(each)
            entries.append(Entry(found, name, text, block.line, block.end, section, tuple(below)))
    if _family([entry.label for entry in entries]):
        yield LevelSet("paragraphs", section, entries, entries[0].line)


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


def _judge(draft: Draft, each: LevelSet) -> None:
    section = each.section
    words = section.heading if not section.is_title else ""
    above = [one.heading for one in section.ancestors()]
    apart = [one.heading for one in section.ancestors() if one.heading and not one.is_title]
    severity = draft.hears(section.heading, "severity")
    score = 0.0
    if draft.mapped(section):
        each.foreign = draft.mapped(section) != "severities"
        score += -20.0 if each.foreign else 20.0
    if severity:
        score += 3.0 if words else 1.5
        each.reasons.append(f"the heading is {section.heading!r}")
    elif words and draft.hears(words, "priority"):
        score += 2.0
        each.reasons.append(f"the heading is {section.heading!r}")
    elif any(draft.hears(heading, "severity") for heading in above):
        score += 1.5
    elif any(draft.hears(heading, "priority") for heading in above[:1]):
        score += 1.0
    if words and draft.hears(words, "not_levels"):
        score -= 1.5 if severity else 3.0
    if any(draft.hears(heading, "not_levels") and not draft.hears(heading, "severity") for heading in apart):
        score -= 1.5
    score += _family_share(each) + _content_share(draft, each)
    each.foreign = each.foreign or _is_foreign(draft, each)
    if each.foreign:
        score -= 3.0
    count = sum(len(entry.label.all) for entry in each.entries)
    each.score = score + (0.5 if 3 <= count <= 5 else -1.5 if count > 6 else 0.0)


def _family_share(each: LevelSet) -> float:
    family = each.entries[0].label.family
    if family not in ("word", "phrase"):
        each.reasons.append(f"its labels are {', '.join(entry.label.text for entry in each.entries)}")
    if family == "phrase":
        return -1.0
    if family == "word":
        ranks = [entry.label.number for entry in each.entries]
        return 0.0 if len(set(ranks)) > 1 else -2.0
    return _SHARE.get(family, 0.5 if len(family) > 3 else -0.5)


def _content_share(draft: Draft, each: LevelSet) -> float:
    language, score = draft.language, 0.0
    if each.table and not each.turned:
        name = each.table.header[each.column]
        if draft.hears(name, "severity"):
            score += 3.0
            each.reasons.append(f"the first column is {name!r}")
        elif draft.hears(name, "priority"):
            score += 2.0
            each.reasons.append(f"the first column is {name!r}")
        elif name and not label(name):
            score -= 1.5
        if each.column and not _leads(draft, each.table.header[0]):
            score -= 4.0
        others = [one for number, one in enumerate(each.table.header) if number != each.column]
        defines = [one for one in others if _defines(draft, one)]
        timed = [one for one in others if (kind := kind_of(one, language)) and kind != "update" and (names_a_time(one, language) or kind)]
        promised = _promises(draft, each)
        untimed = [one for one in others if one not in timed]
        if any(draft.hears(one, "contact") or draft.hears(one, "target") for one in untimed) and not defines and not promised:
            score -= 3.0
        if not defines and promised:
            score += 2.5
            each.reasons.append("each has a time to answer")
        return score + (1.5 if defines else 0.0) + (1.0 if timed else 0.0) - (1.0 if not defines and not timed else 0.0)
    if each.turned:
        keys = [cell(row, 0) for row in each.table.rows] if each.table else []
        timed = [key for key in keys if kind_of(key, language) in ("respond", "acknowledge", "resolve")]
        return (2.0 if timed else 0.0) + (1.5 if any(_defines(draft, key) for key in keys) else 0.0)
    if each.kind:
        return 0.0
    found = [pair for entry in each.entries for pair in pairs(entry.blocks, draft.document.lines) if isinstance(pair, Pair)]
    if any(_defines(draft, pair.key) for pair in found) or sum(bool(entry.text) for entry in each.entries) * 2 > len(each.entries):
        score += 1.5
    elif sum(any(isinstance(block, (Paragraph, List)) for block in entry.blocks) for entry in each.entries) * 2 > len(each.entries):
        score += 0.5
    timely = [pair for pair in found if kind_of(pair.key, language) and is_time(pair.value, language)]
    return score + (1.0 if timely or any(spoken(entry.text, language) for entry in each.entries) else 0.0)


def _leads(draft: Draft, name: str) -> bool:
    """What may stand before the column of labels: what makes it that level, or a mere number."""
    return (
        not re.search(r"[^\W\d]", name) or name.casefold() in ("no", "no.", "nr") or _defines(draft, name) or draft.hears(name, "condition")
    )


def _defines(draft: Draft, name: str) -> bool:
    return draft.hears(name, "impact") or draft.hears(name, "criteria") or draft.hears(name, "example")


def _promises(draft: Draft, each: LevelSet) -> bool:
    """Its table has a column of levels by name, and one that promises each of them an answer within a time."""
    if not each.table or each.turned or not draft.hears(each.table.header[each.column], "severity"):
        return False
    language, rows = draft.language, each.table.rows
    return any(
        number != each.column
        and kind_of(name, language) in ("respond", "acknowledge")
        and sum(is_time(cell(row, number), language) for row in rows) * 4 >= len(rows) * 3
        for number, name in enumerate(each.table.header)
    )


def _is_foreign(draft: Draft, each: LevelSet) -> bool:
    """A set in the midst of escalation, contacts or playbooks is theirs, whatever its labels."""
    if each.section.heading and not each.section.is_title and draft.hears(each.section.heading, "escalate"):
        return not draft.hears(each.section.heading, "severity") and not _promises(draft, each)
    above = [one.heading for one in each.section.ancestors() if not one.is_title] + [each.section.heading]
    if any(
        says("en", "not_levels").search(plain(heading)) and re.search(r"playbook|runbook|scenario|common", heading, re.I)
        for heading in above
    ):
        return True
    return each.shape == "headings" and any(_has_commands(entry) for entry in each.entries)


def _has_commands(entry: Entry) -> bool:
    from warroom.runbook.document import Fence
    from warroom.runbook.fences import commands

    blocks = [*entry.blocks, *(block for each in entry.blocks if isinstance(each, List) for item in each.items for block in item.blocks)]
    return any(isinstance(block, Fence) and bool(commands(block)) for block in blocks)
