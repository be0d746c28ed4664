"""The steps of a playbook: answered, skipped, done by hand, started, ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.acts.arming import armed_until
from warroom.core.entries import (
    DebtRepaid,
    Draft,
    StepAnswered,
    StepDone,
    StepEnded,
    StepSkipped,
    StepStarted,
    ValueSet,
)
from warroom.core.incident import Incident
from warroom.core.ledger import find_debt
from warroom.core.playbooks import StepState, find_playbook, run_of, state
from warroom.runbook.fences import folded
from warroom.runbook.model import Runbook


def step_state(incident: Incident, runbook: Runbook, key: str, number: int, now: datetime) -> StepState | Refusal:
    """Where the step stands, in an incident that is open."""
    if refusal := unless_open(incident):
        return refusal
    playbook = find_playbook(runbook, key)
    if playbook is None:
        known = ", ".join(one.title for one in runbook.playbooks) or "none"
        return Refusal(f"the runbook has no playbook {key}: it has {known}")
    if not 1 <= number <= len(playbook.steps):
        return Refusal(f"{playbook.title} has no step {number}: it has {len(playbook.steps)}")
    return state(incident, key, playbook, now)[number - 1]


@dataclass(frozen=True, slots=True)
class AnswerStep:
    """Its condition holds, or does not; the last answer counts."""

    playbook: str
    step: int
    answer: Literal["yes", "no"]
    reason: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = step_state(incident, runbook, self.playbook, self.step, now)
        if isinstance(found, Refusal):
            return found
        if found.step.condition is None:
            return Refusal(f"step {self.step} ({found.step.title}) has no condition: run it, do it or skip it")
        if found.answer and not found.answer.implied and found.answer.answer == self.answer:
            return Refusal(f"{found.answer.by} answered {self.answer} at {found.answer.at:%H:%M:%S} UTC", mistake=False)
        if self.answer == "no" and found.word == "running":
            return Refusal(f"{found.by} is running it: stop it first", mistake=False)
        fact = StepAnswered(playbook=self.playbook, step=self.step, title=found.step.title, answer=self.answer, reason=self.reason.strip())
        return (Draft(fact, now),)


@dataclass(frozen=True, slots=True)
class SkipStep:
    playbook: str
    step: int
    reason: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = step_state(incident, runbook, self.playbook, self.step, now)
        if isinstance(found, Refusal):
            return found
        if not self.reason.strip():
            return Refusal("say why it is skipped (`--reason`)")
        if found.word == "running":
            return Refusal(f"{found.by} is running it: stop it first", mistake=False)
        return (Draft(StepSkipped(playbook=self.playbook, step=self.step, title=found.step.title, reason=self.reason.strip()), now),)


@dataclass(frozen=True, slots=True)
class FinishStep:
    """It was done by hand or somewhere else. A step that has nothing to run needs no reason."""

    playbook: str
    step: int
    reason: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        found = step_state(incident, runbook, self.playbook, self.step, now)
        if isinstance(found, Refusal):
            return found
        if found.word == "running":
            return Refusal(f"{found.by} is running it: wait for it, or stop it first", mistake=False)
        if found.step.commands and not self.reason.strip():
            return Refusal(f"step {self.step} has commands: run them, or say how it was done (`--reason`)")
        return (Draft(StepDone(playbook=self.playbook, step=self.step, title=found.step.title, reason=self.reason.strip()), now),)


@dataclass(frozen=True, slots=True)
class StartStep:
    """The runner's: the intent, before the command starts. `arms`: this one run was armed by what was said to it."""

    fact: StepStarted
    arms: bool = False

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        fact = self.fact
        found = step_state(incident, runbook, fact.playbook, fact.step, now)
        if isinstance(found, Refusal):
            return found
        if fact.judged != "read" and not self.arms and armed_until(incident, fact.console, now) is None:
            return Refusal("this console is safe and changes nothing: arm it first (`W`), with a reason")
        for run in found.runs:
            if run.state == "running" and (run.by != by or run.command == fact.command):
                return Refusal(
                    f"{run.by} is running step {fact.step} since {run.at:%H:%M:%S} UTC: wait for it, or stop it first", mistake=False
                )
        if fact.pays and (refusal := self._unless_owed(incident, now)):
            return refusal
        return (Draft(fact, now),)

    def _unless_owed(self, incident: Incident, now: datetime) -> Refusal | None:
        debt = find_debt(incident, self.fact.pays)
        if debt is None or debt.state != "owed":
            return Refusal("that temporary change is not owed any more", mistake=False)
        for entry in incident.steps:
            if isinstance(entry.fact, StepStarted) and entry.fact.pays == debt.id:
                run = run_of(incident, entry.id, now)
                if run and run.state == "running":
                    return Refusal(f"{run.by} is undoing it since {run.at:%H:%M:%S} UTC", mistake=False)
        return None


@dataclass(frozen=True, slots=True)
class EndStep:
    """The runner's: how a run ended. Where it undid a change, that is repaid."""

    fact: StepEnded

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        run = run_of(incident, self.fact.run, now)
        if run is None:
            return Refusal("no run of this incident has that id", mistake=False)
        if run.ended is not None:
            return Refusal(f"how that run ended was recorded at {run.ended_at:%H:%M:%S} UTC", mistake=False)
        drafts = [Draft(self.fact, now)]
        if self.fact.ok and run.started.pays:
            drafts.append(Draft(DebtRepaid(debt=run.started.pays, run=run.id), now))
        return tuple(drafts)


@dataclass(frozen=True, slots=True)
class SetValue:
    """What a placeholder stands for, for the rest of the incident."""

    name: str
    value: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        name = folded(self.name)
        if not self.value.strip():
            return Refusal(f"{self.name} needs a value")
        if incident.values.get(name) == self.value:
            return ()
        return (Draft(ValueSet(name=name, value=self.value), now),)
