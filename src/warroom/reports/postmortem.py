"""The post-mortem: the runbook's own template, filled from the entries; what a human must still write is marked and counted."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from warroom.core.entries import ActionAdded, Entry
from warroom.core.incident import Incident
from warroom.core.redact import redact
from warroom.reports.computed import FACTORS, SUMMARY, Computed
from warroom.reports.evidence import ASKS, evidence_list
from warroom.reports.fields import Fields
from warroom.reports.flight import flight_table
from warroom.reports.tables import Table, cells, row, rows_of_timeline, table_at
from warroom.reports.words import markdown
from warroom.runbook.model import Runbook

OWN = """# Post-mortem: [Incident title]

**Date**: [Date]
**Duration**: [Start time] - [End time] ([Total duration])
**Severity**: [Severity]
**Authors**: [Authors]
**Status**: Draft

## Summary

[What happened, what it did to whom, how it ended]

## Timeline (UTC)

| Time | Event |
|------|-------|
| HH:MM | [Alert fired] |
| HH:MM | [On-call acknowledged] |
| HH:MM | [Incident declared] |
| HH:MM | [Service restored] |
| HH:MM | [Incident closed] |

## Impact

[Who was affected, how, and for how long]

## Root cause

[Why it happened, and what else played a part]

## What went well

- [What went well]

## What could be improved

- [What could be improved]

## Action items

| Priority | Action | Owner | Due | Status |
|----------|--------|-------|-----|--------|
| P1 | [Action] | [owner] | [date] | Planned |
"""
"""For a runbook without a template of its own."""

# Brackets with one level of brackets within; not a link's text, not a check-box, not what is escaped.
PLACEHOLDER = re.compile(
    r"(?<![\\\]])\[(?![ x]\]|\^)(?P<square>(?:[^\[\]\n]|\[[^\[\]\n]*\])+)\](?![(\[]|:\s*\S+$)"
    r"|\{\{(?P<curly>[^{}\n]+)\}\}"
    r"|<(?!/?(?:a|b|br|code|dd|details|div|dl|dt|em|h[1-6]|hr|i|img|kbd|li|ol|p|pre|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul)\b)"
    r"(?P<angle>[A-Za-z][^<>\n:@]*)>"
)
UNBRACKETED = str.maketrans("", "", "[]{}<>")
CHOSEN_LEVEL = re.compile(r"\b(?:P|SEV-?|S)\[\w+(?:\s*/\s*\w+)+\]", re.IGNORECASE)
LABEL = re.compile(r"^(?P<head>\s*(?:[-*+]\s+)?(?:\*\*|__)?(?P<label>[A-Z][\w /&'-]{0,40}?)(?:\*\*|__)?\s*:(?:\*\*|__)?)(?P<rest>\s*.*)$")
BULLET = re.compile(r"^(?P<head>\s*(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ x]\]\s+)?)(?P<rest>.*)$")


FEW = 3
"""Contributing factors that a review looks for at least."""
TO_WRITE = "**To write:**"
SOURCE = re.compile(r"^Written from the \d+ entries of .*$", re.MULTILINE)
"""Where a document comes from."""
_COUNT = re.compile(r"\A<!-- \d+ fields? to write: search for `To write`[^\n]*-->")


class Document(msgspec.Struct, frozen=True):
    """Markdown; `unfilled` counts what a human must still write."""

    text: str
    unfilled: int


def postmortem(incident: Incident, runbook: Runbook, now: datetime, head: str = "", pictures: Sequence[tuple[str, str]] = ()) -> Document:
    """`head` is the hash of the journal's newest entry, where the caller verified the chain; `pictures` are titles and files beside it."""
    filler = _Filler(Fields(incident, runbook, now), Computed(incident, runbook, now), incident, pictures)
    template = redact(runbook.postmortem.template) or OWN
    body = "\n".join(filler.document(_joined(template).split("\n"))).strip() + filler.left_out() + _flight(incident, runbook, now)
    drill = "**DRILL**: an exercise, nothing of this happened to customers.\n\n" if incident.drill else ""
    text = f"{_first_line(filler.unfilled)}\n\n{drill}{body}\n\n---\n\n{_source(incident, runbook, head)}\n"
    return Document(text, filler.unfilled)


def _flight(incident: Incident, runbook: Runbook, now: datetime) -> str:
    rows = flight_table(incident, runbook, now)
    return "\n\n## Policy flight recorder\n\nEvery clock of the runbook, and what became of it.\n\n" + "\n".join(rows) if rows else ""


