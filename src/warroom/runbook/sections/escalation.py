"""Who is told when things stand still or grow: a table, a ladder, a list, a drawing or sentences."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from warroom.runbook.document import Fence, List, ListItem, Paragraph, Section, Table
from warroom.runbook.draft import Draft, cell, column
from warroom.runbook.escalating import ARROW, PASSIVE, as_order, is_condition, is_ordered, orders, parted, rule, targets
from warroom.runbook.fences import TEXT
from warroom.runbook.labels import in_text, label
from warroom.runbook.model import EscalationTrigger
from warroom.runbook.sections import contacts
from warroom.runbook.times import is_time, kind_of
from warroom.runbook.views import views
from warroom.runbook.vocabulary import plain, says
from warroom.runbook.words import seconds

_CONDITION = re.compile(r"\b(conditions?|triggers?|situations?|when|if|event)\b", re.IGNORECASE)
_ACTION = re.compile(r"\b(actions?|escalate|to|notify|who|tell|target)\b", re.IGNORECASE)
_INCLUDE = re.compile(r"\b(communication|include|message|say)\b", re.IGNORECASE)
_EDGE = re.compile(r"^[\s|│┃↓▼v+└├─┬┴>*•-]+(?=\s|$)|[\s|│┃↓▼]+$")


_NOBODY = re.compile(r"no|none|n/?a|no escalation|not needed|nao|nenhum\w*|ninguno|aucune?", re.IGNORECASE)
_WHO = re.compile(r"\b(who (?:to|is|gets)|notif(?:y|ied)|escalates?\s+to)\b", re.IGNORECASE)


def _of_levels(draft: Draft, table: Table) -> tuple[int, int] | None:
    """The columns of the levels and of who is told, in a table that says both: `Severity | Response time | Escalation`."""
    if len(table.header) < 2 or not 2 <= len(table.rows) < 20:  # as many as there can be levels, twice
        return None
    levels = next(
        (number for number, name in enumerate(table.header[:2]) if draft.hears(name, "severity") or draft.hears(name, "priority")), None
    )
    if levels is None or not all(label(cell(row, levels)) for row in table.rows):
        return None
    told = [
        number
        for number, name in enumerate(table.header)
        if number != levels and (draft.hears(name, "escalate") or _WHO.search(name)) and not re.search(r"\bwhen\b", name, re.IGNORECASE)
    ]
    return (levels, told[0]) if told else None


def _read_of_levels(draft: Draft, table: Table, levels: int, told: int) -> None:
    """A promise to answer is no delay of the escalation; an escalation column that holds times is."""
    draft.take_columns(table)
    for row in table.rows:
        words = cell(row, told)
        if not re.search(r"[^\W_]", words) or _NOBODY.fullmatch(plain(words).strip(" .")):
            continue
        if says(draft.language, "no_number").match(plain(words)):
            continue
        waits = is_time(words, draft.language) and seconds(words) is not None and not says(draft.language, "immediate").match(plain(words))
        trigger = rule(cell(row, levels), words, row.line, draft, words if waits else "")
        if waits:
            trigger = replace(trigger, to=(), text=words)
        draft.escalations.append(trigger)
        draft.take(row.line, row.end, trigger, *draft.severities.values())


def _is_triggers(draft: Draft, table: Table) -> bool:
    condition, action = _columns(draft, table)
    return condition is not None and action is not None and not contacts.is_ladder(draft, table)


def _columns(draft: Draft, table: Table) -> tuple[int | None, int | None]:
    """The columns of the conditions and of those who are told."""
    condition = column(table, _CONDITION)
    if condition is None:
        condition = next((number for number, name in enumerate(table.header) if draft.hears(name, "condition")), None)
    if condition is None and table.header and re.match(r"(time|after|elapsed|delay|minutes?)\b", table.header[0], re.IGNORECASE):
        condition = 0
    action = next((number for number, name in enumerate(table.header) if number != condition and _ACTION.search(name)), None)
    if action is None:
        action = next((number for number, name in enumerate(table.header) if number != condition and draft.hears(name, "target")), None)
    if action is None and condition is not None and len(table.header) == 2:
        action = 1 - condition
    return condition, action


def _delays(draft: Draft, table: Table) -> list[int]:
    """The columns whose heads are delays, and the first one before them."""
    later = [number for number, name in enumerate(table.header) if number and seconds(name) is not None]
    return list(range(1, len(table.header))) if later and len(later) >= len(table.header) - 2 else []


def _is_by_level(draft: Draft, table: Table) -> bool:
    """A delay in each row and a level in each column: `Time since alert | SEV1 | SEV2`."""
    return (
        len(table.header) > 1
        and all(in_text(name, draft.labels) for name in table.header[1:])
        and all(seconds(cell(row, 0)) is not None for row in table.rows)
    )


def _read_by_level(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    for row in table.rows:
        found = [
            rule(f"{table.header[number]}, {cell(row, 0)}", cell(row, number), row.line, draft)
            for number in range(1, len(table.header))
            if re.search(r"\w", cell(row, number)) and not _NOBODY.fullmatch(plain(cell(row, number)))
        ]
        draft.escalations += found
        draft.take_row(row, found)


def reads(section: Section, draft: Draft) -> float:
    said = draft.says(section, "escalate", "escalation")
    if said and any(
        _is_triggers(draft, table) or _is_by_level(draft, table) or contacts.is_ladder(draft, table) or _delays(draft, table)
        for table in section.tables()
    ):
        return 2.0 + said
    if any(_is_chain(draft, paragraph.text, said) for paragraph in section.paragraphs()):
        return max(said, 1.2)
    return said or (0.8 if any(_of_levels(draft, table) for table in section.tables()) else 0.0)


def read(section: Section, draft: Draft) -> None:
    own = draft.says(section, "escalate", "escalation")
    numbers = not section.is_title and draft.hears(section.heading, "contacts")
    joined = [(table, found) for table in section.tables() if (found := _of_levels(draft, table))]
    for table, found in joined:
        _read_of_levels(draft, table, *found)
    for table in draft.open_tables(section) if not numbers else ():
        if any(table is each for each, _ in joined):
            continue
        if _is_by_level(draft, table):
            _read_by_level(table, draft)
        elif _delays(draft, table):
            _read_delays(table, draft)
        elif _is_triggers(draft, table):
            _read_triggers(table, draft)
    if _INCLUDE.search(section.heading):
        draft.include += [item.text for item in draft.items(section, draft.open_lists(section))]
        return
    if draft.hears(section.heading, "contacts") or draft.hears(section.heading, "template"):
        return
    for view in views(section):
        for block in draft.open(view):
            if isinstance(block, List):
                _read_list(block, view, draft)
            elif isinstance(block, Fence) and block.language in TEXT:
                _read_ladder(block, draft)
            elif isinstance(block, Paragraph) and _is_chain(draft, block.text, own):
                _read_chain(block, draft)
            elif isinstance(block, Paragraph) and own >= 2.0:
                _read_sentences(block, draft)


def _read_triggers(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    condition, action = _columns(draft, table)
    time = next(
        (number for number, name in enumerate(table.header) if number not in (condition, action) and draft.hears(name, "time")), None
    )
    answers = time is not None and kind_of(table.header[time], draft.language) in ("respond", "acknowledge")
    for row in table.rows:
        if cell(row, condition):
            trigger = rule(cell(row, condition), cell(row, action), row.line, draft, "" if answers else cell(row, time))
            if answers and cell(row, time):
                trigger = replace(trigger, text=f"{trigger.text} ({cell(row, time)})")
            draft.escalations.append(trigger)
            draft.take_row(row, trigger)


def _read_delays(table: Table, draft: Draft) -> None:
    draft.take_columns(table)
    for row in table.rows:
        found = []
        for number in _delays(draft, table):
            if re.search(r"\w", cell(row, number)):
                found.append(rule(f"{cell(row, 0)}, {table.header[number]}", cell(row, number), row.line, draft))
        draft.escalations += found
        if found:
            draft.take_row(row, found)


def _read_list(block: List, view: Section, draft: Draft) -> None:
    parts = [parted(entry.text, entry.lead, draft, ladder=block.ordered) for entry in block.items]
    if any(entry.box for entry in block.items) and not any(map(partial(_rules, draft), block.items, parts)):
        return
    sure = sum(each is not None for each in parts)
    waits = draft.hears(view.heading, "when_to") or bool(re.search(r"\b(when|if)\b.*escalat", _before(view, block), re.IGNORECASE))
    if waits and not any(is_ordered(entry.text) or entry.lead for entry in block.items):
        for entry in block.items:
            _keep(entry, rule(entry.text, "", entry.line, draft), draft)
        return
    if sure * 2 < len(parts) or (
        not block.ordered and not any(_rules(draft, entry, part) for entry, part in zip(block.items, parts, strict=True))
    ):
        return
    for entry, part in zip(block.items, parts, strict=True):
        if part:
            _keep(entry, rule(part[0], part[1], entry.line, draft), draft)


def _rules(draft: Draft, entry: ListItem, part: tuple[str, str] | None) -> bool:
    return bool(part and (is_condition(draft, part[0]) or is_ordered(part[1])))


def _before(view: Section, block: List) -> str:
    before = view.paragraph_before(block)
    return before.text if before else ""


def _keep(entry: ListItem, trigger: EscalationTrigger, draft: Draft) -> None:
    draft.escalations.append(trigger)
    draft.take(entry.line, entry.text_end, trigger)


def _read_ladder(fence: Fence, draft: Draft) -> None:
    """Names from top to bottom, with what has to happen in between beside the arrows."""
    pieces = [
        (number, at == 0 and bool(re.match(r"\s*[|│┃↓▼]", line)), piece)
        for number, line in enumerate(fence.text.split("\n"), fence.line + 1)
        for at, piece in enumerate(ARROW.split(line))
    ]
    if found := _rungs(pieces, draft):
        draft.escalations += found
        draft.take_fence(fence, found)


def _is_chain(draft: Draft, text: str, said: float) -> bool:
    """`On-call → lead (15 min) → owner`, below a heading of escalation or behind a word of it."""
    arrows = len(ARROW.findall(text))
    key, _, _ = text.partition(":")
    return (arrows > 1 and said >= 1.0) or (arrows > 0 and len(key.split()) < 4 and draft.hears(key, "escalate"))


def _read_chain(paragraph: Paragraph, draft: Draft) -> None:
    key, colon, rest = paragraph.text.partition(":")
    chain = rest if colon and draft.hears(key, "escalate") and not ARROW.search(key) else paragraph.text
    if found := _rungs([(paragraph.line, False, piece) for piece in ARROW.split(chain)], draft):
        draft.escalations += found
        draft.take(paragraph.line, paragraph.end, *found)


def _rungs(pieces: Iterable[tuple[int, bool, str]], draft: Draft) -> list[EscalationTrigger]:
    """Line, whether it stands beside an arrow, and words of each; empty where fewer than two are told."""
    nodes = 0
    waiting: list[str] = []
    found: list[EscalationTrigger] = []
    for number, edge, piece in pieces:
        text = _EDGE.sub("", piece).strip().rstrip(".")
        if not re.search(r"\w", text) or text == "v":
            continue
        if edge or (is_condition(draft, text) and not re.search(r"\w+\s*\(", text)):
            waiting.append(text)
            continue
        nodes += 1
        inside = re.fullmatch(r"(.+?)\s*[(:]\s*(.+?)\)?", text)
        name, condition = (inside[1], inside[2]) if inside else (text, "")
        condition = ", ".join(filter(None, [*waiting, condition]))
        if nodes > 1 or condition:
            found.append(rule(condition or name, name, number, draft))
        waiting = []
    return found if nodes > 1 else []


def _read_sentences(paragraph: Paragraph, draft: Draft) -> None:
    found = []
    for said in _sentences(paragraph.text):
        sentence = as_order(said)
        words = plain(sentence)
        if not orders().search(words) and not PASSIVE.search(sentence) and not draft.hears(sentence, "escalate"):
            continue
        part = parted(sentence, "", draft)
        if part and part[0] != part[1] and targets(part[1]) and len(sentence.split()) < 40 and is_ordered(part[1]):
            found.append(rule(part[0], part[1], paragraph.line, draft))
    draft.escalations += found
    if found:
        draft.take(paragraph.line, paragraph.end, *found)


def _sentences(text: str) -> Iterator[str]:
    yield from re.split(r"(?<=[.!?])\s+", text)
