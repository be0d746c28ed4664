"""Escalation: what the watch announces and asks for, what people cancel, and whom they page themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.acts.incident import Acknowledge
from warroom.core.contacts import contact_for
from warroom.core.deadlines import deadlines
from warroom.core.entries import Announced, AnnouncementCancelled, Answered, Draft, PageAsked, WatchTaken
from warroom.core.incident import Incident
from warroom.core.outbox import outbox
from warroom.core.paging import announced, announcements, asks, cancelled, cause, firing, page_text, pages
from warroom.core.rule import together
from warroom.runbook.model import Runbook

TWICE = 10 * 60.0
"""Seconds in which the same person is not paged again by hand: they have been called."""


@dataclass(frozen=True, slots=True)
class WatchDeadlines:
    """Of the watch with this number, which has looked since then: a newer watch ends this one."""

    number: int
    holder: str
    since: datetime
    levels: Mapping[str, int] = field(default_factory=dict)

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return replace(refusal, mistake=False)
        if incident.watch > self.number:
            return Refusal(
                f"watch {incident.watch} has taken over from watch {self.number}: nothing more is announced by it", mistake=False
            )
        fires = tuple(firing(runbook, incident, now, self.levels))
        news = tuple(announcements(runbook, incident, now, self.since)) if not fires else ()
        taken = (Draft(WatchTaken(number=self.number, holder=self.holder), now),) if incident.watch < self.number else ()
        return (*taken, *fires, *news) if fires or news else ()


@dataclass(frozen=True, slots=True)
class CancelAnnouncement:
    """By the announcement's id or its deadline's; the deadline stays due and waits for an answer by people."""

    reference: str
    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        if not self.reason.strip():
            return Refusal("say why nobody is to be paged")
        called_off = cancelled(incident)
        open_ones = [entry for entry in announced(incident).values() if entry.id not in called_off]
        for entry in open_ones:
            if isinstance(entry.fact, Announced) and self.reference in (entry.id, str(entry.seq), entry.fact.deadline):
                if any(one.fact.key.startswith(entry.fact.key) for one in incident.sendings if isinstance(one.fact, PageAsked)):
                    return Refusal(f"{entry.fact.deadline} was paged already", mistake=False)
                return (Draft(AnnouncementCancelled(announced=entry.id, reason=self.reason.strip()), now),)
        known = ", ".join(getattr(entry.fact, "deadline", "") for entry in open_ones) or "nothing"
        return Refusal(f"{self.reference!r} is not announced: announced is {known}")


@dataclass(frozen=True, slots=True)
class Page:
    """Somebody of the runbook's contacts, by level or role, is to be paged; `wanted` is what is needed of them.

    `deadline`: the one that it answers.
    """

    target: str
    wanted: str = ""
    deadline: str = ""
    levels: Mapping[str, int] = field(default_factory=dict)

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        contact = contact_for(runbook, self.target)
        if contact is None:
            known = ", ".join(f"{one.level} ({one.role})" for one in runbook.escalation.contacts) or "nobody"
            return Refusal(f"{self.target!r} is nobody whom the runbook names for an escalation: it names {known}")
        one = next((one for one in deadlines(runbook, incident, now) if one.id == self.deadline), None)
        if self.deadline and (one is None or one.state != "due"):
            return Refusal(f"{self.deadline} is not overdue: page without it", mistake=False)
        key = cause(one) if one else f"{by}@{now:%Y%m%dT%H%M%S.%f}"
        text = page_text(incident, now, one.title if one else "", self.wanted.strip())
        if said := self._lately(incident, contact.role, now):
            return Refusal(f"{contact.role} was paged at {said:%H:%M:%S} UTC: call them, or page the next", mistake=False)
        drafts = [
            Draft(replace(fact, deadline=self.deadline), now) for fact in asks(runbook, incident, contact.role, text, key, self.levels)
        ]
        if one:
            drafts.append(Draft(Answered(deadline=one.id, outcome="paged", text=f"{by} pages {contact.role}"), now))
        return tuple(drafts)

    def _lately(self, incident: Incident, role: str, now: datetime) -> datetime | None:
        """When they were paged, where that is not long ago and did not fail."""
        for sending in reversed(outbox(incident)):
            if sending.intent.page and role in sending.intent.to and sending.state not in ("failed", "dropped"):
                return sending.created if (now - sending.created).total_seconds() < TWICE else None
        return None


@dataclass(frozen=True, slots=True)
class PageNow:
    """Everybody whom an overdue deadline names, without waiting for the watch."""

    deadline: str
    wanted: str = ""
    levels: Mapping[str, int] = field(default_factory=dict)

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        one = next((one for one in deadlines(runbook, incident, now) if one.id == self.deadline), None)
        if one is None or one.state != "due" or not one.to:
            return Refusal(f"{self.deadline} is not overdue, or names nobody: page somebody by name (`warroom escalate`)", mistake=False)
        asked = tuple(pages(runbook, incident, one, now, self.levels, self.wanted.strip()))
        return (*asked, Draft(Answered(deadline=one.id, outcome="paged", text=f"{by} pages {together(one.to)}"), now))


@dataclass(frozen=True, slots=True)
class AnswerThere:
    """Somebody acknowledged the page in the paging service: the alert is answered, and whoever was paged before has answered."""

    person: str
    at: datetime

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return replace(refusal, mistake=False)
        at = min(self.at, now)
        if incident.acknowledged is None:
            return Acknowledge(at).decide(incident, runbook, now, by)
        return tuple(
            Draft(Answered(deadline=one.id, outcome="acknowledged", text=f"by {self.person}, in the paging service"), at)
            for one in deadlines(runbook, incident, now)
            if one.id.startswith("contact:") and one.state in ("running", "due") and one.start is not None and one.start <= at
        )
