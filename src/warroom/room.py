"""The room: acts become entries here, and nowhere else."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Self

from warroom.core.acts import Act, Decision, Refusal
from warroom.core.acts.incident import Declare
from warroom.core.codec import kind
from warroom.core.entries import Declared, Draft, Entry, RunbookText
from warroom.core.ids import entry_ids, incident_id
from warroom.core.incident import Incident, fold
from warroom.core.ports import Clock, Journal
from warroom.core.redact import clean
from warroom.runbook.model import Runbook
from warroom.runbook.reader import read


@lru_cache(maxsize=16)
def read_cached(text: RunbookText) -> Runbook:
    """An incident is folded far more often than its runbook changes."""
    return read(text.text, text.file)


class Room:
    """The only owner of the incidents of one journal, and of the one that acts are about; its sequence never goes back.

    `own` is the runbook that holds while there is no incident; an incident brings its own.
    """

    def __init__(self, journal: Journal, own: RunbookText, clock: Clock, who: str, wanted: str = "") -> None:
        self._journal, self._clock, self._own, self._named, self._joined = journal, clock, own, wanted, ""
        self.who = who
        self.seq = 0
        self.incidents: Mapping[str, Incident] = {}
        self.incident = Incident()

    @classmethod
    async def open(cls, journal: Journal, own: RunbookText, clock: Clock, who: str, wanted: str = "") -> Self:
        """`wanted` is the id of the incident that it is about, whatever else is open; empty: the open one, or none."""
        room = cls(journal, own, clock, who, wanted)
        await room._catch_up()
        return room

    @property
    def text(self) -> RunbookText:
        """The runbook that holds now, as it is written."""
        return self.incident.runbook or self._own

    @property
    def runbook(self) -> Runbook:
        return read_cached(self.text)

    async def do(self, act: Act) -> tuple[Entry, ...] | Refusal:
        """Decides on the newest entries and appends; when another console was first, decides again.

        What it returns is durable. A JournalTrouble means that nothing was written.
        """
        while True:
            await self._catch_up()
            seq, incident = self.seq, self.incident
            decision = self._decide(act, incident)
            if isinstance(decision, Refusal):
                return decision
            entries = self._entries(decision, incident)
            if await self._journal.append(entries, after=seq):
                await self._catch_up()
                if entries[0].incident != incident.id:
                    self._join(entries[0].incident)
                return tuple(self.incidents[entries[0].incident].entries[-len(entries) :])

    async def follow(self) -> AsyncIterator[Incident]:
        """The incident now, then each newer state of it, from our own acts and everyone's."""
        shown: tuple[str, int] | None = None
        async for _ in self._journal.follow():
            await self._catch_up()
            incident = self.incident
            if (incident.id, incident.seq) != shown:
                shown = (incident.id, incident.seq)
                yield incident

    def _decide(self, act: Act, incident: Incident) -> Decision:
        if isinstance(act, Declare):
            act = replace(act, number=len(self.incidents) + 1)
            return act.decide(incident, read_cached(act.runbook), self._clock.now(), self.who)
        return act.decide(incident, self.runbook, self._clock.now(), self.who)

    def _entries(self, drafts: Sequence[Draft], incident: Incident) -> tuple[Entry, ...]:
        now: datetime = self._clock.now()
        about = incident_id(now, secrets.randbits(25)) if isinstance(drafts[0].fact, Declared) else incident.id
        ids = entry_ids(now, secrets.randbits(79))
        return tuple(
            Entry(
                id=id,
                incident=about,
                at=draft.at,
                recorded_at=now,
                by=self.who,
                kind=kind(draft.fact),
                fact=clean(draft.fact),
            )
            for draft, id in zip(drafts, ids, strict=False)
        )

    def _join(self, id: str) -> None:
        self._named, self._joined = "", id
        self.incident = self.incidents[id]

    async def _catch_up(self) -> None:
        before, seq = self.incidents, self.seq
        entries = await self._journal.read(after=seq)
        # Two of us may be reading at once: the one that read more stays, whoever comes back last.
        if not entries or entries[-1].seq <= self.seq:
            return
        grown: dict[str, list[Entry]] = {}
        for entry in entries:
            grown.setdefault(entry.incident, []).append(entry)
        self.incidents = {**before, **{id: fold(news, before.get(id)) for id, news in grown.items()}}
        self.seq = entries[-1].seq
        self._choose()

    def _choose(self) -> None:
        """Stays with its incident, closed or not, until another is declared; else the open one."""
        id = self._named or self._joined
        self.incident = self.incidents.get(id, Incident())
        if self._named or self.incident.open:
            return
        running = [incident for incident in self.incidents.values() if incident.open]
        if running:
            self._join(running[-1].id)
