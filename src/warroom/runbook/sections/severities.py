"""The levels of an incident: the one set of labels that a document defines, with what each means, its times and criteria."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from warroom.runbook.document import Block, List, ListItem, Paragraph, Row, Section, Table
from warroom.runbook.draft import Draft, cell
from warroom.runbook.labels import bare, fold, in_text, label
from warroom.runbook.levels import Entry, LevelSet
from warroom.runbook.levelscores import find
from warroom.runbook.leveltimes import of_levels
from warroom.runbook.model import Item, Severity
from warroom.runbook.pairs import Pair, pairs
from warroom.runbook.times import Kind, is_time, kind_of, names_a_time, response, spoken, times
from warroom.runbook.views import views
from warroom.runbook.vocabulary import plain, rank_word
from warroom.runbook.words import in_business_hours, seconds

CLEAR = 4.5
"""A set with a lower score is read, and told as doubtful."""
_PIECE = re.compile(r"\s*(?:;|•|<br\s*/?>)\s*")
_TIME_BEHIND = re.compile(r"(.*\w.*?)\s*(?:→|➜|⇒|[-=]+>|\s[-–—|]\s)\s*([^→➜⇒>]+)$")
"""What a level is, and how fast it is answered: `nobody can pay → 15 min`."""
_NO_CRITERIA = re.compile(
    r"\b(respon\w+|procedure|steps|actions?|process|playbook|runbook|checklist|escalat\w*|template|communication\w*|times?)\b",
    re.IGNORECASE,
)


def read_document(draft: Draft) -> None:
    """Before all other sections, because the labels are their vocabulary."""
    sets = find(draft)
    if not sets:
        return
    best = sets[0]
    _know(draft, best)
    plainly = draft.hears(best.section.heading, "severity") and best.entries[0].label.family != "phrase"
    if (best.score < CLEAR and not plainly) or best.entries[0].label.family == "phrase":
        draft.doubt(best.line, "severities", best.why, 'a heading "Severity levels" above it')
    _read_set(draft, best)
    for other in sets[1:]:
        if other.section is not best.section or other.line != best.line:
            _merge(draft, other)
    for section in draft.document.sections():
        _criteria(draft, section, best)
        _sentences(draft, section)
    for key, severity in draft.severities.items():
        draft.severities[key] = msgspec.structs.replace(severity, response_seconds=response(severity.times))


def _know(draft: Draft, best: LevelSet) -> None:
    """Each label once, by number, else by what the words mean, else as they stand."""
    for entry in best.entries:
        for text in entry.label.all:
            name = entry.name
            draft.severities.setdefault(fold(text), Severity(level=text, rank=0, name=name, line=entry.line))
    numbers: dict[str, float] = {}
    for place, entry in enumerate(best.entries):
        for offset, text in enumerate(entry.label.all):
            digits = re.findall(r"\d+", text)
            numbers.setdefault(
                fold(text), float(digits[-1]) if entry.label.family != "word" and digits else entry.label.number + offset / 10
            )
        if entry.label.family == "phrase":
            numbers[fold(entry.label.text)] = place
    if best.upside_down:
        numbers = {key: -number for key, number in numbers.items()}
    ordered = sorted(draft.severities, key=lambda key: numbers[key])
    for rank, key in enumerate(ordered, 1):
        draft.severities[key] = msgspec.structs.replace(draft.severities[key], rank=rank)


def _sentences(draft: Draft, section: Section) -> None:
    """One sentence may give times to several levels; a kind of time that a level has already is not given again."""
    if draft.says(section, "escalate") or draft.says(section, "template"):
        return
    for block in section.blocks:
        entries = block.items if isinstance(block, List) else (block,) if isinstance(block, Paragraph) else ()
        for text, line, end in ((each.text, each.line, each.text_end if isinstance(each, ListItem) else each.end) for each in entries):
            for name, time in of_levels(text, draft.labels, draft.language):
                severity = draft.severities[fold(name)]
                if all(each.kind != time.kind for each in severity.times):
                    draft.severities[fold(name)] = msgspec.structs.replace(severity, times=(*severity.times, time))
                    draft.take(line, end, severity, time)


class _Level:
    """What is said of one level, and the lines that say it."""

    def __init__(self, draft: Draft, entry: Entry) -> None:
        self.draft = draft
        self.keys = [key for text in entry.label.all if (key := known(draft, text))]
        self.spans: list[tuple[int, int]] = []
        self.path = Section(entry.label.text, 9, entry.line, entry.end, entry.section)

    def first(self) -> Severity:
        return self.draft.severities[self.keys[0]]

    def add(self, span: tuple[int, int], *, criteria: Iterable[Item] = (), timed: Iterable[object] = (), **words: str) -> None:
        self.spans.append(span)
        for key in self.keys:
            severity = self.draft.severities[key]
            kept = {name: text for name, text in words.items() if text and not getattr(severity, name)}
            first = tuple(criteria) if key == self.keys[0] else ()
            kinds = {(each.kind, each.text) for each in severity.times}
            new = tuple(each for each in timed if (each.kind, each.text) not in kinds)  # type: ignore[attr-defined]
            self.draft.severities[key] = msgspec.structs.replace(
                severity, criteria=severity.criteria + first, times=severity.times + new, **kept
            )

    def close(self) -> None:
        self.draft.take_spans(self.spans, *(self.draft.severities[key] for key in self.keys))


def known(draft: Draft, text: str) -> str | None:
    """The key of the severity that the label names, also by its second name."""
    key = fold(text)
    if key in draft.severities:
        return key
    return next((each for each, severity in draft.severities.items() if severity.name and fold(severity.name) == key), None)


def _read_set(draft: Draft, found: LevelSet) -> None:
    if found.table and found.turned:
        _read_turned(draft, found, found.table)
    elif found.table:
        _read_table(draft, found, found.table)
    else:
        for entry in found.entries:
            level = _Level(draft, entry)
            if level.keys:
                _read_entry(level, entry, found)
                level.close()


def _read_entry(level: _Level, entry: Entry, found: LevelSet) -> None:
    draft = level.draft
    if (parted := _TIME_BEHIND.match(entry.text)) and is_time(parted[2], draft.language):
        level.add((entry.line, entry.end), impact=parted[1], timed=times(parted[2], found.kind or "respond", draft.language))
    elif entry.text:
        heard = spoken(entry.text, draft.language)
        impact = entry.text
        timely = seconds(entry.text) is not None or in_business_hours(entry.text)
        if (found.kind or timely) and is_time(entry.text, draft.language):
            level.add((entry.line, entry.end), timed=times(entry.text, found.kind or "respond", draft.language))
        else:
            if heard and (sentence := _without_times(entry.text, draft.language)):
                impact = sentence
            level.add((entry.line, entry.end), impact=impact, timed=heard)
    elif found.shape != "headings":
        level.add((entry.line, entry.end))
    _read_blocks(level, entry.blocks)


def _without_times(text: str, language: str) -> str:
    sentences = re.split(r"(?<=[.!?])\s+", text)
    kept = [sentence for sentence in sentences if not spoken(sentence, language)]
    return " ".join(kept).rstrip(".") if len(kept) < len(sentences) else ""


def _read_blocks(level: _Level, blocks: Sequence[Block]) -> None:
    draft = level.draft
    for each in pairs(blocks, draft.document.lines):
        if isinstance(each, Pair):
            _read_pair(level, each)
        elif isinstance(each, Paragraph):
            heard = spoken(each.text, draft.language)
            said = each.text if not heard else _without_times(each.text, draft.language)
            impact = said if not each.text.endswith(":") else ""
            if heard or (impact and not level.first().impact):
                level.add((each.line, each.end), impact=impact, timed=heard)
        elif isinstance(each, List):
            before = _line_before(blocks, each)
            if draft.hears(before, "example") and not draft.hears(before, "criteria"):
                level.add((each.line, each.end), example="; ".join(entry.text for entry in each.items))
            elif not _NO_CRITERIA.search(before):
                level.add((each.line, each.line), criteria=draft.items(level.path.parent or level.path, [each]))


def _line_before(blocks: Sequence[Block], wanted: Block) -> str:
    before = [block for block in blocks if isinstance(block, Paragraph) and block.end <= wanted.line]
    return before[-1].text if before and blocks.index(before[-1]) + 1 < len(blocks) and before[-1].text.endswith(":") else ""


def _read_pair(level: _Level, pair: Pair) -> None:
    draft, language = level.draft, level.draft.language
    key, value, span = pair.key, pair.value, (pair.line, pair.end)
    kind = kind_of(key, language)
    timely = names_a_time(key, language)
    if value and (kind or timely) and not draft.hears(key, "example") and (is_time(value, language) or (kind and timely)):
        level.add(span, timed=times(value, kind or "respond", language))
    elif draft.hears(key, "example"):
        text = value or "; ".join(entry.text for entry in pair.items)
        level.add((pair.line, pair.items[-1].end if pair.items else pair.end), example=text)
    elif draft.hears(key, "criteria"):
        if pair.items:
            level.add(span, criteria=_items(level, pair.items))
        elif value:
            level.add(span, impact=value)
    elif draft.hears(key, "impact"):
        if pair.items and not value:
            level.add(span, criteria=_items(level, pair.items))
        elif value:
            level.add(span, impact=value)
    elif value and (heard := spoken(value, language)):
        level.add(span, timed=heard)
    elif draft.hears(key, "name") and value:
        level.add(span, name=value)


def _items(level: _Level, entries: tuple[ListItem, ...]) -> list[Item]:
    section = level.path.parent or level.path
    return level.draft.items(section, [List(False, entries, entries[0].line, entries[-1].end)])


def column_kinds(draft: Draft, table: Table, skip: int, heading: str = "") -> dict[int, tuple[str, Kind | None]]:
    """What each column tells of a level: a time, its name, its meaning, criteria or an example."""
    found: dict[int, tuple[str, Kind | None]] = {}
    cadence = kind_of(heading, draft.language) == "update"
    for number, name in enumerate(table.header):
        if number == skip or not name:
            continue
        cells = [text for row in table.rows if (text := cell(row, number))]
        kind = kind_of(name, draft.language)
        timely = names_a_time(name, draft.language)
        if cadence and kind in (None, "respond"):
            kind = "update"
        look_timed = sum(is_time(text, draft.language) for text in cells) * 2 > len(cells)
        if (kind or timely) and cells and (look_timed or (timely and kind)) and not draft.hears(name, "example"):
            found[number] = ("time", kind or "respond")
        elif draft.hears(name, "example"):
            found[number] = ("example", None)
        elif re.fullmatch(r"(name|title|aka|label|nome|nombre|nom|nazwa|titulo|titre|bezeichnung)", plain(name).casefold()) or (
            (draft.hears(name, "severity") and all(rank_word(text) for text in cells)) or _second_names(draft, name, cells)
        ):
            found[number] = ("name", None)
        elif draft.hears(name, "criteria"):
            found[number] = ("criteria", None)
        elif draft.hears(name, "impact"):
            found[number] = ("impact", None)
    return found


def _second_names(draft: Draft, name: str, cells: list[str]) -> bool:
    """A column `Type` that says Critical, Major, Significant: the levels' other names."""
    known = sum(rank_word(text) is not None for text in cells)
    return known * 2 > len(cells) and all(len(text.split()) < 4 for text in cells) and not draft.hears(name, "impact")


