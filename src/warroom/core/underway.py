"""The playbook that people are in, and the step of it that is next."""

from datetime import datetime
from typing import NamedTuple

from warroom.core.entries import StepFact
from warroom.core.incident import Incident
from warroom.core.playbooks import StepState, find_playbook, state, unknown_runs
from warroom.runbook.model import Playbook, Runbook

OVER = ("ok", "skipped", "not applicable")


class Open(NamedTuple):
    """A step that waits, and the key of its playbook."""

    key: str
    playbook: Playbook
    step: StepState


def next_open(runbook: Runbook, incident: Incident, now: datetime) -> Open | None:
    """First a run whose outcome nobody knows; then what is open of the playbook that was touched last, until all is restored."""
    for run in unknown_runs(incident, now):
        if found := _open(runbook, incident, run.started.playbook, run.started.step, now):
            return found
    if incident.restored:
        return None
    for entry in reversed(incident.steps):
        if isinstance(entry.fact, StepFact):
            return first_open(runbook, incident, entry.fact.playbook, now)
    return None


def first_open(runbook: Runbook, incident: Incident, key: str, now: datetime) -> Open | None:
    """What runs is nobody's next step, nor is what failed once people went on to a later one."""
    playbook = find_playbook(runbook, key)
    if playbook is None:
        return None
    steps = state(incident, key, playbook, now)
    furthest = max((one.number for one in steps if one.at is not None and not (one.answer and one.answer.implied)), default=0)
    for one in steps:
        passed = one.word == "failed" and one.number < furthest
        if one.word not in (*OVER, "running") and not passed:
            return Open(key, playbook, one)
    return None


def _open(runbook: Runbook, incident: Incident, key: str, number: int, now: datetime) -> Open | None:
    playbook = find_playbook(runbook, key)
    if playbook is None or not 0 < number <= len(playbook.steps):
        return None
    return Open(key, playbook, state(incident, key, playbook, now)[number - 1])
