"""The outbox: what is to be sent, was sent, or could not be, as its entries add up."""

import re
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from warroom.core.entries import (
    Entry,
    MessageConfirmed,
    MessageDropped,
    MessageFailed,
    MessageQueued,
    MessageRetried,
    MessageSent,
    PageAsked,
    PageFailed,
    PageSent,
)
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook

Service = Literal["pagerduty", "slack", "statuspage", "mail", "hand"]
"""Who carries it; `hand`: a person, who copies the text and says that it is sent."""
SendingState = Literal["queued", "sent", "confirmed", "failed", "dropped"]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel is given: the very text. `id` is its entry's, `key` what must not be sent twice."""

    id: str
    key: str
    service: Service
    channel: str
    text: str
    name: str = ""
    subject: str = ""
    to: tuple[str, ...] = ()
    level: int = 0
    page: bool = False
    status: str = ""
    public: bool = False
    drill: bool = False
    incident: str = ""
    title: str = ""
    """The incident's."""
    linked: str = ""
    """What the service calls the incident that this is about, where it knows of it."""
    since: float = 0.0
    """Seconds since 1970, in the world's time: nothing of it can be older."""
    rank: int | None = None
    queued: datetime
    """When it was asked for, or asked for again."""


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """An intent and how it went."""

    intent: Intent
    created: datetime
    by: str
    state: SendingState = "queued"
    reference: str = ""
    why: str = ""
    """Why it failed or was dropped."""
    by_hand: bool = False
    deadline: str = ""
    instead_of: str = ""
    instead: bool = False
    """Its text went to another channel meanwhile."""

    @property
    def unhandled(self) -> bool:
        """NOT SENT, and nobody has said what to do about it."""
        return self.state == "failed"


def outbox(incident: Incident) -> tuple[Sending, ...]:
    """Everything that was ever asked for, oldest first."""
    found: dict[str, Sending] = {}
    for entry in incident.sendings:
        fact = entry.fact
        if isinstance(fact, PageAsked | MessageQueued):
            found[entry.id] = _asked(incident, entry, fact)
            if isinstance(fact, MessageQueued) and (other := found.get(fact.instead_of)):
                found[fact.instead_of] = replace(other, instead=True)
        elif (about := found.get(named(entry))) is not None:
            found[about.intent.id] = _went(about, entry)
    known = linked(incident, tuple(found.values()))
    return tuple(replace(one, intent=replace(one.intent, linked=known.get(one.intent.service, ""))) for one in found.values())


def _asked(incident: Incident, entry: Entry, fact: PageAsked | MessageQueued) -> Sending:
    intent = Intent(
        id=entry.id,
        key=f"{incident.id}/{fact.key}",
        service=service_of(fact.channel),
        channel=fact.channel,
        text=fact.text,
        drill=incident.drill,
        incident=incident.id,
        title=incident.title,
        rank=incident.rank,
        queued=entry.recorded_at,
    )
    if isinstance(fact, PageAsked):
        by_phone = bool(fact.method) and not re.search("pager", fact.method, re.IGNORECASE)
        service: Service = "hand" if by_phone else intent.service
        intent = replace(intent, service=service, page=True, name="page", to=(fact.to,), level=fact.level)
        return Sending(intent=intent, created=entry.recorded_at, by=entry.by, deadline=fact.deadline)
    intent = replace(intent, name=fact.name, subject=fact.subject, to=fact.to, status=fact.status, public=fact.public)
    return Sending(intent=intent, created=entry.recorded_at, by=entry.by, instead_of=fact.instead_of)


def named(entry: Entry) -> str:
    """The id of what the outcome is about."""
    fact = entry.fact
    if isinstance(fact, PageSent | PageFailed):
        return fact.page
    if isinstance(fact, MessageSent | MessageConfirmed | MessageFailed | MessageRetried | MessageDropped):
        return fact.message
    return ""


def _went(sending: Sending, entry: Entry) -> Sending:
    """The first outcome counts: whatever was sent stays sent."""
    fact, settled = entry.fact, sending.state in ("sent", "confirmed")
    match fact:
        case PageSent() | MessageSent():
            state: SendingState = "confirmed" if isinstance(fact, PageSent) and fact.confirmed else "sent"
            return replace(sending, state=state, reference=fact.reference or sending.reference, by_hand=fact.by_hand, why="")
        case MessageConfirmed():
            return replace(sending, state="confirmed", reference=fact.reference or sending.reference, why="")
        case PageFailed() | MessageFailed() if not settled:
            return replace(sending, state="failed", why=fact.why)
        case MessageDropped() if not settled:
            return replace(sending, state="dropped", why=fact.reason)
        case MessageRetried() if not settled:
            return replace(sending, state="queued", why="", intent=replace(sending.intent, queued=entry.recorded_at))
    return sending


def linked(incident: Incident, sendings: tuple[Sending, ...] = ()) -> dict[Service, str]:
    """What each service calls this incident: the one it was declared from, else what our first post there opened."""
    known: dict[Service, str] = {"pagerduty": incident.pagerduty} if incident.pagerduty else {}
    for one in sendings:
        service = one.intent.service
        if service in ("pagerduty", "statuspage") and one.reference and not one.by_hand:
            known.setdefault(service, one.reference)
    return known


def service_of(channel: str) -> Service:
    """Who carries what is meant for a channel, by what the runbook calls it."""
    words = channel.casefold()
    if re.search(r"pager\s*duty|\bpage\b(?!.*status)", words) and "status" not in words:
        return "pagerduty"
    if "status" in words:
        return "statuspage"
    if "mail" in words:
        return "mail"
    if words.lstrip().startswith("#") or "slack" in words:
        return "slack"
    return "hand"


def unhandled(incident: Incident) -> tuple[Sending, ...]:
    return tuple(one for one in outbox(incident) if one.unhandled)


def other_channel(runbook: Runbook, sending: Sending, able: frozenset[Service]) -> str:
    """Where the text goes while its own channel is down: the next of the runbook's table that another service carries; empty: nowhere.

    What is not for the public never goes there.
    """
    names = [channel.name for channel in runbook.channels]
    own = next((n for n, name in enumerate(names) if same_channel(name, sending.intent.channel)), -1)
    for name in (*names[own + 1 :], *names[: own + 1]):
        service = service_of(name)
        public = service in ("statuspage", "mail")
        if service in able and service != sending.intent.service and (sending.intent.public or not public):
            return name
    return ""


def same_channel(one: str, two: str) -> bool:
    """`#incident-active (Slack)` is #incident-active."""
    return bare(one).casefold() == bare(two).casefold()


def bare(channel: str) -> str:
    """A channel without what stands in parentheses, and `Slack #x` as `#x`; of `Slack U123` the id."""
    without = re.sub(r"\s*\([^)]*\)", "", channel).strip()
    tagged = re.search(r"#[\w-]+|(?<=^Slack )[CDGUW][A-Z0-9]+$", without)
    return tagged.group() if tagged else without
