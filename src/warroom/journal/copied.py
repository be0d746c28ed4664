"""The file that carries a journal to another machine: a line for itself, one for each entry, one for each evidence."""

from hashlib import sha256

import msgspec

from warroom.core.codec import UnknownBody, decode
from warroom.core.ports import JournalTrouble
from warroom.journal.chain import Row, link

FORMAT = 1
Line = tuple[int, str, str, str, str, str, str, str, str, str]


class Head(msgspec.Struct, frozen=True, tag_field="warroom", tag="journal"):
    """`sha256` is that of all that follows its line; `head` the newest hash of the journal it came from."""

    format: int
    entries: int
    head: str
    sha256: str


class Kept(msgspec.Struct, frozen=True):
    evidence: str
    text: str


class Copy(msgspec.Struct, frozen=True):
    """Rows as they were in the journal they came from."""

    rows: tuple[Row, ...]
    evidence: dict[str, str]
    head: str


def text_of(copy: Copy) -> bytes:
    lines = [msgspec.json.encode((*row[:7], row[7].decode(), *row[8:])) for row in copy.rows]
    lines += [msgspec.json.encode(Kept(name, text)) for name, text in copy.evidence.items()]
    rest = b"".join(line + b"\n" for line in lines)
    return msgspec.json.encode(Head(FORMAT, len(copy.rows), copy.head, sha256(rest).hexdigest())) + b"\n" + rest


def copy_of(content: bytes, name: str) -> Copy:
    """JournalTrouble names the first thing that does not fit; `name` is how the file is called there."""
    first, _, rest = content.partition(b"\n")
    try:
        head = msgspec.json.decode(first, type=Head)
    except msgspec.MsgspecError as error:
        raise JournalTrouble(
            f"{name} is no journal that warroom exported: name the file that `journal export` wrote", mistake=True
        ) from error
    if head.format > FORMAT:
        raise JournalTrouble(f"{name} was written by a newer warroom (format {head.format}, this one knows {FORMAT}): update warroom")
    lines = rest.splitlines()
    try:
        rows = tuple(
            (*line[:7], line[7].encode(), *line[8:]) for line in (msgspec.json.decode(one, type=Line) for one in lines[: head.entries])
        )
        kept = [msgspec.json.decode(one, type=Kept) for one in lines[head.entries :]]
    except msgspec.MsgspecError as error:
        raise _torn(name, "a line of it cannot be read") from error
    if problem := _first_problem(rows, kept):
        raise _torn(name, problem)
    if len(rows) != head.entries or sha256(rest).hexdigest() != head.sha256:
        raise _torn(name, "what it holds is not what its first line promises")
    return Copy(rows, {one.evidence: one.text for one in kept}, head.head)


def _torn(name: str, why: str) -> JournalTrouble:
    return JournalTrouble(f"{name} is not whole ({why}), and nothing was taken in: export it again, and carry it over in one piece")


def _first_problem(rows: tuple[Row, ...], kept: list[Kept]) -> str:
    seen: set[str] = set()
    before: Row | None = None
    for row in rows:
        if link(row) != row[9]:
            return f"entry {row[0]} is not what was written"
        if row[1] in seen or (before and row[0] <= before[0]):
            return f"entry {row[0]} is there twice, or out of its order"
        if before and row[0] == before[0] + 1 and row[8] != before[9]:
            return f"entry {row[0]} does not follow the entry before it"
        try:
            decode(row[7])
        except UnknownBody as error:
            return f"entry {row[0]}: {error}"
        seen.add(row[1])
        before = row
    return next(
        (f"the evidence {one.evidence[:12]} was changed" for one in kept if sha256(one.text.encode()).hexdigest() != one.evidence), ""
    )
