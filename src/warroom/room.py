"""The room: acts become entries here, and nowhere else."""

import dataclasses
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Self, cast

from msgspec.structs import replace

from warroom.core.acts import Act, Decision, Refusal
from warroom.core.acts.adoption import AdoptRunbook
from warroom.core.acts.incident import Declare
from warroom.core.codec import kind
from warroom.core.entries import Declared, Draft, Entry, Pinned, Purged, RunbookText
from warroom.core.ids import entry_ids, incident_id
from warroom.core.incident import Incident, fold
from warroom.core.ports import Clock, Evidence, Journal, JournalTrouble
from warroom.runbook.model import Runbook

SHORT = 2_000
"""Characters of evidence that an entry holds; what is longer lies beside the journal."""
Read = Callable[[RunbookText], Runbook]


def _clean(text: RunbookText) -> RunbookText:
    """As it is kept; its hash stays that of the file."""
    from warroom.core.redact import redact

    return replace(text, text=redact(text.text))


@lru_cache(maxsize=16)
def read_cached(text: RunbookText) -> Runbook:
    """An incident is folded far more often than its runbook changes. The reader is loaded when there is something to read."""
    from warroom.runbook.reader import read

    return read(text.text, text.file, dict(text.mapping or ()))


class Unread:
    """Stands for a runbook and reads it when a rule looks into it: most acts never do, and reading takes longer than they."""

    def __init__(self, read: Callable[[], Runbook]) -> None:
        self._whole = read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole(), name)


