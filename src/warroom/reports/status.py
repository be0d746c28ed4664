"""The incident as JSON and as text for a terminal."""

from datetime import datetime
from typing import Any

import msgspec

from warroom.core.closing import gates
from warroom.core.codec import encode
from warroom.core.deadlines import Deadline, deadlines, next_deadline, overdue
from warroom.core.entries import ActionAdded, Amended, Entry, Noted, WentBadly, WentWell
from warroom.core.incident import Incident
from warroom.core.ledger import Debt, debts
from warroom.core.rules import phase_name
from warroom.core.severity import suggest
from warroom.core.steps import next_step
from warroom.core.timeline import Line, lines, text_of
from warroom.reports.times import day, figures, hhmm, rfc3339
from warroom.reports.words import cut, plain, width
from warroom.runbook.model import Runbook


def incident_json(incident: Incident, runbook: Runbook, now: datetime) -> dict[str, Any] | None:
    """None where nothing was declared."""
    if not incident.id:
        return None
    suggestion, due = suggest(runbook, incident), deadlines(runbook, incident, now)
    cluster, text = incident.cluster, incident.runbook
    return {
        "id": incident.id,
        "number": incident.number,
        "title": incident.title,
        "drill": incident.drill,
        "severity": incident.severity,
        "rank": incident.rank,
        "suggested": {"severity": suggestion.level, "reasons": list(suggestion.reasons)},
        "phase": incident.phase,
        "state": incident.state,
        "not_an_incident": incident.not_an_incident,
        "symptoms": incident.symptoms,
        "pagerduty": incident.pagerduty,
        "detected": rfc3339(incident.detected),
        "alerted": rfc3339(incident.alerted),
        "acknowledged": rfc3339(incident.acknowledged),
        "declared": rfc3339(incident.declared),
        "restored": rfc3339(incident.restored),
        "resolved": rfc3339(incident.resolved),
        "closed": rfc3339(incident.closed),
        "elapsed_seconds": incident.elapsed(now),
        "roles": dict(incident.roles),
        "ticks": [
            {"id": id, "by": tick.by, "at": rfc3339(incident.at(tick))}
            for id, tick in sorted(incident.ticks.items(), key=lambda pair: (incident.at(pair[1]), pair[1].seq))
        ],
        "deadlines": [deadline_json(deadline) for deadline in due],
        "debts": [debt_json(debt) for debt in debts(incident)],
        "promises": [
            {"text": deadline.title, "due": rfc3339(deadline.due)}
            for deadline in due
            if deadline.id in ("update", "postmortem") and deadline.state in ("running", "due")
        ],
        "gate": [{"text": gate.text, "done": gate.done, "why": gate.why} for gate in gates(runbook, incident, now)],
        "entries": len(incident.entries),
        "runbook": {"sha256": text.sha256 if text else runbook.sha256, "version": runbook.version, "title": runbook.title},
        "cluster": {"context": cluster.context, "server": cluster.server, "namespaces": list(cluster.namespaces)} if cluster else None,
    }


def debt_json(debt: Debt) -> dict[str, Any]:
    return {
        "id": debt.id,
        "seq": debt.seq,
        "command": debt.command,
        "inverse": debt.inverse,
        "object": debt.object,
        "by": debt.by,
        "at": rfc3339(debt.at),
        "state": debt.state,
        "certain": debt.certain,
        "settled_by": debt.settled_by,
        "settled_at": rfc3339(debt.settled_at),
        "reason": debt.reason,
    }


def deadline_json(deadline: Deadline) -> dict[str, Any]:
    return {
        "id": deadline.id,
        "title": deadline.title,
        "owner": deadline.owner,
        "consequence": deadline.consequence,
        "due": rfc3339(deadline.due),
        "left_seconds": deadline.left_seconds,
        "state": deadline.state,
        "line": deadline.line,
        "to": list(deadline.to),
        "why": deadline.why,
    }


def entry_json(entry: Entry, incident: Incident) -> dict[str, Any]:
    """`at` is where it stands now; `text` is what people wrote, else what happened; `amended_by` has the text that counts."""
    fact, amended, moved = entry.fact, incident.amended.get(entry.id), incident.moved.get(entry.id)
    body: dict[str, Any] = msgspec.json.decode(encode(fact))
    body.pop("kind", None)
    wrote = fact.text if isinstance(fact, Noted | Amended | WentWell | WentBadly | ActionAdded) else text_of(fact)
    return {
        "seq": entry.seq,
        "id": entry.id,
        "incident": entry.incident,
        "kind": entry.kind,
        "at": rfc3339(incident.at(entry)),
        "recorded_at": rfc3339(entry.recorded_at),
        "by": entry.by,
        "text": wrote,
        "body": body,
        "amends": fact.amends if isinstance(fact, Amended) else None,
        "amended_by": amended.id if amended else None,
        "struck": entry.id in incident.struck,
        "moved_from": rfc3339(entry.at) if moved else None,
        "hash": entry.hash,
    }


