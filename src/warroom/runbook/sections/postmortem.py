"""The review after the incident: its document and its meeting."""

import re

from warroom.runbook.document import Fence, List, Section
from warroom.runbook.draft import Draft
from warroom.runbook.fences import TEXT
from warroom.runbook.model import AgendaItem
from warroom.runbook.sections.templates import placeholders
from warroom.runbook.words import seconds

_HEADING = re.compile(
    r"\b(post-?\s?mortems?|post-?incident (review|report)|retrospectives?|incident reports?|after-?action)\b", re.IGNORECASE
)
_TITLE = re.compile(r"\s*#{1,2}\s+\S")
_PARTS = re.compile(
    r"^#+\s+(?:\d+\.\s*)?(?:timeline|root causes?|lessons|action items|what went|follow-?ups?|contributing)\b", re.IGNORECASE | re.MULTILINE
)
_AGENDA = re.compile(r"\b(agenda|meeting)\b", re.IGNORECASE)
_MINUTES = re.compile(r"\s*[(\[–—-]\s*[^()\[\]]*\d+\s*(s|m|h)[a-z]*\.?\s*[)\]]?\s*$", re.IGNORECASE)


def is_whole(draft: Draft) -> bool:
    """The file itself is the form to fill: its title says so, and it is full of places."""
    title = next((section for section in draft.document.sections() if section.heading), None)
    if title is None or not title.is_title or not draft.hears(title.heading, "postmortem"):
        return False
    source = draft.source(title.line, len(draft.document.lines) + 1)
    places = len(placeholders(source)) + len(re.findall(r"\bHH:MM\b|\bYYYY\b|<!--|\bTBD\b|_{3,}", source))
    others = any(draft.hears(section.heading, concept) for section in draft.document.sections() for concept in ("escalate", "severity"))
    return places > 3 and not others and (bool(placeholders(title.heading)) or draft.hears(title.heading, "template") or places > 5)


def read_whole(draft: Draft) -> None:
    first = next(section.line for section in draft.document.sections() if section.heading)
    draft.postmortem, draft.postmortem_line = draft.source(first, len(draft.document.lines) + 1), first
    draft.take(first, len(draft.document.lines) + 1, draft.postmortem)


def reads(section: Section, draft: Draft) -> float:
    said = _says(section, draft) or (1.0 if any(map(_is_document, section.fences())) and not draft.mapped(section) else 0.0)
    has = (
        _outline(section, draft)
        or any(fence.language in TEXT for fence in section.fences())
        or (_AGENDA.search(section.heading) and section.lists())
    )
    return 1.5 + said if said and has else 0.0


def _is_document(fence: Fence) -> bool:
    """A form with a title and a part that only a review has, whatever its heading is called."""
    return fence.language in TEXT and bool(_TITLE.match(fence.text) and _PARTS.search(fence.text))


def _says(section: Section, draft: Draft) -> float:
    own = draft.says(section, "postmortem", "postmortem")
    return max(section.says(_HEADING), own) if not draft.mapped(section) else own


def _outline(section: Section, draft: Draft) -> List | None:
    """A list of the headings that the review's document has."""
    for each in draft.open_lists(section) if draft.says(section, "postmortem", "postmortem") else ():
        before = section.paragraph_before(each)
        words = f"{section.heading} {before.text if before else ''}"
        boxed = any(entry.box for entry in each.items)
        named = sum(bool(_PARTS.match(f"# {entry.text}")) for entry in each.items)
        if not boxed and named * 2 > len(each.items) > 2:
            return each
        if not boxed and re.search(
            r"\b(templates?|includes?|contains?|covers?|sections|structure|outline|format|contents|answers)\b", words, re.IGNORECASE
        ):
            return each
    return None


def read(section: Section, draft: Draft) -> None:
    for fence in draft.open_fences(section):
        if fence.language in TEXT and not draft.postmortem:
            draft.postmortem, draft.postmortem_line = fence.text, fence.line
            draft.take_fence(fence, fence.text)
    if not draft.postmortem and (outline := _outline(section, draft)):
        draft.postmortem, draft.postmortem_line = draft.source(outline.line, outline.end).strip("\n") + "\n", outline.line
        draft.take(outline.line, outline.end, draft.postmortem)
    if not _AGENDA.search(section.heading):
        return
    for each in draft.open_lists(section):
        for entry in each.items:
            timed = seconds(entry.text)
            title = _MINUTES.sub("", entry.text) if timed is not None else entry.text
            item = AgendaItem(title=title or entry.text, seconds=timed, line=entry.line, text=entry.text)
            draft.agenda.append(item)
            draft.take(entry.line, entry.text_end, item)
