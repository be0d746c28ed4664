"""An incident, its entries and its deadlines, for people and as JSON."""

import shutil
from collections.abc import Sequence
from typing import Any

from warroom.cli.opened import Opened
from warroom.cli.out import Mistake, say, say_json, warn
from warroom.core.deadlines import deadlines
from warroom.core.entries import ActionAdded, Entry
from warroom.core.incident import Incident
from warroom.core.timeline import lines
from warroom.reports.status import (
    deadline_json,
    deadlines_text,
    entry_json,
    incident_json,
    status_line,
    status_text,
    timeline_json,
    timeline_text,
)
from warroom.reports.times import rfc3339
from warroom.room import read_cached
from warroom.runbook.model import Runbook


def runbook_of(desk: Opened, incident: Incident) -> Runbook:
    """The one that the incident carries."""
    return read_cached(incident.runbook or desk.own)


def columns() -> int:
    return max(40, shutil.get_terminal_size((100, 24)).columns)


def incident_value(desk: Opened, incident: Incident) -> dict[str, Any] | None:
    return incident_json(incident, runbook_of(desk, incident), desk.clock.now())


def show_incident(desk: Opened, *, json: bool, line: bool = False) -> None:
    incident, now = desk.incident, desk.clock.now()
    if json:
        say_json(incident_value(desk, incident))
    elif line:
        say(status_line(incident, runbook_of(desk, incident), now))
    else:
        say(status_text(incident, runbook_of(desk, incident), now, columns()))


def show_incidents(desk: Opened, *, json: bool) -> None:
    newest_first = list(desk.room.incidents.values())[::-1]
    if json:
        say_json([incident_value(desk, incident) for incident in newest_first])
        return
    for incident in newest_first:
        day = f"{incident.alerted:%Y-%m-%d %H:%M}" if incident.alerted else "unknown"
        level = incident.severity or "-"
        say(f"{incident.id}  {day}  {level:<8} {incident.state:<10} {'DRILL ' if incident.drill else ''}{incident.title}")
    if not newest_first:
        say("no incident was ever declared in this journal")


def show_entry(desk: Opened, entry: Entry, *, json: bool) -> None:
    if json:
        say_json(entry_json(entry, desk.incident))
        return
    line = next((line for line in lines(desk.incident, every=True) if line.id == entry.id), None)
    say(f"{entry.seq}  {entry.at:%H:%M:%S} UTC  {entry.by}  {line.text if line else entry.kind}")


def show_timeline(desk: Opened, *, every: bool, json: bool) -> None:
    if json:
        say_json(timeline_json(desk.incident, every=every))
    else:
        say(timeline_text(desk.incident, every=every))


def show_deadlines(desk: Opened, *, json: bool) -> None:
    incident = desk.incident
    due = deadlines(runbook_of(desk, incident), incident, desk.clock.now()) if incident.id else ()
    if json:
        say_json([deadline_json(deadline) for deadline in due])
    else:
        say(deadlines_text(due, columns()))


def show_open_actions(desk: Opened, *, json: bool) -> None:
    """Of every incident, the oldest first: none of them has a way to be ticked off yet, so all are open."""
    found = [
        (incident, entry, fact)
        for incident in desk.room.incidents.values()
        for entry in incident.actions
        if isinstance(fact := entry.fact, ActionAdded)
    ]
    if json:
        now = desk.clock.now()
        aged = [(incident, entry, (now - incident.at(entry)).total_seconds()) for incident, entry, _ in found]
        say_json([{**entry_json(entry, incident), "title": incident.title, "age_seconds": age} for incident, entry, age in aged])
        return
    for incident, entry, fact in found:
        amended = incident.amended.get(entry.id)
        text = getattr(amended.fact, "text", fact.text) if amended else fact.text
        age = (desk.clock.now() - incident.at(entry)).days
        late = "  OVERDUE" if fact.due and fact.due < f"{desk.clock.now():%Y-%m-%d}" else ""
        say(f"{incident.id}  {f'{age}d':>5}  {fact.due or 'no date':<10}  {fact.owner or 'no owner':<12}  {text}{late}")
    if not found:
        say("no action items are open")


def document(desk: Opened, what: str, head: str = "", pictures: Sequence[tuple[str, str]] = ()) -> str:
    """The document as text; `pictures` are titles and files that will stand beside it."""
    incident = desk.wanted()
    runbook, now = runbook_of(desk, incident), desk.clock.now()
    if what == "json":
        return session(desk, incident, runbook, head)
    if what == "timeline":
        from warroom.reports.timeline import timeline_document

        return timeline_document(incident, runbook, now, head)
    if what == "handoff":
        from warroom.reports.handoff import handoff_document

        return handoff_document(incident, runbook, now, head)
    if what == "postmortem":
        from warroom.reports.postmortem import postmortem

        written = postmortem(incident, runbook, now, head, pictures)
        if written.unfilled:
            warn(f"{written.unfilled} places are still to be written: they are marked")
        return written.text
    if what == "patch":
        from warroom.reports.rot import patch

        text = own_text(desk, incident)
        if not (found := patch(incident, runbook, text, now, desk.room.who)):
            warn("no step of a playbook was skipped, edited or failed: there is nothing to propose")
        return found
    raise Mistake(f"there is no document {what}")


def own_text(desk: Opened, incident: Incident) -> str:
    """The runbook as the team has it, where it is still the one of the incident; what is kept may have lost secrets."""
    kept = incident.runbook
    return desk.own.text if kept is None or desk.own.sha256 == kept.sha256 else kept.text


def session(desk: Opened, incident: Incident, runbook: Runbook, head: str = "") -> str:
    """Everything of one incident: what it is, every entry, and the runbook's text."""
    import msgspec

    whole = {
        "exported": rfc3339(desk.clock.now()),
        "head": head or None,
        "incident": incident_json(incident, runbook, desk.clock.now()),
        "entries": [entry_json(entry, incident) for entry in incident.entries],
        "runbook": incident.runbook,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"
