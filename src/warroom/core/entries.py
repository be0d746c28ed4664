"""What people, playbooks and the watch did or saw: facts in the past tense, never edited."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.core.readings import Cluster

UNASKED = frozenset(("watch", "outbox"))
"""Who writes what nobody typed: no person has answered by that."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """The body of an entry. A field that an old body lacks takes its default, so a new field needs one."""


class RunbookText(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook as it was when the incident was declared; `sha256` is that of the file, before redaction."""

    text: str
    sha256: str
    file: str = ""
    mapping: tuple[tuple[str, str], ...] | msgspec.UnsetType = msgspec.UNSET
    """Headings and what the team says that they are; unset where it says nothing."""


class Declared(Fact, frozen=True, tag="declared"):
    """An incident begins. The entry's `at` is when it was declared."""

    title: str
    runbook: RunbookText
    alerted: datetime
    detected: datetime
    cluster: Cluster | None = None
    drill: bool = False
    symptoms: str = ""
    pagerduty: str = ""
    number: int = 0
    """Counts the incidents of the journal it was declared in, for people."""


class ClusterPinned(Fact, frozen=True, tag="cluster_pinned"):
    cluster: Cluster


class SeveritySet(Fact, frozen=True, tag="severity_set"):
    """`why` is what spoke for the level that was suggested then, and `suggested` its label."""

    level: str
    rank: int
    reason: str = ""
    suggested: str = ""
    why: tuple[str, ...] = ()


class Ticked(Fact, frozen=True, tag="ticked"):
    """`text` is how the item was worded when it was ticked; `against` what was measured then, where that said no."""

    item: str
    text: str
    against: str = ""


class Unticked(Fact, frozen=True, tag="unticked"):
    item: str
    text: str


class Noted(Fact, frozen=True, tag="noted"):
    text: str
    progress: bool = False


class Amended(Fact, frozen=True, tag="amended"):
    """`amends` is the id of an earlier entry, whose text this replaces; the first text stays readable."""

    amends: str
    text: str


class Struck(Fact, frozen=True, tag="struck"):
    struck: str
    reason: str = ""


class Moved(Fact, frozen=True, tag="moved"):
    moved: str
    to: datetime


class RoleSet(Fact, frozen=True, tag="role_set"):
    """`person` is empty when the role was handed back."""

    role: str
    person: str
    previous: str = ""


class PhaseSet(Fact, frozen=True, tag="phase_set"):
    """Phases count from 1."""

    phase: int
    title: str = ""


class Acknowledged(Fact, frozen=True, tag="acknowledged"):
    """A person answered the alert."""


class Snoozed(Fact, frozen=True, tag="snoozed"):
    deadline: str
    until: datetime
    reason: str


class Answered(Fact, frozen=True, tag="answered"):
    """What people did about a deadline: `told`, `paged`, `called`, `sent`, `not needed` ... and in their words."""

    deadline: str
    outcome: str
    text: str = ""


class WentWell(Fact, frozen=True, tag="well"):
    text: str


class WentBadly(Fact, frozen=True, tag="badly"):
    text: str


class ActionAdded(Fact, frozen=True, tag="action_added"):
    """`due` is an ISO date or empty."""

    text: str
    owner: str = ""
    due: str = ""
    priority: str = ""


class Pinned(Fact, frozen=True, tag="pinned"):
    """Evidence: `what` kind of thing, its name, and what it said then. `sha256` is that of the whole text, which is redacted.

    With `evidence`, the name of the file beside the journal that holds it whole, `text` is only its beginning.
    """

    what: str
    name: str
    text: str
    sha256: str
    evidence: str = ""


class Restored(Fact, frozen=True, tag="restored"):
    """The service works again since the entry's `at`; `against` is what was measured as met all the same."""

    reason: str = ""
    against: tuple[str, ...] = ()


class Resolved(Fact, frozen=True, tag="resolved"):
    text: str = ""


class Closed(Fact, frozen=True, tag="closed"):
    """`left` is what the runbook asks for before, and was not done."""

    not_an_incident: bool = False
    left: tuple[str, ...] = ()


class Reopened(Fact, frozen=True, tag="reopened"):
    reason: str


