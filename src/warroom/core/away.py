"""What changed while somebody was away, in at most five lines: what they would ask first."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from warroom.core.deadlines import deadlines
from warroom.core.entries import Entry, Noted, PhaseSet, RoleSet, SeveritySet, StepEnded
from warroom.core.incident import Incident
from warroom.core.ledger import owed
from warroom.core.timeline import one_line, text_of
from warroom.runbook.model import Runbook

MOST = 5
SAID = ("page_sent", "message_sent", "message_confirmed")
NOT_SAID = ("page_failed", "message_failed")
THOUGHT = "hypothesis_"


def changes(before: Incident, then: datetime, after: Incident, now: datetime, runbook: Runbook, who: str) -> tuple[str, ...]:
    """`before` is the incident as `who` last saw it, at `then`. What they did themselves is no news to them."""
    news = [entry for entry in after.entries[len(before.entries) :] if entry.by != who and entry.id not in after.struck]
    told = [line for line in _told(before, then, after, now, runbook, news) if line]
    return tuple(told if len(told) <= MOST else [*told[: MOST - 1], "; ".join(told[MOST - 1 :])])


def _told(before: Incident, then: datetime, after: Incident, now: datetime, runbook: Runbook, news: Sequence[Entry]) -> Iterator[str]:
    """From the gravest to what can wait."""
    yield _level(before, after, news)
    yield _clocks(before, then, after, now, runbook)
    yield _people(before, after, news)
    yield _thoughts(news)
    yield _work(before, after, news)
    yield _said(news)
    yield _notes(after, news)


def _level(before: Incident, after: Incident, news: Sequence[Entry]) -> str:
    parts = []
    if after.severity != before.severity:
        by = next((entry.by for entry in reversed(news) if isinstance(entry.fact, SeveritySet)), "")
        parts.append(f"severity {before.severity or 'none'} → {after.severity}{f', by {by}' if by else ''}")
    if after.state != before.state:
        parts.append(after.state)
    phases = [entry for entry in news if isinstance(entry.fact, PhaseSet)]
    if phases and after.phase != before.phase:
        parts.append(text_of(phases[-1].fact))
    return "; ".join(parts)


def _clocks(before: Incident, then: datetime, after: Incident, now: datetime, runbook: Runbook) -> str:
    was = {one.id for one in deadlines(runbook, before, then) if one.state == "due"}
    late = [one.title for one in deadlines(runbook, after, now) if one.state == "due" and one.id not in was]
    return f"overdue now: {', '.join(late)}" if late else ""


def _people(before: Incident, after: Incident, news: Sequence[Entry]) -> str:
    roles = dict.fromkeys(entry.fact.role for entry in news if isinstance(entry.fact, RoleSet))
    moved = [role for role in roles if before.roles.get(role) != after.roles.get(role)]
    return "; ".join(f"{role}: {before.roles.get(role) or 'nobody'} → {after.roles.get(role) or 'nobody'}" for role in moved)


def _thoughts(news: Sequence[Entry]) -> str:
    return "; ".join(one_line(text_of(entry.fact)) for entry in news if entry.kind.startswith(THOUGHT))


def _work(before: Incident, after: Incident, news: Sequence[Entry]) -> str:
    ended = [entry.fact for entry in news if isinstance(entry.fact, StepEnded)]
    failed = sum(not fact.ok for fact in ended)
    parts = [f"{_many(len(ended), 'step')} run{f', {failed} failed' if failed else ''}"] if ended else []
    known = {debt.id for debt in owed(before)}
    if new := [debt for debt in owed(after) if debt.id not in known]:
        parts.append(f"{_many(len(new), 'temporary change')}: {new[0].command}")
    return "; ".join(parts)


def _said(news: Sequence[Entry]) -> str:
    failed = [entry for entry in news if entry.kind in NOT_SAID]
    sent = [entry for entry in news if entry.kind in SAID]
    parts = [f"NOT SENT: {text_of(failed[-1].fact)}"] if failed else []
    return "; ".join([*parts, *([f"{_many(len(sent), 'message')} sent, last: {text_of(sent[-1].fact)}"] if sent else [])])


def _notes(after: Incident, news: Sequence[Entry]) -> str:
    notes = [entry for entry in news if isinstance(entry.fact, Noted)]
    if not notes:
        return ""
    last = notes[-1]
    amended = after.amended.get(last.id)
    return f"{_many(len(notes), 'note')}, last by {last.by}: {one_line(text_of((amended or last).fact))}"


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
