"""A template of the runbook, filled by the incident and by people: the very text that a channel gets."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from warroom.core.dialect import bold, escaped, mention, mentioned
from warroom.core.entries import Entry, MessageQueued, Ticked
from warroom.core.facts import heads, is_suspicion
from warroom.core.incident import Incident
from warroom.core.levels import levels_named
from warroom.core.outbox import Service, bare, same_channel, service_of
from warroom.core.placeholders import MERGED, Facts, Place, known, places
from warroom.core.redact import redact
from warroom.core.team import Person, Team
from warroom.runbook.model import Runbook, Template
from warroom.runbook.sections.templates import choices as choices_of
from warroom.runbook.sections.templates import placeholders

BY_HAND = "a slash command, typed by hand"
UNKNOWN = "unknown at this time"
BlankState = Literal["filled", "typed", "unfilled", "unknown", "kept", "dropped"]
STATUSES = ("investigating", "identified", "monitoring", "resolved")
PERSONAL = frozenset(("breach", "regulatory"))
"""Heads of facts about which nothing that people found goes outside by itself."""


class Blank(msgspec.Struct, frozen=True, kw_only=True):
    """A placeholder with what stands there. `source` says where it is from; `kept`: whoever merges the mail fills it."""

    name: str
    written: str
    kind: str
    text: str = ""
    source: str = ""
    choices: tuple[str, ...] = ()
    state: BlankState = "unfilled"

    @property
    def wants(self) -> bool:
        return self.state == "unfilled"


class Piece(msgspec.Struct, frozen=True):
    """A stretch of the text: the runbook's words, or what stands in a blank, by its name."""

    text: str
    blank: str = ""
    gap: bool = False


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """`pieces` joined are the text. `nobody` are mentions of which no id is known."""

    name: str
    service: Service
    channel: str
    pieces: tuple[Piece, ...]
    subject: str = ""
    blanks: tuple[Blank, ...] = ()
    public: bool = False
    status: str = ""
    promised: datetime | None = None
    nobody: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    stable: str = ""
    """A hash of what it says without the moments that go on by themselves: two keys may be a minute apart."""
    line: int = 0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def unfilled(self) -> tuple[str, ...]:
        return tuple(blank.name for blank in self.blanks if blank.wants)


def ways_of(runbook: Runbook) -> tuple[Template, ...]:
    """The runbook's ways to declare that are texts, as messages. A slash command is typed by a person: a bot cannot."""
    found = []
    for way in runbook.declaration.ways:
        lines = way.text.splitlines()
        asides = " ".join(line for line in lines if re.match(r"# |#$", line))
        body = "\n".join(line for line in lines if not re.match(r"# |#$", line))
        body = re.sub(r"(?<=: )[\w-]+(?:/[\w-]+)+$", lambda one: f"[{one[0]}]", body, flags=re.MULTILINE)
        if blanks := placeholders(body):
            tagged = re.search(r"#[\w-]{2,}", asides)
            channel = BY_HAND if body.startswith("/") else tagged.group() if tagged else "slack"
            found.append(Template(title=way.title, channel=channel, body=body, placeholders=blanks, line=way.line))
    return tuple(found)


