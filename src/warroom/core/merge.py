"""Two copies of an incident that both went on: what each decided that the other decided differently."""

from collections.abc import Iterable, Iterator

from warroom.core.entries import Closed, Entry, PhaseSet, Reopened, Resolved, Restored, RoleSet, SeveritySet, Struck, Ticked, Unticked


def differences(ours: Iterable[Entry], theirs: Iterable[Entry]) -> tuple[str, ...]:
    """Each a sentence. Of what only one side knows, the last word on each matter; where both have one, the later one counts."""
    ours, theirs = tuple(ours), tuple(theirs)
    common = {entry.id for entry in ours} & {entry.id for entry in theirs}
    here, there = (_last_words(entry for entry in side if entry.id not in common) for side in (ours, theirs))
    return tuple(_told(matter, here[matter], there[matter]) for matter in here if matter in there and here[matter][1] != there[matter][1])


def _last_words(entries: Iterable[Entry]) -> dict[str, tuple[Entry, str]]:
    found = list(entries)
    struck = {entry.fact.struck for entry in found if isinstance(entry.fact, Struck)}
    words = {}
    for entry in sorted(found, key=lambda entry: entry.id):
        if entry.id not in struck:
            words.update({matter: (entry, value) for matter, value in _decided(entry)})
    return words


def _decided(entry: Entry) -> Iterator[tuple[str, str]]:
    fact = entry.fact
    match fact:
        case SeveritySet():
            yield "severity", fact.level
        case RoleSet():
            yield fact.role, fact.person or "nobody"
        case PhaseSet():
            yield "phase", str(fact.phase)
        case Ticked() | Unticked():
            yield f"tick of {fact.text}", "ticked" if isinstance(fact, Ticked) else "taken back"
        case Restored():
            yield "restored", f"{entry.at:%H:%M:%S}"
        case Resolved() | Closed() | Reopened():
            yield "state", entry.kind


def _told(matter: str, here: tuple[Entry, str], there: tuple[Entry, str]) -> str:
    counts = max(here, there, key=lambda pair: pair[0].id)[1]
    one, other = (f"{value} by {entry.by} {entry.at:%H:%M:%S}" for entry, value in (here, there))
    return f"{matter}: {one} here, {other} there, {counts} counts"
