"""How what was to be sent went, and what people say about it."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import NONE_DECLARED, Decision, Refusal
from warroom.core.entries import (
    Draft,
    MessageConfirmed,
    MessageDropped,
    MessageFailed,
    MessageQueued,
    MessageRetried,
    MessageSent,
    PageFailed,
    PageSent,
)
from warroom.core.incident import Incident
from warroom.core.outbox import Sending, outbox
from warroom.core.ports import Sent
from warroom.runbook.model import Runbook


def find_sending(incident: Incident, reference: str) -> Sending | Refusal:
    """By its id, the end of it, or its entry's number."""
    if not incident.id:
        return NONE_DECLARED
    all_of_them, wanted = outbox(incident), reference.strip()
    entry = incident.entry(wanted)
    found = [one for one in all_of_them if one.intent.id == (entry.id if entry else wanted)]
    found = found or [one for one in all_of_them if wanted and one.intent.id.endswith(wanted)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one.intent.id for one in all_of_them[-5:]) or "nothing"
    return Refusal(f"{reference!r} is {'more than one thing' if found else 'nothing'} in the outbox of {incident.id}: it holds {known}")


@dataclass(frozen=True, slots=True)
class RecordSent:
    """The service has it."""

    id: str
    sent: Sent
    confirmed: bool = False

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_sending(incident, self.id)
        if isinstance(found, Refusal):
            return found
        if found.state == "confirmed" or (found.state == "sent" and not self.confirmed):
            return ()
        if found.intent.page:
            return (Draft(PageSent(page=self.id, reference=self.sent.reference, text=self.sent.text, confirmed=self.confirmed), now),)
        sent = () if found.state == "sent" else (Draft(MessageSent(message=self.id, reference=self.sent.reference), now),)
        read_back = (Draft(MessageConfirmed(message=self.id, reference=self.sent.reference), now),) if self.confirmed else ()
        return (*sent, *read_back)


@dataclass(frozen=True, slots=True)
class RecordFailed:
    """Nothing tries any more."""

    id: str
    why: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_sending(incident, self.id)
        if isinstance(found, Refusal):
            return found
        if found.state != "queued":
            return ()
        return (Draft(PageFailed(page=self.id, why=self.why) if found.intent.page else MessageFailed(message=self.id, why=self.why), now),)


@dataclass(frozen=True, slots=True)
class SayInstead:
    """The same text goes to another channel while its own is down: once for each other channel."""

    id: str
    channel: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_sending(incident, self.id)
        if isinstance(found, Refusal):
            return found
        if found.state not in ("queued", "failed") or found.instead or found.instead_of:
            return ()
        intent, key = found.intent, found.intent.key.removeprefix(f"{incident.id}/")
        again = MessageQueued(
            name=intent.name,
            channel=self.channel,
            text=intent.text,
            key=f"{key}@{self.channel}",
            subject=intent.subject,
            status=intent.status,
            public=intent.public,
            instead_of=self.id,
        )
        return (Draft(again, now),)


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again what failed, or what was dropped."""

    reference: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_sending(incident, self.reference)
        if isinstance(found, Refusal):
            return found
        if found.state in ("sent", "confirmed"):
            return Refusal(f"{found.intent.id} was sent already: write another message instead", mistake=False)
        return (Draft(MessageRetried(message=found.intent.id), now),)


@dataclass(frozen=True, slots=True)
class Drop:
    reference: str
    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_sending(incident, self.reference)
        if isinstance(found, Refusal):
            return found
        if not self.reason.strip():
            return Refusal("say why it is not sent (`--reason`)")
        if found.state in ("sent", "confirmed", "dropped"):
            return Refusal(f"{found.intent.id} is {found.state} already", mistake=False)
        return (Draft(MessageDropped(message=found.intent.id, reason=self.reason.strip()), now),)


@dataclass(frozen=True, slots=True)
class ConfirmByHand:
    """A person copied the text, and says that it is sent."""

    reference: str
    text: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = find_sending(incident, self.reference)
        if isinstance(found, Refusal):
            return found
        if found.state in ("sent", "confirmed"):
            return Refusal(f"{found.intent.id} is {found.state} already", mistake=False)
        id = found.intent.id
        return (
            Draft(PageSent(page=id, by_hand=True, text=self.text) if found.intent.page else MessageSent(message=id, by_hand=True), now),
        )
