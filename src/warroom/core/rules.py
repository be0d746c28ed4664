"""The rules that deadlines come from: the table of the specification, a function for each row."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import msgspec

from warroom.core.entries import Answered, Entry, PhaseSet, Reopened, Ticked
from warroom.core.facts import heads, is_suspicion, states
from warroom.core.incident import Incident
from warroom.core.levels import Span, counted, level_at, levels_named, reached, running, spans
from warroom.runbook.model import EscalationTrigger, Runbook
from warroom.runbook.words import seconds as seconds_in


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline before people answered or snoozed it. Answers and snoozes from before `start` belong to an earlier round."""

    id: str
    title: str
    owner: str
    consequence: str
    start: datetime
    due: datetime
    line: int = 0
    to: tuple[str, ...] = ()
    met: datetime | None = None
    met_by: str = ""
    paused: str = ""
    """Why its clock stands still, if it does."""
    why: str = ""
    strict: bool = False
    """Only what is strictly more is too much."""
    rearms: bool = False
    """An answer begins the next round, and is `start` then."""
    outlives: bool = False
    """It goes on when the incident is closed."""


CADENCE = (15 * 60.0, 30 * 60.0)
"""Between updates at rank 1 and 2, where the runbook is silent."""
POSTMORTEM_SECONDS = 48 * 3600.0
SUSPICION_SECONDS = 30 * 60.0
"""Until what is suspected is to be confirmed or refuted."""
DONE = frozenset(("done", "final", "held", "met", "published", "sent"))
"""Answers that say that the thing itself was done."""

AtLevel = Callable[[str | None, int | None], bool]


def rules(runbook: Runbook, incident: Incident, now: datetime) -> Iterator[Rule]:
    """Those that apply, or did."""
    if not incident.id or incident.alerted is None or incident.declared is None:
        return
    for found in (
        _ack(runbook, incident, incident.alerted),
        _respond(runbook, incident, incident.alerted),
        *(_trigger(trigger, runbook, incident, incident.alerted, now) for trigger in runbook.escalation.triggers),
        *_suspicions(runbook, incident),
        _update(runbook, incident, incident.declared, now),
        *_phases(runbook, incident, incident.alerted),
        _postmortem(runbook, incident),
    ):
        if found is not None:
            yield found


def spell(seconds: float) -> str:
    """A length as a runbook would write it: `15 min`, `4 h`, `90 s`."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds / 60:g} min" if seconds % 30 == 0 and seconds > 120 else f"{seconds:g} s"


def spell_answer(answer: Entry, at: datetime) -> str:
    fact = answer.fact
    if not isinstance(fact, Answered):
        return ""
    return f"{fact.outcome} by {answer.by} {at:%H:%M}" + (f": {fact.text}" if fact.text else "")


def applies_at(levels: tuple[str, ...]) -> AtLevel:
    """Whether a level is one of these; no levels: any, also none."""
    named = {level.casefold() for level in levels}
    return lambda level, rank: not named or (level is not None and level.casefold() in named)


def owner(runbook: Runbook, incident: Incident, words: str) -> str:
    """Who holds the role that has these words in its name, else its name, else "on call"."""
    role = next((role for role in runbook.roles if re.search(words, role.name, re.IGNORECASE)), None)
    if role is None:
        return next((person for name, person in incident.roles.items() if re.search(words, name, re.IGNORECASE)), "on call")
    return incident.roles.get(role.name, "") or role.name


def holder(runbook: Runbook, incident: Incident, words: str) -> str:
    """Who holds the role that has these words in its name; empty: nobody."""
    role = next((role for role in runbook.roles if re.search(words, role.name, re.IGNORECASE)), None)
    return incident.roles.get(role.name, "") if role else ""


COMMANDER, SPEAKER = r"command|incident (?:lead|manager|coordinator)", r"communicat|comms|scribe"


def _ack(runbook: Runbook, incident: Incident, alerted: datetime) -> Rule | None:
    found = _ack_seconds(runbook, incident)
    if found is None:
        return None
    seconds, line = found
    pages = next((trigger for trigger in runbook.escalation.triggers if trigger.kind == "no_response" and trigger.to), None)
    return Rule(
        id="ack",
        title="Acknowledge the alert",
        owner=holder(runbook, incident, COMMANDER) or next((contact.role for contact in runbook.escalation.contacts), "on call"),
        consequence=f"{_together(pages.to)} is next" if pages else "nobody has answered the alert",
        start=alerted,
        due=alerted + timedelta(seconds=seconds),
        line=line,
        met=incident.acknowledged,
        met_by="acknowledged",
    )


def _ack_seconds(runbook: Runbook, incident: Incident) -> tuple[float, int] | None:
    """By the level's own word, the on-call's promise, the first phase, or the first contact's."""
    severity = runbook.severity(incident.severity or "")
    if severity:
        for time in severity.times:
            if time.kind == "acknowledge" and time.seconds is not None:
                return time.seconds, severity.line
    first_steps = runbook.phases[0].steps if runbook.phases else ()
    for item in (*runbook.oncall.responsibilities, *runbook.oncall.checklist, *first_steps):
        seconds = seconds_in(item.text) if re.search(r"\back", item.text, re.IGNORECASE) else None
        if seconds is not None:
            return seconds, item.line
    for contact in runbook.escalation.contacts:
        if contact.response_seconds is not None and contact.level.casefold() in ("l1", "level 1", "1"):
            return contact.response_seconds, contact.line
    return None