class Observed(Fact, frozen=True, tag="observed"):
    """What the watch saw, once however many consoles were open: `key` is unique in an incident.

    Of a verdict, `about` is the item's id, `was` the verdict before, and `evidence` what speaks for it without the item's words.
    A sample is the figures of one minute, and has no text.
    """

    what: Literal["rollout", "pod", "verdict", "baseline", "sample", "onset"]
    key: str
    text: str = ""
    about: str = ""
    verdict: Literal["", "true", "false", "unknown"] = ""
    was: Literal["", "true", "false", "unknown"] = ""
    evidence: str = ""
    values: tuple[tuple[str, float | None], ...] = ()
    """Figures by the ids of their series, and `ready` and `wanted` pods; None where nothing was known."""


class WatchTaken(Fact, frozen=True, tag="watch_taken"):
    """A console, or `warroom watch`, is on watch now; what the watch before it still writes is refused by the number."""

    number: int
    holder: str
    """Who and where: `ada@bastion`."""


class DetectedSet(Fact, frozen=True, tag="detected_set"):
    """The incident truly began then; `why` is what showed it."""

    detected: datetime
    why: str = ""


class HandedOver(Fact, frozen=True, tag="handed_over"):
    """`by` offers the roles to `to`, who has them from the signature on and no moment earlier."""

    to: str
    roles: tuple[str, ...] = ()
    why: str = ""
    giver: str = ""
    """Whose roles they are, where the room itself offers them: at a change-over."""


class Accepted(Fact, frozen=True, tag="accepted"):
    """The receiver signed what the entry `handed` offers; `text` is what is broken, in the receiver's words."""

    handed: str
    text: str = ""


class Merged(Fact, frozen=True, tag="merged"):
    """Entries of a copy that went on elsewhere came in. Both heads are as they were before."""

    ours: str
    theirs: str
    entries: int
    differences: tuple[str, ...] = ()
    """What both sides decided differently, and which of it counts."""


class StepFact(Fact, frozen=True, kw_only=True):
    """About a step of a playbook: by the playbook's title and the step's number, from 1; the incident's runbook never changes."""

    playbook: str
    step: int
    title: str = ""
    """How the step is worded, for people."""


class StepAnswered(StepFact, frozen=True, kw_only=True, tag="step_answered"):
    """A step's condition holds, or does not."""

    answer: Literal["yes", "no"]
    reason: str = ""


class StepSkipped(StepFact, frozen=True, kw_only=True, tag="step_skipped"):
    reason: str


class StepDone(StepFact, frozen=True, kw_only=True, tag="step_done"):
    """By hand, or somewhere else."""

    reason: str = ""


class StepStarted(StepFact, frozen=True, kw_only=True, tag="step_started"):
    """The intent, durable before the command starts: a start without its end means that nobody knows how it ended."""

    command: int
    """Which of the step's commands, from 1; 0: none of them, but one that repays a debt or checks how another ended."""
    runs: str
    """As it really runs, with the values in it."""
    judged: Literal["read", "unknown", "mutate", "destroy"]
    why: str = ""
    object: str = ""
    """What it changes: `deployment/tensafe-server`."""
    warnings: tuple[str, ...] = ()
    """What the card warned of."""
    inverse: str = ""
    """What would undo it, as far as that was known before."""
    limit: float = 0.0
    """Seconds that it may take; 0: as long as somebody sits at it."""
    console: str = ""
    """The console that runs it, and with which it ends."""
    pays: str = ""
    """The debt that it repays."""
    by_hand: bool = False
    """It has the terminal, so its output is nobody's but its user's."""


class StepEnded(StepFact, frozen=True, kw_only=True, tag="step_ended"):
    """How the run ended; `lost`: its console is gone, and so nobody knows."""

    run: str
    """The id of its StepStarted."""
    ended: Literal["exited", "stopped", "too long", "not run", "lost"] = "exited"
    ok: bool = False
    exit_code: int | None = None
    seconds: float = 0.0
    sha256: str = ""
    excerpt: str = ""
    """The beginning of what it printed, redacted; empty where it may hold secrets."""
    lines: int = 0
    trouble: str = ""
    inverse: str = ""
    """What undoes it, as it turned out; empty: nothing is owed."""
    sets: tuple[tuple[str, str], ...] = ()
    """Variables that it set, for later blocks of the playbook; none that looks like a secret."""


