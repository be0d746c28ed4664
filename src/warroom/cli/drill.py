"""The drill that a demo begins with: an incident under way, as three people left it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from warroom.core.acts import Act, Refusal
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Declare
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.timeline import Note
from warroom.core.entries import RunbookText
from warroom.core.ports import Clock
from warroom.core.readings import Cluster
from warroom.room import Room, read_cached
from warroom.runbook.model import Runbook

PEOPLE = ("ada", "grace", "joan")
Told = tuple[float, str, Act]
"""How far between the alert and now (0 to 1), by whom, and what."""


class Then:
    """A clock that stands where the story is."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def real(self, moment: datetime) -> datetime:
        return moment

    def of(self, real: datetime) -> datetime:
        return real


async def stage(
    journal: Path, own: RunbookText, clock: Clock, *, title: str, cluster: Cluster | None, alert: timedelta, pagerduty: str = ""
) -> str:
    """Declares the drill, `alert` ago, and what was done since; gives the id of the incident.

    `pagerduty` is the incident that its alert opened there.
    """
    import asyncio

    from warroom.journal.sqlite import SqliteJournal

    now = clock.now()
    alerted = now - alert
    id = ""
    async with SqliteJournal.open(journal, asyncio.sleep) as file:
        for part, who, act in story(own, title=title, cluster=cluster, alerted=alerted, pagerduty=pagerduty):
            room = await Room.open(file, own, Then(alerted + part * (now - alerted)), who)
            decision = await room.do(act)
            if not isinstance(decision, Refusal):  # another team's runbook may lack what the story ticks
                id = decision[0].incident
    return id


def story(own: RunbookText, *, title: str, cluster: Cluster | None, alerted: datetime, pagerduty: str = "") -> Sequence[Told]:
    """In the words of whatever runbook it is: its second level, its first roles, its first items."""
    runbook, (ada, grace, joan) = read_cached(own), PEOPLE
    level = second_level(runbook)
    declare = Declare(
        title=title,
        runbook=own,
        severity=level,
        reason="the alert, and what customers report",
        alerted=alerted,
        symptoms="requests fail since the last release",
        drill=True,
        cluster=cluster,
        pagerduty=pagerduty,
    )
    told: list[Told] = [(0.2, ada, declare)]
    told += [(0.25, ada, Tick(item.id)) for item in runbook.declaration.triggers[1:2]]
    told += [(0.3, grace, Tick(item.id)) for severity in runbook.severities if severity.level == level for item in severity.criteria[1:2]]
    roles = runbook.roles
    told += [(0.35 + n / 100, ada, TakeRole(role.name, who)) for n, (role, who) in enumerate(zip(roles, (ada, joan, grace), strict=False))]
    told += [
        (0.4, grace, Note("in the war room; the newest release went out shortly before the alert")),
        (0.6, joan, Note("support has the first customer reports, a few an hour")),
        (0.75, grace, Note("the pods that fail are all of the newest ReplicaSet", progress=True)),
    ]
    told += [(0.8, ada, SetPhase(2))] if len(runbook.phases) >= 2 else []
    told += [(0.9, ada, Note("deciding on a rollback"))]
    return told


def second_level(runbook: Runbook) -> str | None:
    """The second worst, else the worst there is: a drill is not the end of the world."""
    ranked = sorted(runbook.severities, key=lambda severity: severity.rank)
    return ranked[min(1, len(ranked) - 1)].level if ranked else None