def _respond(runbook: Runbook, incident: Incident, alerted: datetime) -> Rule | None:
    """Judged by the level that held when somebody answered: an upgrade afterwards makes nobody late."""
    first = _first_response(incident, alerted)
    severity = runbook.severity((level_at(incident, first) if first else incident.severity) or "")
    if severity is None or severity.response_seconds is None:
        return None
    return Rule(
        id="respond",
        title=f"First response to a {severity.level}",
        owner=owner(runbook, incident, COMMANDER),
        consequence=f"{severity.level} is answered later than {spell(severity.response_seconds)}",
        start=alerted,
        due=alerted + timedelta(seconds=severity.response_seconds),
        line=severity.line,
        met=first,
        met_by="somebody answered",
    )


def _first_response(incident: Incident, alerted: datetime) -> datetime | None:
    """The first entry by a person that is not older than the alert."""
    moments = [
        incident.at(entry)
        for entry in incident.entries
        if entry.kind not in ("cluster_pinned", "observed", "watch_taken") and entry.id not in incident.struck
    ]
    return min((moment for moment in moments if moment >= alerted), default=incident.declared)


def _trigger(trigger: EscalationTrigger, runbook: Runbook, incident: Incident, alerted: datetime, now: datetime) -> Rule | None:
    if trigger.kind == "fact":
        return _fact(trigger, runbook, incident)
    if trigger.after_seconds is None:
        return None
    id, at_level, why = f"trigger:{trigger.id}", applies_at(trigger.levels), ""
    met, met_by, start = incident.restored, "restored", alerted
    if trigger.kind == "no_response" and incident.acknowledged and (met is None or incident.acknowledged < met):
        met, met_by = incident.acknowledged, "acknowledged"
    if trigger.kind == "no_progress":
        answers = _answers(incident, id)
        start = max([alerted, *(incident.at(entry) for entry in (*incident.progress, *answers))])
        why = spell_answer(answers[-1], incident.at(answers[-1])) if answers and incident.at(answers[-1]) == start else ""
    pieces = running(incident, at_level, start, waits=trigger.kind == "duration", gaps=incident.restorations)
    if not any(at_level(span.level, span.rank) for span in spans(incident)):
        return None
    return Rule(
        id=id,
        title=trigger.condition,
        owner=owner(runbook, incident, COMMANDER),
        consequence=_told(trigger),
        start=start,
        due=_due(pieces, trigger.after_seconds, now),
        line=trigger.line,
        to=trigger.to,
        met=met,
        met_by=met_by,
        paused="" if at_level(incident.severity, incident.rank) else f"not {'/'.join(trigger.levels)} now",
        why=why,
        strict=trigger.kind == "duration",
        rearms=trigger.kind == "no_progress",
    )


def _fact(trigger: EscalationTrigger, runbook: Runbook, incident: Incident) -> Rule | None:
    """Starts when somebody ticks an item that states the fact; told, it stays told when the tick is taken back."""
    at_level, id = applies_at(trigger.levels), f"trigger:{trigger.id}"

    def stated(entries: tuple[Entry, ...]) -> list[Entry]:
        return [entry for entry in entries if isinstance(entry.fact, Ticked) and states(entry.fact.text, trigger.condition)]

    ticks = stated(tuple(incident.ticks.values()))
    if not ticks and _answers(incident, id):
        ticks = stated(tuple(entry for entry in incident.entries if entry.id not in incident.struck))
    if not ticks or not at_level(incident.severity, incident.rank):
        return None
    first = min(ticks, key=incident.at)
    return Rule(
        id=id,
        title=trigger.condition,
        owner=owner(runbook, incident, COMMANDER),
        consequence=_told(trigger),
        start=incident.at(first),
        due=incident.at(first) + timedelta(seconds=trigger.after_seconds or 0.0),
        line=trigger.line,
        to=trigger.to,
        why=f"{first.by} ticked {first.fact.text!r}" if isinstance(first.fact, Ticked) else "",
    )


