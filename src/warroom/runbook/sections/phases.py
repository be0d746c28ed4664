"""The steps of the response, from the alert to the review, each with its time box."""

import re

from warroom.runbook.document import Section
from warroom.runbook.draft import Draft
from warroom.runbook.model import Phase
from warroom.runbook.words import seconds, window

_NUMBERED = re.compile(r"^\W*(phase|stage)\s*\d+\s*[:.)–—-]*\s*", re.IGNORECASE)
_PROCESS = re.compile(
    r"\b((response|incident|resolution) (process|procedure|workflow|life-?cycle|phases|stages)|phases|life-?cycle)\b", re.IGNORECASE
)
_OTHER = re.compile(r"\b(playbooks?|runbooks?|scenarios?|templates?|escalat\w*|check-?lists?)\b", re.IGNORECASE)
_STEPPED = re.compile(r"^\W*(step\s*)?(\d+(\.\d+)*[.):]|\d+(\.\d+)+)\s+", re.IGNORECASE)
_BOX = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")


def reads(section: Section, draft: Draft) -> float:
    if section.says(_OTHER):
        return 0.0
    if _NUMBERED.search(section.heading):
        return 4.0
    parent = section.parent
    timed = _STEPPED.match(section.heading) and window(section.heading) != (None, None)
    if timed and section.lists() and parent is not None and not parent.is_title and draft.hears(parent.heading, "procedure"):
        return 2.0
    below = parent is not None and not parent.is_title and bool(_PROCESS.search(parent.heading)) and len(parent.children) > 1
    return 2.0 if below and section.lists() else 0.0


def read(section: Section, draft: Draft) -> None:
    title = _STEPPED.sub("", _NUMBERED.sub("", section.heading)).strip()
    begin, end = window(section.heading)
    box = _BOX.search(title)
    if box and (seconds(box[1]) is not None or re.fullmatch(r"ongoing|continuous|open|as needed", box[1], re.IGNORECASE)):
        title = title[: box.start()]
    steps = draft.items(section, draft.open_lists(section))
    draft.phases.append(Phase(title=title or section.heading, from_seconds=begin, to_seconds=end, steps=tuple(steps), line=section.line))
