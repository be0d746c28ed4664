"""Words of a document read as numbers, dates, labels and short names."""

import hashlib
import re

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_UNIT = r"(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|[smhdw])\b"
_AMOUNT = re.compile(rf"(?<![\w.,])(\d{{1,6}}(?:\.\d{{1,3}})?)\s*\+?\s*-?\s*((?:business|working)\s+)?{_UNIT}", re.IGNORECASE)
_RANGE = re.compile(rf"(?<![\w.,])(\d{{1,6}})\s*(?:{_UNIT})?\s*(?:-|–|—|to)\s*(\d{{1,6}})\s*{_UNIT}", re.IGNORECASE)
_AT_ONCE = re.compile(r"\b(immediate(ly)?|at once|instant(ly)?|right away)\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_DATE = re.compile(r"\b(\d{4})[-/](\d{2})[-/](\d{2})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.?\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
TOKEN = re.compile(r"[^\W_]+|[^\s\x00-\x7f]")
"""A word, or a sign outside ASCII."""
_MARKER = re.compile(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)+(?:\[[ xX]\]\s+)?")


def seconds(text: str) -> float | None:
    """The first duration in the text; "Immediate" is 0; None: there is no number with a unit."""
    if found := _AMOUNT.search(text):
        return float(found[1]) * UNITS[found[3][0].lower()]
    return 0.0 if _AT_ONCE.search(text) else None


def in_business_hours(text: str) -> bool:
    return bool(re.search(r"\b(business|working|office)\b", text, re.IGNORECASE))


def window(text: str) -> tuple[float | None, float | None]:
    """From and to of a time box like "(0-15 minutes)"; a single duration is its end."""
    if found := _RANGE.search(text):
        last = UNITS[found[4][0].lower()]
        first = UNITS[found[2][0].lower()] if found[2] else last
        return float(found[1]) * first, float(found[3]) * last
    return None, seconds(text) if _AMOUNT.search(text) else None


def iso_date(text: str) -> str | None:
    if found := _ISO_DATE.search(text):
        return "-".join(found.groups())
    if found := _DAY_FIRST.search(text):
        day, month, year = found[1], found[2], found[3]
    elif found := _MONTH_FIRST.search(text):
        month, day, year = found[1], found[2], found[3]
    else:
        return None
    month = month.lower()
    return f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}" if month in _MONTHS else None


def slug(text: str, words: int) -> str:
    """The first words, lower case, joined by "-"."""
    return "-".join(re.findall(r"[^\W_]+", text.casefold())[:words])


def normal(text: str) -> str:
    """The text without case, punctuation and extra space: what two spellings of one thing share."""
    return " ".join(re.findall(r"[^\W_]+|[<>%]", text.casefold()))


def short_hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:4]


def tokens(line: str) -> set[str]:
    """What has to be kept of a source line: its words and its signs outside ASCII, without list markers."""
    return set(TOKEN.findall(_MARKER.sub("", line)))
