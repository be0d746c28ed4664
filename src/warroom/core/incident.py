"""The incident: what the entries add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import Literal, assert_never

from warroom.core.entries import (
    Accepted,
    Acknowledged,
    ActionAdded,
    Amended,
    Announced,
    AnnouncementCancelled,
    Answered,
    Armed,
    Called,
    Closed,
    ClusterPinned,
    DebtRepaid,
    DebtWaived,
    Declared,
    DetectedSet,
    Disarmed,
    Entry,
    Erased,
    HandedOver,
    HypothesisJudged,
    HypothesisOwned,
    HypothesisProposed,
    HypothesisSupported,
    Merged,
    MessageConfirmed,
    MessageDropped,
    MessageFailed,
    MessageProposed,
    MessageQueued,
    MessageRetried,
    MessageSent,
    Moved,
    Noted,
    Observed,
    PageAsked,
    PageFailed,
    PageSent,
    PhaseSet,
    Pinned,
    Purged,
    Reopened,
    Resolved,
    Restored,
    RoleSet,
    RunbookAdopted,
    RunbookText,
    SeveritySet,
    Snoozed,
    StepAnswered,
    StepDone,
    StepEnded,
    StepSkipped,
    StepStarted,
    Struck,
    Ticked,
    TriageAnswered,
    Unticked,
    ValueSet,
    WatchTaken,
    WentBadly,
    WentWell,
)
from warroom.core.readings import Cluster

IncidentState = Literal["none", "declared", "mitigating", "monitoring", "resolved", "closed"]


@dataclass(frozen=True, slots=True)
class Incident:
    """`id` is empty where nothing was declared: then all else is, too.

    Entries are kept whole and in the order of the journal; every other field is what they add up to, with moved entries at
    their new time and struck ones left out.
    """

    id: str = ""
    title: str = ""
    number: int = 0
    drill: bool = False
    symptoms: str = ""
    pagerduty: str = ""
    runbook: RunbookText | None = None
    cluster: Cluster | None = None
    detected: datetime | None = None
    alerted: datetime | None = None
    declared: datetime | None = None
    acknowledged: datetime | None = None
    restored: datetime | None = None
    resolved: datetime | None = None
    closed: datetime | None = None
    not_an_incident: bool = False
    severity: str | None = None
    rank: int | None = None
    phase: int = 0
    ticks: Mapping[str, Entry] = field(default_factory=dict)
    """The ticks that stand, by item."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Who holds each role that is held."""
    severities: tuple[Entry, ...] = ()
    phases: tuple[Entry, ...] = ()
    role_changes: tuple[Entry, ...] = ()
    snoozes: tuple[Entry, ...] = ()
    answers: tuple[Entry, ...] = ()
    actions: tuple[Entry, ...] = ()
    well: tuple[Entry, ...] = ()
    badly: tuple[Entry, ...] = ()
    pinned: tuple[Entry, ...] = ()
    progress: tuple[Entry, ...] = ()
    """Typed progress: a change of severity (the first is none), of phase, and of a hypothesis, notes marked so; oldest first."""
    restorations: tuple[tuple[datetime, datetime | None], ...] = ()
    """Each time the service was restored, and when that incident was reopened."""
    observed: Mapping[str, Entry] = field(default_factory=dict)
    """What the watch saw, by its key; samples are only counted by `sampled`."""
    sampled: datetime | None = None
    """The minute of the newest sample."""
    measured: Mapping[str, Entry] = field(default_factory=dict)
    """The last verdict about each item that was ever decided."""
    met: Mapping[str, Entry] = field(default_factory=dict)
    """Of each item that was ever measured as true: when that was last found."""
    handoff: Entry | None = None
    """What was handed over last and is not signed yet."""
    handoffs: tuple[Entry, ...] = ()
    """Every offer and every signature."""
    merges: tuple[Entry, ...] = ()
    watch: int = 0
    """The number of the watch that holds."""
    steps: tuple[Entry, ...] = ()
    """What was done about the steps of the playbooks; `core/playbooks.py` says what it adds up to."""
    paid: Mapping[str, Entry] = field(default_factory=dict)
    """How each debt was settled, by its id; `core/ledger.py` says what is owed."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What placeholders stand for, by their folded names."""
    armed: Mapping[str, Entry] = field(default_factory=dict)
    """By console: when it was last armed, where it was not disarmed since."""
    sendings: tuple[Entry, ...] = ()
    """Pages and messages, and how they went; `core/outbox.py` says what it adds up to."""
    proposals: tuple[Entry, ...] = ()
    """Public messages that have, or had, one key of two."""
    calls: tuple[Entry, ...] = ()
    """Who was telephoned."""
    hypotheses: tuple[Entry, ...] = ()
    """What was proposed as the cause, and what became of it; `core/hypotheses.py` says what it adds up to."""
    triage: Mapping[str, Entry] = field(default_factory=dict)
    """The last answer to each question of triage."""
    announcements: tuple[Entry, ...] = ()
    """What the watch announced, and what was cancelled of it."""
    entries: tuple[Entry, ...] = ()
    amended: Mapping[str, Entry] = field(default_factory=dict)
    """By the id of the entry that was amended: the last amendment that stands."""
    struck: Mapping[str, Entry] = field(default_factory=dict)
    moved: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def state(self) -> IncidentState:
        if not self.id:
            return "none"
        if self.closed:
            return "closed"
        if self.resolved:
            return "resolved"
        if self.restored:
            return "monitoring"
        return "mitigating" if self.phase >= 3 else "declared"

    @property
    def open(self) -> bool:
        return bool(self.id) and self.closed is None

    @property
    def began(self) -> datetime | None:
        """When what is open now began, as far as it is known: what was normal before is judged by it."""
        return (self.detected or self.alerted or self.declared) if self.open else None

    @property
    def seq(self) -> int:
        """The number of the newest entry in it; 0 where there is none."""
        return self.entries[-1].seq if self.entries else 0

    @property
    def worst_rank(self) -> int | None:
        """The worst rank it ever had: duties follow it."""
        return min((entry.fact.rank for entry in self.severities if isinstance(entry.fact, SeveritySet)), default=None)

    def elapsed(self, now: datetime) -> float:
        """Seconds from alerted to restored, or to now."""
        if self.alerted is None:
            return 0.0
        return max(0.0, ((self.restored or now) - self.alerted).total_seconds())

    def entry(self, reference: str) -> Entry | None:
        """By its id, or by its number in this journal."""
        return next((entry for entry in self.entries if reference in (entry.id, str(entry.seq))), None)

    def at(self, entry: Entry) -> datetime:
        """When it happened, as far as we know now."""
        moved = self.moved.get(entry.id)
        return moved.fact.to if moved and isinstance(moved.fact, Moved) else entry.at