def _read_table(draft: Draft, found: LevelSet, table: Table, merging: bool = False) -> None:
    kinds = column_kinds(draft, table, found.column, found.section.heading if merging else "")
    if not kinds:
        return
    draft.take_columns(table)
    plainly = any(what == "impact" for what, _ in kinds.values())
    for entry in found.entries:
        level = _Level(draft, entry)
        if entry.row is None or not level.keys:
            continue
        span = (entry.row.line, entry.row.end)
        level.add(span)
        for number, (what, kind) in kinds.items():
            text = cell(entry.row, number)
            if what == "time" and kind:
                level.add(span, timed=times(text, kind, draft.language))
            elif what == "criteria":
                if parts := _pieces(entry.row, number):
                    items = [draft.named(level.path, part, entry.row.line) for part in parts]
                    level.add(span, criteria=items if not level.first().criteria else ())
                if not plainly:
                    level.add(span, impact=text)
            elif text:
                level.add(
                    span,
                    impact=text if what == "impact" else "",
                    name=text if what == "name" else "",
                    example=text if what == "example" else "",
                )
        if not merging:
            for key in level.keys:
                draft.severities[key] = msgspec.structs.replace(draft.severities[key], line=entry.row.line)
        level.close()


def _pieces(row: Row, number: int) -> list[str]:
    pieces = row.pieces[number] if number < len(row.pieces) else (cell(row, number),)
    return [part for piece in pieces for part in _PIECE.split(piece) if re.search(r"\w", part)]