def timeline_json(incident: Incident, *, every: bool = False) -> list[dict[str, Any]]:
    """As `lines` has it: by when it happened; corrections only with `every`."""
    by_id = {entry.id: entry for entry in incident.entries}
    return [entry_json(by_id[line.id], incident) for line in lines(incident, every=every)]


def status_text(incident: Incident, runbook: Runbook, now: datetime, width: int = 100) -> str:
    """The incident in at most 20 lines."""
    if not incident.id:
        return "no incident is declared"
    severity = runbook.severity(incident.severity or "")
    level = f"{incident.severity} {severity.name}".strip() if severity else incident.severity or "no severity yet"
    suggestion, due = suggest(runbook, incident), deadlines(runbook, incident, now)
    late = overdue(due)
    head = f"{'DRILL, ' if incident.drill else ''}{level}: {incident.title}"
    alerted = f"alerted {day(incident.alerted)} {hhmm(incident.alerted)} UTC" if incident.alerted else ""
    facts = f"{incident.id} · {incident.state} · {alerted} · elapsed {figures(incident.elapsed(now))} · {_entries(incident)}"
    rows = [head, facts, f"phase {_phase(incident, runbook)}"]
    if incident.cluster:
        rows.append(f"cluster {incident.cluster.context} / {', '.join(incident.cluster.namespaces)}")
    if suggestion.level and suggestion.level != incident.severity:
        rows.append(f"suggests {suggestion.level}: {'; '.join(suggestion.reasons)}")
    rows.append("roles: " + ("; ".join(f"{role} {person}" for role, person in incident.roles.items()) or "nobody has taken one"))
    if (step := next_step(runbook, incident, now)) is not None:
        rows.append(f"next: {step.title} ({step.where})")
    if late:
        rows.append(f"{len(late)} overdue")
    rows = [plain(row) for row in rows]
    rows += [_deadline_row(deadline) for deadline in due if deadline.state in ("due", "running", "paused")][:7]
    told = [f"{hhmm(line.at)} {plain(line.who)}: {plain(line.text)}" for line in lines(incident) if not line.is_struck]
    rows += told[-4:]  # 16 rows at most are above
    return "\n".join(cut(row, width) for row in rows)


def _phase(incident: Incident, runbook: Runbook) -> str:
    if not incident.phase:
        return "none yet"
    named = runbook.phases[incident.phase - 1].title if incident.phase <= len(runbook.phases) else ""
    return f"{incident.phase}/{len(runbook.phases)} {phase_name(named)}".rstrip()


def _deadline_row(deadline: Deadline) -> str:
    word = {"due": "overdue, so", "paused": "paused, else"}.get(deadline.state, "else")
    words = plain(f"{deadline.title} ({deadline.owner}), {word} {deadline.consequence}")
    return f"{figures(deadline.left_seconds):>9}  {words}"


def deadlines_text(due: tuple[Deadline, ...], room: int = 100) -> str:
    """A line each, as they are ordered; the id, which commands take, is never cut."""
    column = max((len(deadline.id) for deadline in due), default=0)
    rows = []
    for deadline in due:
        is_open = deadline.state in ("running", "paused", "due")
        words = f"{deadline.title}, {deadline.owner}{f', else {deadline.consequence}' if is_open else ''}"
        words += f" ({deadline.why})" if deadline.why else ""
        head = f"{figures(deadline.left_seconds):>10} {hhmm(deadline.due)} {deadline.state:<7} {deadline.id:<{column}}  "
        rows.append(head + cut(plain(words), max(20, room - len(head))))
    return "\n".join(rows) or "nothing is due"


def status_line(incident: Incident, runbook: Runbook, now: datetime, room: int = 60) -> str:
    """For a status bar: the title gives way, the figures never do."""
    if not incident.id:
        return "no incident"
    due = deadlines(runbook, incident, now)
    late, following = overdue(due), next_deadline(due)
    head = ("DRILL " if incident.drill else "") + (incident.severity or "?")
    facts = [figures(incident.elapsed(now)) if incident.restored is None else incident.state]
    if late:
        facts.append(f"{len(late)} overdue: {late[0].title}")
    elif following:
        facts.append(f"{figures(following.left_seconds)} {following.title}")
    tail = plain(" · ".join(facts))
    left = room - width(head) - width(tail) - 4
    if left >= 8:
        return f"{plain(head)} {cut(plain(incident.title), left)} · {tail}"
    return cut(f"{plain(head)} {tail}", room)


def timeline_text(incident: Incident, *, every: bool = False) -> str:
    """A line an entry, with a line of its own where a day begins."""
    rows, today = [], ""
    for line in lines(incident, every=every):
        if day(line.at) != today:
            today = day(line.at)
            rows.append(today)
        rows.append(_timeline_row(line))
    return "\n".join(rows) or "no entries"


def _timeline_row(line: Line) -> str:
    text = f"~~{line.text}~~" if line.is_struck else line.text
    notes = f" ({'; '.join(line.notes)})" if line.notes else ""
    return f"{line.seq:>4}  {line.at:%H:%M:%S}  {plain(line.who):<8}  {plain(text + notes)}"


def _entries(incident: Incident) -> str:
    count = len(incident.entries)
    return f"{count} {'entry' if count == 1 else 'entries'}"
