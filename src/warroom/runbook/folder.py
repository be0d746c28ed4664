"""Several files as one runbook: their texts joined, told apart again, and what they say laid together."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from warroom.runbook.model import Checklist, Counts, Item, Runbook

_HEAD = "<!-- warroom folder: "
_TAIL = " -->\n"
_EACH = ("roles", "channels", "templates", "checklists", "phases", "playbooks", "related", "headings", "columns", "prose", "findings")
"""What every file adds to."""
_BEST = ("severities", "declaration", "oncall", "escalation", "postmortem", "revisions")
"""What is taken from the one file that says most of it."""


def joined(files: Iterable[tuple[str, str]]) -> str:
    """Names and texts as one text, which `parts` takes apart; its hash hangs on every name and every text."""
    every = list(files)
    return f"{_HEAD}{json.dumps([[name, len(text)] for name, text in every])}{_TAIL}{''.join(text for _, text in every)}"


def is_several(text: str) -> bool:
    return text.startswith(_HEAD)


def parts(text: str) -> list[tuple[str, str]]:
    """The names and texts; empty when the text is that of one file."""
    if not text.startswith(_HEAD) or _TAIL not in text:
        return []
    head, _, rest = text.removeprefix(_HEAD).partition(_TAIL)
    found = []
    try:
        for name, length in json.loads(head):
            found.append((str(name), rest[: int(length)]))
            rest = rest[int(length) :]
    except (ValueError, TypeError, RecursionError):
        return []
    return found if not rest else []


def merged(books: Sequence[tuple[str, Runbook]], text: str, title: str = "") -> Runbook:
    """One runbook of many, each value with its file. The title is that of the file that says most about the response."""
    main = max((book for _, book in books), key=_response, default=Runbook())
    values: dict[str, Any] = {}
    for field in _EACH:
        values[field] = tuple(_of_file(value, name) for name, book in books for value in getattr(book, field))
    for field in _BEST:
        name, best = max(((name, getattr(book, field)) for name, book in books), key=lambda each: _size(each[1]), default=("", None))
        if best is not None:
            values[field] = tuple(_of_file(value, name) for value in best) if isinstance(best, tuple) else best
    values["checklists"] = _with_own_ids(values["checklists"])
    counts = {field: sum(getattr(book.counts, field) for _, book in books) for field in Counts.__struct_fields__}
    return msgspec.structs.replace(
        main,
        **values,
        title=title or main.title,
        sha256=hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
        lines=sum(book.lines for _, book in books),
        counts=Counts(**counts),
        open_fence=None,
    )


def _response(book: Runbook) -> int:
    return sum(
        _size(getattr(book, field)) for field in ("severities", "roles", "escalation", "templates", "phases", "oncall", "declaration")
    )


def _size(value: object) -> int:
    if isinstance(value, msgspec.Struct):
        return sum(_size(getattr(value, field)) for field in value.__struct_fields__ if field not in ("line", "file"))
    if isinstance(value, tuple):
        return sum(1 + _size(each) for each in value)
    return 1 if isinstance(value, str) and value else 0


def _of_file(value: Any, name: str) -> Any:
    return msgspec.structs.replace(value, file=name) if "file" in value.__struct_fields__ else value


def _with_own_ids(checklists: Iterable[Checklist]) -> tuple[Checklist, ...]:
    """Two files may have the same list; its items are ticked apart."""
    seen: dict[str, int] = {}

    def own(item: Item) -> Item:
        seen[item.id] = seen.get(item.id, 0) + 1
        return item if seen[item.id] == 1 else msgspec.structs.replace(item, id=f"{item.id}-{seen[item.id]}")

    return tuple(msgspec.structs.replace(each, items=tuple(map(own, each.items))) for each in checklists)
