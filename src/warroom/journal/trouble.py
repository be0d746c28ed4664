"""What went wrong with a journal, said as advice."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warroom.core.codec import UnknownBody
from warroom.core.ports import JournalTrouble

_SQLITE = {
    sqlite3.SQLITE_BUSY: "is locked by another process: find it with `fuser {path}`, let it end, then try again",
    sqlite3.SQLITE_LOCKED: "is locked by another process: find it with `fuser {path}`, let it end, then try again",
    sqlite3.SQLITE_READONLY: "is read-only: make the file and its directory writable, or choose another (`--journal FILE`)",
    sqlite3.SQLITE_FULL: "has no room left, its disk is full: free some space on it, then try again",
    sqlite3.SQLITE_IOERR: "met a disk error ({error}): look at the disk and its free space, then try again",
    sqlite3.SQLITE_CORRUPT: "is corrupt ({error}): keep a copy, see `warroom journal verify`, go on in a new one (`--journal FILE`)",
    sqlite3.SQLITE_NOTADB: "is no warroom journal: name another file (`--journal FILE`)",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: see whether you may read and write the file and its directory",
    sqlite3.SQLITE_PERM: "may not be used by you: ask its owner, or choose another (`--journal FILE`)",
}
_SYSTEM = {
    errno.EACCES: "may not be used by you: ask the owner of {where}, or choose another (`--journal FILE`)",
    errno.EPERM: "may not be used by you: ask the owner of {where}, or choose another (`--journal FILE`)",
    errno.EROFS: "lies on a read-only file system: choose another place (`--journal FILE`)",
    errno.ENOSPC: "has no room left, its disk is full: free some space on it, then try again",
    errno.EDQUOT: "has no room left, your quota is used up: free some space, then try again",
    errno.ENOTDIR: "cannot be made, because {where} is no directory: choose another place (`--journal FILE`)",
    errno.EEXIST: "cannot be made, because {where} is no directory: choose another place (`--journal FILE`)",
    errno.EISDIR: "is a directory: name a file in it (`--journal FILE`)",
    errno.ENOENT: "does not exist: see `warroom journal path`, or name another (`--journal FILE`)",
}
_MISTAKES = frozenset((sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM))
_SYSTEM_MISTAKES = frozenset((errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOENT))
"""Codes of what was named wrongly: the user can name another."""


@contextmanager
def advice(path: Path) -> Iterator[None]:
    """What SQLite and the system complain of, as one sentence: what, where, what to do next."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the plain code, the others say more than an operator can use.
        code, words = getattr(error, "sqlite_errorcode", 0) & 0xFF, str(error)
        if "decode" in words:  # Python's own complaint of text that is none, which quotes all of it
            code, words = sqlite3.SQLITE_CORRUPT, "malformed text"
        said = _SQLITE.get(code, "cannot be used ({error}): see `warroom journal verify`")
        raise JournalTrouble(
            f"the journal {path} {said.format(path=path, error=' '.join(words.split())[:200])}", mistake=code in _MISTAKES
        ) from error
    except OSError as error:
        said = _SYSTEM.get(error.errno or 0, "cannot be used ({error}): look at the file and its directory")
        where = error.filename or path
        raise JournalTrouble(
            f"the journal {path} {said.format(where=where, error=error.strerror or error)}", mistake=error.errno in _SYSTEM_MISTAKES
        ) from error
    except UnknownBody as error:
        raise JournalTrouble(f"the journal {path} cannot be read: {error}") from error
