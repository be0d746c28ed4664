"""Messages: asked to be sent, and what is public with two keys."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.core.acts import NONE_DECLARED, Decision, Refusal, unless_open
from warroom.core.entries import Called, Draft, Entry, MessageProposed, MessageQueued
from warroom.core.incident import Incident
from warroom.core.levels import levels_named
from warroom.core.messages import Message, sensitive
from warroom.core.outbox import same_channel
from warroom.runbook.model import Runbook

ALONE = timedelta(seconds=30)
"""So long whoever has nobody at hand waits between the two keys."""
OLD = timedelta(minutes=30)
"""A first key that is older says what may not be true any more."""


@dataclass(frozen=True, slots=True)
class Send:
    """`warnings` are those of the truth check: sending anyway takes a reason. `hand` is whose machine and login asks.

    What is public is only proposed by the first key, and sent by the second: the very text of the first.
    """

    message: Message
    warnings: tuple[str, ...] = ()
    reason: str = ""
    hand: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        message = self.message
        if not incident.id:
            return NONE_DECLARED
        if refusal := self._unless_complete() or _unless_for_customers(message, incident, runbook):
            return refusal
        first = proposal(incident, message, now) if message.public else None
        if first is not None and isinstance(first.fact, MessageProposed):
            return self._second(first, first.fact, incident, now, by)
        if self.warnings and not self.reason.strip():
            return Refusal(f"it may not be true: {'; '.join(self.warnings)}: correct it, or say why it goes all the same (`--reason`)")
        if said := _same(incident, key_of(message.text, message)):
            return Refusal(f"{message.channel} was told just that at {incident.at(said):%H:%M:%S} UTC", mistake=False)
        against = f"{'; '.join(self.warnings)}: {self.reason.strip()}" if self.warnings else ""
        if message.public:
            return (Draft(_proposed(message, against, self.hand), now),)
        return (Draft(_queued(message, against), now),)

    def _unless_complete(self) -> Refusal | None:
        message = self.message
        if not message.text.strip():
            return Refusal(f"{message.name} is empty: write it first")
        if not message.unfilled:
            return None
        names, one = ", ".join(message.unfilled), message.unfilled[0]
        if message.public:
            return Refusal(f"{message.name} is for the public and not filled: {names}; say each (`--set '{one}=…'`)")
        return Refusal(
            f"{message.name} is not filled: {names}; say each (`--set '{one}=…'`), or that it is unknown at this time (`--unknown`)"
        )

    def _second(self, first: Entry, fact: MessageProposed, incident: Incident, now: datetime, by: str) -> Decision:
        """Another's, or after a while and with a reason one's own. A name is a claim: another hand is another login or machine."""
        mine = same_hand(first, fact, self.hand, by)
        waits = ALONE - (now - first.recorded_at)
        if mine and waits > timedelta(0):
            return Refusal(
                f"{fact.name} waits for its second key: somebody else's, or yours in {int(waits.total_seconds()) + 1} s with a reason",
                mistake=False,
            )
        if mine and not self.reason.strip():
            return Refusal(f"{fact.name} has your key already: let somebody else send it, or say why you do so alone (`--reason`)")
        if sensitive(incident) and not self.reason.strip():
            return Refusal("it is about a breach or privacy: say who of Legal has agreed to it (`--reason`)")
        if said := _same(incident, key_of(fact.text, self.message)):
            return Refusal(f"{fact.channel} was told just that at {incident.at(said):%H:%M:%S} UTC", mistake=False)
        against = "; ".join(part for part in (fact.against, f"second key: {self.reason.strip()}" if self.reason.strip() else "") if part)
        queued = MessageQueued(
            name=fact.name,
            channel=fact.channel,
            text=fact.text,
            key=key_of(fact.text, self.message),
            subject=fact.subject,
            to=fact.to,
            status=fact.status,
            public=True,
            against=against,
            promised=fact.promised,
            proposal=first.id,
        )
        return (Draft(queued, now),)


def key_of(text: str, message: Message) -> str:
    return f"message/{hashlib.sha256(f'{message.name}/{message.channel}/{text}'.encode()).hexdigest()[:24]}"


def same_hand(first: Entry, fact: MessageProposed, hand: str, by: str) -> bool:
    return fact.hand == hand or first.by == by


def proposal(incident: Incident, message: Message, now: datetime) -> Entry | None:
    """The first key for just this message, where the second is still to come."""
    used = {entry.fact.proposal for entry in incident.sendings if isinstance(entry.fact, MessageQueued)}
    for entry in reversed(incident.proposals):
        fact = entry.fact
        if isinstance(fact, MessageProposed) and fact.name == message.name and same_channel(fact.channel, message.channel):
            fresh = entry.id not in used and now - entry.recorded_at < OLD
            return entry if fresh and fact.key == message.stable else None
    return None


def first_key(incident: Incident, name: str, now: datetime) -> Entry | None:
    """The last first key for a message, where the second is still to come."""
    used = {entry.fact.proposal for entry in incident.sendings if isinstance(entry.fact, MessageQueued)}
    last = next((entry for entry in reversed(incident.proposals) if getattr(entry.fact, "name", "") == name), None)
    return last if last and last.id not in used and now - last.recorded_at < OLD else None


def _same(incident: Incident, key: str) -> Entry | None:
    dropped = {getattr(entry.fact, "message", "") for entry in incident.sendings if entry.kind == "message_dropped"}
    same = (entry for entry in incident.sendings if isinstance(entry.fact, MessageQueued) and entry.fact.key == key)
    return next((entry for entry in same if entry.id not in dropped), None)


def _queued(message: Message, against: str) -> MessageQueued:
    return MessageQueued(
        name=message.name,
        channel=message.channel,
        text=message.text,
        key=key_of(message.text, message),
        subject=message.subject,
        to=message.to,
        against=against,
        promised=message.promised,
    )


def _proposed(message: Message, against: str, hand: str) -> MessageProposed:
    return MessageProposed(
        name=message.name,
        channel=message.channel,
        text=message.text,
        key=message.stable,
        subject=message.subject,
        to=message.to,
        status=message.status,
        against=against,
        promised=message.promised,
        hand=hand,
    )


def _unless_for_customers(message: Message, incident: Incident, runbook: Runbook) -> Refusal | None:
    """A mail to customers goes out at the levels that its heading names, else the worst, and tells what is over."""
    if message.service != "mail":
        return None
    named = levels_named(runbook, message.name) or tuple(one.level for one in runbook.severities if one.rank == 1)
    had = {getattr(entry.fact, "level", "") for entry in incident.severities}
    if named and not had & set(named):
        return Refusal(f"{message.name} is for {'/'.join(named)} only, and this never was one")
    if not (incident.resolved or incident.restored):
        return Refusal(f"{message.name} tells what is over: resolve the incident first (`warroom resolve`)")
    return None


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody telephoned, and says how it went."""

    contact: str
    person: str
    outcome: str
    text: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        person = " ".join(self.person.split()) or self.contact
        match self.outcome:
            case "reached" | "voicemail" | "none" as outcome:
                return (Draft(Called(contact=self.contact, person=person, outcome=outcome, text=self.text.strip()), now),)
        return Refusal(f"{self.outcome!r} is no outcome of a call: it is reached, voicemail or none")