def _first_line(unfilled: int, conflicts: int = 0) -> str:
    meet = f"; {conflicts} {'conflict' if conflicts == 1 else 'conflicts'} with edits: search for `Conflict`" if conflicts else ""
    return f"<!-- {unfilled} {'field' if unfilled == 1 else 'fields'} to write: search for `To write`{meet} -->"


def counted(text: str) -> str:
    """The document with a first line that counts what is in it now; a first line that somebody wrote stays."""
    conflicts = len(re.findall(r"^<!-- Conflict: as it is written anew -->$|\*\*Conflict, written anew:\*\*", text, re.MULTILINE))
    return _COUNT.sub(lambda _: _first_line(text.count(TO_WRITE), conflicts), text)


def _joined(template: str) -> str:
    """A placeholder that runs over a line's end stands on one line."""
    return re.sub(
        r"\[(?:[^\[\]|#\n]|\n(?!\s*\n)){1,400}\]", lambda found: " ".join(found[0].split()) if found[0].strip("[] ") else found[0], template
    )


def _source(incident: Incident, runbook: Runbook, head: str) -> str:
    text = incident.runbook
    version = f", version {markdown(runbook.version)}" if runbook.version else ""
    said = [
        f"Written from the {len(incident.entries)} entries of {markdown(incident.id)}{f' (chain head {markdown(head)})' if head else ''}.",
        f"Runbook: {markdown(runbook.title) or 'without a title'}{version}, sha256 {text.sha256 if text else runbook.sha256}.",
    ]
    if cluster := incident.cluster:
        namespaces = ", ".join(cluster.namespaces)
        said.append(f"Cluster: {markdown(cluster.context)} ({markdown(cluster.server)}), namespaces {markdown(namespaces)}.")
    return " ".join(said)