def find_template(runbook: Runbook, words: str) -> Template | str:
    """By its title, the start of it, or words in it, where only one does; else what to say instead."""
    wanted = " ".join(words.casefold().split())
    titles = {template.title.casefold(): template for template in (*ways_of(runbook), *runbook.templates)}
    if wanted in titles:
        return titles[wanted]
    for found in (
        [one for title, one in titles.items() if wanted and title.startswith(wanted)],
        [one for title, one in titles.items() if wanted and wanted in title],
        [one for one in titles.values() if wanted and wanted in f"{one.channel} {one.title}".casefold()],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            return f"{words!r} is more than one message: {', '.join(one.title for one in found)}"
    if wanted == "monitoring":
        return "the runbook has no message Monitoring: send Identified, and say in it that you watch the fix"
    known_ = ", ".join(one.title for one in runbook.templates) or "none"
    return f"{words!r} is no message of the runbook: it has {known_}"


def channel_of(template: Template, runbook: Runbook) -> str:
    """As the runbook's table calls it. Of several chats that for stakeholders; without a table the kind of the template."""
    if template.channel == BY_HAND or template.channel.startswith("#"):
        return template.channel
    wanted = service_of(template.channel or "slack")
    fitting = [channel for channel in runbook.channels if service_of(channel.name) == wanted]
    telling = [one for one in fitting if re.search(r"stakeholder|update|announce|inform", one.purpose, re.IGNORECASE)]
    found = (telling or fitting)[:1]
    if found:
        return bare(found[0].name) if wanted == "slack" else found[0].name
    return {"statuspage": "Status Page", "mail": "e-mail"}.get(wanted, template.channel or "Slack")


def message_for(runbook: Runbook, deadline: str) -> Template | None:
    """The message that keeps a promise; None: it is kept otherwise."""
    if deadline != "update":
        return None
    return next((one for one in runbook.templates if re.search(r"\bupdate\b", one.title, re.IGNORECASE)), None)


def for_this_case(template: Template, incident: Incident, runbook: Runbook) -> Literal["now", "later", "no"]:
    """What tells that all is over comes later; a mail to customers only where it ever was bad enough."""
    over = bool(incident.restored or incident.resolved)
    if service_of(channel_of(template, runbook)) == "mail":
        levels = levels_named(runbook, template.title) or tuple(one.level for one in runbook.severities if one.rank == 1)
        had = {getattr(entry.fact, "level", "") for entry in incident.severities}
        return ("now" if over else "later") if had & set(levels) else "no"
    tells_end = re.search(r"\b(?:resolved|restored|closed|recovered)\b", f"{template.title} {template.subject}", re.IGNORECASE)
    return "later" if tells_end and not over else "now"


def sensitive(incident: Incident) -> bool:
    """A breach or a matter of privacy, said by a tick that is no suspicion: what goes outside is Legal's, too."""
    ticked = (entry.fact for entry in incident.ticks.values())
    return any(isinstance(fact, Ticked) and not is_suspicion(fact.text) and heads(fact.text) & PERSONAL for fact in ticked)


def fill(
    template: Template,
    incident: Incident,
    runbook: Runbook,
    team: Team,
    now: datetime,
    given: Mapping[str, str] | None = None,
    *,
    channel: str = "",
    unknown: bool = False,
) -> Message:
    """`given` are texts of people by the names of blanks; `unknown` says so in every blank that is left, where that may be."""
    channel = channel or channel_of(template, runbook)
    service = service_of(channel)
    public = service in ("statuspage", "mail")
    facts = Facts(incident, runbook, team, now, quiet=public and sensitive(incident))
    typed = {" ".join(name.casefold().split()): text for name, text in (given or {}).items()}
    writing = _Writing(template, facts, typed, service, says_unknown=unknown and not public)
    pieces, stable = writing.pieces(template.body)
    whole = "".join(piece.text for piece in pieces)
    if redact(whole) != whole:  # what is a secret only together: the journal would take it out, and the preview is what is sent
        pieces = (Piece(redact(whole)),)
    subject, _ = writing.pieces(template.subject)
    return Message(
        name=template.title,
        service=service,
        channel=channel,
        pieces=pieces,
        subject=redact("".join(piece.text for piece in subject)),
        blanks=tuple(writing.blanks.values()),
        public=public,
        status=status_of(template) if service == "statuspage" else "",
        promised=promised(pieces, template, writing.blanks, now),
        nobody=tuple(dict.fromkeys(writing.nobody)),
        stable=hashlib.sha256(f"{template.title}\n{channel}\n{stable}".encode()).hexdigest()[:24],
        line=template.line,
    )


def status_of(template: Template) -> str:
    words = f"{template.title} {template.subject}".casefold()
    return next((status for status in STATUSES if status in words), "investigating")


class _Writing:
    """One message under way: each placeholder has one value, wherever it stands."""

    def __init__(self, template: Template, facts: Facts, typed: Mapping[str, str], service: Service, *, says_unknown: bool) -> None:
        self._template, self._facts, self._typed, self._service = template, facts, typed, service
        self._says_unknown = says_unknown
        self.blanks: dict[str, Blank] = {}
        self.nobody: list[str] = []

    def pieces(self, text: str) -> tuple[tuple[Piece, ...], str]:
        """And the text without what changes by the minute."""
        found: list[Piece] = []
        stable: list[str] = []
        for part in self._parts(text):
            if isinstance(part, str):
                found.append(Piece(self._ours(part)))
                stable.append(part)
                continue
            blank = self._blank(part)
            mentions = self._service == "slack" and part.before.endswith("@") and not blank.wants
            if mentions and blank.state in ("filled", "typed") and (id := mention(blank.text, self._facts.team)):
                found[-1] = Piece(found[-1].text[:-1])
                found.append(Piece(id, blank.name))
            else:
                if mentions:
                    self.nobody.append(blank.text)
                found.append(Piece(self._theirs(blank), blank.name, blank.wants))
            timely = blank.state == "filled" and blank.kind == "auto"
            stable.append(part.of.name if timely else found[-1].text)
        return tuple(piece for piece in found if piece.text), "".join(stable)

    def _parts(self, text: str) -> Iterator[str | Place]:
        """The words between the places, and the places; a line that is not for this case is left out whole."""
        spots = places(text, self._template)
        out = [place for place in spots if self._blank(place).state == "dropped"]
        at = 0
        for place in spots:
            if place in out:
                start, end = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.end)
                if start >= at:
                    yield text[at:start]
                at = len(text) if end < 0 else end + 1
            elif place.start >= at:
                yield text[at : place.start]
                yield place
                at = place.end
        yield text[at:]

    def _blank(self, place: Place) -> Blank:
        if place.of.name not in self.blanks:
            self.blanks[place.of.name] = self._made(place)
        return self.blanks[place.of.name]

    def _made(self, place: Place) -> Blank:
        name, written = place.of.name, place.of.spelling[0] if place.of.spelling else f"[{place.of.name}]"
        offered = choices_of(written.strip("[]{}<>() "))
        common = Blank(name=name, written=written, kind=place.of.kind, choices=offered)
        if name in self._typed:
            text = _without_prefix(self._typed[name], place)
            if offered:
                text = next((one for one in offered if one.casefold() == text.strip().casefold()), "")
            if text.strip():
                return msgspec.structs.replace(common, text=text, source="typed", state="typed")
            return common  # emptied, or none of those to choose from
        if self._service == "mail" and MERGED.search(name):
            return msgspec.structs.replace(common, text=written, source="filled for each who gets it", state="kept")
        found = known(place, offered, self._facts)
        if found:
            state: BlankState = "dropped" if found.dropped else "filled"
            return msgspec.structs.replace(common, text=found.text, source=found.source, state=state)
        if self._says_unknown:
            return msgspec.structs.replace(common, text=UNKNOWN, source="said so", state="unknown")
        return common

    def _ours(self, text: str) -> str:
        if self._service != "slack":
            return text
        found = mentioned(escaped(text).replace("**", "*"), self._facts.team)
        self.nobody += found.unknown
        return found.text

    def _theirs(self, blank: Blank) -> str:
        if blank.wants:
            return escaped(blank.written) if self._service == "slack" else blank.written
        text = redact(blank.text)
        if self._service != "slack":
            return text
        found = mentioned(bold(escaped(text)), self._facts.team)
        self.nobody += found.unknown
        return found.text


