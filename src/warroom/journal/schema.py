"""The tables of a journal file, how older ones are brought up to date, and how one is opened."""

import sqlite3
from pathlib import Path
from time import sleep
from urllib.parse import quote

from warroom.core.ports import JournalTrouble
from warroom.journal import place
from warroom.journal.trouble import advice

APPLICATION = 0x77617272
"""`warr`, in the header of the file."""
PATIENCE = 5.0
"""Seconds to wait for another process that writes."""

# The n-th brings a file from version n to n + 1; none may change a body, a hash or what a hash covers.
# After adding one: tests/journal/make_schema.py, and commit the fixture that it makes.
MIGRATIONS = (
    """
    create table entries (
        seq integer primary key,
        id text not null unique,
        incident text not null,
        at text not null,
        recorded_at text not null,
        "by" text not null,
        kind text not null,
        body blob not null,
        prev text not null,
        hash text not null
    );
    create trigger entries_stay before delete on entries
        begin select raise(abort, 'entries are never deleted'); end;
    create trigger only_bodies_are_purged before update of seq, id, incident, at, recorded_at, "by", kind, prev, hash on entries
        begin select raise(abort, 'entries are never changed'); end;
    """,
)
VERSION = len(MIGRATIONS)


def connect(path: Path, *, create: bool = False, write: bool = True, patience: float = PATIENCE) -> sqlite3.Connection:
    """A connection to a journal of the newest schema; JournalTrouble where that cannot be, and then nothing was changed."""
    with advice(path):
        place.check(path)
        if create:
            place.make(path)
        path.stat()
        return _writing(path, patience) if write else _reading(path, patience)


def _open(path: Path, how: str, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{how}", uri=True, timeout=patience, isolation_level=None)


def _writing(path: Path, patience: float) -> sqlite3.Connection:
    db = _open(path, "mode=rw", patience)
    try:
        version = _version(db, path)  # before anything is changed: the file may be somebody else's
        _set_wal(db, path, patience)
        db.execute("pragma synchronous = full")
        db.execute("pragma fullfsync = on")  # macOS: else a power cut can lose what fsync promised
        db.execute("pragma checkpoint_fullfsync = on")
        db.execute("pragma secure_delete = on")  # so that no copy of a body stays in a page that it left
        if version < VERSION:
            _migrate(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _reading(path: Path, patience: float) -> sqlite3.Connection:
    """Reads beside writers; where not even the files beside it may be made, and nobody writes, the file alone."""
    alone = not path.with_name(f"{path.name}-wal").exists() and not place.writable(path)
    db = _open(path, "mode=ro&immutable=1" if alone else "mode=ro", patience)
    try:
        version = _version(db, path)
        if version < VERSION:
            raise JournalTrouble(
                f"the journal {path} is {f'of an older version ({version})' if version else 'empty'} and cannot be written: "
                "open it once where it can be, or copy it"
            )
    except BaseException:
        db.close()
        raise
    return db


def _number(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


def _version(db: sqlite3.Connection, path: Path) -> int:
    """Of one moment, as another process may be making the file just now."""
    if not db.in_transaction:
        db.execute("begin")
        try:
            return _version(db, path)
        finally:
            db.execute("rollback")
    application, version = _number(db, "pragma application_id"), _number(db, "pragma user_version")
    if application == APPLICATION and version > VERSION:
        raise JournalTrouble(
            f"the journal {path} was written by a newer warroom (its schema is {version}, this one knows {VERSION}): "
            "update warroom, or choose another (`--journal FILE`)"
        )
    if application != APPLICATION and (application or version or _number(db, "select count(*) from sqlite_master")):
        raise JournalTrouble(
            f"{path} is a database of another program, no warroom journal: name another file (`--journal FILE`)", mistake=True
        )
    return version


def _set_wal(db: sqlite3.Connection, path: Path, patience: float) -> None:
    # Two that make one journal at once: for this statement SQLite does not wait by itself.
    pause = 0.02
    for left in range(int(patience / pause), -1, -1):
        try:
            (mode,) = db.execute("pragma journal_mode = wal").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not left:
                raise
            sleep(pause)
            continue
        if mode != "wal":
            raise JournalTrouble(f"the journal {path} lies on a file system that cannot share it among processes: choose another place")
        return


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    db.execute("begin immediate")
    try:
        for version in range(_version(db, path), VERSION):  # another process may have been first
            for statement in _statements(MIGRATIONS[version]):
                db.execute(statement)
        db.execute(f"pragma application_id = {APPLICATION}")
        db.execute(f"pragma user_version = {VERSION}")
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


def _statements(script: str) -> list[str]:
    """One by one: `executescript` would commit before it begins."""
    statements, statement = [], ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            statements.append(statement.strip())
            statement = ""
    return [statement for statement in statements if statement]
