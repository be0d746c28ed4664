"""Words of a document read as numbers, dates, labels and short names."""

import hashlib
import re
from functools import lru_cache

from warroom.runbook.vocabulary import plain

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_NAMES = {
    "s": "seconds? secs? segundos? secondes? sekund[aey]? sekunden? секунд[аы]? сек",
    "m": "minutes? mins? minutos? minut[aeyu]? minuten? минут[аы]? мин",
    "h": "hours? hrs? horas? heures? godzin[aeyu]? godz stunden? std час(?:а|ов)? ч",
    "d": "days? dias? jours? dni dzien tage?n? день дня днеи",
    "w": "weeks? semanas? semaines? tydzien tygodni[ea]? wochen? недел[яьи]",
}
_LONG_UNIT = "|".join("|".join(names.split()) for names in _NAMES.values())
_UNIT = rf"({_LONG_UNIT}|[smhdw])\b"
_UNIT_OF = {unit: re.compile("|".join(names.split()), re.IGNORECASE) for unit, names in _NAMES.items()}
_BUSINESS = r"(?:(?:business|working|office|work|рабоч\w+)[\s-]+)?"
_AMOUNT = re.compile(rf"(?<![\w.,])(\d{{1,6}}(?:\.\d{{1,3}})?)\s*\+?\s*-?\s*({_BUSINESS}){_UNIT}", re.IGNORECASE)
_GLUED_UNITS = {
    **dict.fromkeys(("秒钟", "秒", "초"), 1.0),
    **dict.fromkeys(("分钟", "分鐘", "分間", "分", "분"), 60.0),
    **dict.fromkeys(("小时", "小時", "時間", "시간"), 3600.0),
    **dict.fromkeys(("日間", "天", "日", "일"), 86400.0),
    **dict.fromkeys(("週間", "周", "주"), 604800.0),
}
_GLUED = re.compile(
    rf"(\d{{1,6}})\s*(?:个|個|か|ヶ)?\s*(営業|工作|영업|근무)?({'|'.join(sorted(_GLUED_UNITS, key=len, reverse=True))})(?![類类析支級级])"
)
"""`15分以内`, `1 个工作日`: no blank stands behind the unit."""
_HOURS_AND = re.compile(r"(?<![\w.,])(\d{1,3})\s?h\s?([0-5]\d)(?!\w)", re.IGNORECASE)
_SPELLED = {
    **{"half an": 0.5, "half": 0.5, "an": 1, "a": 1, "one": 1, "every": 1, "each": 1, "uma": 1, "una": 1, "une": 1, "eine": 1, "einer": 1},
    **{"toda": 1, "cada": 1, "chaque": 1, "two": 2, "dos": 2, "deux": 2, "duas": 2, "zwei": 2, "three": 3, "four": 4, "five": 5, "six": 6},
    **{"eight": 8, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60},
}
_IN_WORDS = re.compile(rf"\b({'|'.join(sorted(_SPELLED, key=len, reverse=True))})\s+({_BUSINESS})({_LONG_UNIT})\b", re.IGNORECASE)
_HOURLY = re.compile(r"\bhourly\b|\bwithin the hour\b", re.IGNORECASE)
_WORKDAYS = r"ut(?:il|eis)|habil(?:es)?|laborales?|laborables|ouvree?s?|ouvrables?|robocz\w+|рабоч\w+"
_WORKDAY = re.compile(rf"\b(business|working|work|office|{_WORKDAYS})\b", re.IGNORECASE)
_BUSINESS_HOURS = re.compile(
    r"営業日|営業時間|平日|工作日|工作时间|영업일|근무일|업무시간"
    rf"|\b(business|working|office|werktag\w*|arbeits\w+|eob|cob|b[dh]|{_WORKDAYS})\b",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"(?<![\w.,])(\d{{1,6}})\s*(?:{_UNIT})?\s*(?:-|–|—|to)\s*(\d{{1,6}})\s*{_UNIT}", re.IGNORECASE)
_AT_ONCE = re.compile(
    r"^\s*now\s*[.!]*\s*$"
    r"|\b(immediate(ly)?|asap|at once|instant(ly)?|(right|straight) away|imediat[oa]\w*|inmediat[oa]\w*|immediat\w*|natychmiast\w*"
    r"|niezwlocznie|sofort\w*|немедленно|сразу)\b|即時|即座|直ちに|ただちに|立即|马上|즉시",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_DATE = re.compile(r"\b(\d{4})[-/](\d{2})[-/](\d{2})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.?\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
TOKEN = re.compile(r"[^\W_]+|[^\s\x00-\x7f–—‐-―→➜⇒•·]")
"""A word, or a sign outside ASCII; dashes, arrows and dots are marks as their kin in ASCII are."""
_MARKER = re.compile(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)+(?:\[[ xX]\]\s+)?")


def seconds(text: str) -> float | None:
    """The first duration in the text; "Immediate" is 0; None: there is no number with a unit, or it counts working days."""
    text = plain(text)
    if not text.isascii() and (glued := _GLUED.search(text)):
        return None if glued[2] else float(glued[1]) * _GLUED_UNITS[glued[3]]
    found = _AMOUNT.search(text)
    clock = _HOURS_AND.search(text)
    if clock and (not found or clock.start() <= found.start()):
        return float(clock[1]) * 3600 + float(clock[2]) * 60
    if found and found[3] != "M":  # millions
        return None if _workdays(text, found[2], found[3], found.end()) else float(found[1]) * UNITS[_unit(found[3])]
    if _AT_ONCE.search(text):
        return 0.0
    found = _IN_WORDS.search(text)
    if found and not (found[1].lower() == "a" and _unit(found[3]) in "dw"):  # "twice a day" is no day
        return None if _workdays(text, found[2], found[3], found.end()) else _SPELLED[found[1].lower()] * UNITS[_unit(found[3])]
    return 3600.0 if _HOURLY.search(text) else None


def amounts(text: str) -> list[tuple[int, int]]:
    """Where durations in figures stand in the text."""
    if glued := [found.span() for found in _GLUED.finditer(text)]:
        return glued
    return [found.span() for found in _AMOUNT.finditer(plain(text)) if found[3] != "M"]


def _unit(name: str) -> str:
    return next((unit for unit, names in _UNIT_OF.items() if names.fullmatch(name)), name[0].lower())


def _workdays(text: str, before: str, unit: str, end: int) -> bool:
    """A working day is no number of hours."""
    return _unit(unit) in "dw" and bool(before or _WORKDAY.match(text[end : end + 20].lstrip()))


def in_business_hours(text: str) -> bool:
    return bool(_BUSINESS_HOURS.search(plain(text)))


def window(text: str) -> tuple[float | None, float | None]:
    """From and to of a time box like "(0-15 minutes)"; a single duration is its end."""
    if found := _RANGE.search(plain(text)):
        last = UNITS[_unit(found[4])]
        first = UNITS[_unit(found[2])] if found[2] else last
        return float(found[1]) * first, float(found[3]) * last
    return None, seconds(text) if _AMOUNT.search(plain(text)) else None


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


@lru_cache(maxsize=8192)
def said_in(text: str) -> frozenset[str]:
    return frozenset(TOKEN.findall(text))


@lru_cache(maxsize=8192)
def tokens(line: str) -> frozenset[str]:
    """What has to be kept of a source line: its words and its signs outside ASCII, without list markers."""
    return frozenset(TOKEN.findall(_MARKER.sub("", line)))
