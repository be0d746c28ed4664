"""What to do now: the next step of a playbook that was begun, else the first open item of the initial response, then of the phase."""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from warroom.core.incident import Incident
from warroom.core.levels import levels_named
from warroom.core.rules import phase_name
from warroom.core.underway import next_open
from warroom.runbook.model import Item, Runbook


class NextStep(msgspec.Struct, frozen=True):
    """`where` says from which list it comes. `item` is None where the step is none of the runbook's items."""

    title: str
    where: str
    item: Item | None = None
    playbook: str = ""
    """The key of the playbook that it is a step of, and `number` which one."""
    number: int = 0


def applies(runbook: Runbook, incident: Incident, item: Item) -> bool:
    """Whether an item is about this case: "If P3/P4: …" is not, once it is a P2. Before a level is set, every branch is open."""
    named = levels_named(runbook, item.text)
    return not named or incident.severity is None or incident.severity in named


def is_branch(runbook: Runbook, item: Item) -> bool:
    return bool(levels_named(runbook, item.text))


def acknowledges(item: Item) -> bool:
    """Whether the item asks to acknowledge the alert, and no more."""
    return (
        re.match(r"(?:the on-call )?ack(?:nowledge)?s?\b.*\b(?:alert|page|incident|pagerduty|pager)\b", item.text, re.IGNORECASE)
        is not None
    )


def is_done(incident: Incident, item: Item) -> bool:
    return item.id in incident.ticks or (incident.acknowledged is not None and acknowledges(item))


def next_step(runbook: Runbook, incident: Incident, now: datetime | None = None) -> NextStep | None:
    """None: nothing is left to do, or nothing was declared. With `now` a playbook that somebody began goes before all lists."""
    if not incident.id or incident.closed:
        return None
    if now is not None and incident.steps and (open := next_open(runbook, incident, now)):
        where = f"{open.playbook.title}, step {open.step.number}"
        return NextStep(open.step.step.title, where, playbook=open.key, number=open.step.number)
    initial = runbook.oncall.checklist
    if (item := _first_open(runbook, incident, initial)) is not None:
        return NextStep(item.text, f"initial response, {initial.index(item) + 1} of {len(initial)}", item)
    if incident.severity is None and runbook.severities:
        return NextStep("Set the severity", "severity")
    number = max(incident.phase, 1)
    if number > len(runbook.phases):
        return None
    phase = runbook.phases[number - 1]
    if (item := _first_open(runbook, incident, phase.steps)) is not None:
        return NextStep(item.text, f"phase {number}, {phase_name(phase.title)}", item)
    if number < len(runbook.phases):
        return NextStep(f"Phase {number + 1}: {phase_name(runbook.phases[number].title)}", f"phase {number} is done")
    return None


def _first_open(runbook: Runbook, incident: Incident, items: Iterable[Item]) -> Item | None:
    """Items of a branch wait until there is a level to choose it by; optional ones are nobody's next step."""
    for item in items:
        waits = incident.severity is None and is_branch(runbook, item)
        if not waits and not item.optional and not is_done(incident, item) and applies(runbook, incident, item):
            return item
    return None
