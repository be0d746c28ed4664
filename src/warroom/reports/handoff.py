"""The handoff brief as a Markdown document."""

from datetime import datetime

from warroom.core.incident import Incident
from warroom.core.timeline import lines
from warroom.reports.brief import Part, Said, brief
from warroom.reports.times import day, hhmm
from warroom.reports.words import markdown
from warroom.runbook.model import Runbook

LAST = 10
"""Entries of the timeline below the brief."""
WORDS = {"good": "✓", "over": "▲", "unknown": "?", "yes": "◆", "todo": "○", "live": "●", "skip": "–", "na": "·"}


def handoff_document(incident: Incident, runbook: Runbook, now: datetime, head: str = "") -> str:
    """`head` is the hash of the journal's newest entry, where the caller verified the chain."""
    drill = "**DRILL**: an exercise.\n\n" if incident.drill else ""
    written = f"{markdown(incident.id)}, written {day(now)} {now:%H:%M:%S} UTC; times are UTC.\n\n"
    parts = "\n".join(_part(part) for part in brief(incident, runbook, now))
    text = incident.runbook
    source = f"Runbook: {markdown(runbook.title) or 'without a title'}, sha256 {text.sha256 if text else runbook.sha256}."
    chain = f" {len(incident.entries)} entries, chain head {markdown(head)}." if head else f" {len(incident.entries)} entries."
    return f"# Handoff: {markdown(incident.title)}\n\n{drill}{written}{parts}\n## Last entries\n\n{_last(incident)}\n\n{source}{chain}\n"


def _part(part: Part) -> str:
    return f"## {part.label.capitalize()}\n\n" + "\n".join(f"- {_said(said)}" for said in part.said) + "\n"


def _said(said: Said) -> str:
    glyph = f"{WORDS[said.meaning]} " if said.meaning else ""
    text = f"**{markdown(said.text)}**" if said.loud else markdown(said.text)
    return f"{glyph}{text}{f' ({markdown(said.tail)})' if said.tail else ''}"


def _last(incident: Incident) -> str:
    told = [line for line in lines(incident) if not line.is_struck][-LAST:]
    rows = [f"| {hhmm(line.at)} | {markdown(line.who)} | {markdown(line.text)} |" for line in told]
    return "\n".join(["| Time | Who | What |", "|------|-----|------|", *rows])
