"""What the entries know of the fields that a post-mortem's template asks for, recognised by their words."""

import re
from datetime import datetime

import msgspec

from warroom.core.entries import (
    Acknowledged,
    ActionAdded,
    Amended,
    Answered,
    Closed,
    Declared,
    Entry,
    Noted,
    Resolved,
    Restored,
    SeveritySet,
    Ticked,
    WentBadly,
    WentWell,
)
from warroom.core.incident import Incident
from warroom.core.timeline import text_of
from warroom.reports.times import day, hhmm, lasted
from warroom.reports.words import markdown
from warroom.runbook.model import Runbook


class Moment(msgspec.Struct, frozen=True):
    """When something that a template asks for happened; `entry` is the id of the entry that says so, if one does."""

    at: datetime
    text: str = ""
    by: str = ""
    entry: str = ""


class Fields:
    """Values are ready for Markdown; None: nobody recorded it."""

    def __init__(self, incident: Incident, runbook: Runbook, now: datetime) -> None:
        self._incident, self._runbook, self._now = incident, runbook, now

    def labelled(self, label: str) -> str | None:
        """The whole value of a line like `**Severity**: …`."""
        words = label.casefold().strip()
        if re.fullmatch(r"status|document status", words):
            return "Draft"
        if re.fullmatch(r"(?:incident )?duration|total (?:duration|time)", words):
            return self._duration()
        return self.named(label)

    def named(self, name: str) -> str | None:
        """By the name of a placeholder."""
        incident, words = self._incident, " ".join(name.casefold().split())
        if re.fullmatch(r"(?:incident )?title|incident name|(?:title|name) of (?:the )?incident|incident", words):
            return markdown(incident.title)
        if re.fullmatch(r"(?:incident )?date|date of (?:the )?incident|yyyy-mm-dd|incident date \(utc\)", words):
            return day(incident.alerted) if incident.alerted else None
        if re.fullmatch(r"(?:incident )?(?:start(?:ed)?|began)(?: time| at)?|time of start", words):
            return self._time(incident.alerted)
        if re.fullmatch(r"(?:incident )?(?:end(?:ed)?|restored)(?: time| at)?", words):
            return self._time(incident.restored) if incident.restored else "not restored yet"
        if re.fullmatch(r"(?:total )?(?:duration|time)", words) and "duration" in words:
            return lasted(incident.elapsed(self._now))
        if re.fullmatch(r"severity|severity level|level|sev|p", words):
            return self._severity()
        if re.fullmatch(r"author(?:\(s\)|s)?|(?:author )?names|written by|participants|responders", words):
            return self._people()
        if re.fullmatch(r"incident (?:id|number|key)|id|incident #", words):
            return markdown(incident.id)
        return self._role(words)

    def is_choice(self, label: str, rest: str) -> bool:
        """`Draft / Final`: a value to choose rather than a value."""
        return bool(re.fullmatch(r"status", label.strip(), re.IGNORECASE)) and bool(re.fullmatch(r"[\w ]+(?:\s*[/|]\s*[\w ]+)+", rest))

    def words(self, entry: Entry) -> str:
        """What an entry says, in its last wording."""
        amended = self._incident.amended.get(entry.id)
        if amended and isinstance(amended.fact, Amended):
            return amended.fact.text
        return entry.fact.text if isinstance(entry.fact, Noted | WentWell | WentBadly | ActionAdded) else text_of(entry.fact)

    def moment(self, asked: str) -> Moment | None:
        """When what a row of the timeline asks for happened: typed entries only, never a guess from free text."""
        incident, words = self._incident, asked.casefold()
        if re.search(r"root cause|cause (?:found|identified)", words):
            return self._ticked(r"root cause")
        if re.search(r"mitigat|workaround|fix (?:applied|deployed)", words):
            return self._ticked(r"(?:implement|appl|validate).*mitigation|mitigation.*(?:appl|implement)")
        if re.search(r"acknowledg|\back", words):
            return self._entry(Acknowledged)
        if re.search(r"alert", words):
            return Moment(incident.alerted) if incident.alerted else None
        if re.search(r"declar", words):
            return self._entry(Declared)
        if re.search(
            r"detect|notic|what happened|^\W*(?:(?:the )?(?:incident|impact|outage|issue) )?(?:started|began|starts|begins)\b", words
        ):
            return Moment(incident.detected, incident.symptoms or incident.title) if incident.detected else None
        if re.search(r"escalat", words):
            return self._entry(Answered, lambda entry: isinstance(entry.fact, Answered) and entry.fact.deadline.startswith("trigger:"))
        if re.search(r"severity", words):
            return self._entry(SeveritySet)
        if re.search(r"restor|recover|mitigated", words):
            return self._last(Restored, incident.restored)
        if re.search(r"resolv", words):
            return self._last(Resolved, incident.resolved)
        if re.search(r"clos|over\b", words):
            return self._last(Closed, incident.closed)
        return None

    def _standing(self) -> list[Entry]:
        return [entry for entry in self._incident.entries if entry.id not in self._incident.struck]

    def _entry(self, kind: type, wanted: object = None) -> Moment | None:
        """The first of a kind."""
        for entry in self._standing():
            if isinstance(entry.fact, kind) and (not callable(wanted) or wanted(entry)):
                return self._of(entry)
        return None

    def _last(self, kind: type, at: datetime | None) -> Moment | None:
        """The last of a kind, where that still stands; `resolve` restores, too."""
        if at is None:
            return None
        found = next((entry for entry in reversed(self._standing()) if isinstance(entry.fact, kind)), None)
        return self._of(found) if found and self._incident.at(found) == at else Moment(at)

    def _ticked(self, pattern: str) -> Moment | None:
        ticks = sorted(self._incident.ticks.values(), key=self._incident.at)
        for tick in ticks:
            if isinstance(tick.fact, Ticked) and re.search(pattern, tick.fact.text, re.IGNORECASE):
                return self._of(tick)
        return None

    def _of(self, entry: Entry) -> Moment:
        fact, text = entry.fact, ""
        if isinstance(fact, Declared):
            level = next((held.fact.level for held in self._incident.severities if isinstance(held.fact, SeveritySet)), "")
            text = ", ".join(word for word in (level, fact.title) if word)
        elif isinstance(fact, Restored):
            text = fact.reason
        elif isinstance(fact, Resolved | Answered):
            text = fact.text
        return Moment(self._incident.at(entry), text, entry.by, entry.id)

    def _duration(self) -> str | None:
        start, end = self._time(self._incident.alerted), self._incident.restored
        total = lasted(self._incident.elapsed(self._now))
        return f"{start} - {self._time(end)} UTC ({total})" if end else f"{start} UTC - not restored yet ({total} so far)"

    def _time(self, at: datetime | None) -> str | None:
        """With its date where the incident went over midnight."""
        if at is None:
            return None
        alerted, restored = self._incident.alerted, self._incident.restored
        spans = alerted is not None and day(alerted) != day(restored or self._now)
        return f"{day(at)} {hhmm(at)}" if spans else hhmm(at)

    def _severity(self) -> str | None:
        """The worst it was, then each level with its time."""
        held = [(entry, entry.fact) for entry in self._incident.severities if isinstance(entry.fact, SeveritySet)]
        if not held:
            return None
        worst = min(held, key=lambda pair: pair[1].rank)[1].level
        history = ", ".join(f"{markdown(fact.level)} {self._time(self._incident.at(entry))}" for entry, fact in held)
        return markdown(worst) if len(held) == 1 else f"{markdown(worst)} ({history})"

    def _people(self) -> str | None:
        people = dict.fromkeys(entry.by for entry in self._standing() if entry.by)
        return ", ".join(markdown(person) for person in people) or None

    def _role(self, words: str) -> str | None:
        for role in self._runbook.roles:
            initials = "".join(word[0] for word in role.name.casefold().split())
            if words in (role.name.casefold(), role.abbreviation.casefold() or initials, initials):
                held = self._incident.roles.get(role.name)
                return markdown(held) if held else None
        return None
