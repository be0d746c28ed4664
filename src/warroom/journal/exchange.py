"""A journal in one file: written out, checked, and taken in by another journal, which then holds what both hold."""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import msgspec

from warroom.core.codec import decode, encode, kind
from warroom.core.entries import Entry, Erased, Merged, Pinned
from warroom.core.ids import entry_ids
from warroom.core.merge import differences
from warroom.core.ports import JournalTrouble
from warroom.journal import place
from warroom.journal.care import drop_evidence, scrub
from warroom.journal.chain import COLUMNS, READ, Row, body_hash, entry, sealed, stamp
from warroom.journal.copied import Copy, copy_of, text_of
from warroom.journal.evidence import EvidenceFolder, folder_of
from warroom.journal.schema import PATIENCE, connect
from warroom.journal.trouble import advice


class Taken(msgspec.Struct, frozen=True):
    """What came in with a copy. The heads are as they were before; `merged` are the entries that tell of it."""

    added: int
    known: int
    entries: int
    """Of the journal, now."""
    ours: str
    theirs: str
    head: str
    merged: tuple[Entry, ...] = ()
    incidents: tuple[str, ...] = ()


def write_copy(path: Path, file: Path, incident: str = "") -> Copy:
    """The whole journal, or one incident of it, with its evidence. Whole or not at all; JournalTrouble where it is not whole."""
    with advice(path), closing(connect(path, write=place.writable(path))) as db:
        rows = _rows(db)
    head = rows[-1][9] if rows else ""
    wanted = [row for row in rows if not incident or row[2] == incident]
    evidence, folder = {}, EvidenceFolder(path)
    for name in sorted({fact.evidence for row in wanted if isinstance(fact := decode(row[7]), Pinned) and fact.evidence}):
        if not folder.is_whole(name):
            raise JournalTrouble(f"the evidence {folder_of(path) / name} is gone or was changed: see `warroom journal verify`")
        evidence[name] = (folder_of(path) / name).read_text()
    copy = Copy(tuple(wanted), evidence, head)
    copy_of(written := text_of(copy), str(path))  # a copy that could not be taken in is none
    _place(file, written)
    return copy


def backup(path: Path, file: Path) -> int:
    """The journal as it is at this moment, with its evidence, while others go on writing; how many entries it has."""
    if file.exists():
        raise JournalTrouble(f"{file} exists: name a file that does not, a backup overwrites nothing", mistake=True)
    with advice(path), closing(connect(path, write=place.writable(path))) as db:
        beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            with closing(sqlite3.connect(beside)) as kept:
                db.backup(kept)
                kept.execute("pragma journal_mode = delete")
                count = int(kept.execute("select count(*) from entries").fetchone()[0])
            beside.chmod(0o600)
            folder = folder_of(path)
            for one in sorted(folder.iterdir()) if folder.is_dir() else ():
                EvidenceFolder(file).keep_now(one.read_text())
            os.link(beside, file)  # fails where somebody was first
        except FileExistsError as error:
            raise JournalTrouble(f"{file} exists: name a file that does not, a backup overwrites nothing", mistake=True) from error
        finally:
            for rest in (beside, beside.with_name(f"{beside.name}-wal"), beside.with_name(f"{beside.name}-shm")):
                with suppress(FileNotFoundError):
                    rest.unlink()
    return count


def take(path: Path, file: Path, by: str, now: datetime, *, patience: float = PATIENCE) -> Taken:
    """Takes in what the journal does not have yet, by the ids of entries; all of it or nothing.

    JournalTrouble where the file is no whole copy, or where an entry of it is another one here.
    """
    try:
        copy = copy_of(file.read_bytes(), str(file))
    except OSError as error:
        raise JournalTrouble(
            f"{file} cannot be read ({error.strerror}): name the file that `journal export` wrote", mistake=True
        ) from error
    evidence = EvidenceFolder(path)
    with advice(path), closing(connect(path, create=True, patience=patience)) as db:
        for text in copy.evidence.values():
            evidence.keep_now(text)
        db.execute("begin immediate")
        try:
            taken, purged = _take(db, copy, str(file), by, now)
            db.execute("commit")
        except BaseException:
            if db.in_transaction:
                db.execute("rollback")
            raise
        for _, name in purged:
            drop_evidence(db, evidence, name)
        if purged:
            scrub(db, path, str(purged[0][0]))
    return taken