class Room:
    """The only owner of the incidents of one journal, and of the one that acts are about; its sequence never goes back.

    `own` is the runbook that holds while there is no incident; an incident brings its own.
    """

    def __init__(
        self,
        journal: Journal,
        own: RunbookText,
        clock: Clock,
        who: str,
        wanted: str = "",
        read: Read = read_cached,
        evidence: Evidence | None = None,
    ) -> None:
        self._journal, self._clock, self._given, self._named, self._joined, self._read = journal, clock, own, wanted, "", read
        self._looked, self._evidence = False, evidence
        self.who = who
        self.seq = 0
        self.incidents: Mapping[str, Incident] = {}
        self.incident = Incident()

    @classmethod
    async def open(
        cls,
        journal: Journal,
        own: RunbookText,
        clock: Clock,
        who: str,
        wanted: str = "",
        read: Read = read_cached,
        evidence: Evidence | None = None,
    ) -> Self:
        """`wanted` is the id of the incident that it is about, whatever else is open; empty: the open one, or none.

        `read` must answer at once for a text that it was asked for before. Without `evidence` every entry holds its text whole.
        """
        room = cls(journal, own, clock, who, wanted, read, evidence)
        await room._catch_up()
        return room

    @property
    def own(self) -> RunbookText:
        """The configured runbook: the next incident is declared with it, whatever the last one carried."""
        return self._own

    @property
    def next_runbook(self) -> Runbook:
        """What the next incident will be judged by."""
        return self._read(self.own)

    @property
    def text(self) -> RunbookText:
        """The runbook that holds now, as it is written."""
        return self.incident.runbook or self._own

    @property
    def runbook(self) -> Runbook:
        return self._read(self.text)

    @cached_property
    def _own(self) -> RunbookText:
        return _clean(self._given)

    def kept(self, text: RunbookText) -> RunbookText:
        """As it would be kept with an incident."""
        return _clean(text)

    def read(self, text: RunbookText) -> Runbook:
        """Takes its time for a text that it was never asked for: ask in a thread."""
        return self._read(text)

    async def do(self, act: Act, by: str = "") -> tuple[Entry, ...] | Refusal:
        """Decides on the newest entries and appends; when another console was first, decides again.

        `by` is who wishes it, where that is not the one in front of the console. What it returns is durable. A JournalTrouble means
        that nothing was written.
        """
        while True:
            await self._catch_up()
            seq, incident = self.seq, self.incident
            decision = self._decide(act, incident, by or self.who)
            if isinstance(decision, Refusal):
                return decision
            if not decision:
                return ()
            entries = await self._shortened(self._entries(decision, incident, by or self.who))
            if await self._journal.append(entries, after=seq):
                return await self._written(entries, seq, incident.id)

    async def catch_up(self) -> None:
        """Knows then what is in the journal now."""
        await self._catch_up()

    async def evidence(self, fact: Pinned) -> str:
        """The whole of what was pinned. A JournalTrouble where it is gone or was changed."""
        return await self._evidence.read(fact.evidence) if self._evidence and fact.evidence else fact.text

    async def follow(self) -> AsyncIterator[Incident]:
        """The incident now, then each newer state of it, from our own acts and everyone's."""
        shown: tuple[str, int] | None = None
        async for _ in self._journal.follow():
            await self._catch_up()
            incident = self.incident
            if (incident.id, incident.seq) != shown:
                shown = (incident.id, incident.seq)
                yield incident

    async def _written(self, entries: tuple[Entry, ...], after: int, decided_on: str) -> tuple[Entry, ...]:
        """The entries as they are in the journal; who declared an incident is in it."""
        about, ids = entries[0].incident, {entry.id for entry in entries}
        try:
            await self._catch_up()
        except JournalTrouble:  # they are durable; that they cannot be read back is told by the next who reads
            return tuple(replace(entry, seq=seq) for seq, entry in enumerate(entries, after + 1))
        if about != decided_on:
            self._join(about)
        return tuple(entry for entry in self.incidents[about].entries if entry.id in ids)

    def _decide(self, act: Act, incident: Incident, by: str) -> Decision:
        if isinstance(act, Declare):
            # On the text as it will be stored: items that were ticked keep their ids.
            act = dataclasses.replace(act, number=len(self.incidents) + 1, runbook=_clean(act.runbook))
            return act.decide(incident, self._read(act.runbook), self._clock.now(), by)
        if isinstance(act, AdoptRunbook):
            act = dataclasses.replace(act, runbook=_clean(act.runbook))
        return act.decide(incident, cast(Runbook, Unread(lambda: self.runbook)), self._clock.now(), by)

    def _entries(self, drafts: Sequence[Draft], incident: Incident, by: str) -> tuple[Entry, ...]:
        from warroom.core.redact import clean

        now: datetime = self._clock.now()
        about = incident_id(now, secrets.randbits(25)) if isinstance(drafts[0].fact, Declared) else incident.id
        ids = entry_ids(now, secrets.randbits(79))
        return tuple(
            Entry(
                id=id,
                incident=about,
                at=draft.at,
                recorded_at=now,
                by=by,
                kind=kind(draft.fact),
                fact=clean(draft.fact),
            )
            for draft, id in zip(drafts, ids, strict=False)
        )

    async def _shortened(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Long evidence is kept whole before an entry names it."""
        return tuple([await self._short(entry) for entry in entries])

    async def _short(self, entry: Entry) -> Entry:
        fact = entry.fact
        if self._evidence is None or not isinstance(fact, Pinned) or len(fact.text) <= SHORT:
            return entry
        name = await self._evidence.keep(fact.text)
        return replace(entry, fact=replace(fact, text=fact.text[:SHORT], sha256=name, evidence=name))

    def _join(self, id: str) -> None:
        self._named, self._joined = "", id
        self.incident = self.incidents[id]

    async def _catch_up(self) -> None:
        before, seq = self.incidents, self.seq
        entries = await self._journal.read(after=seq)
        if seq and any(isinstance(entry.fact, Purged) for entry in entries):
            entries, before = await self._journal.read(after=0), {}  # what was purged must go from here, too
        # Two of us may be reading at once: the one that read more stays, whoever comes back last.
        if not entries or entries[-1].seq <= self.seq:
            return
        grown: dict[str, list[Entry]] = {}
        for entry in entries:
            grown.setdefault(entry.incident, []).append(entry)
        self.incidents = {**before, **{id: fold(more, before.get(id)) for id, more in grown.items()}}
        self.seq = entries[-1].seq
        self._choose([entry.incident for entry in entries if entry.kind == "declared" and entry.seq > seq])

    def _choose(self, declared: Sequence[str]) -> None:
        """Stays with its incident, closed or not, until another is declared; a room that was just opened takes the open one."""
        self.incident = self.incidents.get(self._named or self._joined, Incident())
        candidates, self._looked = (declared if self._looked else list(self.incidents)), True
        if self._named or self.incident.open:
            return
        running = [id for id in candidates if self.incidents[id].open]
        if running:
            self._join(running[-1])
