"""Playbooks under way: the state of each step, who did what, and which playbook fits what is measured."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from warroom.core.entries import Entry, StepAnswered, StepDone, StepEnded, StepFact, StepSkipped, StepStarted
from warroom.core.incident import Incident
from warroom.core.readings import Verdict
from warroom.runbook.model import Playbook, Runbook, Step

Word = Literal["todo", "running", "ok", "failed", "skipped", "not applicable", "unknown"]
SILENT = timedelta(hours=1)
"""A run of another machine that was started so long ago and never ended is not running any more."""
_NEGATION = re.compile(r"\b(?:not|no|isn.t|wasn.t|without|none)\b", re.IGNORECASE)
_EMPTY = frozenset(
    ("a", "an", "and", "any", "are", "at", "be", "been", "by", "for", "found", "has", "have", "if", "in", "is", "it", "its")
) | frozenset(
    ("not", "no", "none", "of", "on", "or", "otherwise", "recent", "recently", "still", "that", "the", "there", "to", "was", "with")
)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a command; `id` is that of its StepStarted."""

    id: str
    command: int
    started: StepStarted
    by: str
    at: datetime
    ended: StepEnded | None = None
    ended_at: datetime | None = None
    state: Literal["running", "ok", "failed", "unknown"] = "running"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """To a condition. `implied`: the answer to the opposite condition of another step says it."""

    answer: Literal["yes", "no"]
    by: str
    at: datetime
    reason: str = ""
    implied: bool = False


