"""Any other list that is meant to be ticked or worked down."""

import re

from warroom.runbook.document import Section
from warroom.runbook.draft import Draft
from warroom.runbook.model import Checklist

_HEADING = re.compile(r"\b(check-?lists?|steps for|before (you )?clos\w+|hand-?(off|over)|to-?do)\b", re.IGNORECASE)


def _boxed(section: Section) -> bool:
    return any(entry.box for each in section.lists() for entry in each.items)


def reads(section: Section, draft: Draft) -> float:
    if section.lists() and _HEADING.search(section.heading):
        return 2.0
    return 0.4 if _boxed(section) else 0.0


def read(section: Section, draft: Draft) -> None:
    for each in draft.open_lists(section):
        if not _HEADING.search(section.heading) and not any(entry.box for entry in each.items):
            continue
        before = section.paragraph_before(each)
        title = before.text.rstrip(":") if before and len(draft.open_lists(section)) > 1 else section.heading
        line = before.line if before else section.line
        draft.checklists.append(Checklist(title=title, items=tuple(draft.items(section, [each])), line=line))
