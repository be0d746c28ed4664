"""What is said rather than sent: the words of a call."""

from datetime import datetime

from warroom.core.incident import Incident
from warroom.core.triage import impact, summary
from warroom.reports.times import lasted
from warroom.reports.words import plain

MOST = 50
"""Words that are read aloud in twenty seconds."""


def call_script(incident: Incident, now: datetime, caller: str, needed: str = "") -> str:
    """Who calls, what is broken, how bad, for how long, who is affected, and what is needed; what has no room goes from its end."""
    drill = "This is a drill. " if incident.drill else ""
    level = f"a {incident.severity}" if incident.severity else "an incident without a level yet"
    hit = f" Affected: {impact(incident)}." if impact(incident) else ""
    begin = f"{drill}{caller} here, about {level}: {summary(incident)}. It runs for {lasted(incident.elapsed(now))}."
    end = f" I need you to {needed.rstrip('.')}." if needed else " Can you join now?"
    words = plain(f"{begin}{hit}").split()
    room = MOST - len(plain(end).split())
    return " ".join(words[:room]) + ("…" if len(words) > room else "") + " " + plain(end)
