"""The care of a journal: whether it still is what was written, and bodies that must go."""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from warroom.core.acts import Refusal
from warroom.core.codec import UnknownBody, decode, encode, kind
from warroom.core.entries import Entry, Erased, Pinned, Purged
from warroom.core.ids import entry_ids
from warroom.core.ports import JournalTrouble
from warroom.core.redact import redact
from warroom.journal import place
from warroom.journal.chain import COLUMNS, READ, Row, body_hash, entry, link, seal
from warroom.journal.evidence import EvidenceFolder
from warroom.journal.schema import PATIENCE, connect
from warroom.journal.trouble import advice

MOST_PROBLEMS = 20
"""A torn chain has one beginning, which is what people need to know."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`head` is the hash of the newest entry: noted elsewhere, it shows whether the end of a journal was cut off."""

    ok: bool
    entries: int
    head: str
    problems: tuple[str, ...]


def verify(path: Path) -> Verdict:
    """JournalTrouble where the file cannot be read at all."""
    with advice(path), closing(connect(path, write=place.writable(path))) as db:
        seen = _Seen(EvidenceFolder(path))
        problems = [*_damage(db), *islice(seen.problems(_rows(db)), MOST_PROBLEMS)]
        return Verdict(not problems, seen.entries, seen.head, tuple(problems))


def purge(path: Path, reference: str, reason: str, by: str, now: datetime, *, patience: float = PATIENCE) -> Entry | Refusal:
    """Replaces the body of the entry with this id or number by its hash, and returns the entry that says so.

    The bytes are gone from the file and its log when it returns; asked again it cleans the file again. A JournalTrouble that
    does not say that the body was purged means that nothing was changed.
    """
    reason = redact(" ".join(reason.split()))
    if not reason:
        return Refusal("say why the entry must go (`--reason`)")
    with advice(path), closing(connect(path, patience=patience)) as db:
        db.execute("begin immediate")
        try:
            done = _purge(db, EvidenceFolder(path), reference.strip(), reason, by, now)
            db.execute("rollback" if isinstance(done, Refusal) else "commit")
        except BaseException:
            if db.in_transaction:
                db.execute("rollback")
            raise
        if isinstance(done, Entry) or not done.mistake:
            scrub(db, path, reference)
        return done


def _rows(db: sqlite3.Connection) -> Iterator[Row]:
    yield from db.execute(f"select {READ} from entries order by seq")


def _damage(db: sqlite3.Connection) -> Iterator[str]:
    for (said,) in db.execute("pragma integrity_check(3)"):
        if said != "ok":
            yield f"the file is damaged: {' '.join(said.split())}"


class _Seen:
    """One walk along the chain, and what it has seen so far."""

    def __init__(self, evidence: EvidenceFolder) -> None:
        self._evidence = evidence
        self.entries, self.head = 0, ""
        self._number = 0
        self._ids: dict[str, int] = {}
        self._erased: dict[str, int] = {}
        self._purged: dict[str, int] = {}

    def problems(self, rows: Iterable[Row]) -> Iterator[str]:
        try:
            for row in rows:
                yield from self._row(row)
        except sqlite3.Error as error:
            yield f"nothing can be read after entry {self._number}: {error}"
        for id, seq in self._erased.items():
            if id not in self._purged:
                yield f"the body of entry {seq} is gone, and no entry says who purged it and why"
        for id, seq in self._purged.items():
            if id in self._ids and id not in self._erased:
                yield f"entry {seq} says that entry {self._ids[id]} was purged, but its body is still there"

    def _row(self, row: Row) -> Iterator[str]:
        seq, id, kind_, prev, hash = row[0], row[1], row[6], row[8], row[9]
        before, self._number = self._number, seq
        if seq != before + 1:
            missing = f"entry {before + 1} is" if seq == before + 2 else f"entries {before + 1} to {seq - 1} are"
            yield f"{missing} missing"
        if prev != self.head:
            yield f"entry {seq} does not follow the entry before it: one was removed, changed or put elsewhere"
        if id in self._ids:
            yield f"entry {seq} has the id of entry {self._ids[id]}"
        self._ids[id], self.entries, self.head = seq, self.entries + 1, hash
        try:
            if link(row) != hash:
                yield f"entry {seq} is not what was written: its fields or its body do not fit its hash"
                return
            fact = decode(row[7])
        except (UnknownBody, AttributeError, TypeError, UnicodeError) as error:
            yield f"entry {seq} ({kind_}) cannot be read: {error}"
            return
        if isinstance(fact, Pinned) and fact.evidence and not self._evidence.is_whole(fact.evidence):
            yield f"the evidence of entry {seq} is gone or was changed: {fact.evidence}"
        if isinstance(fact, Erased):
            self._erased[id] = seq
        elif kind(fact) != kind_:
            yield f"entry {seq} is called {kind_}, but its body is {kind(fact)}"
        if isinstance(fact, Purged):
            self._purged[fact.purged] = seq


def _purge(db: sqlite3.Connection, evidence: EvidenceFolder, reference: str, reason: str, by: str, now: datetime) -> Entry | Refusal:
    number = int(reference) if reference.isascii() and reference.isdigit() and len(reference) < 16 else 0
    row: Row | None = db.execute(f"select {READ} from entries where id = ? or seq = ?", (reference, number)).fetchone()
    if row is None:
        return Refusal(f"the journal has no entry {reference!r}: see `warroom timeline --all`")
    seq, id, incident, kind_, body = row[0], row[1], row[2], row[6], row[7]
    erased = decode(body)
    if isinstance(erased, Erased):
        return Refusal(f"entry {seq} was purged already", mistake=False)
    if kind_ == "purged":
        return Refusal(f"entry {seq} says what was purged and why: it stays")
    newest, prev = db.execute("select seq, hash from entries order by seq desc limit 1").fetchone()
    db.execute("update entries set body = ? where seq = ?", (encode(Erased(sha256=body_hash(body))), seq))
    if isinstance(erased, Pinned):
        drop_evidence(db, evidence, erased.evidence)  # before the commit: asked again, a purge that was cut off here does it all the same
    fact = Purged(purged=id, reason=reason)
    told = Entry(
        id=next(entry_ids(now, secrets.randbits(79))), incident=incident, at=now, recorded_at=now, by=by, kind=kind(fact), fact=fact
    )
    (added,) = seal([told], newest, prev)
    db.execute(f"insert into entries ({COLUMNS}) values ({', '.join('?' * len(added))})", added)
    return entry(added)


def drop_evidence(db: sqlite3.Connection, evidence: EvidenceFolder, name: str) -> None:
    """Where no entry names it any more."""
    if name and not is_named(db, name):
        evidence.remove(name)


def is_named(db: sqlite3.Connection, name: str) -> bool:
    bodies = db.execute("select body from entries where kind = 'pinned'")
    return any(isinstance(fact := decode(body), Pinned) and fact.evidence == name for (body,) in bodies)


def scrub(db: sqlite3.Connection, path: Path, reference: str) -> None:
    """Rewrites the file without what its pages still held, then empties the log; the rewriting leaves no file elsewhere."""
    try:
        db.execute("pragma temp_store = memory")
        db.execute("vacuum")
        (busy, _, _) = db.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.Error as error:
        raise JournalTrouble(_still(path, reference, str(error))) from error
    if busy:
        raise JournalTrouble(_still(path, reference, "another process is using it"))


def _still(path: Path, reference: str, why: str) -> str:
    return (
        f"entry {reference} was purged, but the files of {path} may still hold a copy ({why}): "
        f"close the other consoles, then purge entry {reference} again"
    )
