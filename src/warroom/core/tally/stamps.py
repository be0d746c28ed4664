"""Times as logs write them: at the head of a line, and as a moment."""

import re
from datetime import UTC, datetime

KUBELET = 31
"""Bytes of the stamp that `timestamps=true` puts before each line, with its blank."""
CLOCK = r"\d{1,2}:\d\d:\d\d(?:[.,:]\d{1,9})?"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH = f"(?:{'|'.join(MONTHS)})"
ZONE = r"(?:\ ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?"
STAMP = re.compile(
    rf"""
      (?P<iso>\d{{4}}[-/.]\d\d[-/.]\d\d (?:[T\ _-]\d\d[:.]\d\d[:.]\d\d(?:[.,:]\d{{1,9}})?)? {ZONE})
    | \d{{8}}[-T\ ]{CLOCK}
    | \d{{1,2}}[-/.]\d{{1,2}}(?:[-/.]\d{{2,4}})?[\ T]{CLOCK}
    | \d{{1,2}}/{MONTH}/\d{{4}}:{CLOCK}{ZONE}
    | \d{{1,2}}\ {MONTH}\ \d{{4}}\ {CLOCK}
    | (?P<syslog>(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{{0,6}},?\ +)? {MONTH}\ +\d{{1,2}}(?:\ +\d{{4}})?\ +{CLOCK}(?:\ +\d{{4}}\b)?)
    | \d{{6}}\ \d{{6}}(?=\ )
    | (?P<clock>{CLOCK}) {ZONE}
    | (?P<epoch>1\d{{9}}(?:\.\d{{1,9}}|\d{{3}})?(?=[\s:|\]]))
    """,
    re.VERBOSE,
)
_ISO = re.compile(rb"(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6}))?\d*(Z|[+-]\d\d:?\d\d)?")


def is_kubelet(line: bytes) -> bool:
    return line[29:31] == b"Z " and line[10:11] == b"T" and line[19:20] == b"." and line[:4].isdigit()


def without_kubelet(line: bytes) -> bytes:
    return line[KUBELET:] if is_kubelet(line) else line


def nanoseconds(line: bytes) -> int:
    """Of the kubelet's stamp, within its day."""
    return (int(line[11:13]) * 3600 + int(line[14:16]) * 60 + int(line[17:19])) * 10**9 + int(line[20:29])


def moment(line: bytes) -> datetime | None:
    """When a line says it was written, if it names a year, by the first time in it; without a zone it is taken as UTC."""
    found = _ISO.search(line, 0, 160)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    whole = f"{year.decode()}-{month.decode()}-{day.decode()}T{hour.decode()}:{minute.decode()}:{second.decode()}"
    whole += f".{(fraction or b'0').decode():0<6}"
    try:
        return datetime.fromisoformat(whole + (zone or b"Z").decode()).astimezone(UTC)
    except ValueError:  # the 31st of February
        return None
