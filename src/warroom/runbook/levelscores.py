"""Which set of labels is the document's severities: each is judged by its headings, its labels and what it says."""

import re

from warroom.runbook.document import Fence, List, Paragraph
from warroom.runbook.draft import Draft, cell
from warroom.runbook.fences import commands
from warroom.runbook.labels import label
from warroom.runbook.levels import Entry, LevelSet
from warroom.runbook.levelsets import sets
from warroom.runbook.pairs import Pair, pairs
from warroom.runbook.times import is_time, kind_of, names_a_time, spoken
from warroom.runbook.vocabulary import plain, says

LEAST = 3.0
"""A set that scores less is no set of severities."""
_PLANNING = re.compile(r"\b(backlogs?|road ?maps?|product|planning|features?|sprints?|(?:bug|issue) triage|releases?)\b", re.IGNORECASE)
"""What is done next has priorities too."""
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


def find(draft: Draft) -> list[LevelSet]:
    """The sets, the likeliest severities first; empty when none is likely enough."""
    found = [each for section in draft.document.sections() for each in sets(draft, section)]
    for each in found:
        _judge(draft, each)
    found.sort(key=lambda each: (-each.score, each.line))
    return found if found and found[0].score >= LEAST else []


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
    if not severity and any(_PLANNING.search(one) for one in (section.heading, *above)):
        score -= 3.0
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
    blocks = [*entry.blocks, *(block for each in entry.blocks if isinstance(each, List) for item in each.items for block in item.blocks)]
    return any(isinstance(block, Fence) and bool(commands(block)) for block in blocks)