class DebtRepaid(Fact, frozen=True, tag="debt_repaid"):
    """`debt` is the id of the StepStarted that owed; `run` that of the one which undid it, where the console did."""

    debt: str
    run: str = ""
    reason: str = ""


class DebtWaived(Fact, frozen=True, tag="debt_waived"):
    """The change stays."""

    debt: str
    reason: str


class ValueSet(Fact, frozen=True, tag="value_set"):
    """What a placeholder stands for in this incident; `name` as `fences.folded` spells it."""

    name: str
    value: str


class Armed(Fact, frozen=True, tag="armed"):
    """One console may change something until then."""

    console: str
    until: datetime
    reason: str


class Disarmed(Fact, frozen=True, tag="disarmed"):
    console: str


class RunbookAdopted(Fact, frozen=True, tag="runbook_adopted"):
    """The incident goes by another text from now on; ticks of items that are worded anew go along, from id to id."""

    runbook: RunbookText
    moved: tuple[tuple[str, str], ...] = ()
    was: str = ""
    """The hash of the text before."""


class PageAsked(Fact, frozen=True, kw_only=True, tag="page_asked"):
    """The intent to call somebody, durable before anything leaves; its entry's id is what outcomes name.

    `key` is one for each cause: what it names is never paged twice.
    """

    to: str
    """A role, a contact's level or a person, in the runbook's words."""
    text: str
    key: str
    channel: str = "PagerDuty"
    level: int = 0
    """PagerDuty's escalation level; 0: the policy's first."""
    deadline: str = ""
    method: str = ""
    """How the runbook says that they are reached."""


class PageSent(Fact, frozen=True, kw_only=True, tag="page_sent"):
    """`page` is the id of its PageAsked, `reference` what the service calls it; `text` is what was really done there."""

    page: str
    reference: str = ""
    text: str = ""
    by_hand: bool = False
    confirmed: bool = False
    """It was read back from the service."""


class PageFailed(Fact, frozen=True, kw_only=True, tag="page_failed"):
    """Nobody was called, and nothing tries any more: until somebody retries or drops it."""

    page: str
    why: str


class MessageQueued(Fact, frozen=True, kw_only=True, tag="message_queued"):
    """The intent to say something: the very text that leaves. `name` is its template's, `channel` as the runbook calls it.

    `key` is one for each message: what has the same is not said twice in one channel.
    """

    name: str
    channel: str
    text: str
    key: str
    subject: str = ""
    to: tuple[str, ...] = ()
    """Addresses of a mail; empty: who merges it knows."""
    status: str = ""
    """Of a post for the public: `investigating`, `identified`, `monitoring`, `resolved`."""
    public: bool = False
    instead_of: str = ""
    """The id of the message whose channel is down."""
    against: str = ""
    """What the truth check warned of, and why it goes all the same."""
    promised: datetime | None = None
    """When it says that the next one comes."""
    proposal: str = ""
    """The id of the MessageProposed that a second key turned into this."""


class MessageProposed(Fact, frozen=True, kw_only=True, tag="message_proposed"):
    """The first of two keys for what is public: the very text, which nobody sends before the second. Fields as MessageQueued's."""

    name: str
    channel: str
    text: str
    key: str
    subject: str = ""
    to: tuple[str, ...] = ()
    status: str = ""
    against: str = ""
    promised: datetime | None = None
    hand: str = ""
    """Whose machine and login the first key came from: a name alone is only a claim."""


class MessageSent(Fact, frozen=True, kw_only=True, tag="message_sent"):
    """`message` is the id of its MessageQueued, `reference` what the service calls it."""

    message: str
    reference: str = ""
    by_hand: bool = False


class MessageConfirmed(Fact, frozen=True, kw_only=True, tag="message_confirmed"):
    """It was read back from the service."""

    message: str
    reference: str = ""


class MessageFailed(Fact, frozen=True, kw_only=True, tag="message_failed"):
    message: str
    why: str


class MessageRetried(Fact, frozen=True, kw_only=True, tag="message_retried"):
    """Somebody wants it tried again: a message, or a page."""

    message: str


