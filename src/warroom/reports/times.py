"""Moments and lengths of time, as people write and read them."""

import re
from datetime import UTC, datetime, timedelta

_PART = re.compile(
    r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])", re.IGNORECASE
)
_UNIT = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_PREFIX = re.compile(r"\s*([-−][0-9]+[smhd0-9]*|[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)\s+(?=\S)", re.IGNORECASE)


class TimeTrouble(ValueError):
    """What was written is no time, as advice."""


def parse_length(text: str) -> timedelta:
    """`15m`, `1h30m`, `90s`, `15 min`. Raises TimeTrouble."""
    length = _length(text.strip())
    if length is None:
        raise TimeTrouble(f"{text!r} is no length of time: write it as 15m, 1h30m or 90s")
    return length


def parse_moment(text: str, now: datetime) -> datetime:
    """`-7m`, `-1h30m`, `now`; `02:41`, the latest past one in UTC; RFC 3339, UTC where it has no offset. Raises TimeTrouble."""
    words = text.strip()
    if words.casefold() == "now":
        return now
    if words[:1] in ("-", "−") and (length := _length(words[1:].strip())) is not None:
        try:
            return now - length
        except OverflowError as error:
            raise TimeTrouble(f"{text!r} is longer ago than dates go: write it as -7m, 02:41 or 2026-02-03T02:41Z") from error
    if found := _OF_DAY.fullmatch(words):
        today = now.astimezone(UTC).replace(hour=int(found[1]), minute=int(found[2]), second=int(found[3] or 0), microsecond=0)
        return today if today <= now else today - timedelta(days=1)
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", words):
        try:
            moment = datetime.fromisoformat(words)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            pass
    raise TimeTrouble(f"{text!r} is no time: write it as -7m, 02:41 (UTC) or 2026-02-03T02:41:00Z")


def editor_prefix(text: str, now: datetime) -> tuple[datetime | None, str]:
    """The time that a line of the timeline's editor begins with, and what is left; None: it begins with none."""
    if found := _PREFIX.match(text):
        try:
            return parse_moment(found[1], now), text[found.end() :]
        except TimeTrouble:
            pass
    return None, text


def _length(text: str) -> timedelta | None:
    """Parts without a gap that is not space; None: it is no length."""
    seconds, end = 0.0, 0
    while end < len(text):
        found = _PART.match(text, end)
        if found is None:
            return None
        seconds += float(found[1]) * _UNIT[found[2][0].lower()]
        end = found.end()
        while end < len(text) and text[end].isspace():
            end += 1
    try:
        return timedelta(seconds=seconds) if text else None
    except OverflowError:
        return None


def rfc3339(at: datetime | None) -> str | None:
    """UTC with `Z`."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def figures(seconds: float) -> str:
    """A running clock: `16:06`, `1:02:05`, `-02:18`."""
    whole = int(seconds // 1)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    hours, rest = divmod(whole, 3600)
    return sign + (f"{hours}:" if hours else "") + f"{rest // 60:02}:{rest % 60:02}"


def lasted(seconds: float) -> str:
    """In a document: `2 h 05 min`, `16 min`, `40 s`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def hhmm(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%H:%M")


def day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d")
