"""Rules that the team promised: to acknowledge, to respond, to tell, to write the post-mortem."""

import re
from datetime import datetime, timedelta

from warroom.core.entries import UNASKED, Answered, Entry, MessageQueued, MessageSent, Reopened
from warroom.core.incident import Incident
from warroom.core.levels import level_at, levels_named, running, spans
from warroom.core.rule import COMMANDER, SPEAKER, Rule, answers_to, due_moment, holder, owner, spell, spell_answer, together
from warroom.runbook.model import Runbook
from warroom.runbook.words import seconds as seconds_in

CADENCE = (15 * 60.0, 30 * 60.0)
"""Between updates at rank 1 and 2, where the runbook is silent."""
POSTMORTEM_SECONDS = 48 * 3600.0
DONE = frozenset(("done", "final", "held", "met", "published", "sent"))
"""Answers that say that the thing itself was done."""


def ack_rule(runbook: Runbook, incident: Incident, alerted: datetime) -> Rule | None:
    found = _ack_seconds(runbook, incident)
    if found is None:
        return None
    seconds, line = found
    pages = next((trigger for trigger in runbook.escalation.triggers if trigger.kind == "no_response" and trigger.to), None)
    return Rule(
        id="ack",
        title="Acknowledge the alert",
        owner=holder(runbook, incident, COMMANDER) or next((contact.role for contact in runbook.escalation.contacts), "on call"),
        consequence=f"{together(pages.to)} is next" if pages else "nobody has answered the alert",
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


def respond_rule(runbook: Runbook, incident: Incident, alerted: datetime) -> Rule | None:
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
        if entry.kind not in ("cluster_pinned", "observed", "watch_taken", "merged")
        and entry.by not in UNASKED
        and entry.id not in incident.struck
    ]
    return min((moment for moment in moments if moment >= alerted), default=incident.declared)


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


def update_rule(runbook: Runbook, incident: Incident, declared: datetime, now: datetime) -> Rule | None:
    def promised(level: str | None, rank: int | None) -> bool:
        return cadence(runbook, level, rank) is not None

    seconds = cadence(runbook, incident.severity, incident.rank)
    kept = seconds if seconds is not None else _last_cadence(runbook, incident)
    if kept is None:
        return None
    answers, told = answers_to(incident, "update"), told_at(incident, runbook)
    begun = [incident.at(entry) for entry in incident.entries if isinstance(entry.fact, Reopened)]
    start = max([declared, *begun, *(incident.at(entry) for entry in answers), *told])
    last = spell_answer(answers[-1], incident.at(answers[-1])) if answers and incident.at(answers[-1]) == start else ""
    if message := told.get(start):
        last = f"{message.name} {start:%H:%M}"
        if message.promised and message.promised > start:
            kept = (message.promised - start).total_seconds()
    title, line = _update_template(runbook)
    return Rule(
        id="update",
        title=title,
        owner=owner(runbook, incident, SPEAKER),
        consequence=_promise(runbook),
        start=start,
        due=due_moment(running(incident, promised, start, waits=False), kept, now),
        line=line,
        met=incident.resolved,
        met_by="resolved",
        paused="" if seconds is not None else f"{incident.severity} promises none",
        why=last,
        rearms=True,
    )


def told_at(incident: Incident, runbook: Runbook) -> dict[datetime, MessageQueued]:
    """Every message of the runbook that was sent, by when: what nobody has read kept no promise. Mails to customers are none."""
    asked = {entry.id: entry.fact for entry in incident.sendings if isinstance(entry.fact, MessageQueued)}
    names = {template.title for template in runbook.templates if "mail" not in template.channel}
    found = {}
    for entry in incident.sendings:
        fact = asked.get(entry.fact.message) if isinstance(entry.fact, MessageSent) else None
        if fact and fact.name in names:
            found[incident.at(entry)] = fact
    return found


def report_rule(runbook: Runbook, incident: Incident) -> Rule | None:
    """What a message promised to publish: `a report will be published within 48 hours`."""
    for at, message in sorted(told_at(incident, runbook).items(), reverse=True):
        for sentence in re.split(r"(?<=[.!])\s", " ".join(message.text.split())):
            within = seconds_in(sentence) if message.public and re.search(r"\breport\b.*\bwithin\b", sentence, re.IGNORECASE) else None
            if within:
                return _report(incident, runbook, at, message, within)
    return None


def _report(incident: Incident, runbook: Runbook, at: datetime, message: MessageQueued, within: float) -> Rule:
    done = next((entry for entry in reversed(answers_to(incident, "public-report")) if _is_done(entry, at, incident)), None)
    return Rule(
        id="public-report",
        title="Public report",
        owner=owner(runbook, incident, SPEAKER),
        consequence=f"what {message.channel} promised is broken",
        start=at,
        due=at + timedelta(seconds=within),
        line=next((template.line for template in runbook.templates if template.title == message.name), 0),
        met=incident.at(done) if done else None,
        met_by=spell_answer(done, incident.at(done)) if done else "",
        rearms=done is not None,
        outlives=True,
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


def postmortem_rule(runbook: Runbook, incident: Incident) -> Rule | None:
    text, seconds, line = _postmortem_promise(runbook)
    levels = levels_named(runbook, text)
    named = {level.casefold() for level in levels}
    if named:
        owed = any((span.level or "").casefold() in named for span in spans(incident))
    else:
        owed = incident.worst_rank is not None and incident.worst_rank <= 2
    if not owed or incident.restored is None or incident.not_an_incident:
        return None
    done = next((entry for entry in reversed(answers_to(incident, "postmortem")) if _is_done(entry, incident.restored, incident)), None)
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