class _Filler:
    """One pass over the template's lines; `heading` is what it is under."""

    def __init__(self, fields: Fields, computed: Computed, incident: Incident, pictures: Sequence[tuple[str, str]]) -> None:
        self._fields, self._computed, self._incident = fields, computed, incident
        self.unfilled, self._heading, self._listed, self._fence = 0, "", "", ""
        self._evidence = [*evidence_list(incident), *(f"- ![{title}]({file})" for title, file in pictures)]

    def document(self, lines: list[str]) -> Iterator[str]:
        n = 0
        while n < len(lines):
            table = None if self._fence else table_at(lines, n)
            if table is not None:
                yield from self._table(table)
                n = table.end
                continue
            yield from self._line(lines[n])
            n += 1

    def left_out(self) -> str:
        """What the template does not ask for, and a reader needs all the same."""
        return "\n\n## Evidence\n\n" + "\n".join(self._evidence) if self._evidence else ""

    # lines

    def _line(self, line: str) -> Iterator[str]:
        if fence := re.match(r"\s*(`{3,}|~{3,})", line):
            self._fence = "" if self._fence and fence[1].startswith(self._fence) else self._fence or fence[1]
        if heading := re.match(r"#{1,6}\s+(.*)", line):
            self._heading, self._listed = heading[1].casefold(), ""
        if self._evidence and (ASKS.search(self._heading) or ASKS.search(line)) and PLACEHOLDER.fullmatch(line.strip().lstrip("-*+ ")):
            yield from self._evidence
            self._evidence = []
            return
        if (bullet := BULLET.match(line)) and PLACEHOLDER.fullmatch(bullet["rest"].strip()):
            if self._listed and self._listed == self._heading:  # the first blank of a list stands for all
                return
            if (entries := self._said()) is not None:
                self._listed = self._heading
                yield from entries
                return
        yield self._answered(line) or self._labelled(line) or self._placeholders(line)

    def _answered(self, line: str) -> str | None:
        """A line that asks for what the journal can work out, or draft."""
        found = PLACEHOLDER.search(line)
        if found is None:
            return None
        bullet = BULLET.match(line)
        if bullet and (value := self._computed.bullet(bullet["rest"])):
            return f"{bullet['head']}{value}"
        name = (found["square"] or found["curly"] or found["angle"]).casefold()
        if re.fullmatch(r"(?:the )?root cause", name) and (cause := self._computed.cause()):
            return f"{line[: found.start()]}{cause}{line[found.end() :]}"
        if SUMMARY.search(self._heading) and found[0] == line.strip():
            return f"{self._to_write(found[0])}. Draft, to edit: {self._computed.draft()}"
        return None

    def _said(self) -> list[str] | None:
        """What people said under this heading, in place of the list's blanks; None: it is not about that."""
        if re.search(r"\bwell\b|\bgood\b", self._heading):
            return self._bullets(self._incident.well, "what went well")
        if re.search(r"improve|badly|wrong|poorly|better", self._heading):
            return self._bullets(self._incident.badly, "what could be improved")
        if FACTORS.search(self._heading) and (factors := self._computed.factors()):
            return [f"- {factor}" for factor in factors] + [f"- {self._to_write('what else played a part')}"] * (len(factors) < FEW)
        if re.search(r"action items?|follow-?ups?", self._heading):
            return [f"- {self._action_words(entry)}" for entry in self._incident.actions] or [f"- {self._to_write('action items')}"]
        return None

    def _bullets(self, entries: tuple[Entry, ...], missing: str) -> list[str]:
        return [f"- {markdown(self._fields.words(entry))}" for entry in entries] or [f"- {self._to_write(missing)}"]

    def _action_words(self, entry: Entry) -> str:
        fact = entry.fact
        if not isinstance(fact, ActionAdded):
            return markdown(self._fields.words(entry))
        owner = markdown(fact.owner) or self._to_write("owner")
        due = fact.due or self._to_write("due date")
        return f"{markdown(self._fields.words(entry))} ({owner}, due {due})"

    def _labelled(self, line: str) -> str | None:
        """`**Severity**: P[1/2/3/4]` has its value replaced whole; a label that we know nothing about goes on as text."""
        found = LABEL.match(line)
        if found is None:
            return None
        rest = found["rest"].strip()
        is_blank = not rest or PLACEHOLDER.search(rest) or CHOSEN_LEVEL.search(rest)
        if not is_blank and not self._fields.is_choice(found["label"], rest):
            return None
        value = self._fields.labelled(found["label"])
        return None if value is None else f"{found['head']} {value}"

    def _placeholders(self, text: str) -> str:
        text = CHOSEN_LEVEL.sub(lambda _: self._fields.labelled("severity") or self._to_write("severity"), text)

        def fill(found: re.Match[str]) -> str:
            name = found["square"] or found["curly"] or found["angle"]
            return self._fields.named(name) or self._to_write(name)

        return PLACEHOLDER.sub(fill, text)

    def _to_write(self, name: str) -> str:
        self.unfilled += 1
        return f"{TO_WRITE} {markdown(name.translate(UNBRACKETED))}"

    # tables

    def _table(self, table: Table) -> Iterator[str]:
        self._listed = ""
        time, event = table.column(r"time|when|utc|timestamp"), table.column(r"event|happened|what|description|action")
        who = table.column(r"who|by|source|actor|person")
        action, owner = table.column(r"action|task|item|what"), table.column(r"owner|assignee|who")
        yield from table.head
        if action is not None and owner is not None and (time is None or "action" in self._heading):
            yield from self._actions(table)
        elif time is not None and event is not None and ("timeline" in self._heading or table.has(r"HH:MM|\btime\b|\d\d:\d\d")):
            yield from rows_of_timeline(table, self._incident, self._fields, time, event, who)
        else:
            for line in table.rows:
                yield self._row(line)

    def _row(self, line: str) -> str:
        """A row of names and values, or of whatever else."""
        found = cells(line)
        if len(found) == 2 and (not found[1] or PLACEHOLDER.search(found[1]) or CHOSEN_LEVEL.search(found[1])):
            value = self._fields.labelled(re.sub(r"[*_:]", "", found[0]).strip())
            if value is not None:
                return row([found[0], value])
        return self._placeholders(line)

    def _actions(self, table: Table) -> Iterator[str]:
        """R69: an item without an owner or a date is a defect, and is counted."""
        columns: dict[int, Callable[[ActionAdded, Entry], str]] = {}
        for words, cell in (
            (r"priority|prio|severity", lambda fact, _: markdown(fact.priority) or self._to_write("priority")),
            (r"owner|assignee|who", lambda fact, _: markdown(fact.owner) or self._to_write("owner")),
            (r"due|date|when|deadline|target", lambda fact, _: fact.due or self._to_write("due date")),
            (r"status|state", lambda *_: table.choice(r"status|state", r"plan|open|to ?do|not started") or "Planned"),
            (r"action|task|item|what|description", lambda _, entry: markdown(self._fields.words(entry))),
        ):
            column = table.column(words, taken=set(columns))
            if column is not None:
                columns[column] = cell
        for entry in self._incident.actions:
            if isinstance(entry.fact, ActionAdded):
                yield row([columns[n](entry.fact, entry) if n in columns else "" for n in range(table.width)])
        if not self._incident.actions:
            action = table.column(r"action|task|item|what|description")
            yield row([self._to_write("action items") if n == action else "" for n in range(table.width)])