def _without_prefix(text: str, place: Place) -> str:
    """Whoever types `P2` where `P[X]` stands means 2."""
    prefix = re.search(r"[A-Za-z][A-Za-z-]*$", place.before)
    if prefix and text.casefold().startswith(prefix.group().casefold()):
        return text[len(prefix.group()) :]
    return text[1:] if place.before.endswith("@") and text.startswith("@") else text


def promised(pieces: tuple[Piece, ...], template: Template, blanks: Mapping[str, Blank], now: datetime) -> datetime | None:
    """When the text says that the next one comes: `Next update: 03:22 UTC`, `every 15 minutes`."""
    text = "".join(piece.text for piece in pieces if not piece.gap)
    if found := re.search(r"next update\W*(?:at\s+|by\s+)?([01]?\d|2[0-3]):([0-5]\d)", text, re.IGNORECASE):
        at = now.astimezone(UTC).replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
        return at if at > now - timedelta(minutes=1) else at + timedelta(days=1)
    if found := re.search(r"\bevery (\d+) (min|hour)", text, re.IGNORECASE):
        return now + timedelta(minutes=int(found[1]) * (60 if found[2].casefold() == "hour" else 1))
    return None


def to_oneself(message: Message, person: Person) -> Message | None:
    """The same bytes to whoever wrote them, first: told to nobody else, it keeps no promise. None: nobody knows where they read."""
    to = (person.email,) if message.service == "mail" and person.email else ()
    channel = message.channel if to else f"Slack {person.slack}" if message.service == "slack" and person.slack else ""
    name = f"{message.name}, to {person.name} first"
    return msgspec.structs.replace(message, name=name, channel=channel, to=to, public=False, promised=None) if channel else None


def said_before(incident: Incident, name: str, channel: str) -> Entry | None:
    """The last message of this template in this channel, dropped ones left out."""
    dropped = {getattr(entry.fact, "message", "") for entry in incident.sendings if entry.kind == "message_dropped"}
    for entry in reversed(incident.sendings):
        fact = entry.fact
        if isinstance(fact, MessageQueued) and fact.name == name and same_channel(fact.channel, channel) and entry.id not in dropped:
            return entry
    return None


def difference(before: str, after: str) -> tuple[str, ...]:
    """What is new and what is gone, line by line, as `+ …` and `- …`."""
    old, new = before.splitlines(), after.splitlines()
    gone = [f"- {line}" for line in old if line.strip() and line not in new]
    come = [f"+ {line}" for line in new if line.strip() and line not in old]
    return (*gone, *come)
