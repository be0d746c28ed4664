"""Whom the runbook names for an escalation, how they are reached, and how long they may take to answer."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from warroom.core.entries import Acknowledged, Answered, Called
from warroom.core.incident import Incident
from warroom.core.outbox import Sending, outbox
from warroom.core.rule import COMMANDER, Rule, owner, spell, spell_answer
from warroom.runbook.model import Contact, Runbook

PAGER, PHONE = re.compile(r"pager|opsgenie|page\b", re.IGNORECASE), re.compile(r"phone|call|hotline|mobile", re.IGNORECASE)

ANSWERS = ("reached", "answered", "acknowledged")


def contact_for(runbook: Runbook, target: str) -> Contact | None:
    """By its level or role, else the one role that has all its words."""
    wanted, contacts = target.strip().casefold(), runbook.escalation.contacts
    for contact in contacts:
        if wanted in (contact.level.casefold(), contact.role.casefold()):
            return contact
    words = set(re.findall(r"\w+", wanted))
    found = [contact for contact in contacts if words and words <= set(re.findall(r"\w+", contact.role.casefold()))]
    return found[0] if len(found) == 1 else None


def number_of(contact: Contact | None) -> int:
    """`L3` is 3; 0: it is no rung of the ladder."""
    found = re.fullmatch(r"\D*(\d+)", contact.level.strip()) if contact else None
    return int(found[1]) if found else 0


def next_contact(runbook: Runbook, contact: Contact) -> Contact | None:
    """The next rung."""
    rungs = sorted((one for one in runbook.escalation.contacts if number_of(one) > number_of(contact)), key=number_of)
    return rungs[0] if rungs and number_of(contact) else None


def by_pager(contact: Contact | None) -> bool:
    """Also where nothing is said of how."""
    return contact is None or not contact.method or bool(PAGER.search(contact.method))


def by_phone(contact: Contact | None) -> bool:
    return contact is not None and bool(PHONE.search(contact.method))


def contact_rules(runbook: Runbook, incident: Incident) -> Iterator[Rule]:
    """R56: who was paged or called has to answer in time, else it is the next one's turn."""
    counts: dict[str, int] = {}
    for sending in outbox(incident):
        if not sending.intent.page:
            continue
        target = next(iter(sending.intent.to), "")
        contact = contact_for(runbook, target)
        slug = _slug(contact, target, phone=sending.intent.service == "hand" and by_pager(contact))
        counts[slug] = counts.get(slug, 0) + 1
        start = _reached(incident, sending)
        if contact is None or contact.response_seconds is None or start is None:
            continue
        id = f"contact:{slug}" + (f"-{counts[slug]}" if counts[slug] > 1 else "")
        answer, after = _answer(incident, id, contact, start), next_contact(runbook, contact)
        met, met_by = answer or (None, "")
        yield Rule(
            id=id,
            title=f"{contact.role} answers",
            owner=owner(runbook, incident, COMMANDER),
            consequence=f"page {after.role}" if after else f"nobody after {contact.role}: call somebody else",
            start=start,
            due=start + timedelta(seconds=contact.response_seconds),
            line=contact.line,
            to=(after.role,) if after else (),
            met=met,
            met_by=met_by,
            why=f"{spell(contact.response_seconds)} to answer",
        )


def _slug(contact: Contact | None, target: str, *, phone: bool) -> str:
    name = re.sub(r"\W+", "-", (contact.level if contact else target).casefold()).strip("-")
    return f"{name}-phone" if phone else name


def _reached(incident: Incident, sending: Sending) -> datetime | None:
    """When it rang: nobody answers a page that was not sent. Whoever has to be telephoned should be at once."""
    asked = incident.entry(sending.intent.id)
    if sending.intent.service == "hand" and asked is not None and sending.state != "dropped":
        return incident.at(asked)
    sent = [entry for entry in incident.sendings if entry.kind == "page_sent" and getattr(entry.fact, "page", "") == sending.intent.id]
    return incident.at(sent[0]) if sent else None


def _answer(incident: Incident, id: str, contact: Contact, start: datetime) -> tuple[datetime, str] | None:
    """The first acknowledgement after it, or what somebody said of it, where they were reached."""
    found: list[tuple[datetime, str]] = []
    for entry in incident.entries:
        at, fact = incident.at(entry), entry.fact
        if at < start or entry.id in incident.struck:
            continue
        if isinstance(fact, Acknowledged):
            found.append((at, f"acknowledged by {entry.by}"))
        elif isinstance(fact, Called) and fact.outcome == "reached" and is_contact(fact.contact, contact):
            found.append((at, f"{fact.person} was reached by {entry.by}"))
        elif isinstance(fact, Answered) and fact.outcome.casefold() in ANSWERS and _same(fact.deadline, id):
            found.append((at, spell_answer(entry, at)))
    return min(found, default=None)


def _same(one: str, two: str) -> bool:
    """Paged and called at once, they answer both by answering one."""
    return one == two or one.removesuffix("-phone") == two.removesuffix("-phone")


def is_contact(name: str, contact: Contact) -> bool:
    return name.strip().casefold() in (contact.level.casefold(), contact.role.casefold())
