"""What people, playbooks and the watch did or saw: facts in the past tense, never edited."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.core.readings import Cluster


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
    """The service works again since the entry's `at`."""

    reason: str = ""


class Resolved(Fact, frozen=True, tag="resolved"):
    text: str = ""


class Closed(Fact, frozen=True, tag="closed"):
    not_an_incident: bool = False


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
