"""The flight recorder as a table of a document."""

from datetime import datetime

from warroom.core.incident import Incident
from warroom.core.recorder import Recorded, recorder
from warroom.reports.times import figures
from warroom.reports.words import markdown
from warroom.runbook.model import Runbook

HEAD = ["| Clock | Due (UTC) | Verdict | Because |", "|-------|-----------|---------|---------|"]


def flight_table(incident: Incident, runbook: Runbook, now: datetime) -> list[str]:
    """A row for each round of each clock; empty where nothing was declared."""
    rows = [_row(one) for one in recorder(runbook, incident, now)]
    return [*HEAD, *rows] if rows else []


def _row(one: Recorded) -> str:
    line = f" (line {one.line})" if one.line else ""
    return f"| {markdown(one.title)}{line} | {one.due:%Y-%m-%d %H:%M:%S} | {verdict(one)} | {markdown(one.why)} |"


def verdict(one: Recorded) -> str:
    """`met, 02:00 to spare`, `**missed by 00:30**`, `excused, 05:00 late`."""
    length = figures(abs(one.spare))
    match one.verdict:
        case "met":
            return f"met, {length} to spare"
        case "missed":
            return f"**missed by {length}**"
        case "excused":
            return f"excused, {length} {'to spare' if one.spare >= 0 else 'late'}"
    return f"running, {length} left"
