"""The handoff brief: what the next shift has to know, from entries and clocks only."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from warroom.core.acts.handover import keeps
from warroom.core.deadlines import Deadline, deadlines
from warroom.core.entries import Accepted, Answered, Called, Entry, HandedOver, Noted, Observed, Pinned, SeveritySet, StepFact
from warroom.core.hypotheses import hypotheses
from warroom.core.incident import Incident
from warroom.core.ledger import owed
from warroom.core.outbox import outbox
from warroom.core.playbooks import find_playbook, state
from warroom.core.rules import phase_name
from warroom.core.severity import suggest
from warroom.core.steps import next_step
from warroom.core.timeline import Meaning, one_line, text_of
from warroom.core.triage import impact, summary
from warroom.reports.times import day, figures, hhmm, lasted
from warroom.runbook.model import Runbook

MOST = 4
"""Lines of one part: the brief is one page."""
REACHED = frozenset(("called", "paged", "told"))
"""Answers by which somebody was called for."""


class Said(msgspec.Struct, frozen=True):
    """A line of the brief; `tail` is where it comes from. `loud`: it must be read."""

    text: str
    meaning: Meaning | None = None
    tail: str = ""
    loud: bool = False


class Part(msgspec.Struct, frozen=True):
    """`said` is never empty: what nobody has said is told as that."""

    label: str
    said: tuple[Said, ...]


def brief(incident: Incident, runbook: Runbook, now: datetime) -> tuple[Part, ...]:
    """Empty where nothing was declared. Parts that are only of use when they have something are left out when they have not."""
    if not incident.id:
        return ()
    due = deadlines(runbook, incident, now)
    parts = (
        ("state", _state(incident, runbook, now), ""),
        ("broken", _broken(incident), ""),
        ("affected", _affected(incident), ""),
        ("we know", _known(incident), "nothing is measured, pinned or noted as progress"),
        ("testing", _thoughts(incident, "testing", "proposed"), ""),
        ("ruled out", _thoughts(incident, "refuted"), ""),
        ("running", _running(incident, runbook, now), ""),
        ("look first", _first(incident, runbook, due, now), "nothing is overdue, and no step is open"),
        ("promised", [_clock(one) for one in due if one.state in ("due", "running", "paused")], "no clock runs"),
        ("owed", _owed(incident), ""),
        ("not sent", _not_sent(incident), ""),
        ("called", _called(incident), "nobody was called"),
        ("open", _open(incident, runbook, due), ""),
        ("roles", _roles(incident, runbook), "the runbook has none"),
        ("handed over", _handoffs(incident, runbook), ""),
    )
    told = ((label, [*said], missing) for label, said, missing in parts)
    return tuple(Part(label, _page(said, missing)) for label, said, missing in told if said or missing)


def _page(said: list[Said], missing: str) -> tuple[Said, ...]:
    if not said:
        return (Said(missing),)
    left = len(said) - MOST
    return (*said[:MOST], Said(f"and {left} more")) if left > 1 else tuple(said)


def _state(incident: Incident, runbook: Runbook, now: datetime) -> Iterable[Said]:
    level = runbook.severity(incident.severity or "")
    name = f"{incident.severity} {level.name}".strip() if level else incident.severity or "no severity yet"
    phase = runbook.phases[incident.phase - 1].title if 0 < incident.phase <= len(runbook.phases) else ""
    where = f"{incident.phase}/{len(runbook.phases)} {phase_name(phase)}" if phase else "no phase yet"
    restored = f"restored {hhmm(incident.restored)}" if incident.restored else "not restored"
    began = f"since {day(incident.alerted)} {hhmm(incident.alerted)} UTC ({lasted(incident.elapsed(now))})" if incident.alerted else ""
    drill = "DRILL" if incident.drill else ""
    yield Said(" · ".join(word for word in (drill, name, began, where, restored) if word), loud=True)
    held = [entry.fact.level for entry in incident.severities if isinstance(entry.fact, SeveritySet)]
    if len(held) > 1:
        yield Said(f"was {', then '.join(held[:-1])}")
    suggestion = suggest(runbook, incident)
    if suggestion.level and suggestion.level != incident.severity:
        yield Said(f"the criteria suggest {suggestion.level}: {'; '.join(suggestion.reasons)}", "over")


def _broken(incident: Incident) -> Iterable[Said]:
    yield Said(one_line(summary(incident)), loud=True)
    if incident.symptoms:
        yield Said(one_line(incident.symptoms))


def _affected(incident: Incident) -> Iterable[Said]:
    said = impact(incident)
    yield Said(one_line(said)) if said else Said("nobody has said who is affected", "unknown")


def _known(incident: Incident) -> Iterable[Said]:
    """What is confirmed; then, newest first, what is measured, pinned, or noted as progress."""
    found: list[tuple[Entry, Said]] = []
    for entry in incident.entries:
        if entry.id in incident.struck:
            continue
        fact = incident.amended[entry.id].fact if entry.id in incident.amended else entry.fact
        match entry.fact:
            case Pinned():
                found.append((entry, Said(text_of(fact), "yes", f"{entry.fact.sha256[:4]} {entry.by}")))
            case Noted(progress=True):
                found.append((entry, Said(text_of(fact), "good", entry.by)))
            case Observed(what="rollout" | "onset"):
                found.append((entry, Said(text_of(fact), "live", "measured")))
    for entry in incident.measured.values():
        if isinstance(entry.fact, Observed) and entry.fact.verdict == "true":
            found.append((entry, Said(text_of(entry.fact), "over", "measured")))
    known = [Said(one_line(one.text), "good", one.owner or one.by, loud=True) for one in hypotheses(incident) if one.state == "confirmed"]
    return known + [said for _, said in sorted(found, key=lambda pair: (incident.at(pair[0]), pair[0].id), reverse=True)]


def _thoughts(incident: Incident, *states: str) -> Iterable[Said]:
    for one in hypotheses(incident):
        if one.state in states:
            why = f": {one_line(one.reason)}" if one.reason else ""
            yield Said(f"{one_line(one.text)}{why}", "skip" if one.state == "refuted" else "unknown", one.owner or one.by)


def _running(incident: Incident, runbook: Runbook, now: datetime) -> Iterable[Said]:
    for key in dict.fromkeys(entry.fact.playbook for entry in incident.steps if isinstance(entry.fact, StepFact)):
        playbook = find_playbook(runbook, key)
        for step in state(incident, key, playbook, now) if playbook else ():
            for run in step.runs:
                if run.state in ("running", "unknown"):
                    word = "running" if run.state == "running" else "nobody knows how it ended"
                    text = f"{one_line(run.started.title or run.started.runs)}, step {step.number} of {key}: {word}"
                    yield Said(text, "live" if run.state == "running" else "unknown", run.by)


def _owed(incident: Incident) -> Iterable[Said]:
    for debt in owed(incident):
        yield Said(f"{debt.object or one_line(debt.command)}: undo with {one_line(debt.inverse)}", "over", f"{debt.by} {hhmm(debt.at)}")


def _not_sent(incident: Incident) -> Iterable[Said]:
    for one in outbox(incident):
        if one.unhandled:
            yield Said(f"{one.intent.name or 'page'} to {one.intent.channel}: {one_line(one.why)}", "over", one.by, loud=True)


def _first(incident: Incident, runbook: Runbook, due: tuple[Deadline, ...], now: datetime) -> Iterable[Said]:
    late = next((one for one in due if one.state == "due"), None)
    if late:
        yield Said(f"{late.title}: overdue {figures(-late.left_seconds)}, so {late.consequence}", "over", late.owner, loud=True)
    if step := next_step(runbook, incident, now):
        yield Said(step.title, "todo", step.where, loud=late is None)


def _clock(one: Deadline) -> Said:
    if one.state == "due":
        return Said(f"overdue {figures(-one.left_seconds)}  {one.title}", "over", one.owner, loud=True)
    word = f"due {hhmm(one.due)}" if one.state == "running" else "paused"
    return Said(f"{word}  {one.title}{f' ({one.why})' if one.why and one.state == 'paused' else ''}", "todo", one.owner)


def _called(incident: Incident) -> Iterable[Said]:
    """Pages that went out, calls by telephone, and what was answered to a clock; newest first."""
    found: list[tuple[datetime, Said]] = []
    for one in outbox(incident):
        if one.intent.page:
            meaning: Meaning = "good" if one.state == "confirmed" else "unknown"
            to = ", ".join(one.intent.to) or one.intent.channel
            found.append((one.created, Said(f"paged {to} {hhmm(one.created)}: {one.state}", meaning, one.by)))
    for entry in incident.entries:
        fact, at = entry.fact, incident.at(entry)
        if entry.id in incident.struck:
            continue
        if isinstance(fact, Called):
            said = f": {one_line(fact.text)}" if fact.text else ""
            reached: Meaning = "good" if fact.outcome == "reached" else "unknown"
            found.append((at, Said(f"called {fact.person} ({fact.contact}) {hhmm(at)}: {fact.outcome}{said}", reached, entry.by)))
        elif isinstance(fact, Answered) and fact.outcome.casefold() in REACHED:
            said = f": {one_line(fact.text)}" if fact.text else ""
            found.append((at, Said(f"{fact.outcome} {hhmm(at)} for {fact.deadline}{said}", "good", entry.by)))
    return [said for _, said in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _open(incident: Incident, runbook: Runbook, due: tuple[Deadline, ...]) -> Iterable[Said]:
    if incident.severity is None:
        yield Said("which severity is it?", "unknown")
    if incident.acknowledged is None:
        yield Said("nobody has acknowledged the alert", "unknown")
    for one in due:
        if one.id.startswith("confirm:") and one.state in ("due", "running", "paused"):
            yield Said(one.title, "unknown", one.owner)
    for item in _items(runbook):
        entry = incident.measured.get(item[0])
        if entry and isinstance(entry.fact, Observed) and entry.fact.verdict == "unknown":
            yield Said(f"no data: {item[1]}", "unknown", "measured")


def _items(runbook: Runbook) -> Iterable[tuple[str, str]]:
    for item in runbook.declaration.triggers:
        yield item.id, item.text
    for level in runbook.severities:
        for item in level.criteria:
            yield item.id, item.text


def _roles(incident: Incident, runbook: Runbook) -> Iterable[Said]:
    names = dict.fromkeys((*(role.name for role in runbook.roles), *incident.roles))
    held = [f"{name} {incident.roles[name]}" for name in names if name in incident.roles]
    free = [name for name in names if name not in incident.roles]
    if held:
        yield Said(" · ".join(held), loud=True)
    if free:
        yield Said(f"nobody is {', '.join(free)}")


def _handoffs(incident: Incident, runbook: Runbook) -> Iterable[Said]:
    for entry in incident.handoffs[-2:]:
        fact, at = entry.fact, hhmm(incident.at(entry))
        if isinstance(fact, HandedOver):
            waits = incident.handoff is not None and incident.handoff.id == entry.id
            roles = f" with {', '.join(fact.roles)}" if fact.roles else ""
            unsigned = f", not signed: {keeps(fact, entry.by, runbook)}" if waits else ""
            yield Said(f"{fact.giver or entry.by} to {fact.to} {at}{roles}{unsigned}", "unknown" if waits else "good", fact.why, loud=waits)
        elif isinstance(fact, Accepted):
            yield Said(f"{entry.by} signed {at}{f': {one_line(fact.text)}' if fact.text else ''}", "good")
