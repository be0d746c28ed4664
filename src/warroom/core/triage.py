"""The three questions of triage, and what is known of their answers."""

from warroom.core.entries import TriageAnswered
from warroom.core.incident import Incident

KINDS = ("what", "who", "blast-radius")


def answer(incident: Incident, question: str) -> str:
    """In its last wording; empty: nobody has said it."""
    entry = incident.triage.get(question)
    if entry is None or not isinstance(entry.fact, TriageAnswered):
        return ""
    amended = incident.amended.get(entry.id)
    return str(getattr(amended.fact, "text", entry.fact.text)) if amended else entry.fact.text


def summary(incident: Incident) -> str:
    """What is broken: as somebody answered, else how it was declared."""
    return answer(incident, "what") or incident.title


def impact(incident: Incident) -> str:
    """Who is affected and how far it reaches; empty: nobody has said it."""
    return ", ".join(part for part in (answer(incident, "who"), answer(incident, "blast-radius")) if part)
