"""Roles and phases in three lines, for a header that has room."""

from collections.abc import Sequence
from datetime import timedelta

from warroom.core.entries import PhaseSet
from warroom.core.incident import Incident
from warroom.core.rules import phase_name
from warroom.runbook.model import Role, Runbook
from warroom.ui.cells import Line, Seg, cell, clip, measure
from warroom.ui.look import foreign, g
from warroom.ui.words import utc

NAME, HOLDER = 16, 10
"""Cells at most of a role's word and its holder."""


def roll(runbook: Runbook, incident: Incident, leader: Role | None) -> Sequence[Line]:
    """Three lines of one width: who does what beside the one who leads, and the phases around the one it is in."""
    others = [role for role in runbook.roles if role is not leader]
    words = [role.name.split()[0] if role.name.split() else "" for role in others[:4]]
    size = min(NAME, max(map(len, words), default=0) + 1)
    roles = [_role(word, incident.roles.get(role.name, ""), size) for word, role in zip(words, others, strict=False)]
    left: list[list[Seg]] = [[*roles[n], *(roles[n + 1] if n + 1 < len(roles) else ())] for n in range(0, len(roles), 2)]
    if others:
        left.append([("@ ", "$focus bold"), ("roles, who answers", "$soft")])
    right = _phases(runbook, incident)
    return [
        [
            *cell(left[n] if n < len(left) else [], max(map(measure, left), default=0) + 3),
            *cell(right[n] if n < len(right) else [], max(map(measure, right), default=0)),
        ]
        for n in range(3)
    ]


def _role(word: str, holder: str, size: int) -> list[Seg]:
    who: Seg = (clip(foreign(holder), HOLDER - 1), "$ink bold") if holder else ("nobody", "$soft")
    return [*cell((clip(foreign(word), size - 1), "$soft"), size), *cell(who, HOLDER)]


def _phases(runbook: Runbook, incident: Incident) -> list[Line]:
    """The one before, the one it is in, and the one after; at both ends, the three that are there."""
    count, now = len(runbook.phases), max(1, incident.phase)
    first = max(1, min(now - 1, count - 2))
    begun = {entry.fact.phase: incident.at(entry) for entry in incident.phases if isinstance(entry.fact, PhaseSet)}
    out = list[Line]()
    for number in range(first, min(first + 3, count + 1)):
        phase = runbook.phases[number - 1]
        name = f"{number} {foreign(phase_name(phase.title), 40)}"
        if number < now:
            left = min((at for later, at in begun.items() if later > number), default=None)
            out.append([(f"{g['good']} ", "$good"), (name, "$soft"), (f" until {utc(left, seconds=False)}" if left else "", "$soft")])
        elif number == now and not incident.closed:
            box = phase.to_seconds
            until = f" until {utc(incident.alerted + timedelta(seconds=box), seconds=False)}" if box and incident.alerted else ""
            out.append([(f"{g['run']} ", "$ink"), (name, "$ink bold"), (until, "$ink")])
        else:
            out.append([(f"{g['todo']} {name}", "$soft")])
    return out