def _read_turned(draft: Draft, found: LevelSet, table: Table) -> None:
    draft.take_columns(table)
    rows = [Row(table.header, table.line, table.header_end), *table.rows]
    taken: list[Row] = []
    for entry in found.entries:
        level = _Level(draft, entry)
        for row in rows:
            key, text = cell(row, 0), cell(row, entry.column)
            if not text or text == entry.label.text:
                continue
            if not key and row is rows[0]:
                level.add((row.line, row.line), name=bare(text) if found.label_row else "")
            elif key:
                before = draft.severities[level.keys[0]]
                _read_pair(level, Pair(key, text, row.line, row.line, True))
                if draft.severities[level.keys[0]] != before:
                    taken.append(row)
    for row in rows:
        if row in taken or row is found.label_row:
            draft.take(row.line, row.end, *draft.severities.values())


def _merge(draft: Draft, other: LevelSet) -> None:
    """A second set that has only labels of the first adds what it says of them."""
    labels = [text for entry in other.entries for text in entry.label.all]
    if not all(known(draft, text) for text in labels) or other.foreign:
        return
    if other.table and not other.turned:
        kinds = column_kinds(draft, other.table, other.column, other.section.heading)
        if not any(what == "time" for what, _ in kinds.values()) and other.score < 1.0:
            return
        _read_table(draft, other, other.table, merging=True)
    elif not other.table and (other.kind or other.score >= 1.0):
        for entry in other.entries:
            level = _Level(draft, entry)
            _read_entry(level, entry, other)
            level.close()


def _criteria(draft: Draft, section: Section, best: LevelSet) -> None:
    """A heading that names one level, with a list below it, gives its criteria."""
    for view in views(section):
        said = max(draft.says(view, "severity", "severities"), draft.says(view, "priority"), draft.says(view, "criteria"))
        if not said or draft.says(view, "not_levels") or _NO_CRITERIA.search(view.heading):
            continue
        spoken_of = in_text(view.heading, draft.labels)
        if len(spoken_of) != 1 or (best.section is view and not best.table):
            continue
        key = fold(spoken_of[0])
        severity = draft.severities[key]
        found = label(view.heading)
        criteria = severity.criteria + tuple(draft.items(view, draft.open_lists(view)))
        name = severity.name or (
            found.name
            if found and known(draft, found.text) == key and len(found.name.split()) < 6 and not draft.hears(found.name, "criteria")
            else ""
        )
        draft.severities[key] = msgspec.structs.replace(severity, criteria=criteria, name=name)
