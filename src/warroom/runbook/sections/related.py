"""Other documents that this one points to."""

import re

from warroom.runbook.document import List, Section
from warroom.runbook.draft import Draft
from warroom.runbook.model import Related

_HEADING = re.compile(r"\b(related|references?|see also|further reading|links|resources|other documents?)\b", re.IGNORECASE)


def _is_links(each: List) -> bool:
    return any(entry.links for entry in each.items)


def reads(section: Section, draft: Draft) -> float:
    return 3.0 if section.says(_HEADING) == 2.0 and any(map(_is_links, section.lists())) else 0.0


def read(section: Section, draft: Draft) -> None:
    for each in filter(_is_links, draft.open_lists(section)):
        for entry in each.items:
            for title, target in entry.links:
                text = entry.text.removeprefix(title).lstrip(" :–—-")
                related = Related(title=title, target=target, line=entry.line, text=text)
                draft.related.append(related)
                draft.take(entry.line, entry.text_end, related)
