"""The places of a message's template, and what the incident knows to put there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from warroom.core.entries import ActionAdded, Noted, StepEnded, StepStarted
from warroom.core.hypotheses import hypotheses, root_cause
from warroom.core.incident import Incident
from warroom.core.levels import levels_named
from warroom.core.promises import POSTMORTEM_SECONDS, cadence
from warroom.core.rule import COMMANDER, holder
from warroom.core.team import Team
from warroom.core.triage import impact, summary
from warroom.runbook.model import Placeholder, Runbook, Template


class Place(NamedTuple):
    """Where a placeholder stands. `before` and `after` are the words around it in its line."""

    start: int
    end: int
    of: Placeholder
    before: str
    after: str

    @property
    def label(self) -> str:
        """What its line asks for: `Next update` in `**Next update**: [time]`."""
        return re.sub(r"[*_:]+", " ", self.before).strip().casefold()


class Known(NamedTuple):
    """What stands there, and where it is from. `dropped`: its line is not for this case."""

    text: str
    source: str
    dropped: bool = False


class Facts(NamedTuple):
    """What a message is filled from. `quiet`: nothing that people found goes in by itself (a breach, or privacy)."""

    incident: Incident
    runbook: Runbook
    team: Team
    now: datetime
    quiet: bool = False


def places(text: str, template: Template) -> tuple[Place, ...]:
    """In the order of the text; what people type later is never searched."""
    found: list[Place] = []
    for one in template.placeholders:
        for written in one.spelling:
            start = text.find(written)
            while start >= 0:
                end = start + len(written)
                line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
                found.append(Place(start, end, one, text[line_start:start], text[end : line_end if line_end >= 0 else len(text)]))
                start = text.find(written, end)
    found.sort(key=lambda place: (place.start, -place.end))
    return tuple(place for n, place in enumerate(found) if n == 0 or place.start >= max(each.end for each in found[:n]))


def known(place: Place, choices: tuple[str, ...], facts: Facts) -> Known | None:
    """None: only a person can say it."""
    name = place.of.name
    if choices:
        return _chosen(place, choices, facts)
    for pattern, value in RULES:
        if re.search(pattern, name):
            found = value(place, facts)
            if found is not None:
                return found if found.text or found.dropped else None
    return None


def _chosen(place: Place, choices: tuple[str, ...], facts: Facts) -> Known | None:
    incident, level = facts.incident, (facts.incident.severity or "").casefold()
    prefix = _prefix(place.before)
    for one in choices:
        if level and (prefix + one).casefold() == level:
            return Known(one, "from the severity")
    if re.match(r"\s*(min|hour|h\b)", place.after, re.IGNORECASE):
        seconds = cadence(facts.runbook, incident.severity, incident.rank)
        unit = 3600 if re.match(r"\s*h", place.after, re.IGNORECASE) else 60
        return next((Known(one, f"cadence of {incident.severity}") for one in choices if seconds and one == f"{seconds / unit:g}"), None)
    stages = ["mitigat"] if incident.phase >= 3 else ["investigat"]
    if incident.restored:
        stages = ["resolv", "monitor"] if incident.resolved else ["monitor"]
    fits = next((one for stage in stages for one in choices if one.casefold().startswith(stage)), None)
    return Known(fits, "from the phase") if fits else None


def _prefix(before: str) -> str:
    found = re.search(r"[A-Za-z][A-Za-z-]*$", before)
    return found.group() if found else ""


def _level(place: Place, facts: Facts) -> Known | None:
    level, prefix = facts.incident.severity, _prefix(place.before)
    if not level:
        return None
    inside = bool(prefix) and level.casefold().startswith(prefix.casefold())
    return Known(level[len(prefix) :] if inside else level, "from the severity")


def _elapsed(place: Place, facts: Facts) -> Known | None:
    if facts.incident.alerted is None:
        return None
    minutes = int(facts.incident.elapsed(facts.now)) // 60
    return Known(f"{minutes // 60:02}:{minutes % 60:02}", f"from the alert, {facts.incident.alerted:%H:%M}")


def _commander(place: Place, facts: Facts) -> Known | None:
    if not (place.before.endswith("@") or re.search(COMMANDER, place.label)):
        return None
    who = holder(facts.runbook, facts.incident, COMMANDER)
    return Known(facts.team.name(who), "who commands") if who else None


def _link(place: Place, facts: Facts) -> Known | None:
    named = levels_named(facts.runbook, place.of.name)
    if named and facts.incident.severity not in named:
        return Known("", f"only for {'/'.join(named)}", dropped=True)
    return Known(facts.team.war_room, "from the team's file") if facts.team.war_room else None


def _scheduled(place: Place, facts: Facts) -> Known | None:
    """The post-mortem is promised within a time, until somebody has set a moment for it."""
    if not re.search(r"post-?\s?mortem|review|retrospective", place.before, re.IGNORECASE):
        return None
    over = facts.incident.restored or facts.now
    by = over + timedelta(seconds=POSTMORTEM_SECONDS)
    return Known(f"a time to be scheduled by {stamp(by)}", "48 h from restored")


def _start(place: Place, facts: Facts) -> Known | None:
    at = facts.incident.alerted
    return Known(_moment(place, at, facts), "when the alert fired") if at else None


def _end(place: Place, facts: Facts) -> Known | None:
    at = facts.incident.restored
    return Known(_moment(place, at, facts), "when it was restored") if at else None


def _moment(place: Place, at: datetime, facts: Facts) -> str:
    """With its date where the incident went over midnight, and with its zone unless the line says it."""
    alerted, end = facts.incident.alerted, facts.incident.restored or facts.now
    crossed = alerted is not None and alerted.astimezone(UTC).date() != end.astimezone(UTC).date()
    text = f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if crossed else f"{at.astimezone(UTC):%H:%M}"
    return text if "utc" in (place.before + place.after).casefold() else f"{text} UTC"


def _duration(place: Place, facts: Facts) -> Known | None:
    if facts.incident.alerted is None:
        return None
    minutes = int(facts.incident.elapsed(facts.now)) // 60
    hours, rest = divmod(minutes, 60)
    text = f"{hours} hour{'' if hours == 1 else 's'} {rest} minute{'' if rest == 1 else 's'}"
    return Known(text, "from alerted to restored" if facts.incident.restored else "so far: not restored yet")


def _date(place: Place, facts: Facts) -> Known | None:
    at = facts.incident.alerted
    return Known(f"{at.astimezone(UTC):%Y-%m-%d}", "when the alert fired") if at else None


def _now(place: Place, facts: Facts) -> Known | None:
    return Known(stamp(facts.now), "now")


def _next(place: Place, facts: Facts) -> Known | None:
    if not re.search(r"next|until|by\b", place.label):
        return _now(place, facts)
    incident = facts.incident
    seconds = cadence(facts.runbook, incident.severity, incident.rank)
    if seconds is None:
        return None
    due = facts.now + timedelta(seconds=seconds)
    return Known(f"{due.astimezone(UTC):%H:%M} UTC", f"now + {seconds / 60:g} min, {incident.severity}")


def _cause(place: Place, facts: Facts) -> Known | None:
    cause = root_cause(facts.incident)
    return _found(Known(cause, "the confirmed hypothesis"), facts) if cause else None


def _prevention(place: Place, facts: Facts) -> Known | None:
    texts = [entry.fact.text for entry in facts.incident.actions if isinstance(entry.fact, ActionAdded)]
    return _found(Known("; ".join(texts), f"{len(texts)} action items"), facts) if texts else Known("", "")


def _fixed(place: Place, facts: Facts) -> Known | None:
    """The steps that changed something and went well."""
    ended = {entry.fact.run: entry.fact for entry in facts.incident.steps if isinstance(entry.fact, StepEnded)}
    done = [
        entry.fact.title or entry.fact.playbook
        for entry in facts.incident.steps
        if isinstance(entry.fact, StepStarted)
        and entry.fact.judged in ("mutate", "destroy")
        and not entry.fact.pays
        and (end := ended.get(entry.id))
        and end.ok
    ]
    return _found(Known("; ".join(dict.fromkeys(done)), "steps that went well"), facts) if done else Known("", "")


def _impact(place: Place, facts: Facts) -> Known | None:
    said = impact(facts.incident)
    return _found(Known(said, "who is affected"), facts) if said else Known("", "")


def _findings(place: Place, facts: Facts) -> Known | None:
    """What is confirmed, else under test, else the last note of progress."""
    board = [one for one in hypotheses(facts.incident) if one.state in ("confirmed", "testing")]
    if board:
        one = board[0]
        weight = f", {len(one.evidence)} pins" if one.evidence else ""
        text = one.text if one.state == "confirmed" else f"we suspect: {one.text}"
        return _found(Known(text, f"{one.owner or one.by}{weight}"), facts)
    for entry in reversed(facts.incident.progress):
        if isinstance(entry.fact, Noted):
            amended = facts.incident.amended.get(entry.id)
            return _found(Known(str(getattr(amended.fact, "text", "") if amended else entry.fact.text), entry.by), facts)
    return Known("", "")


def _actions(place: Place, facts: Facts) -> Known | None:
    """What runs, else what is being tested."""
    ended = {entry.fact.run for entry in facts.incident.steps if isinstance(entry.fact, StepEnded)}
    running = [
        entry.fact.title or entry.fact.playbook
        for entry in facts.incident.steps
        if isinstance(entry.fact, StepStarted) and entry.id not in ended and entry.fact.judged != "read"
    ]
    if running:
        return _found(Known("; ".join(dict.fromkeys(running)), "steps that run"), facts)
    return Known("", "")


def _summary(place: Place, facts: Facts) -> Known | None:
    return _found(Known(summary(facts.incident), "what is broken"), facts)


def _symptoms(place: Place, facts: Facts) -> Known | None:
    return _found(Known(facts.incident.symptoms or summary(facts.incident), "what was seen"), facts)


def _found(what: Known, facts: Facts) -> Known | None:
    return Known("", "") if facts.quiet else what


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


Rule = Callable[[Place, Facts], Known | None]
RULES: tuple[tuple[str, Rule], ...] = (
    (r"^(x|sev|severity|level|severity level|p)$", _level),
    (r"elapsed|hh:mm", _elapsed),
    (r"^(name|ic|commander|incident commander|ic name)$", _commander),
    (r"\blink\b|bridge|war room|zoom", _link),
    (r"^date/time$|^date and time$", _scheduled),
    (r"^(incident )?start(ed)?( time)?( utc)?$|^detection time$", _start),
    (r"^(incident )?end(ed)?( time)?( utc)?$|^resolution time$", _end),
    (r"duration|x hours", _duration),
    (r"^(incident )?date( utc)?$", _date),
    (r"^(current )?timestamp$|^current time$", _now),
    (r"^time( utc)?$|next update", _next),
    (r"prevent|recurrence", _prevention),
    (r"cause|explanation", _cause),
    (r"\bfix|resolution|remediat|mitigated", _fixed),
    (r"affected|impact", _impact),
    (r"finding|\bknow\b", _findings),
    (r"action|\bdoing\b|next steps?$", _actions),
    (r"observed|symptom", _symptoms),
    (r"description|what happened|summary|\bissue\b|^(incident )?title$", _summary),
)
"""By words of the placeholder's name; the first that knows something decides."""
MERGED = re.compile(r"\b(customer|client|recipient|first|contact|company)\W*name\b", re.IGNORECASE)
"""A field that whoever sends the mail fills for each who gets it."""
