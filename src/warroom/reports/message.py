"""What is said rather than sent: the words of a call, and of a declaration in each of the runbook's ways."""

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


def declarations(incident: Incident, service: str = "") -> tuple[tuple[str, str], ...]:
    """Of a declaration: the channel's kind and its text. A bot cannot type a slash command, so that one is copied by a person."""
    title, level = plain(incident.title), incident.severity or "unknown"
    symptoms = plain(incident.symptoms) or title
    return (
        ("PagerDuty", f"{f'{service}: ' if service else ''}{level}: {title}"),
        ("Slack command", f"/incident create\nTitle: {title}\nSeverity: {level}"),
        ("Slack", f"@oncall Declaring incident: {title}\nSeverity: {level}\nInitial symptoms: {symptoms}"),
    )
