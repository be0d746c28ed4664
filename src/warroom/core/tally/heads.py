"""The head of a line (times, hosts, processes, levels, loggers) told from its message, whatever wrote it."""

import re
from dataclasses import dataclass

from warroom.core.tally.stamps import CLOCK, STAMP

ERRORS = frozenset(("error", "err", "severe", "critical", "crit", "fatal", "alert", "emerg", "emergency", "panic", "failure", "dpanic"))
OTHERS = frozenset(
    ("trace", "debug", "fine", "finer", "finest", "verbose", "info", "information", "notice", "log", "warn", "warning", "config", "success")
)
NEAR = 160
"""Characters in which a head ends."""
_WORDS = "|".join(sorted(ERRORS | OTHERS, key=len, reverse=True))
_UPPER = rf"(?:{_WORDS.upper()})"
_ANY = f"(?:{_UPPER}|{_WORDS.title()}|{_WORDS})"
# Alone in capitals, in brackets in any case, or with a colon; one letter only where a time stands before it.
_LEVEL = re.compile(
    rf"[\[<(](?P<in>{_ANY})(?::\w+)?[\]>)]:?|(?P<loud>{_UPPER})(?=[\s:|,\]]|$):?|(?P<mild>{_WORDS.title()}|{_WORDS})(?=[:|]|\s{{2,}}|\t):?"
)
_BEFORE = re.compile(rf"[\[<(]?(?P<in>{_ANY})[\]>):|]*\s")
_LETTER = re.compile(r"(?P<letter>[VDIWEF])(?=[\s/|])[/|]?")
# `RAS KERNEL INFO`, ` - name - ERROR - `, `[12] app@db ERROR:`
_SOON = re.compile(
    rf"(?:(?:[A-Z0-9@_.:/#-]+|[\w.$-]*[@\d.][\w.$@:/-]*|\[[^\[\]\s]{{1,64}}\]|[\w.$-]+\s+[-|])\s+){{1,4}}(?=(?:{_UPPER})[\s:]|\[(?:{_ANY})\])"
)
_NUMBER = re.compile(r"\d+(?:#\d+:(?:\s\*\d+)?)?(?=[\s|:\]])|stdout [FP](?= )|stderr [FP](?= )")
_FIELD = re.compile(r"[\w.-]+\|")
_COLUMN = re.compile(r"[\w.$-]{2,40}(?:\t|\s{2,})(?=\S)")
_PLACE = re.compile(r"[\w./-]+\.(?:go|py|cc?|cpp|hh?|rs|[jt]sx?|mjs|java|rb|php|exs?|erl|kt|swift|cs|scala):\d+:?(?=\s)")
_LOGGER = re.compile(r"(?:[\w$/-]+[.@$][\w.$/@-]+|[A-Z_][\w$-]*[a-z_][\w$-]*)(?:\s?:(?=\s)|(?=\s+(?:-\s|\[)))|:[\w.]+:")
_DOTTED = re.compile(r"(?:[a-z_$][\w$-]*\.){2,}[\w$]+(?=\s)")
_HOST = re.compile(r"[\w.:/@#-]+\s+")
_TAG = re.compile(r"(?:-- ?)?[\w./()#&+@-]{1,80}(?: [\w.()-]{1,24}){0,2}?(?:\[[\d/x:]+\])?(?: \([\w.-]+\))?:(?=\s|$)")
_KLOG = re.compile(rf"(?P<letter>[IWEF])\d{{4}} {CLOCK}\s+\d+ [\w.-]+:\d+\]\s?")
_GAP = re.compile(r"[\s|,;:>\]]+|-+(?=\s)")
_TOKEN = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Head:
    """`level` in lower case, empty when the line names none; `end`: where the message begins; `timed`: a time stood there."""

    level: str
    end: int
    timed: bool


