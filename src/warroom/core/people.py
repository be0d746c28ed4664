"""Who carries how much: one person with several roles, and who could take one."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from warroom.core.incident import Incident
from warroom.core.levels import spans
from warroom.core.oncall import resolve
from warroom.core.rule import COMMANDER
from warroom.core.team import Team, folded
from warroom.runbook.model import Role, Runbook

MANY = 3
"""Roles of one person from which on it is told as load."""
ALONE = timedelta(minutes=10)
"""So long at the worst level before others are proposed."""
SILENT = timedelta(minutes=15)
"""So long without an entry of whoever commands before somebody is asked to take over."""


class Proposal(msgspec.Struct, frozen=True):
    """Somebody who could take a role that `holder` has; `why` is where that comes from."""

    role: str
    holder: str
    person: str
    why: str


def load(incident: Incident) -> dict[str, tuple[str, ...]]:
    """The roles of each who has any, the busiest first."""
    found: dict[str, tuple[str, ...]] = {}
    for role, person in incident.roles.items():
        found[person] = (*found.get(person, ()), role)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def overloaded(incident: Incident) -> dict[str, tuple[str, ...]]:
    return {person: roles for person, roles in load(incident).items() if len(roles) >= MANY}


def usual(role: Role, runbook: Runbook, team: Team, now: datetime) -> str:
    """Who the runbook means by a role, as a person where that is known."""
    found = resolve(role.primary, runbook, team, now)
    return found.called if found else role.primary


def proposals(incident: Incident, runbook: Runbook, team: Team, now: datetime) -> tuple[Proposal, ...]:
    """After ten minutes at the worst level: the backups of the roles that one person has too many of, by name; one role stays."""
    if not incident.open or incident.restored or worst_for(incident, runbook, now) < ALONE:
        return ()
    return tuple(found for person, roles in overloaded(incident).items() for found in _relief(person, roles, incident, runbook, team, now))


def worst_for(incident: Incident, runbook: Runbook, now: datetime) -> timedelta:
    """How long it has been at the runbook's worst level without a break."""
    worst = min((severity.rank for severity in runbook.severities), default=1)
    last = next(iter(spans(incident)[::-1]), None)
    return now - last.start if last and last.rank == worst else timedelta(0)


def _relief(person: str, roles: tuple[str, ...], incident: Incident, runbook: Runbook, team: Team, now: datetime) -> Iterator[Proposal]:
    """Whoever commands keeps the command."""
    taken = {folded(person), *map(folded, incident.roles.values())}
    for role in runbook.roles:
        if role.name not in roles or re.search(COMMANDER, role.name, re.IGNORECASE) or not role.backup:
            continue
        found = resolve(role.backup, runbook, team, now)
        name = found.called if found else role.backup
        if folded(name) not in taken:
            taken.add(folded(name))
            yield Proposal(role=role.name, holder=person, person=name, why=f"backup of the runbook, line {role.line}")


def silent_for(incident: Incident, runbook: Runbook, now: datetime) -> timedelta | None:
    """How long whoever commands has written nothing, where that is too long; None: they are there, or nobody commands."""
    role = next((role.name for role in runbook.roles if re.search(COMMANDER, role.name, re.IGNORECASE)), "")
    holder = incident.roles.get(role, "")
    if not holder or not incident.open or incident.restored:
        return None
    took = [incident.at(entry) for entry in incident.role_changes if getattr(entry.fact, "person", "") == holder]
    wrote = [entry.recorded_at for entry in incident.entries if folded(entry.by) == folded(holder)]
    last = max((*took, *wrote), default=None)
    return now - last if last and now - last >= SILENT else None
