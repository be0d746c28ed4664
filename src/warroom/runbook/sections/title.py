"""The document's own title, version, date and owner."""

import re

from warroom.runbook.document import Paragraph, Section
from warroom.runbook.draft import Draft
from warroom.runbook.words import iso_date

_KEY = re.compile(r"^[\s>*_+-]*([^\W\d_][\w -]{1,30}?)\s*[*_]*\s*:\s*[*_]*\s*(\S.*)$")
_VERSION = re.compile(r"^(document |runbook )?version$", re.IGNORECASE)
_UPDATED = re.compile(r"^((last )?(updated|reviewed|modified|changed|revised|review|update)( on)?|date|effective date)$", re.IGNORECASE)
_OWNER = re.compile(r"^((document |runbook )?owners?( team)?|owning team|maintainers?|maintained by|author|team)$", re.IGNORECASE)


def reads(section: Section, draft: Draft) -> float:
    return 3.0 if section.is_title or section.level == 0 else 0.0


def read(section: Section, draft: Draft) -> None:
    draft.title = draft.title or (section.heading if section.is_title else "")
    for block in section.blocks:
        if isinstance(block, Paragraph):
            for line in draft.document.lines[block.line - 1 : block.end - 1]:
                if found := _KEY.match(line):
                    keep(draft, found[1], found[2])


def keep(draft: Draft, key: str, value: str) -> None:
    """The first value of each counts; the lines stay prose, because a date may lose its words here."""
    key, value = key.strip(), value.strip().strip("*_` ")
    if _VERSION.match(key):
        draft.version = draft.version or value.partition(" | ")[0].strip()
    elif _UPDATED.match(key):
        draft.updated = draft.updated or iso_date(value)
    elif _OWNER.match(key):
        draft.owner = draft.owner or value
    elif key.lower() == "title":
        draft.title = draft.title or value
