"""The timeline: every entry worth reading as a line for people."""

from datetime import datetime
from typing import Literal, assert_never

import msgspec

from warroom.core.entries import (
    Accepted,
    Acknowledged,
    ActionAdded,
    Amended,
    Announced,
    AnnouncementCancelled,
    Answered,
    AnyFact,
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
    SeveritySet,
    Snoozed,
    StepAnswered,
    StepDone,
    StepEnded,
    StepFact,
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
from warroom.core.figures import told
from warroom.core.incident import Incident

Meaning = Literal["todo", "live", "good", "over", "skip", "na", "unknown", "yes"]
"""A word of the glyph table: what people wrote, what they decided, what is done, what wants an eye, struck, ours, open, evidence."""


QUESTIONS = {"what": "what is broken:", "who": "who is affected:", "blast-radius": "how far it reaches:"}
"""The three questions of triage."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as people read it. `text` is one line; `at` is where it stands now, so a change of its date is a new day."""

    seq: int
    id: str
    at: datetime
    glyph: Meaning
    who: str
    text: str
    notes: tuple[str, ...] = ()
    """`amended by 13`, `amends 8`, `moved from 02:50:30, tom`, `struck by kim: wrong cluster`."""
    is_struck: bool = False
    kind: str = ""
    pinned: bool = False


def lines(incident: Incident, *, every: bool = False) -> tuple[Line, ...]:
    """By when it happened, then in the journal's order. `every`: corrections, which are notes elsewhere, are lines of their own."""
    found = []
    level = ""
    with_declared = _level_declared_with(incident)
    for entry in incident.entries:
        fact = entry.fact
        shown = every or not (isinstance(fact, Struck | Moved | Purged | ClusterPinned | Erased) or _by_the_way(fact))
        if entry is with_declared and not every:
            shown = False
        if shown:
            text = text_of(fact, was=level, by=entry.by)
            if isinstance(fact, Declared) and with_declared and isinstance(with_declared.fact, SeveritySet) and not every:
                text = text_of(fact, was=with_declared.fact.level)
            found.append(_line(incident, entry, text))
        if isinstance(fact, SeveritySet) and entry.id not in incident.struck:
            level = fact.level
    return tuple(sorted(found, key=lambda line: (line.at, line.seq)))


def _by_the_way(fact: AnyFact) -> bool:
    """What the watch writes for the figures of the post-mortem; of its verdicts only those that say or take back that something is met."""
    match fact:
        case Observed(what="sample" | "baseline"):
            return True
        case Observed(what="verdict"):
            return "true" not in (fact.verdict, fact.was)
        case StepStarted():  # how a read ended tells that it was started; what changes something is worth both
            return fact.judged == "read"
        case Disarmed() | ValueSet() | MessageConfirmed():
            return True
    return False


def _level_declared_with(incident: Incident) -> Entry | None:
    """The severity that was set by declaring: it is told with it."""
    for declared in incident.entries:
        if not isinstance(declared.fact, Declared):
            continue
        for entry in incident.severities[:1]:
            together = entry.recorded_at == declared.recorded_at and entry.by == declared.by and entry.id not in incident.moved
            if together and isinstance(entry.fact, SeveritySet) and entry.fact.reason in ("", "declared"):
                return entry
    return None


def _line(incident: Incident, entry: Entry, text: str) -> Line:
    of_struck = isinstance(entry.fact, Amended) and entry.fact.amends in incident.struck
    struck = entry.id in incident.struck or of_struck
    return Line(
        seq=entry.seq,
        id=entry.id,
        at=incident.at(entry),
        glyph="skip" if struck else _glyph(entry.fact),
        who=entry.by,
        text=text,
        notes=tuple(_notes(incident, entry)),
        is_struck=struck,
        kind=entry.kind,
        pinned=entry.kind == "pinned",
    )


def _notes(incident: Incident, entry: Entry) -> list[str]:
    notes = []
    if isinstance(entry.fact, Amended):
        first = incident.entry(entry.fact.amends)
        notes.append(f"amends {first.seq}" if first else "amends an entry that is gone")
    if amended := incident.amended.get(entry.id):
        notes.append(f"amended by {amended.seq}")
    if moved := incident.moved.get(entry.id):
        same_day = incident.at(entry).date() == entry.at.date()
        notes.append(f"moved from {entry.at:{'%H:%M:%S' if same_day else '%Y-%m-%d %H:%M:%S'}}, {moved.by}")
    if (struck := incident.struck.get(entry.id)) and isinstance(struck.fact, Struck):
        notes.append(f"struck by {struck.by}" + (f": {one_line(struck.fact.reason)}" if struck.fact.reason else ""))
    if isinstance(entry.fact, Noted) and entry.fact.progress:
        notes.append("progress")
    if isinstance(entry.fact, Pinned):
        notes.append(f"evidence {entry.fact.sha256[:4]}")
    return notes


def _glyph(fact: AnyFact) -> Meaning:
    match fact:
        case Noted() | Amended() | WentWell() | WentBadly() | ActionAdded():
            return "todo"
        case Declared() | SeveritySet() | PhaseSet() | RoleSet() | Acknowledged() | Reopened() | DetectedSet() | Observed(what="rollout"):
            return "live"
        case Ticked() | Restored() | Resolved() | Closed() | Accepted():
            return "good"
        case (
            RunbookAdopted()
            | HandedOver()
            | Answered()
            | Snoozed()
            | Observed(what="pod" | "onset")
            | Observed(what="verdict", verdict="true")
        ):
            return "over"
        case Merged():
            return "over" if fact.differences else "na"
        case Observed(what="verdict", verdict="unknown"):
            return "unknown"
        case Pinned():
            return "yes"
        case Unticked() | Struck() | Erased():
            return "skip"
        case StepEnded() if not fact.ok:
            return "unknown" if fact.ended == "lost" else "over"
        case StepDone() | StepEnded() | DebtRepaid():
            return "good"
        case StepStarted() if fact.judged != "read":
            return "live"
        case StepAnswered() | Armed() | DebtWaived():
            return "live"
        case StepSkipped():
            return "skip"
        case PageSent() | MessageSent() | MessageConfirmed():
            return "good"
        case PageFailed() | MessageFailed() | Announced():
            return "over"
        case PageAsked() | MessageQueued() | MessageRetried():
            return "live"
        case MessageDropped() | AnnouncementCancelled():
            return "skip"
        case MessageProposed() | Called(outcome="voicemail" | "none"):
            return "unknown"
        case HypothesisJudged(state="confirmed"):
            return "good"
        case HypothesisJudged(state="refuted"):
            return "skip"
        case Called() | TriageAnswered() | HypothesisProposed() | HypothesisJudged() | HypothesisOwned() | HypothesisSupported():
            return "live"
        case ClusterPinned() | Moved() | Purged() | WatchTaken() | Observed() | StepStarted() | ValueSet() | Disarmed():
            return "na"
    assert_never(fact)


def one_line(text: str) -> str:
    return " ".join(text.split())


def text_of(fact: AnyFact, was: str = "", by: str = "") -> str:
    """What happened, in one line. `was` is the level before, or of a declaration the one it was declared with; `by` whom it is told of."""
    return one_line(_role(fact, by) if isinstance(fact, RoleSet) else _words(fact, was))


def _words(fact: AnyFact, was: str) -> str:
    match fact:
        case Declared():
            head = "DRILL " if fact.drill else ""
            symptoms = f": {fact.symptoms}" if fact.symptoms else ""
            return f"{head}declared{f' {was}' if was else ''}, {fact.title}{symptoms}"
        case ClusterPinned():
            return f"pinned {fact.cluster.context} / {', '.join(fact.cluster.namespaces)} ({fact.cluster.server})"
        case SeveritySet():
            before = f", was {was}" if was and was != fact.level else ""
            over = f" (suggested {fact.suggested})" if fact.suggested and fact.suggested != fact.level else ""
            return f"severity {fact.level}{before}{f': {fact.reason}' if fact.reason else ''}{over}"
        case Ticked():
            return f"ticked {fact.text}{f', against what is measured: {fact.against}' if fact.against else ''}"
        case Unticked():
            return f"took back the tick of {fact.text}"
        case Noted() | Amended():
            return fact.text
        case Struck():
            return f"struck an entry{f': {fact.reason}' if fact.reason else ''}"
        case Moved():
            return f"moved an entry to {fact.to:%Y-%m-%d %H:%M:%S}"
        case RoleSet():
            return _role(fact, "")
        case PhaseSet():
            return f"phase {fact.phase}{f', {fact.title}' if fact.title else ''}"
        case Acknowledged():
            return "acknowledged the alert"
        case Snoozed():
            return f"snoozed {fact.deadline} until {fact.until:%H:%M}: {fact.reason}"
        case Answered():
            return f"{fact.deadline}: {fact.outcome}{f', {fact.text}' if fact.text else ''}"
        case WentWell():
            return f"went well: {fact.text}"
        case WentBadly():
            return f"could be improved: {fact.text}"
        case ActionAdded():
            details = ", ".join(word for word in (fact.priority, fact.owner, f"due {fact.due}" if fact.due else "") if word)
            return f"action: {fact.text}{f' ({details})' if details else ''}"
        case Pinned():
            return f"{fact.what} {fact.name}: {fact.text.partition(chr(10))[0]}"
        case Restored():
            against = f" (although measured as met: {'; '.join(fact.against)})" if fact.against else ""
            return f"service restored{f': {fact.reason}' if fact.reason else ''}{against}"
        case Resolved():
            return f"resolved{f': {fact.text}' if fact.text else ''}"
        case Closed():
            left = f", although open: {'; '.join(fact.left)}" if fact.left else ""
            return "closed as not an incident" if fact.not_an_incident else f"closed{left}"
        case Reopened():
            return f"reopened: {fact.reason}"
        case Observed():
            return fact.text or told(fact.values)
        case WatchTaken():
            return f"{fact.holder} is on watch, number {fact.number}"
        case DetectedSet():
            return f"it began at {fact.detected:%Y-%m-%d %H:%M:%S}{f': {fact.why}' if fact.why else ''}"
        case HandedOver():
            with_ = f" with {', '.join(fact.roles)}" if fact.roles else ""
            whose = f"for {fact.giver}, " if fact.giver else ""
            return f"{whose}hands over to {fact.to}{with_}{f': {fact.why}' if fact.why else ''}"
        case Accepted():
            return f"signed the handoff{f': {fact.text}' if fact.text else ''}"
        case Merged():
            told_ = f"; decided differently: {'; '.join(fact.differences)}" if fact.differences else ""
            return f"merged {fact.entries} entries of a copy (head {fact.theirs[:12]}, ours {fact.ours[:12]}){told_}"
        case StepFact():
            return f"{fact.playbook}, step {fact.step}{f' ({fact.title})' if fact.title else ''}: {_of_step(fact)}"
        case DebtRepaid():
            return f"repaid a temporary change{f': {fact.reason}' if fact.reason else ''}"
        case DebtWaived():
            return f"keeps a temporary change: {fact.reason}"
        case ValueSet():
            return f"{fact.name} is {fact.value}"
        case Armed():
            return f"armed until {fact.until:%H:%M:%S}: {fact.reason}"
        case Disarmed():
            return "disarmed"
        case RunbookAdopted():
            again = f", {len(fact.moved)} items worded anew" if fact.moved else ""
            return f"goes by the runbook as it is written now ({fact.runbook.sha256[:12]}, before {fact.was[:12] or 'none'}){again}"
        case PageAsked() | PageSent() | PageFailed() | MessageQueued() | MessageSent() | MessageConfirmed():
            return _of_sending(fact)
        case MessageFailed() | MessageRetried() | MessageDropped() | Announced() | AnnouncementCancelled():
            return _of_sending(fact)
        case MessageProposed():
            return f"{fact.name} for {fact.channel} waits for its second key: {fact.text}"
        case Called():
            reached = {"reached": "reached", "voicemail": "got the voicemail of", "none": "did not reach"}[fact.outcome]
            return f"{reached} {fact.person} ({fact.contact}) by phone{f': {fact.text}' if fact.text else ''}"
        case TriageAnswered():
            return f"{QUESTIONS[fact.question]} {fact.text}"
        case HypothesisProposed():
            return f"hypothesis: {fact.text}{f' ({fact.owner})' if fact.owner else ''}"
        case HypothesisJudged():
            return f"hypothesis {fact.state}, {fact.text}{f': {fact.reason}' if fact.reason else ''}"
        case HypothesisOwned():
            return f"{fact.owner or 'nobody'} looks into the hypothesis {fact.text}"
        case HypothesisSupported():
            return f"evidence {'against' if fact.against else 'for'} the hypothesis {fact.text}"
        case Purged():
            return f"purged an entry: {fact.reason}"
        case Erased():
            return "purged"
    assert_never(fact)


def _of_sending(fact: AnyFact) -> str:
    match fact:
        case PageAsked():
            return f"asks to page {fact.to}: {fact.text}"
        case PageSent():
            how = "paged by hand" if fact.by_hand else f"paged{f' ({fact.reference})' if fact.reference else ''}"
            return f"{how}{f': {fact.text}' if fact.text else ''}{', read back' if fact.confirmed else ''}"
        case PageFailed() | MessageFailed():
            return f"NOT SENT: {fact.why}"
        case MessageQueued():
            return f"{fact.name or 'message'} to {fact.channel}{' (its own channel is down)' if fact.instead_of else ''}: {fact.text}"
        case MessageSent():
            return "sent by hand" if fact.by_hand else f"sent{f' ({fact.reference})' if fact.reference else ''}"
        case MessageConfirmed():
            return f"read back{f' ({fact.reference})' if fact.reference else ''}"
        case MessageRetried():
            return "is to be sent again"
        case MessageDropped():
            return f"is not sent: {fact.reason}"
        case Announced():
            return (
                f"{fact.text}, {f'at {fact.fires:%H:%M:%S} unless cancelled' if fact.fires else 'nobody is paged before somebody says so'}"
            )
        case AnnouncementCancelled():
            return f"cancelled what was announced: {fact.reason}"
    return ""


def _of_step(fact: AnyFact) -> str:
    match fact:
        case StepAnswered():
            return f"answered {fact.answer}{f', {fact.reason}' if fact.reason else ''}"
        case StepSkipped():
            return f"skipped, {fact.reason}"
        case StepDone():
            return f"done{f', {fact.reason}' if fact.reason else ''}"
        case StepStarted():
            return f"{'undoes a change' if fact.pays else 'runs'}: {fact.runs}"
        case StepEnded(ended="lost"):
            return "its outcome is unknown: the console that ran it is gone"
        case StepEnded():
            told = fact.trouble or f"exit {fact.exit_code} after {fact.seconds:.1f} s, {fact.lines} line{'' if fact.lines == 1 else 's'}"
            return f"{'ok' if fact.ok else 'failed'}, {told}"
    return ""


def _role(fact: RoleSet, by: str) -> str:
    was = fact.previous if fact.previous != by else ""
    if not fact.person:
        return f"handed back {fact.role}{f', was {was}' if was else ''}"
    if fact.person == by:
        return f"took {fact.role}{f' from {fact.previous}' if fact.previous else ''}"
    return f"{fact.person} has {fact.role}{f', was {fact.previous}' if fact.previous else ''}"
