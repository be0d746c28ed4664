"""Entries as rows, each chained to the one before by a hash."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from warroom.core.codec import UnknownBody, decode, encode
from warroom.core.entries import Entry, Erased

Row = tuple[int, str, str, str, str, str, str, bytes, str, str]
COLUMNS = 'seq, id, incident, at, recorded_at, "by", kind, body, prev, hash'
READ = COLUMNS.replace("body", "cast(body as blob)")
"""A body is bytes, even where another program made a text of it."""


def stamp(moment: datetime) -> str:
    """As it is stored and hashed: UTC, always to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def body_hash(body: bytes) -> str:
    """Of a body as it was written; one that was purged is its own hash."""
    if body.startswith(b'{"kind":"erased"'):
        erased = decode(body)
        if isinstance(erased, Erased):
            return erased.sha256
    return sha256(body).hexdigest()


def link(row: Row) -> str:
    """The hash of a row: SHA-256 over its fields but the last, the body by its own hash, each as `length:bytes,` in UTF-8.

    So a body can be purged without breaking the chain, and no two rows have one text.
    """
    seq, id, incident, at, recorded_at, by, kind, body, prev, _ = row
    digest = sha256()
    for text in (prev, str(seq), id, incident, at, recorded_at, by, kind, body_hash(body)):
        raw = text.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b," % (len(raw), raw))
    return digest.hexdigest()


def sealed(row: Row, seq: int, prev: str) -> Row:
    """The row once more, at another place of a chain."""
    moved = (seq, *row[1:8], prev, "")
    return (*moved[:-1], link(moved))


def seal(entries: Sequence[Entry], after: int, prev: str) -> Iterator[Row]:
    """The rows of entries that follow the one numbered `after`, whose hash is `prev`."""
    for seq, entry in enumerate(entries, after + 1):
        times = stamp(entry.at), stamp(entry.recorded_at)
        row = sealed((seq, entry.id, entry.incident, *times, entry.by, entry.kind, encode(entry.fact), prev, ""), seq, prev)
        prev = row[9]
        yield row


def entry(row: Row) -> Entry:
    """UnknownBody where it is none that this console knows."""
    seq, id, incident, at, recorded_at, by, kind, body, prev, hash = row
    try:
        times = datetime.fromisoformat(at), datetime.fromisoformat(recorded_at)
        fact = decode(body)
    except (TypeError, ValueError) as error:
        raise UnknownBody(f"of entry {seq} ({kind}), {error}") from error
    return Entry(seq=seq, id=id, incident=incident, at=times[0], recorded_at=times[1], by=by, kind=kind, fact=fact, prev=prev, hash=hash)