def head(line: str) -> Head:
    found = _KLOG.match(line)
    if found:
        return Head(_word(found["letter"]), found.end(), True)
    at, syslog = _times(line)
    timed = at > 0
    level, end = _fields(line, at) if syslog else _columns(line, at, timed)
    if not level and timed and (before := _BEFORE.match(line)):
        level = _level(before)
    end = _skip(line, end) if end else 0
    return Head(level, end if end < len(line.rstrip()) else 0, timed)


def _times(line: str) -> tuple[int, bool]:
    """Behind the last of the times that stand at the beginning; whether it is one that a host follows."""
    at, end, strange, syslog = 0, 0, 0, False
    opens = line[:1].isalpha()
    for _ in range(9):
        if at >= min(len(line), NEAR) or strange > 4:
            break
        start = at + (line[at] in "[(<|")
        if (stamp := STAMP.match(line, start)) and (end or not stamp["clock"] or not strange):
            at = end = stamp.end()
            syslog, strange = bool(stamp["syslog"]), 0
            at = _skip(line, at)
            continue
        token = _TOKEN.match(line, at)
        if token is None:
            break
        word = token[0].strip()
        if (word.isalpha() and _says(word, opens)) or (end and word.endswith(":")):
            break
        strange, at = strange + 1, token.end()
    return end, syslog and line[end : end + 1] == " "


def _says(word: str, opens: bool) -> bool:
    """Whether a word is of a sentence already, which a time may be in too. `opens`: the line begins with a letter."""
    return len(word) > 1 and not word.isupper() and (opens or not word.islower()) and word.lower() not in ERRORS | OTHERS


def _skip(line: str, at: int) -> int:
    while gap := _GAP.match(line, at):
        at = gap.end()
    return at


def _fields(line: str, at: int) -> tuple[str, int]:
    """After the time of a syslog: host, process, perhaps a level."""
    at = _skip(line, at)
    host = _HOST.match(line, at)
    if host and not host[0].rstrip().endswith(":"):
        at = host.end()
    if tag := _TAG.match(line, at):
        at = tag.end()
    found = _LEVEL.match(line, start := _skip(line, at))
    return (_level(found), found.end()) if found else ("", start)


def _columns(line: str, at: int, timed: bool) -> tuple[str, int]:
    """Levels, numbers, threads and loggers, in whichever order they come."""
    level, brackets = "", 0
    for _ in range(10):
        at = _skip(line, at) if at else at
        if not level:
            found = _LEVEL.match(line, at) or (_LETTER.match(line, at) if timed else None)
            if found and not timed and "mild" in found.groupdict() and found["mild"]:
                return _level(found), 0  # `error: …` is a sentence too
            if found:
                level, at = _level(found), found.end()
                continue
            if timed and (soon := _SOON.match(line, at, NEAR)):
                at = soon.end()
                continue
        if not timed and not level:
            break
        if found := _NUMBER.match(line, at) or _FIELD.match(line, at):
            at = found.end()
        elif line[at : at + 1] == "[" and brackets < 3 and (end := _bracket(line, at)):
            at, brackets = end, brackets + 1
        elif found := _PLACE.match(line, at) or _LOGGER.match(line, at) or _DOTTED.match(line, at):
            at = _skip(line, found.end())
            if line[at : at + 1] == "[" and brackets < 3 and (end := _bracket(line, at)):
                at = _skip(line, end)
            if level:
                break
        elif level and (found := _COLUMN.match(line, at)):
            at = found.end()
            if place := _PLACE.match(line, at):
                at = place.end()
            break
        else:
            break
    return level, at


def _bracket(line: str, at: int) -> int:
    """Behind the bracket that opens here, or 0."""
    depth = 0
    for index in range(at, min(len(line), at + NEAR)):
        depth += (line[index] == "[") - (line[index] == "]")
        if depth == 0:
            return index + 1
    return 0


def _level(found: re.Match[str]) -> str:
    groups = found.groupdict()
    if letter := groups.get("letter"):
        return _word(letter)
    return next(word for name in ("in", "loud", "mild") if (word := groups.get(name))).lower()


def _word(letter: str) -> str:
    return {"E": "error", "F": "fatal", "W": "warning", "I": "info"}.get(letter, "debug")