class StepState(msgspec.Struct, frozen=True, kw_only=True):
    """Where a step stands. `by` and `at` are of what brought it there; a step that nobody touched has neither."""

    number: int
    step: Step
    word: Word = "todo"
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    """Why it was skipped, or done by hand."""
    answer: Answer | None = None
    runs: tuple[Run, ...] = ()
    """Oldest first; also those of commands that only belong to it."""
    ahead: bool = False
    """It was begun while an earlier step was still to do."""

    @property
    def asks(self) -> bool:
        """Its condition waits for an answer."""
        return self.step.condition is not None and self.answer is None and self.word == "todo"

    @property
    def next_command(self) -> int:
        """The first of its commands that did not run well yet; 0: none is left."""
        good = {run.command for run in self.runs if run.state == "ok"}
        return next((number for number, _ in enumerate(self.step.commands, 1) if number not in good), 0)


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A playbook with why it may be the right one; without a reason `why` is empty."""

    key: str
    playbook: Playbook
    why: str = ""
    score: int = 0


def playbook_key(runbook: Runbook, playbook: Playbook) -> str:
    """Its name in entries: its title, with where it stands when another has the same one."""
    same = [one for one in runbook.playbooks if one.title == playbook.title]
    return playbook.title if len(same) == 1 else f"{playbook.title} ({f'{playbook.file} ' if playbook.file else ''}line {playbook.line})"


def find_playbook(runbook: Runbook, key: str) -> Playbook | None:
    return next((one for one in runbook.playbooks if playbook_key(runbook, one) == key), None)


def state(incident: Incident, key: str, playbook: Playbook, now: datetime) -> tuple[StepState, ...]:
    """Every step of it, in order."""
    mine: dict[int, list[Entry]] = {}
    for entry in incident.steps:
        if isinstance(entry.fact, StepFact) and entry.fact.playbook == key:
            mine.setdefault(entry.fact.step, []).append(entry)
    answers = {number: found for number in mine if (found := _answered(incident, mine[number]))}
    return tuple(
        _state(incident, number, step, mine.get(number, ()), answers.get(number) or _implied(playbook, number, answers), now, _opened(mine))
        for number, step in enumerate(playbook.steps, 1)
    )


def run_of(incident: Incident, id: str, now: datetime) -> Run | None:
    """The run that was started by the entry with this id."""
    started = next((entry for entry in incident.steps if entry.id == id), None)
    return next(iter(_runs(incident, [started, *incident.steps], now)), None) if started else None


def unknown_runs(incident: Incident, now: datetime) -> tuple[Run, ...]:
    """Those of which nobody knows how they ended, and which nobody settled since: the step was neither run again nor closed by hand."""
    found: dict[tuple[str, int, int], Run] = {}
    for run in _runs(incident, incident.steps, now):
        found[run.started.playbook, run.started.step, run.command] = run
    settled = {
        (entry.fact.playbook, entry.fact.step): incident.at(entry)
        for entry in incident.steps
        if isinstance(entry.fact, StepDone | StepSkipped)
    }
    return tuple(
        run
        for (playbook, step, _), run in found.items()
        if run.state == "unknown" and not ((at := settled.get((playbook, step))) and at >= run.at)
    )


def ranked(runbook: Runbook, verdicts: Iterable[Verdict] = (), symptoms: str = "") -> tuple[Ranked, ...]:
    """Those first whose title shares words with what is measured as true, or with what people wrote of the incident."""
    told = [(verdict.criterion, f"{verdict.criterion}: {verdict.evidence}" if verdict.evidence else verdict.criterion)
            for verdict in verdicts if verdict.verdict == "true"]  # fmt: skip
    if symptoms.strip():
        told.append((symptoms, f"it was declared as {symptoms.strip()!r}"))
    found = [_rank(runbook, playbook, told) for playbook in runbook.playbooks]
    return tuple(sorted(found, key=lambda one: -one.score))


def _rank(runbook: Runbook, playbook: Playbook, told: Sequence[tuple[str, str]]) -> Ranked:
    title = _words(playbook.title)
    shared = [(len(title & _words(words)), why) for words, why in told]
    score, why = max(shared, key=lambda each: each[0], default=(0, ""))
    return Ranked(key=playbook_key(runbook, playbook), playbook=playbook, score=score, why=why if score else "")


def _words(text: str) -> frozenset[str]:
    """What it is about: longer words without their endings."""
    found = {word.casefold() for word in re.findall(r"\w+", text)} - _EMPTY
    return frozenset(re.sub(r"(?:ments?|ions?|ing|ed|es|s|ly)$", "", word) if len(word) > 5 else word.removesuffix("s") for word in found)


def _answered(incident: Incident, entries: Iterable[Entry]) -> Answer | None:
    """The last answer holds."""
    found = None
    for entry in entries:
        if isinstance(entry.fact, StepAnswered):
            found = Answer(answer=entry.fact.answer, by=entry.by, at=incident.at(entry), reason=entry.fact.reason)
    return found


def _implied(playbook: Playbook, number: int, answers: dict[int, Answer]) -> Answer | None:
    """Where "If recent deployment" was answered, "If not deployment" is, too."""
    mine = playbook.steps[number - 1].condition
    for other, answer in answers.items():
        theirs = playbook.steps[other - 1].condition if other <= len(playbook.steps) else None
        if other != number and mine and theirs and _are_opposite(mine, theirs):
            return Answer(answer="no" if answer.answer == "yes" else "yes", by=answer.by, at=answer.at, implied=True)
    return None


def _are_opposite(one: str, other: str) -> bool:
    if bool(_NEGATION.search(one)) == bool(_NEGATION.search(other)):
        return False
    mine, theirs = _words(one), _words(other)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _opened(mine: dict[int, list[Entry]]) -> dict[int, int]:
    """By step: the number of the entry with which somebody began or closed it."""
    return {number: entries[0].seq for number, entries in mine.items()}


def _runs(incident: Incident, entries: Iterable[Entry | None], now: datetime) -> list[Run]:
    ends = {entry.fact.run: entry for entry in incident.steps if isinstance(entry.fact, StepEnded)}
    found = []
    for entry in entries:
        if entry is None or not isinstance(entry.fact, StepStarted):
            continue
        at, end = incident.at(entry), ends.get(entry.id)
        fact = end.fact if end and isinstance(end.fact, StepEnded) else None
        found.append(
            Run(
                id=entry.id,
                command=entry.fact.command,
                started=entry.fact,
                by=entry.by,
                at=at,
                ended=fact,
                ended_at=incident.at(end) if end else None,
                state=_run_state(fact, at, now, entry.fact.limit),
            )
        )
    return found


def _run_state(end: StepEnded | None, at: datetime, now: datetime, limit: float) -> Literal["running", "ok", "failed", "unknown"]:
    if end is None:
        return "unknown" if limit and now - at > SILENT else "running"
    if end.ended == "lost":
        return "unknown"
    return "ok" if end.ok else "failed"


def _state(
    incident: Incident, number: int, step: Step, entries: Sequence[Entry], answer: Answer | None, now: datetime, opened: dict[int, int]
) -> StepState:
    runs = tuple(_runs(incident, entries, now))
    last = {run.command: run for run in runs if run.command}
    by_hand = next((entry for entry in reversed(entries) if isinstance(entry.fact, StepSkipped | StepDone)), None)
    ahead = bool(entries) and any(opened.get(before, entries[0].seq + 1) > entries[0].seq for before in range(1, number))
    found = StepState(number=number, step=step, answer=answer, runs=runs, ahead=ahead)
    newest = max(last.values(), key=lambda run: run.ended_at or run.at, default=None)
    if by_hand is not None and not (newest and newest.at > incident.at(by_hand)):
        reason = getattr(by_hand.fact, "reason", "")
        word: Word = "skipped" if isinstance(by_hand.fact, StepSkipped) else "ok"
        return msgspec.structs.replace(found, word=word, by=by_hand.by, at=incident.at(by_hand), reason=reason)
    if newest is not None:
        whose = next((run for want in ("running", "unknown", "failed") for run in last.values() if run.state == want), newest)
        word = "todo" if whose.state == "ok" and len(last) < len(step.commands) else whose.state
        return msgspec.structs.replace(found, word=word, by=whose.by, at=whose.ended_at or whose.at)
    if answer is not None and answer.answer == "no":
        return msgspec.structs.replace(found, word="not applicable", by=answer.by, at=answer.at, reason=answer.reason)
    return found
