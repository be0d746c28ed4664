"""One file per section that the reader knows, found by its words and its shape."""

import re
from typing import Protocol

from warroom.runbook.document import Section
from warroom.runbook.draft import Draft
from warroom.runbook.plans import is_plan
from warroom.runbook.sections import (
    channels,
    checklists,
    contacts,
    declaration,
    escalation,
    oncall,
    phases,
    playbooks,
    postmortem,
    related,
    revisions,
    roles,
    severities,
    templates,
    title,
)


class Known(Protocol):
    """A module of this package."""

    def reads(self, section: Section, draft: Draft) -> float:
        """How sure it is that the section is of its sort; 0: it is not."""

    def read(self, section: Section, draft: Draft) -> None:
        """Puts what it understands into the draft and takes those lines."""


SECTIONS: tuple[Known, ...] = (
    title,
    roles,
    channels,
    declaration,
    oncall,
    phases,
    templates,
    escalation,
    contacts,
    postmortem,
    playbooks,
    related,
    revisions,
    checklists,
)


PARTS: dict[str, Known | None] = {
    "severities": None,
    "roles": roles,
    "channels": channels,
    "declaration": declaration,
    "phases": phases,
    "templates": templates,
    "escalation": escalation,
    "contacts": contacts,
    "postmortem": postmortem,
    "playbooks": playbooks,
    "checklists": checklists,
    "text": None,
}
"""What a team's mapping may call a heading's section."""


_QUESTION = re.compile(r"\?\W*(?:\([^()]*\)\W*)?$")


def _asks(section: Section) -> bool:
    """Numbered questions are no steps."""
    entries = [entry.text for each in section.lists() if each.ordered for entry in each.items]
    return sum(bool(_QUESTION.search(text)) for text in entries) * 2 > len(entries) and not section.fences()


def _is_plan(section: Section) -> bool:
    """A part of a plan for any incident, though its headings (triage, recovery) are those of one failure too."""
    top = playbooks.root(section)
    return bool(top and top.is_title and is_plan(top.heading))


def read_sections(draft: Draft) -> None:
    """Every section is offered to all that know it, the surest first; each takes what the others left."""
    sections = list(draft.document.sections())
    if postmortem.is_whole(draft):
        postmortem.read_whole(draft)
        return
    severities.read_document(draft)
    for section in sections:
        mapped = draft.mapped(section)
        asked = [known for known in SECTIONS if not mapped or PARTS.get(mapped) is known]
        if _is_plan(section) and not mapped:
            asked.remove(playbooks)
        sure = [(known.reads(section, draft), known) for known in asked]
        known_by = [known for score, known in sorted(sure, key=lambda each: -each[0]) if score > 0]
        if not set(known_by) - {title} and not mapped and playbooks.reads_as_last(section) and not _asks(section):
            known_by.append(playbooks)
        for known in known_by:
            known.read(section, draft)
