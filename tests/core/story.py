"""A night told act by act: who did what, at what minute."""

from datetime import datetime, timedelta
from itertools import count

from hand import T0
from warroom.core.acts import Act, Refusal
from warroom.core.acts.incident import Declare
from warroom.core.codec import kind
from warroom.core.deadlines import Deadline, deadlines
from warroom.core.entries import Draft, Entry, RunbookText
from warroom.core.incident import Incident, fold
from warroom.runbook.model import Runbook

TEXT = RunbookText(text="# Handbook\n", sha256="a" * 64, file="handbook.md")


class Story:
    """Decides acts as the room would, on a clock of minutes since `start`."""

    def __init__(self, runbook: Runbook, start: datetime = T0) -> None:
        self.runbook, self.start = runbook, start
        self.entries: list[Entry] = []
        self._numbers = count(1)

    @property
    def incident(self) -> Incident:
        return fold(self.entries)

    def at(self, minute: float) -> datetime:
        return self.start + timedelta(minutes=minute)

    def tries(self, minute: float, act: Act, by: str = "ada") -> tuple[Draft, ...] | Refusal:
        return act.decide(self.incident, self.runbook, self.at(minute), by)

    def does(self, minute: float, act: Act, by: str = "ada") -> tuple[Entry, ...]:
        decision = self.tries(minute, act, by)
        assert not isinstance(decision, Refusal), decision.why
        return self.records(minute, *decision, by=by)

    def refused(self, minute: float, act: Act, by: str = "ada") -> Refusal:
        decision = self.tries(minute, act, by)
        assert isinstance(decision, Refusal), decision
        return decision

    def records(self, minute: float, *drafts: Draft, by: str = "ada") -> tuple[Entry, ...]:
        new = []
        for draft in drafts:
            seq = next(self._numbers)
            new.append(
                Entry(
                    id=f"e{seq:05}",
                    incident="inc-260203-aaaaa",
                    at=draft.at,
                    recorded_at=self.at(minute),
                    by=by,
                    fact=draft.fact,
                    kind=kind(draft.fact),
                    seq=seq,
                    hash=f"{seq:064x}",
                )
            )
        self.entries += new
        return tuple(new)

    def declares(self, minute: float = 0, title: str = "API down", severity: str | None = "P1", alerted: float | None = None) -> None:
        at = None if alerted is None else self.at(alerted)
        self.does(minute, Declare(title=title, runbook=TEXT, severity=severity, alerted=at))

    def deadlines(self, minute: float) -> tuple[Deadline, ...]:
        return deadlines(self.runbook, self.incident, self.at(minute))

    def deadline(self, id: str, minute: float) -> Deadline | None:
        return next((deadline for deadline in self.deadlines(minute) if deadline.id == id), None)

    def states(self, id: str, *minutes: float) -> list[str]:
        found = [self.deadline(id, minute) for minute in minutes]
        return [deadline.state if deadline else "-" for deadline in found]

    def due(self, id: str, minute: float) -> float | None:
        """The minute in which it is due, as far as one knows in that minute."""
        found = self.deadline(id, minute)
        return None if found is None else (found.due - self.start).total_seconds() / 60
