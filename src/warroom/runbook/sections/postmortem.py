"""The review after the incident: its document and its meeting."""

import re

from warroom.runbook.document import Section
from warroom.runbook.draft import Draft
from warroom.runbook.fences import TEXT
from warroom.runbook.model import AgendaItem
from warroom.runbook.words import seconds

_HEADING = re.compile(
    r"\b(post-?\s?mortems?|post-?incident (review|report)|retrospectives?|incident reports?|after-?action)\b", re.IGNORECASE
)
_AGENDA = re.compile(r"\b(agenda|meeting)\b", re.IGNORECASE)
_MINUTES = re.compile(r"\s*[(\[–—-]\s*[^()\[\]]*\d+\s*(s|m|h)[a-z]*\.?\s*[)\]]?\s*$", re.IGNORECASE)


def reads(section: Section, draft: Draft) -> float:
    said = section.says(_HEADING)
    has = any(fence.language in TEXT for fence in section.fences()) or (_AGENDA.search(section.heading) and section.lists())
    return 1.5 + said if said and has else 0.0


def read(section: Section, draft: Draft) -> None:
    for fence in draft.open_fences(section):
        if fence.language in TEXT and not draft.postmortem:
            draft.postmortem, draft.postmortem_line = fence.text, fence.line
            draft.take_fence(fence, fence.text)
    if not _AGENDA.search(section.heading):
        return
    for each in draft.open_lists(section):
        for entry in each.items:
            timed = seconds(entry.text)
            title = _MINUTES.sub("", entry.text) if timed is not None else entry.text
            item = AgendaItem(title=title or entry.text, seconds=timed, line=entry.line, text=entry.text)
            draft.agenda.append(item)
            draft.take(entry.line, entry.text_end, item)
