"""What a runbook says, as values; everything that can be missing is None or empty.

The field names are those of `warroom runbook show --json`. Lines count from 1.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

Level = Literal["error", "warning", "note"]
TriggerKind = Literal["no_response", "no_progress", "duration", "fact"]


Found = tuple[int, str, str]
"""Of a finding the line, the message and the fix."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of the runbook."""


class Item(Value, frozen=True):
    """A line of any check-list. `id` hangs on the section's path and the words, never on the line, and has no space in it."""

    id: str
    text: str
    line: int
    depth: int = 0
    optional: bool = False


class ResponseTime(Value, frozen=True):
    kind: Literal["acknowledge", "respond", "resolve", "update", "other"]
    seconds: float | None
    text: str
    hours: Literal["any", "business"] = "any"


class Severity(Value, frozen=True):
    """A level under the document's own label; rank 1 is the worst."""

    level: str
    rank: int
    name: str = ""
    impact: str = ""
    example: str = ""
    response_seconds: float | None = None
    times: tuple[ResponseTime, ...] = ()
    criteria: tuple[Item, ...] = ()
    line: int = 0
    file: str = ""


class Way(Value, frozen=True):
    title: str
    text: str
    line: int


class Declaration(Value, frozen=True):
    definition: str = ""
    """What counts as an incident, in the document's words."""
    triggers: tuple[Item, ...] = ()
    ways: tuple[Way, ...] = ()


class Role(Value, frozen=True):
    name: str
    abbreviation: str = ""
    primary: str = ""
    backup: str = ""
    contact: str = ""
    duties: tuple[str, ...] = ()
    line: int = 0
    file: str = ""


class Channel(Value, frozen=True):
    name: str
    purpose: str = ""
    line: int = 0


class RotaRow(Value, frozen=True):
    week: str
    primary: str
    secondary: str
    line: int


class QuickCommand(Value, frozen=True):
    title: str
    command: str
    line: int


class OnCall(Value, frozen=True):
    responsibilities: tuple[Item, ...] = ()
    rota: tuple[RotaRow, ...] = ()
    checklist: tuple[Item, ...] = ()
    quick_assessment: tuple[QuickCommand, ...] = ()


class Phase(Value, frozen=True):
    """A step of the response process. `to_seconds` is its time box, counted from the alert; None: no limit is given."""

    title: str
    from_seconds: float | None = None
    to_seconds: float | None = None
    steps: tuple[Item, ...] = ()
    line: int = 0
    file: str = ""


class Checklist(Value, frozen=True):
    title: str
    role: str | None = None
    phase: str | None = None
    items: tuple[Item, ...] = ()
    line: int = 0
    file: str = ""


class Placeholder(Value, frozen=True):
    name: str
    kind: Literal["choice", "auto", "free", "conditional", "repeated"] = "free"
    spelling: tuple[str, ...] = ()


class Template(Value, frozen=True):
    title: str
    channel: str = ""
    subject: str = ""
    body: str = ""
    placeholders: tuple[Placeholder, ...] = ()
    line: int = 0
    file: str = ""


class EscalationTrigger(Value, frozen=True):
    """A rule "when this, then tell them". `levels` are the severities it names (empty: any); `after_seconds` None: no time is given."""

    id: str
    condition: str
    kind: TriggerKind
    levels: tuple[str, ...] = ()
    after_seconds: float | None = None
    to: tuple[str, ...] = ()
    text: str = ""
    line: int = 0
    file: str = ""


class Contact(Value, frozen=True):
    level: str
    role: str
    response_seconds: float | None = None
    method: str = ""
    line: int = 0
    response: str = ""
    """The response time in the document's words."""


class Escalation(Value, frozen=True):
    triggers: tuple[EscalationTrigger, ...] = ()
    contacts: tuple[Contact, ...] = ()
    include: tuple[str, ...] = ()
    """What an escalation's message has to say."""


class AgendaItem(Value, frozen=True):
    title: str
    seconds: float | None = None
    line: int = 0
    text: str = ""


class PostMortem(Value, frozen=True):
    template: str = ""
    line: int = 0
    agenda: tuple[AgendaItem, ...] = ()


class Command(Value, frozen=True):
    """One shell command of a step; `line` is its first line, `block_line` its fence's."""

    command: str
    line: int
    block_line: int


class Step(Value, frozen=True):
    title: str
    line: int
    condition: str | None = None
    prose: str = ""
    owner: str | None = None
    seconds: float | None = None
    commands: tuple[Command, ...] = ()


class Playbook(Value, frozen=True):
    title: str
    line: int
    steps: tuple[Step, ...] = ()
    file: str = ""


class Related(Value, frozen=True):
    """A document that the runbook links to; `exists` is None until somebody looked."""

    title: str
    target: str
    line: int
    exists: bool | None = None
    text: str = ""
    file: str = ""


class Revision(Value, frozen=True):
    version: str
    date: str
    author: str
    changes: str
    line: int


class Prose(Value, frozen=True):
    """Text that is none of the other values; no text of the file is lost."""

    heading: str
    line: int
    text: str
    file: str = ""


class Heading(Value, frozen=True):
    """Every heading as it stands, for jumps and so that no heading is lost."""

    level: int
    title: str
    line: int
    file: str = ""


class Columns(Value, frozen=True):
    """The column names of a table that was understood, in the document's words."""

    names: tuple[str, ...]
    line: int


class Counts(Value, frozen=True):
    headings: int = 0
    checkboxes: int = 0
    tables: int = 0
    fences: int = 0
    fences_bash: int = 0
    fences_markdown: int = 0
    fences_plain: int = 0
    fences_in_lists: int = 0


class Finding(Value, frozen=True):
    file: str
    line: int
    level: Level
    code: str
    message: str
    fix: str = ""


class Runbook(Value, frozen=True):
    """The program of the console: change the Markdown and every rule follows."""

    title: str = ""
    version: str | None = None
    updated: str | None = None
    """An ISO date."""
    owner: str | None = None
    sha256: str = ""
    lines: int = 0
    language: str = "en"
    counts: Counts = Counts()
    roles: tuple[Role, ...] = ()
    channels: tuple[Channel, ...] = ()
    declaration: Declaration = Declaration()
    severities: tuple[Severity, ...] = ()
    oncall: OnCall = OnCall()
    phases: tuple[Phase, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    templates: tuple[Template, ...] = ()
    escalation: Escalation = Escalation()
    postmortem: PostMortem = PostMortem()
    playbooks: tuple[Playbook, ...] = ()
    related: tuple[Related, ...] = ()
    revisions: tuple[Revision, ...] = ()
    headings: tuple[Heading, ...] = ()
    columns: tuple[Columns, ...] = ()
    open_fence: int | None = None
    """The line of a fence that is never closed."""
    prose: tuple[Prose, ...] = ()
    findings: tuple[Finding, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every item that can be ticked, in the order of an incident."""
        yield from self.declaration.triggers
        for severity in self.severities:
            yield from severity.criteria
        yield from self.oncall.responsibilities
        yield from self.oncall.checklist
        for phase in self.phases:
            yield from phase.steps
        for checklist in self.checklists:
            yield from checklist.items

    def item(self, id: str) -> Item | None:
        return next((item for item in self.items() if item.id == id), None)

    def severity(self, level: str) -> Severity | None:
        """By its label, whatever the case."""
        return next((severity for severity in self.severities if severity.level.casefold() == level.casefold()), None)
