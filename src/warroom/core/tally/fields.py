"""Lines of named fields, JSON or pairs: the level, or what went wrong, says whether they are errors."""

import re
from functools import lru_cache
from typing import Any

import msgspec

from warroom.core.tally.alarms import alarming
from warroom.core.tally.heads import ERRORS
from warroom.core.tally.roles import Look, Role

_LEVELS = ("level", "severity", "lvl", "levelname", "@level", "log.level", "loglevel", "log_level", "severity_text", "severityText")
_MESSAGES = ("msg", "message", "@message", "short_message", "event", "body", "text", "log")
_FAULTS = ("error", "err", "exception", "exc_info", "stack_trace", "stack", "error_message")
_STATUS = ("status", "status_code", "statusCode", "http_status", "code")
_REQUESTS = ("method", "path", "uri", "url", "request", "endpoint")
_TIMES = ("time", "ts", "timestamp", "t")
_PAIR = re.compile(r'(?:^|\s)([A-Za-z_@][\w.@-]{0,63})=("(?:[^"\\]|\\.)*"|[^\s"]*)')
TRACEBACK = re.compile(r"(?:\+ |\| )?(?:Exception Group )?Traceback \(most recent call last\):|stack backtrace:$")


def from_json(text: str) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def from_pairs(line: str) -> dict[str, Any] | None:
    """`level=error msg="…"`"""
    if "=" not in line:
        return None
    value = {name: text[1:-1].replace('\\"', '"') if text[:1] == '"' else text for name, text in _PAIR.findall(line)}
    return value if len(value) > 1 and any(name in value for name in _LEVELS) else None


def told(value: dict[str, Any], level: str = "", *, pairs: bool = False) -> Look:
    """`level`: what stood before the fields, if they name none."""
    name = next((name for name in _LEVELS if value.get(name) not in (None, "")), "")
    named = value.get(name)
    if not name and isinstance(inner := value.get("log"), dict):
        named = inner.get("level")
    fault = next((what for one in _FAULTS if (what := _fault(value.get(one)))), "")
    message: str = next((text for one in _MESSAGES if isinstance(text := value.get(one), str) and text), "")
    line = ": ".join(part for part in (message.strip().split("\n", 1)[0], fault) if part)
    line = line or " ".join(f"{one}={text}" for one, text in value.items() if isinstance(text, str) and one not in _TIMES)
    word = named.lower() if isinstance(named, str) else level
    if word in ERRORS or fault:
        return Look(Role.ERROR, line, fields=True)
    if name and (isinstance(named, int | float) or word.isdigit()):
        return Look(Role.ERROR, line, _check(name, rb"(?:[5-9]\d|\d{3,})", pairs), fields=True)
    if (status := next((one for one in _STATUS if one in value), "")) and any(one in value for one in _REQUESTS):
        request = " ".join(str(value[one]) for one in _REQUESTS if one in value)
        return Look(Role.ERROR, request, _check(status, rb"5\d\d", pairs), f"{endpoint(request)} 5xx", fields=True)
    if word:
        return Look(Role.PLAIN, line, fields=True)
    return Look(Role.ERROR if alarming(line) else Role.PLAIN, line, fields=True)


@lru_cache(64)
def _check(name: str, number: bytes, pairs: bool) -> re.Pattern[bytes]:
    """It begins with letters, so that it is found fast."""
    field = re.escape(name.encode()) + b"=" if pairs else b'"' + re.escape(name.encode()) + rb'"[ \t]*:[ \t]*'
    return re.compile(field + b'"?' + number + rb"\b")


def endpoint(path: str) -> str:
    return "/".join("<*>" if any(map(str.isdigit, part)) and not re.fullmatch(r"v\d{1,2}", part) else part for part in path.split("/"))


def _fault(value: Any) -> str:
    """What went wrong, in its most telling line."""
    if isinstance(value, dict):
        value = value.get("message") or value.get("msg") or value.get("type") or ""
    if not isinstance(value, str) or value in ("", "null", "nil", "None", "<nil>", "-"):
        return ""
    lines = [line for line in value.strip().split("\n") if line.strip()]
    if not lines:
        return ""
    return lines[-1] if TRACEBACK.match(lines[0]) else lines[0]
