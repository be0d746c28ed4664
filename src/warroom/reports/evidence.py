"""What was pinned during an incident, as the supporting data of a post-mortem."""

import re

from warroom.core.entries import Pinned
from warroom.core.incident import Incident
from warroom.core.timeline import text_of
from warroom.reports.words import markdown

ASKS = re.compile(r"supporting (?:data|material|evidence)|\bevidence\b|charts?,? (?:and )?graphs?|additional data", re.IGNORECASE)
"""Headings and placeholders that ask for it."""


def evidence_list(incident: Incident) -> list[str]:
    """A line for each that stands, with the hash of the whole text; empty where nothing was pinned."""
    lines = []
    for entry in incident.pinned:
        if isinstance(entry.fact, Pinned):
            beside = ", whole beside the journal" if entry.fact.evidence else ""
            said = f"{markdown(text_of(entry.fact))} ({markdown(entry.by)}{beside}, sha256 `{entry.fact.sha256}`)"
            lines.append(f"- {incident.at(entry):%Y-%m-%d %H:%M:%S} UTC: {said}")
    return lines