def _rows(db: sqlite3.Connection) -> list[Row]:
    return list(db.execute(f"select {READ} from entries order by seq"))


def _take(db: sqlite3.Connection, copy: Copy, file: str, by: str, now: datetime) -> tuple[Taken, list[tuple[int, str]]]:
    """Also what the copy has purged, by number and by the evidence that it named."""
    ours = _rows(db)
    known = {row[1]: row for row in ours}
    new = [row for row in copy.rows if row[1] not in known]
    purged = []
    for row in copy.rows:
        if (mine := known.get(row[1])) is None:
            continue
        if mine[2:7] != row[2:7] or body_hash(mine[7]) != body_hash(row[7]):
            raise JournalTrouble(
                f"entry {row[0]} of {file} is another one here (entry {mine[0]}): one of both was changed, nothing was taken in"
            )
        if isinstance(decode(row[7]), Erased) and not isinstance(was := decode(mine[7]), Erased):
            purged.append((mine[0], was.evidence if isinstance(was, Pinned) else ""))
            db.execute("update entries set body = ? where seq = ?", (row[7], mine[0]))
    head = ours[-1][9] if ours else ""
    told = _merged(ours, new, copy, by, now)
    added = [*new, *told]
    seq, prev = (ours[-1][0], head) if ours else (0, "")
    for row in added:
        seq, prev = _insert(db, row, seq, prev)
    merged = tuple(entry(row) for row in _rows(db) if row[1] in {one[1] for one in told})
    incidents = tuple(dict.fromkeys(row[2] for row in new))
    return Taken(len(new), len(copy.rows) - len(new), seq, head, copy.head, prev, merged, incidents), purged


def _insert(db: sqlite3.Connection, row: Row, seq: int, prev: str) -> tuple[int, str]:
    """A body stays as it was written, byte for byte: whoever wrote it may know more than we do."""
    chained = sealed(row, seq + 1, prev)
    db.execute(f"insert into entries ({COLUMNS}) values ({', '.join('?' * len(chained))})", chained)
    return seq + 1, chained[9]


def _merged(ours: Sequence[Row], new: Sequence[Row], copy: Copy, by: str, now: datetime) -> list[Row]:
    """An entry for each incident that both have, where the copy tells more than that it took in what we have."""
    ids = entry_ids(now, secrets.randbits(79))
    told: list[Row] = []
    for incident in dict.fromkeys(row[2] for row in new if row[6] != "merged"):
        mine = [row for row in ours if row[2] == incident]
        if not mine:
            continue
        theirs = [row for row in copy.rows if row[2] == incident]
        fact = Merged(
            ours=ours[-1][9],
            theirs=copy.head,
            entries=sum(row[2] == incident for row in new),
            differences=differences(_entries(mine), _entries(theirs)),
        )
        at = stamp(now)
        told.append((0, next(ids), incident, at, at, by, kind(fact), encode(fact), "", ""))
    return told


def _entries(rows: Iterable[Row]) -> list[Entry]:
    return [entry(row) for row in rows]


def _place(file: Path, content: bytes) -> None:
    try:
        number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise JournalTrouble(f"{file} cannot be written ({error.strerror}): name another file", mistake=True) from error
    try:
        with os.fdopen(number, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(number)
        os.replace(name, file)
    except OSError as error:
        with suppress(OSError):
            os.unlink(name)
        raise JournalTrouble(f"{file} cannot be written ({error.strerror}): name another file") from error