class MessageDropped(Fact, frozen=True, kw_only=True, tag="message_dropped"):
    """It shall not be sent: a message, or a page."""

    message: str
    reason: str


class Called(Fact, frozen=True, kw_only=True, tag="called"):
    """Somebody telephoned: the console dials nobody. `contact` is the level or role of the runbook."""

    contact: str
    person: str
    outcome: Literal["reached", "voicemail", "none"]
    text: str = ""


class HypothesisProposed(Fact, frozen=True, kw_only=True, tag="hypothesis_proposed"):
    text: str
    owner: str = ""


class HypothesisFact(Fact, frozen=True, kw_only=True):
    """About a hypothesis, by the id of its HypothesisProposed."""

    hypothesis: str
    text: str = ""
    """How it is worded, for people."""


class HypothesisJudged(HypothesisFact, frozen=True, kw_only=True, tag="hypothesis_judged"):
    state: Literal["proposed", "testing", "refuted", "confirmed"]
    reason: str = ""


class HypothesisOwned(HypothesisFact, frozen=True, kw_only=True, tag="hypothesis_owned"):
    """`owner` is empty when nobody looks into it any more."""

    owner: str


class HypothesisSupported(HypothesisFact, frozen=True, kw_only=True, tag="hypothesis_supported"):
    """`evidence` is the id of an entry, a pin most often."""

    evidence: str
    against: bool = False


class TriageAnswered(Fact, frozen=True, kw_only=True, tag="triage_answered"):
    """One of the three questions of triage: what is broken, who is affected, how far it reaches."""

    question: Literal["what", "who", "blast-radius"]
    text: str


class Announced(Fact, frozen=True, kw_only=True, tag="announced"):
    """What the watch will do at `fires` unless somebody cancels it; without it, it only asks. `key` is one for each cause."""

    deadline: str
    key: str
    text: str
    to: tuple[str, ...] = ()
    fires: datetime | None = None


class AnnouncementCancelled(Fact, frozen=True, kw_only=True, tag="announcement_cancelled"):
    announced: str
    reason: str


class Purged(Fact, frozen=True, tag="purged"):
    """The body of an earlier entry was replaced by its hash."""

    purged: str
    reason: str


class Erased(Fact, frozen=True, tag="erased"):
    """Stands where a purged body was."""

    sha256: str


AnyFact = (
    Declared
    | ClusterPinned
    | SeveritySet
    | Ticked
    | Unticked
    | Noted
    | Amended
    | Struck
    | Moved
    | RoleSet
    | PhaseSet
    | Acknowledged
    | Snoozed
    | Answered
    | WentWell
    | WentBadly
    | ActionAdded
    | Pinned
    | Restored
    | Resolved
    | Closed
    | Reopened
    | Observed
    | WatchTaken
    | DetectedSet
    | HandedOver
    | Accepted
    | Merged
    | StepAnswered
    | StepSkipped
    | StepDone
    | StepStarted
    | StepEnded
    | DebtRepaid
    | DebtWaived
    | ValueSet
    | Armed
    | Disarmed
    | RunbookAdopted
    | PageAsked
    | PageSent
    | PageFailed
    | MessageQueued
    | MessageSent
    | MessageConfirmed
    | MessageFailed
    | MessageRetried
    | MessageDropped
    | MessageProposed
    | Called
    | HypothesisProposed
    | HypothesisJudged
    | HypothesisOwned
    | HypothesisSupported
    | TriageAnswered
    | Announced
    | AnnouncementCancelled
    | Purged
    | Erased
)


class Draft(msgspec.Struct, frozen=True):
    """A fact that an act decided on, not yet in a journal. `at` is when it happened, UTC."""

    fact: AnyFact
    at: datetime


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in a journal.

    `seq` counts within one journal; `id` is time-ordered and unique everywhere, and is what references use; `at` is when it
    happened, `recorded_at` when it was written; `hash` chains it to `prev`, the hash of the entry before it.
    """

    id: str
    incident: str
    at: datetime
    recorded_at: datetime
    by: str
    fact: AnyFact
    kind: str
    """The fact's tag; of a purged entry, what it was."""
    seq: int = 0
    prev: str = ""
    hash: str = ""