def _suspicions(runbook: Runbook, incident: Incident) -> Iterator[Rule]:
    """R21: what is suspected is to be confirmed, by the tick that says so, or refuted, by taking the suspicion back."""
    asked = {item.id: item for item in (*runbook.declaration.triggers, *(item for level in runbook.severities for item in level.criteria))}
    for id, tick in incident.ticks.items():
        if id not in asked or not is_suspicion(asked[id].text):
            continue
        wanted = heads(asked[id].text)
        sure = [
            incident.at(other)
            for other in incident.ticks.values()
            if isinstance(other.fact, Ticked) and not is_suspicion(other.fact.text) and wanted & heads(other.fact.text)
        ]
        start = incident.at(tick)
        yield Rule(
            id=f"confirm:{id}",
            title=f"Confirm or refute: {asked[id].text}",
            owner=owner(runbook, incident, COMMANDER),
            consequence="nobody knows what to tell whom",
            start=start,
            due=start + timedelta(seconds=SUSPICION_SECONDS),
            line=asked[id].line,
            met=max(start, min(sure)) if sure else None,
            met_by="confirmed",
        )


def _told(trigger: EscalationTrigger) -> str:
    if not trigger.to:
        return trigger.text or "somebody has to be told"
    if trigger.kind == "no_response":
        return f"page {_together(trigger.to)}"
    return f"{_together(trigger.to)} {'is' if len(trigger.to) == 1 else 'are'} told"


def _together(names: tuple[str, ...]) -> str:
    return " + ".join(names)


def _due(pieces: tuple[Span, ...], seconds: float, now: datetime) -> datetime:
    """While its clock stands still, its due moment moves on with now."""
    return reached(pieces, seconds) or now + timedelta(seconds=seconds - counted(pieces, now))


def _answers(incident: Incident, id: str) -> list[Entry]:
    return [entry for entry in incident.answers if isinstance(entry.fact, Answered) and entry.fact.deadline == id]


def cadence(runbook: Runbook, level: str | None, rank: int | None) -> float | None:
    """Seconds between updates: by the level's own word, else by the pair in the templates, else ours; None: none is promised."""
    severity = runbook.severity(level or "")
    for time in severity.times if severity else ():
        if time.kind == "update" and time.seconds is not None:
            return time.seconds
    pair = _promised_pair(runbook) or CADENCE
    return pair[rank - 1] if rank is not None and rank <= len(pair) else None


def _promised_pair(runbook: Runbook) -> tuple[float, ...] | None:
    """`every [15/30] minutes`, worst level first; `every 20 minutes` is for the two worst."""
    for template in runbook.templates:
        for found in re.finditer(r"\bevery\s+\[?(\d+(?:\s*/\s*\d+)*)\]?\s*(\w+)", template.body, re.IGNORECASE):
            unit = seconds_in(f"1 {found[2]}")
            if unit:
                steps = tuple(float(number) * unit for number in found[1].split("/"))
                return steps if len(steps) > 1 else steps * 2
    return None


def _update(runbook: Runbook, incident: Incident, declared: datetime, now: datetime) -> Rule | None:
    def promised(level: str | None, rank: int | None) -> bool:
        return cadence(runbook, level, rank) is not None

    seconds = cadence(runbook, incident.severity, incident.rank)
    kept = seconds if seconds is not None else _last_cadence(runbook, incident)
    if kept is None:
        return None
    answers = _answers(incident, "update")
    begun = [incident.at(entry) for entry in incident.entries if isinstance(entry.fact, Reopened)]
    start = max([declared, *begun, *(incident.at(entry) for entry in answers)])
    last = spell_answer(answers[-1], incident.at(answers[-1])) if answers and incident.at(answers[-1]) == start else ""
    title, line = _update_template(runbook)
    return Rule(
        id="update",
        title=title,
        owner=owner(runbook, incident, SPEAKER),
        consequence=_promise(runbook),
        start=start,
        due=_due(running(incident, promised, start, waits=False), kept, now),
        line=line,
        met=incident.resolved,
        met_by="resolved",
        paused="" if seconds is not None else f"{incident.severity} promises none",
        why=last,
        rearms=True,
    )


