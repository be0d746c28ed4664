"""What the watch announces, and what it asks for a minute later: a function of entries and now."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from warroom.core.contacts import by_pager, by_phone, contact_for, number_of
from warroom.core.deadlines import Deadline, deadlines
from warroom.core.entries import Announced, AnnouncementCancelled, Answered, Draft, Entry, Noted, PageAsked, Reopened
from warroom.core.incident import Incident
from warroom.core.rule import spell, together
from warroom.core.triage import impact, summary
from warroom.runbook.model import Runbook

PERIOD = timedelta(seconds=60)
"""For which what was announced can be cancelled."""
TOO_OLD = timedelta(hours=1)
"""For what is overdue longer when the watch begins, nobody is woken unasked."""
LONGEST = 1_000
TOLD = 3
"""So many of the last steps forward are told."""


def cause(deadline: Deadline) -> str:
    """One for each round of a deadline: what has it is announced once, and pages once."""
    return f"{deadline.id}@{deadline.start or deadline.due:%Y%m%dT%H%M%S.%f}"


def calling(runbook: Runbook, incident: Incident, now: datetime) -> tuple[Deadline, ...]:
    """What is past, waits for an answer and names whom to call."""
    found = deadlines(runbook, incident, now)
    return tuple(one for one in found if one.state == "due" and one.to and one.id.startswith(("trigger:", "contact:")))


def announced(incident: Incident) -> dict[str, Entry]:
    """By its cause: the last announcement of it."""
    return {entry.fact.key: entry for entry in incident.announcements if isinstance(entry.fact, Announced)}


def cancelled(incident: Incident) -> frozenset[str]:
    """The ids of the announcements that somebody called off."""
    return frozenset(entry.fact.announced for entry in incident.announcements if isinstance(entry.fact, AnnouncementCancelled))


def pending(incident: Incident, deadline: Deadline) -> Announced | None:
    """What the watch has announced about it, where nobody has called that off."""
    entry = announced(incident).get(cause(deadline)) if deadline.state == "due" else None
    if entry is None or entry.id in cancelled(incident) or not isinstance(entry.fact, Announced):
        return None
    return entry.fact


def running(incident: Incident, runbook: Runbook, now: datetime) -> tuple[Entry, ...]:
    """What will be done by itself, and can still be cancelled; the next first."""
    called_off, causes = cancelled(incident), {cause(one) for one in calling(runbook, incident, now)}
    found = [
        entry
        for key, entry in announced(incident).items()
        if key in causes and entry.id not in called_off and isinstance(entry.fact, Announced) and entry.fact.fires
    ]
    return tuple(sorted(found, key=lambda entry: getattr(entry.fact, "fires", now)))


def announcements(runbook: Runbook, incident: Incident, now: datetime, since: datetime) -> Iterator[Draft]:
    """What is news to the watch, that has looked since then.

    What was due before it looked is late: one that is not old is announced like any other; several, or an old one, are only asked
    about: a laptop that wakes up pages nobody in a burst.
    """
    known, called_off, since = announced(incident), cancelled(incident), max([since, *_changes(incident)])
    fresh = [one for one in calling(runbook, incident, now) if _unknown(known.get(cause(one)), called_off, now)]
    late = [one for one in fresh if one.due < since and cause(one) not in known]
    asked = late if len(late) > 1 else [one for one in late if now - one.due > TOO_OLD]
    for one in fresh:
        text = f"{one.title}: page {together(one.to)}"
        fires = None if one in asked else now + PERIOD
        yield Draft(Announced(deadline=one.id, key=cause(one), text=text, to=one.to, fires=fires), now)


def _unknown(entry: Entry | None, called_off: frozenset[str], now: datetime) -> bool:
    """Not announced yet; or by a clock that was set back since, which would let it wait for the difference."""
    if entry is None:
        return True
    fires = entry.fact.fires if isinstance(entry.fact, Announced) else None
    return entry.id not in called_off and fires is not None and fires > now + PERIOD


def _changes(incident: Incident) -> Iterator[datetime]:
    """When deadlines that had not run began to: they are not late, they are new, and all at once."""
    for entry in (*incident.severities, *(entry for entry in incident.entries if isinstance(entry.fact, Reopened))):
        yield incident.at(entry)


def firing(runbook: Runbook, incident: Incident, now: datetime, levels: Mapping[str, int]) -> Iterator[Draft]:
    """What was announced, not cancelled, and is still due when its minute is over."""
    known, called_off = announced(incident), cancelled(incident)
    asked = {entry.fact.key for entry in incident.sendings if isinstance(entry.fact, PageAsked)}
    for one in calling(runbook, incident, now):
        entry = known.get(cause(one))
        if entry is None or entry.id in called_off or not isinstance(entry.fact, Announced):
            continue
        if entry.fact.fires is None or now < entry.fact.fires:
            continue
        drafts = [draft for draft in pages(runbook, incident, one, now, levels) if getattr(draft.fact, "key", "") not in asked]
        yield from drafts
        if drafts:
            yield Draft(Answered(deadline=one.id, outcome="paged", text=f"the outbox was asked to page {together(one.to)}"), now)


def pages(
    runbook: Runbook, incident: Incident, one: Deadline, now: datetime, levels: Mapping[str, int], wanted: str = ""
) -> Iterator[Draft]:
    """One for each who is named, and for each way in which they are reached; who has no contact is told of by the others."""
    known = [target for target in one.to if contact_for(runbook, target)] or list(one.to)
    left_out = [target for target in one.to if target not in known]
    why = one.title + (f" ({together(tuple(left_out))} has no contact in the runbook: tell them)" if left_out else "")
    for target in known:
        for fact in asks(runbook, incident, target, page_text(incident, now, why, wanted), cause(one), levels):
            yield Draft(replace(fact, deadline=one.id), now)


def asks(runbook: Runbook, incident: Incident, target: str, text: str, key: str, levels: Mapping[str, int]) -> Iterator[PageAsked]:
    contact = contact_for(runbook, target)
    name = contact.role if contact else target
    level = levels.get(contact.level, number_of(contact)) if contact else 0
    if by_pager(contact):
        method = contact.method if contact and not by_phone(contact) else "PagerDuty"
        yield PageAsked(to=name, text=text, key=f"{key}/{name}", level=level, method=method)
    if by_phone(contact):
        yield PageAsked(to=name, text=text, key=f"{key}/{name}/phone", level=level, channel="Phone", method="Phone")


def page_text(incident: Incident, now: datetime, why: str, wanted: str = "") -> str:
    """R60: severity, duration, impact, what was done, and what is needed, which only a person can say."""
    minutes = int(incident.elapsed(now)) // 60
    done = [entry.fact.text for entry in incident.progress if isinstance(entry.fact, Noted)][-TOLD:]
    parts = [
        f"{incident.severity or 'No severity yet'}: {summary(incident)}",
        why,
        f"runs for {spell(minutes * 60)}" if minutes else "",
        f"impact: {impact(incident)}" if impact(incident) else "",
        f"done: {'; '.join(done)}" if done else "",
        f"needed: {wanted}" if wanted else "",
    ]
    text = ". ".join(part.strip().rstrip(".") for part in parts if part.strip())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
