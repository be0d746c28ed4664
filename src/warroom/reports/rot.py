"""What an incident taught about its runbook, as a patch of the team's own Markdown: steps that were skipped, run otherwise, or failed."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import unified_diff

import msgspec

from warroom.core.incident import Incident
from warroom.core.playbooks import Run, StepState, playbook_key, state
from warroom.core.redact import GONE
from warroom.core.timeline import one_line
from warroom.runbook.fences import folded, placeholders
from warroom.runbook.model import Command, Runbook
from warroom.runbook.untty import without_terminal

FENCE = re.compile(r"\s*(```+|~~~+)")
ENTRY = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
NUMBER = re.compile(r"\d+")


class Lesson(msgspec.Struct, frozen=True):
    """Lines `first` to `last` (from 1, the latter not included) become `lines`; `why` is for people."""

    first: int
    last: int
    lines: tuple[str, ...]
    why: str


def patch(incident: Incident, runbook: Runbook, text: str, now: datetime, who: str) -> str:
    """A unified diff against `text`, which is the runbook of the incident; empty where there is nothing to learn."""
    found = list(lessons(incident, runbook, text, now))
    if not found:
        return ""
    lines = text.splitlines()
    if row := _revision(runbook, lines, incident, now, who, found):
        found.append(row)
    for lesson in sorted(found, key=lambda one: -one.first):
        lines[lesson.first - 1 : lesson.last - 1] = lesson.lines
    name = (incident.runbook.file if incident.runbook else "") or "runbook.md"
    return "\n".join(unified_diff(text.splitlines(), lines, f"a/{name}", f"b/{name}", lineterm="")) + "\n"


def lessons(incident: Incident, runbook: Runbook, text: str, now: datetime) -> Iterator[Lesson]:
    """Of one file: where a runbook is a folder, each of its files has a text of its own."""
    lines = text.splitlines()
    about = f"{incident.id}, {now:%Y-%m-%d}"
    for playbook in runbook.playbooks:
        if playbook.file:
            continue
        for step in state(incident, playbook_key(runbook, playbook), playbook, now):
            yield from _of_step(incident, step, lines, about)


def _of_step(incident: Incident, step: StepState, lines: Sequence[str], about: str) -> Iterator[Lesson]:
    if step.word == "skipped" and step.reason:
        yield _note(lines, step.step.line, _end(step, lines), f"{about}: skipped, {one_line(step.reason)}", f"{step.step.title}: skipped")
        return
    for number, command in enumerate(step.step.commands, 1):
        runs = [run for run in step.runs if run.command == number and run.ended is not None]
        if not runs:
            continue
        if (lesson := _edited(incident, command, runs[-1], lines)) is not None:
            yield lesson
        elif runs[-1].state == "failed":
            yield _failed(command, runs[-1], lines, about)


def _edited(incident: Incident, command: Command, run: Run, lines: Sequence[str]) -> Lesson | None:
    """Only what ran well in the end is worth being written down."""
    runs = run.started.runs
    if run.state != "ok" or GONE in runs or _is_it(command.command, runs):
        return None
    written = _with_placeholders(incident, command.command, runs).splitlines()
    first, last = command.line, command.line + len(command.command.splitlines())
    if last - 1 > len(lines):
        return None
    old = lines[first - 1]
    indent = old[: len(old) - len(old.lstrip())]
    prompt = "$ " if old.lstrip().startswith("$ ") else ""
    new = tuple(f"{indent}{prompt if n == 0 else ''}{line}" for n, line in enumerate(written))
    return Lesson(first, last, new, f"`{one_line(command.command)}` was run as `{one_line(runs)}`")


def _is_it(command: str, runs: str) -> bool:
    """Whether it is the runbook's command with its placeholders filled."""
    return any(re.fullmatch(_pattern(one), one_line(runs)) for one in (command, without_terminal(command)))


def _pattern(command: str) -> str:
    pattern = re.escape(one_line(command))
    for place in placeholders(one_line(command)):
        for spelling in place.spelling:
            pattern = pattern.replace(re.escape(spelling), r"""['"]?.+?['"]?""")
    return pattern


def _with_placeholders(incident: Incident, command: str, runs: str) -> str:
    """Values that are of this incident alone become the placeholders that they filled."""
    for place in placeholders(command):
        value = incident.values.get(folded(place.name), "")
        if len(value) > 2:
            runs = runs.replace(value, place.spelling[0])
    return runs


def _failed(command: Command, run: Run, lines: Sequence[str], about: str) -> Lesson:
    ended = run.ended
    assert ended is not None
    how = f"exit {ended.exit_code}" if ended.ended == "exited" else ended.ended
    said = next((one_line(line) for line in ended.excerpt.splitlines() if line.strip()), "")
    words = f"{about}: `{one_line(command.command)}` failed ({how}){f': {said[:120]}' if said else ''}"
    return _note(lines, command.block_line, _fence_end(lines, command.block_line), words, f"`{one_line(command.command)}` failed")


def _note(lines: Sequence[str], at: int, after: int, words: str, why: str) -> Lesson:
    """A quote below line `after`, as far in as what line `at` says."""
    head = lines[at - 1] if at <= len(lines) else ""
    marker = ENTRY.match(head)
    indent = " " * (marker.end() if marker else len(head) - len(head.lstrip()))
    below = ("",) if after < len(lines) and lines[after].strip() else ()
    return Lesson(after + 1, after + 1, ("", f"{indent}> {words}", *below), why)


def _end(step: StepState, lines: Sequence[str]) -> int:
    """The last line of its last fence, or of its title."""
    commands = step.step.commands
    return _fence_end(lines, commands[-1].block_line) if commands else step.step.line


def _fence_end(lines: Sequence[str], begin: int) -> int:
    """The line that closes the fence of line `begin`; the end of an indented block, where it is none."""
    opened = FENCE.match(lines[begin - 1]) if begin <= len(lines) else None
    for number in range(begin + 1, len(lines) + 1):
        line = lines[number - 1]
        if opened and line.strip() == opened[1]:
            return number
        if not opened and not line.strip():
            return number - 1
    return len(lines)


def _revision(
    runbook: Runbook, lines: Sequence[str], incident: Incident, now: datetime, who: str, found: Sequence[Lesson]
) -> Lesson | None:
    """A row of the document's own history (R4), in the columns that it has."""
    if not runbook.revisions:
        return None
    last = max(runbook.revisions, key=lambda one: one.line)
    row = lines[last.line - 1] if last.line <= len(lines) else ""
    if "|" not in row:
        return None
    told = f"after {incident.id}: {len(found)} step{'s' * (len(found) != 1)} as they went"
    values = {last.version: _next(last.version), last.date: f"{now:%Y-%m-%d}", last.author: who, last.changes: told}
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    new = "| " + " | ".join(values.get(cell, cell) if cell else cell for cell in cells) + " |"
    return Lesson(last.line + 1, last.line + 1, (new,), "the document's history")


def _next(version: str) -> str:
    """`1.0.0` becomes `1.0.1`."""
    found = list(NUMBER.finditer(version))
    if not found:
        return version
    at = found[-1]
    return f"{version[: at.start()]}{int(at[0]) + 1}{version[at.end() :]}"
