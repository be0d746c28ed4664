"""Words that name a person, and how that person is reached."""

import re

_NAME = r"(?:[^\W\d_]{1,2}\.|[^\W\d_][\w'’-]*)"
_PERSON = re.compile(rf"{_NAME}(?:\s+(?:(?:van|von|de|der|den|da|di|bin|al|le|la)\s+){{0,2}}{_NAME}){{0,3}}")
_THING = re.compile(
    r"(?:tion|sion|ment|ing|ance|ence|ity|ness|ship|ware|ology|ics|ers|ors|ies)$|^(?:tbd|tba|none|n/?a|all|any|every\w*|see|the|our|and|or|of|on"
    r"|slack|e-?mail|phone|pager\w*|zoom|teams?|support|legal|security|press|first|second|yes|no|open|24/7|always|primary|secondary)$",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@[\w.-]+")
REACHED = re.compile(r"\+?\d[\d\s()/-]{5,}\d|\S+@\S+\.\w+|@\w[\w.-]+|#[a-z][\w-]+|https?://\S+", re.IGNORECASE)


def is_person(words: str) -> bool:
    """One to four words that are names: each begins with a capital, none is a thing's."""
    words = words.strip(" ,;")
    if _HANDLE.fullmatch(words):
        return True
    if not _PERSON.fullmatch(words):
        return False
    parts = [part for part in words.split() if part not in ("van", "von", "de", "der", "den", "da", "di", "bin", "al", "le", "la")]
    return bool(parts) and all(
        part[0].isupper() and not _THING.search(part) and (part.endswith(".") or not part.isupper()) for part in parts
    )


def held(text: str) -> tuple[str, str] | None:
    """The person and the ways to reach them, where the text is nothing else: `Lena Ark (555-0140)`."""
    ways = [found.strip(" ,;()") for found in REACHED.findall(text)]
    name = REACHED.sub(" ", text) if not _HANDLE.fullmatch(text.strip()) else text
    name = re.sub(r"[()\[\]<>:,;|/–—]+|\s-\s", " ", name)
    name = " ".join(name.split()).rstrip(" -.")
    return (name, ", ".join(ways)) if is_person(name) else None
