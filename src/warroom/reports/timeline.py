"""The timeline as a Markdown document."""

from datetime import datetime

from warroom.core.incident import Incident
from warroom.core.timeline import Line, lines
from warroom.reports.times import day, hhmm, lasted
from warroom.reports.words import markdown
from warroom.runbook.model import Runbook


def timeline_document(incident: Incident, runbook: Runbook, now: datetime, chain: str = "") -> str:
    """Every line with its corrections; struck ones stay readable. `chain` is the journal's head, where it was verified."""
    alerted = f"alerted {day(incident.alerted)} {hhmm(incident.alerted)} UTC" if incident.alerted else "never declared"
    level, elapsed = markdown(incident.severity or ""), lasted(incident.elapsed(now))
    facts = [markdown(incident.id), level, incident.state, alerted, elapsed]
    rows, today = [], ""
    for line in lines(incident):
        if day(line.at) != today:
            today = day(line.at)
            rows.append(f"| **{today}** | | |")
        rows.append(_row(line))
    drill = "**DRILL**: an exercise.\n\n" if incident.drill else ""
    head = f"# Timeline: {markdown(incident.title)}\n\n{drill}{', '.join(fact for fact in facts if fact)}.\n\n"
    text = incident.runbook
    source = f"Times are UTC. Runbook: {markdown(runbook.title) or 'without a title'}, sha256 {text.sha256 if text else runbook.sha256}."
    source += f" Chain head {markdown(chain)}." if chain else ""
    return head + "\n".join(["| Time | Who | What |", "|------|-----|------|", *rows]) + f"\n\n{source}\n"


def _row(line: Line) -> str:
    text = f"~~{markdown(line.text)}~~" if line.is_struck else markdown(line.text)
    notes = f" _({markdown('; '.join(line.notes))})_" if line.notes else ""
    return f"| {line.at:%H:%M:%S} | {markdown(line.who)} | {text}{notes} |"
