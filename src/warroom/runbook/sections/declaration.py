"""When something is an incident, and the ways to say so."""

import re

from warroom.runbook.document import Fence, List, Section
from warroom.runbook.draft import Draft
from warroom.runbook.model import Way
from warroom.runbook.vocabulary import plain

_DECLARE = re.compile(
    r"\b(declar\w+|trigger(s|ing)?|open(ing)? an incident|is (it|this) an incident|what is an incident"
    r"|(counts|qualifies) as an? (\w+ )?incident|constitutes an? (\w+ )?incident)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(when|criteria|conditions?|triggers?|is (it|this) an|what is an|what (counts|qualifies|constitutes))\b", re.IGNORECASE
)
_HOW = re.compile(r"\b(how to|how do|ways? to|steps to|declaring)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(on|upon|after|once|al|ao|steps|pasos|passos|etapes|kroki|schritte)\b.*\b(declar|oglos|ausruf)", re.IGNORECASE)
_LEADS = re.compile(
    r"\b(?:incident|declare)\b[^.]*\b(?:when(?:ever)?|if|any of|one of|is true|are true|the case|following)\b[^.]*:$", re.IGNORECASE
)
_NOUN = re.compile(r"\b(declaration|declaring|triggers?)\b", re.IGNORECASE)
_ESCALATE = re.compile(r"escalat", re.IGNORECASE)
_DEFINITION = re.compile(
    r"(?:^|(?<=[.!?]\s))((?:An?|The word)\s+[\"'“]?(?:[\w-]+\s+){0,3}?incident[\"'”]?\s+(?:is|means)\s[^.!?]*[.!?]?)", re.IGNORECASE
)


def _leading(section: Section) -> list[List]:
    """The lists that a sentence such as "It is an incident when any of these is true:" leads to."""
    return [each for each in section.lists() if (before := section.paragraph_before(each)) and _LEADS.search(before.text)]


def reads(section: Section, draft: Draft) -> float:
    if section.says(_ESCALATE):
        return 0.0
    if _leading(section):
        return 3.0
    if section.says(_DECLARE):
        return section.says(_DECLARE) + (1.0 if section.lists() or section.fences() else 0.0)
    if draft.mapped(section) == "declaration":
        return 5.0
    return 0.5 if not draft.definition and _definition(section) else 0.0


def read(section: Section, draft: Draft) -> None:
    draft.definition = draft.definition or _definition(section)
    if (
        draft.mapped(section) != "declaration"
        and not _leading(section)
        and (not section.says(_DECLARE) or _AFTER.search(plain(section.heading)))
    ):
        return
    when = _WHEN.search(section.heading) and not _HOW.search(section.heading)
    if section.says(_HOW) and not when:
        _read_way(section, draft)
    elif (leading := _leading(section)) and not when:
        draft.triggers += draft.items(section, [each for each in leading if each in draft.open_lists(section)])
    elif when or draft.mapped(section) == "declaration" or _NOUN.search(section.heading):
        boxed = [each for each in draft.open_lists(section) if any(entry.box for entry in each.items)]
        draft.triggers += draft.items(section, boxed or draft.open_lists(section))


def _read_way(section: Section, draft: Draft) -> None:
    """A way is a section below "how to declare"; without one below, that section itself."""
    blocks = draft.open(section)
    if not blocks or (section.children and _HOW.search(section.heading)):
        return
    first, end = blocks[0].line, blocks[-1].end
    only = blocks[0] if len(blocks) == 1 else None
    text = only.text if isinstance(only, Fence) else draft.source(first, end).strip("\n")
    draft.ways.append(Way(title=section.heading, text=text.rstrip("\n"), line=section.line))
    draft.take(first, end, only.language if isinstance(only, Fence) else "", text)


def _definition(section: Section) -> str:
    """The sentence "An incident is ..."; it stays prose too, where its paragraph needs it."""
    return next((found[1] for paragraph in section.paragraphs() if (found := _DEFINITION.search(paragraph.text))), "")
