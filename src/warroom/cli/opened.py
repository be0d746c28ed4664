"""A journal opened for one command: its clock, its room, and the incident that the command is about."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from warroom.cli.cluster import cluster_of
from warroom.cli.given import Flags
from warroom.cli.out import Failure, Mistake
from warroom.core.acts import Act, Refusal
from warroom.core.entries import Entry, RunbookText
from warroom.core.incident import Incident
from warroom.core.ports import Clock
from warroom.room import Room
from warroom.settings import Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """The room of a command, already about the right incident."""

    room: Room
    clock: Clock
    own: RunbookText

    @property
    def incident(self) -> Incident:
        return self.room.incident

    def wanted(self) -> Incident:
        """The incident, where the command makes no sense without one."""
        if not self.incident.id:
            raise Mistake("no incident is declared in this journal: declare one first (`warroom declare TITLE`)")
        return self.incident

    def moment(self, text: str | None) -> datetime | None:
        """What `--at` means now; None where it was not given."""
        from warroom.reports.times import TimeTrouble, parse_moment

        try:
            return parse_moment(text, self.clock.now()) if text else None
        except TimeTrouble as error:
            raise Mistake(str(error)) from error

    def length(self, text: str) -> timedelta:
        """What `--for` means."""
        from warroom.reports.times import TimeTrouble, parse_length

        try:
            return parse_length(text)
        except TimeTrouble as error:
            raise Mistake(str(error)) from error

    async def do(self, act: Act) -> tuple[Entry, ...]:
        decision = await self.room.do(act)
        if isinstance(decision, Refusal) and not self.incident.id and self.room.incidents:
            last = list(self.room.incidents.values())[-1]
            raise Mistake(f"no incident is open: reopen {last.id} ({last.title}) with `warroom reopen --reason …`, or declare another")
        if isinstance(decision, Refusal):
            raise (Mistake if decision.mistake else Failure)(decision.why)
        return decision


@asynccontextmanager
async def opened(flags: Flags, *, latest: bool = False, alone: bool = True, declaring: bool = False) -> AsyncIterator[Opened]:
    """`latest`: with none open, it is about the latest one. `alone` False: several open ones are no fault.

    `declaring`: it is about an incident to come, which has the runbook and the cluster of the flags.
    """
    import asyncio

    from warroom.clock import clock_of
    from warroom.journal.evidence import EvidenceFolder
    from warroom.journal.sqlite import SqliteJournal

    settings = flags.settings
    clock = clock_of(settings.home)
    own, trouble = own_runbook(settings)
    async with SqliteJournal.open(settings.journal_path, asyncio.sleep) as journal:
        evidence = EvidenceFolder(settings.journal_path)
        room = await Room.open(journal, own, clock, settings.user, evidence=evidence)
        id = choose(room.incidents, flags.incident, latest=latest, alone=alone)
        if id != room.incident.id:
            room = await Room.open(journal, own, clock, settings.user, id, evidence=evidence)
        if trouble and (declaring or not room.incident.id):
            raise trouble
        if not declaring:
            refuse_others(flags, room.incident, own)
        yield Opened(room, clock, own)


def own_runbook(settings: Settings) -> tuple[RunbookText, Exception | None]:
    """The runbook of the settings as text, else the shipped one; and why it cannot be read, which matters only without an incident."""
    from warroom.library import LibraryTrouble, default_runbook, name_of, open_text

    trouble = None
    if settings.runbook:
        try:
            return _text(open_text(settings.runbook), name_of(settings.runbook), settings.mapping), None
        except LibraryTrouble as error:
            trouble = error
    return _text(*default_runbook()), trouble


def _text(text: str, file: str, mapping: Mapping[str, str] | None = None) -> RunbookText:
    pairs = tuple(mapping.items()) if mapping else msgspec.UNSET
    return RunbookText(text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), file=file, mapping=pairs)


def choose(incidents: Mapping[str, Incident], wanted: str | None, *, latest: bool, alone: bool) -> str:
    """The id of the incident that a command is about; empty: there is none."""
    if wanted:
        exact = [id for id in incidents if id == wanted] or [id for id in incidents if id.endswith(wanted)]
        if len(exact) == 1:
            return exact[0]
        known = ", ".join(list(incidents)[-5:]) or "none at all"
        raise Mistake(f"there is no incident {wanted} in this journal: it has {known}")
    running = [incident for incident in incidents.values() if incident.open]
    if len(running) > 1 and alone:
        each = "; ".join(f"{incident.id} ({incident.title})" for incident in running)
        raise Mistake(f"{len(running)} incidents are open, say which with --incident: {each}")
    if running:
        return running[-1].id
    return next(reversed(list(incidents)), "") if latest else ""


def refuse_others(flags: Flags, incident: Incident, own: RunbookText) -> None:
    """An incident carries its runbook and its cluster: a flag that names others is refused."""
    if not incident.id:
        return
    if flags.runbook and incident.runbook and incident.runbook.sha256 != own.sha256:
        raise Mistake(
            f"{incident.id} was declared with another runbook ({incident.runbook.file or incident.runbook.sha256[:12]}): "
            f"leave --runbook {' --runbook '.join(flags.runbook)} away, or declare another incident with it (`warroom declare TITLE --yes`)"
        )
    pin = incident.cluster
    if pin and (flags.context or flags.kubeconfig):
        found = cluster_of(flags.settings)
        if found is None:
            raise Mistake(f"{incident.id} is pinned to {pin.server}, and the context given cannot be read: leave --context away")
        if not pin.same(found):
            raise Mistake(
                f"{incident.id} is pinned to {pin.server} ({pin.context}), not to {found.server} ({found.context}): leave --context away"
            )