def fold(entries: Iterable[Entry], incident: Incident | None = None) -> Incident:
    """`fold(a + b) == fold(b, fold(a))`, for entries of one incident."""
    before, news = incident or Incident(), tuple(entries)
    moved = {entry.fact.moved: entry for entry in news if isinstance(entry.fact, Moved)}
    struck = {entry.fact.struck: entry for entry in news if isinstance(entry.fact, Struck)}
    whole = (*before.entries, *news)
    merged = any(entry.kind == "merged" for entry in whole)
    late = merged and (any(entry.kind == "merged" for entry in news) or not _follow(before.entries, news))
    if moved or struck or late:  # what reaches back: everything is added up anew, once
        moved, struck = {**before.moved, **moved}, {**before.struck, **struck}
        before, news = Incident(moved=moved, struck=struck), _as_written(whole) if merged else whole
    standing = (entry for entry in news if entry.id not in before.struck)
    return replace(reduce(_apply, standing, before), entries=whole)


def _follow(before: tuple[Entry, ...], news: tuple[Entry, ...]) -> bool:
    ids = [max((entry.id for entry in before), default=""), *(entry.id for entry in news)]
    return ids == sorted(ids)


def _as_written(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """In the order in which they were written, wherever that was: two journals that were merged tell the same."""
    return tuple(sorted(entries, key=lambda entry: entry.id))


def _apply(incident: Incident, entry: Entry) -> Incident:
    at, fact = incident.at(entry), entry.fact
    match fact:
        case Declared():
            return replace(
                incident,
                id=entry.incident,
                title=fact.title,
                number=fact.number,
                drill=fact.drill,
                symptoms=fact.symptoms,
                pagerduty=fact.pagerduty,
                runbook=fact.runbook,
                cluster=fact.cluster,
                alerted=fact.alerted,
                detected=fact.detected,
                declared=at,
            )
        case ClusterPinned():
            return replace(incident, cluster=incident.cluster or fact.cluster)
        case RunbookAdopted():
            to = dict(fact.moved)

            def by_new_id(known: Mapping[str, Entry]) -> dict[str, Entry]:
                return {to.get(item, item): entry for item, entry in known.items()}

            return replace(
                incident,
                runbook=fact.runbook,
                ticks=by_new_id(incident.ticks),
                measured=by_new_id(incident.measured),
                met=by_new_id(incident.met),
            )
        case SeveritySet():
            return replace(
                incident,
                severity=fact.level,
                rank=fact.rank,
                severities=(*incident.severities, entry),
                progress=(*incident.progress, entry) if incident.severities else incident.progress,
            )
        case Ticked():
            return replace(incident, ticks={**incident.ticks, fact.item: entry})
        case Unticked():
            return replace(incident, ticks={item: tick for item, tick in incident.ticks.items() if item != fact.item})
        case Noted():
            return replace(incident, progress=(*incident.progress, entry)) if fact.progress else incident
        case Amended():
            return replace(incident, amended={**incident.amended, fact.amends: entry})
        case RoleSet():
            others = {role: person for role, person in incident.roles.items() if role != fact.role}
            roles = {**others, fact.role: fact.person} if fact.person else others
            return replace(incident, roles=roles, role_changes=(*incident.role_changes, entry))
        case PhaseSet():
            return replace(incident, phase=fact.phase, phases=(*incident.phases, entry), progress=(*incident.progress, entry))
        case Acknowledged():
            return replace(incident, acknowledged=incident.acknowledged or at)
        case Snoozed():
            return replace(incident, snoozes=(*incident.snoozes, entry))
        case Answered():
            return replace(incident, answers=(*incident.answers, entry))
        case WentWell():
            return replace(incident, well=(*incident.well, entry))
        case WentBadly():
            return replace(incident, badly=(*incident.badly, entry))
        case ActionAdded():
            return replace(incident, actions=(*incident.actions, entry))
        case Pinned():
            return replace(incident, pinned=(*incident.pinned, entry))
        case Restored():
            return _restore(incident, at)
        case Resolved():
            resolved = incident if incident.restored else _restore(incident, at)
            return replace(resolved, resolved=at)
        case Closed():
            return replace(incident, closed=at, not_an_incident=fact.not_an_incident)
        case Reopened():
            times = incident.restorations
            if incident.restored and times:
                times = (*times[:-1], (times[-1][0], at))
            return replace(incident, restored=None, resolved=None, closed=None, not_an_incident=False, restorations=times)
        case Erased() if entry.kind == "declared":  # its words are gone, and it is an incident all the same
            return replace(incident, id=entry.incident, title="(purged)", alerted=at, detected=at, declared=at)
        case Observed():
            return _observe(incident, entry, fact)
        case WatchTaken():
            return replace(incident, watch=max(incident.watch, fact.number))
        case DetectedSet():
            return replace(incident, detected=fact.detected)
        case HandedOver():
            return replace(incident, handoff=entry, handoffs=(*incident.handoffs, entry))
        case Accepted():
            return replace(incident, handoff=None, handoffs=(*incident.handoffs, entry))
        case Merged():
            return replace(incident, merges=(*incident.merges, entry))
        case StepAnswered() | StepSkipped() | StepDone() | StepStarted() | StepEnded():
            return replace(incident, steps=(*incident.steps, entry))
        case DebtRepaid() | DebtWaived():
            return replace(incident, paid={**incident.paid, fact.debt: entry})
        case ValueSet():
            return replace(incident, values={**incident.values, fact.name: fact.value})
        case Armed():
            return replace(incident, armed={**incident.armed, fact.console: entry})
        case Disarmed():
            return replace(incident, armed={console: armed for console, armed in incident.armed.items() if console != fact.console})
        case PageAsked() | PageSent() | PageFailed() | MessageQueued() | MessageSent() | MessageConfirmed():
            return replace(incident, sendings=(*incident.sendings, entry))
        case MessageFailed() | MessageRetried() | MessageDropped():
            return replace(incident, sendings=(*incident.sendings, entry))
        case MessageProposed():
            return replace(incident, proposals=(*incident.proposals, entry))
        case Called():
            return replace(incident, calls=(*incident.calls, entry))
        case HypothesisJudged():
            return replace(incident, hypotheses=(*incident.hypotheses, entry), progress=(*incident.progress, entry))
        case HypothesisProposed() | HypothesisOwned() | HypothesisSupported():
            return replace(incident, hypotheses=(*incident.hypotheses, entry))
        case TriageAnswered():
            return replace(incident, triage={**incident.triage, fact.question: entry})
        case Announced() | AnnouncementCancelled():
            return replace(incident, announcements=(*incident.announcements, entry))
        case Purged() | Erased() | Moved() | Struck():
            return incident
    assert_never(fact)


def _observe(incident: Incident, entry: Entry, fact: Observed) -> Incident:
    if fact.what == "sample":
        return replace(incident, sampled=max(incident.sampled or entry.at, entry.at))
    incident = replace(incident, observed={**incident.observed, fact.key: entry})
    if fact.what != "verdict":
        return incident
    met = {**incident.met, fact.about: entry} if fact.verdict == "true" else incident.met
    return replace(incident, measured={**incident.measured, fact.about: entry}, met=met)


def _restore(incident: Incident, at: datetime) -> Incident:
    """A second `restored` corrects the first."""
    earlier = incident.restorations[:-1] if incident.restored else incident.restorations
    return replace(incident, restored=at, restorations=(*earlier, (at, None)))