def _last_cadence(runbook: Runbook, incident: Incident) -> float | None:
    for span in reversed(spans(incident)):
        if (seconds := cadence(runbook, span.level, span.rank)) is not None:
            return seconds
    return None


def _update_template(runbook: Runbook) -> tuple[str, int]:
    """How the runbook calls the message that is due, and where it stands."""
    for template in runbook.templates:
        if re.search(r"\bupdate\b", template.title, re.IGNORECASE):
            medium = re.search(r"slack|teams|mattermost|discord|zulip|chat|e-?mail", template.channel, re.IGNORECASE)
            return (f"{medium.group().capitalize()} update" if medium else template.title), template.line
    return "Update", 0


def _promise(runbook: Runbook) -> str:
    channel = next((channel for channel in runbook.channels if re.search(r"stakeholder|update", channel.purpose, re.IGNORECASE)), None)
    return re.sub(r"\s*\(.*", "", channel.name) + " promise broken" if channel else "promise broken"


def phase_name(title: str) -> str:
    """`Phase 1: Detection & Triage (0-15 minutes)` is called Detection & Triage."""
    return re.sub(r"\s*\([^)]*\)\s*$", "", re.sub(r"^phase\s+\w+\s*[:.–-]+\s*", "", title, flags=re.IGNORECASE)) or title


def _phases(runbook: Runbook, incident: Incident, alerted: datetime) -> Iterator[Rule]:
    """A time box is met by any later phase, or when the service works again."""
    restored = min((start for start, _ in incident.restorations), default=None)
    for number, phase in enumerate(runbook.phases, 1):
        if phase.to_seconds is None:
            continue
        later = [incident.at(entry) for entry in incident.phases if isinstance(entry.fact, PhaseSet) and entry.fact.phase > number]
        left = min(later, default=None)
        by_phase = left is not None and (restored is None or left <= restored)
        yield Rule(
            id=f"phase:{number}",
            title=f"{phase_name(phase.title)}, {_box(phase.from_seconds, phase.to_seconds)}",
            owner=owner(runbook, incident, COMMANDER),
            consequence=f"phase {number} is overdue, say why",
            start=alerted,
            due=alerted + timedelta(seconds=phase.to_seconds),
            line=phase.line,
            met=left if by_phase else restored,
            met_by="a later phase" if by_phase else "restored",
        )


def _box(start: float | None, end: float) -> str:
    size, unit = (3600, "h") if end % 3600 == 0 and (start or 0) % 3600 == 0 else (60, "min")
    return f"{(start or 0) / size:g}-{end / size:g} {unit}"


def _postmortem(runbook: Runbook, incident: Incident) -> Rule | None:
    text, seconds, line = _postmortem_promise(runbook)
    levels = levels_named(runbook, text)
    named = {level.casefold() for level in levels}
    if named:
        owed = any((span.level or "").casefold() in named for span in spans(incident))
    else:
        owed = incident.worst_rank is not None and incident.worst_rank <= 2
    if not owed or incident.restored is None or incident.not_an_incident:
        return None
    done = next((entry for entry in reversed(_answers(incident, "postmortem")) if _is_done(entry, incident.restored, incident)), None)
    return Rule(
        id="postmortem",
        title="Post-mortem",
        owner=owner(runbook, incident, COMMANDER),
        consequence=f"the {spell(seconds)} promise is broken",
        start=incident.restored,
        due=incident.restored + timedelta(seconds=seconds),
        line=line,
        met=incident.at(done) if done else None,
        met_by=spell_answer(done, incident.at(done)) if done else "",
        rearms=done is not None,
        outlives=True,
    )


def _is_done(entry: Entry, since: datetime, incident: Incident) -> bool:
    return isinstance(entry.fact, Answered) and entry.fact.outcome.casefold() in DONE and incident.at(entry) >= since


def _postmortem_promise(runbook: Runbook) -> tuple[str, float, int]:
    """The words with which the runbook promises it, in how many seconds, and where."""
    items = [item for phase in runbook.phases for item in phase.steps] + list(runbook.items())
    for text, line in (*((item.text, item.line) for item in items), *((prose.text, prose.line) for prose in runbook.prose)):
        for sentence in re.split(r"(?<=[.;])\s|\n", text):
            if re.search(r"post-?\s?mortem|retrospective|incident review", sentence, re.IGNORECASE):
                seconds = seconds_in(sentence)
                if seconds:
                    return sentence, seconds, line
    return "", POSTMORTEM_SECONDS, 0
