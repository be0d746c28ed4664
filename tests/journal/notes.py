"""Small entries to fill a journal with, and the runbook that its rooms hold."""

from collections.abc import Sequence

from hand import T0, turns
from warroom.core.acts import Refusal
from warroom.core.acts.incident import Declare
from warroom.core.codec import kind
from warroom.core.entries import AnyFact, Entry, Noted, RunbookText
from warroom.core.ids import entry_ids
from warroom.room import Room

OWN = RunbookText(
    text="# Incidents\n\n## On-call checklist\n\n- [ ] Open the bridge\n- [ ] Tell support\n", sha256="0" * 64, file="small.md"
)
ITEMS = ("Open the bridge", "Tell support")


async def at_once(_: float) -> None:
    """A sleep that only lets the others run."""
    await turns(1)


def entry(fact: AnyFact, n: int = 0, incident: str = "inc-260203-aaaaa", by: str = "ana") -> Entry:
    return Entry(id=next(entry_ids(T0, n)), incident=incident, at=T0, recorded_at=T0, by=by, kind=kind(fact), fact=fact)


def notes(*texts: str, start: int = 0) -> list[Entry]:
    return [entry(Noted(text=text), n) for n, text in enumerate(texts, start)]


def texts(entries: Sequence[Entry]) -> list[str]:
    return [entry.fact.text for entry in entries if isinstance(entry.fact, Noted)]


async def declare(room: Room, title: str = "API down", another: bool = False) -> str:
    """Returns the incident's id."""
    done = await room.do(Declare(title, OWN, another=another))
    assert not isinstance(done, Refusal), done
    return done[0].incident
