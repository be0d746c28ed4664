"""What a line is, by its structure: the head of an error, of another event, a part of a trace."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import msgspec

from warroom.core.tally.heads import ERRORS, OTHERS, head

LONGEST = 4096
_LEVELS = ("level", "severity", "lvl", "levelname", "@level", "log.level", "loglevel", "log_level", "severity_text", "severityText")
_MESSAGES = ("msg", "message", "@message", "short_message", "event", "body", "text", "log")
_FAULTS = ("error", "err", "exception", "exc_info", "stack_trace", "stack", "error_message")
_TIMES = ("time", "ts", "timestamp", "@timestamp", "t")
_PAIR = re.compile(r'(?:^|\s)([A-Za-z_@][\w.@-]{0,63})=("(?:[^"\\]|\\.)*"|[^\s"]*)')
_REQUEST = re.compile(
    r'"?\b(GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND) ([^\s"?]*)[^"\n]*"[ ,]+(?:status:? ?=?)?\d{3}\b'
)
_SERVER_FAULT = re.compile(rb'\b(?:GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND) [^"\n]*"[ ,]+(?:status:? ?=?)?5\d\d\b')
_HTTP_FAULT = re.compile(rb'HTTP/\d(?:\.\d)?"[ ,]+(?:status:? ?=?)?5\d\d\b')  # begins with letters: it is found faster
_JSON_FAULT = re.compile(
    rb'"(?:level|severity|lvl)"\s*:\s*"?(?:[5-9]\d|\d{3,})\b|"(?:status|status_?code|http_status|code)"\s*:\s*"?5\d\d\b', re.IGNORECASE
)
_PAIR_FAULT = re.compile(rb'\b(?:status|status_?code|http_status|code)="?5\d\d\b', re.IGNORECASE)
_STATUS = ("status", "status_code", "statusCode", "http_status", "code")
_LOUD = re.compile(r"\b(?:ERROR|FATAL|CRITICAL|SEVERE|EMERG|EMERGENCY|PANIC)\b")
_WORD = re.compile(
    r"(?i)error|exception|fatal|panic|crash|critical|failed|failure|segfault|segmentation fault|out of memory|core dumped|traceback"
)
_HARMLESS = re.compile(
    r"""(?ix) \b(?:no|0|zero|without|any)\s+(?:\w+\s+)?(?:errors?|exceptions?|failures?)\b
    | \b(?:errors?|exceptions?|failures?|failed)["']?\s*[:=]\s*["']?(?:0|null|none|nil|false|no|""|'')(?=$|["'\s,;)}\]])
    | \b0\s+failed\b | \berror[-_]?(?:free|handler|handling|correct\w*)\b | \bfail(?:ed|ure)?[-_]?over\b
    """
)
_TRACEBACK = re.compile(r"(?:\+ |\| )?(?:Exception Group )?Traceback \(most recent call last\):|stack backtrace:$")
_THROWN = re.compile(
    r"(?:\| )?(?:[A-Za-z_$][\w$]*(?:\.|::|/))*"
    r"(?:[A-Z][\w$]*(?:Error|Exception|Interrupt|Exit|Warning|Failure|Fault|Timeout|Group|Throwable)"
    r"|[a-z_]+\.(?:[a-z_]+\.)*(?:timeout|error|herror|gaierror))(?: \([^)]{1,80}\))?(?::(?:\s|$)|$)"
)
_CHAINED = re.compile(r"During handling of the above|The above exception was the direct")
_MORE = re.compile(
    r"""
      Caused\ by:\s | Suppressed:\s | \.\.\.\s\d+\s(?:more|common) | at\s[\w.$<>]+[(\s] | ---\ End\ of\ (?:inner|stack)
    | goroutine\s\d+\s\[ | created\ by\s | exit\ status\s\d | \[signal\ SIG | (?:r[0-9a-z]{1,2}|[re](?:ip|sp|bp|flags)|[cfg]s)\s+0x
    | [\w./$*()\[\]-]{3,200}\.[\w.()*\[\]$]{1,200}\((?:0x[0-9a-f]|\.\.\.|\{0x|\)$|[^)]{0,120}\?)
    | note:\ (?:run\ with|Some) | \(Background\ on\ this\ error
    """,
    re.VERBOSE,
)


class Role(IntEnum):
    PLAIN = 0
    """The head of an event that is no error."""
    ERROR = 1
    """The head of an error event."""
    TRACE = 2
    """A trace begins: Python's."""
    THROWN = 3
    """What was thrown: `ValueError: bad batch size`."""
    MORE = 4
    """A part of the event above."""
    LOOSE = 5
    """A line without a head which by its words is an error."""
    CHAINED = 6
    """Says that the next trace belongs to the one above."""
    BARE = 7
    """Any other line without a head."""


@dataclass(frozen=True, slots=True)
class Look:
    """`check`: what numbers decide is asked of each line: it is an error if this is found in it, plain if not."""

    role: Role
    message: str
    check: re.Pattern[bytes] | None = None
    told: str = ""
    """The message with its values out of sight already."""


def look(text: str) -> Look:
    """`text`: the line, decoded, without colours and without the kubelet's stamp."""
    stripped = text.strip()
    if not stripped:
        return Look(Role.MORE, "")
    if stripped[0] == "{" and (found := _json(stripped)):
        return found
    cut = text[:LONGEST]
    if found := _pairs(cut) or _access(cut):
        return found
    indented = text[:1] == "\t" or text[:2] == "  "
    known = head(cut.lstrip())
    message = cut.lstrip()[known.end :]
    if message.startswith("{") and message.endswith("}") and (found := _json(message, known.level)):
        return found
    if known.level in ERRORS:
        return Look(Role.ERROR, message)
    if known.level in OTHERS and (known.timed or not indented):
        return Look(Role.PLAIN, message)
    if indented and not known.timed:
        return Look(Role.MORE, message)
    if known.timed:
        return Look(Role.ERROR if _alarming(message) else Role.PLAIN, message)
    return _loose(cut)


def _loose(line: str) -> Look:
    """A line without a head."""
    if _TRACEBACK.match(line):
        return Look(Role.TRACE, line)
    if _CHAINED.match(line):
        return Look(Role.CHAINED, line)
    if _MORE.match(line):
        return Look(Role.MORE, line)
    if _THROWN.match(line):
        return Look(Role.THROWN, line)
    return Look(Role.LOOSE if _alarming(line) else Role.BARE, line)


def _alarming(message: str) -> bool:
    """By its words, the last resort."""
    if _LOUD.search(message, 0, 120):
        return True
    return bool(_WORD.search(message)) and bool(_WORD.search(_HARMLESS.sub("", message)))


def _access(line: str) -> Look | None:
    """A request with its status, as web servers write it. Each endpoint is told by itself, without its numbers."""
    found = _REQUEST.search(line)
    if found is None:
        return None
    check = _HTTP_FAULT if " HTTP/" in found[0] else _SERVER_FAULT
    return Look(Role.ERROR, f"{found[1]} {found[2]}", check, f"{found[1]} {endpoint(found[2])} 5xx")


def endpoint(path: str) -> str:
    return "/".join("<*>" if any(map(str.isdigit, part)) and not re.fullmatch(r"v\d{1,2}", part) else part for part in path.split("/"))


def _json(text: str, level: str = "") -> Look | None:
    try:
        value = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if isinstance(inner := value.get("log"), str) and "stream" in value:  # as docker writes files
        return look(inner)
    return _fields(value, level, _JSON_FAULT)


def _pairs(line: str) -> Look | None:
    """`level=error msg="…"`"""
    if "=" not in line:
        return None
    value: dict[str, Any] = {name: text[1:-1].replace('\\"', '"') if text[:1] == '"' else text for name, text in _PAIR.findall(line)}
    if not any(name in value for name in _LEVELS) or len(value) < 2:
        return None
    return _fields(value, "", _PAIR_FAULT)


def _fields(value: dict[str, Any], level: str, check: re.Pattern[bytes]) -> Look:
    """Of JSON or of pairs: the level, or what went wrong, says whether it is an error."""
    named = next((value[name] for name in _LEVELS if value.get(name) not in (None, "")), None)
    if isinstance(inner := value.get("log"), dict):
        named = named if named is not None else inner.get("level")
    fault = next((told for name in _FAULTS if (told := _fault(value.get(name)))), "")
    message: str = next((text for name in _MESSAGES if isinstance(text := value.get(name), str) and text), "")
    told = ": ".join(part for part in (message.strip().split("\n", 1)[0], fault) if part)
    told = told or " ".join(
        f"{name}={text}" for name, text in value.items() if isinstance(text, str) and name not in ("time", "ts", "timestamp", "t")
    )
    word = named.lower() if isinstance(named, str) else level
    if word in ERRORS or fault:
        return Look(Role.ERROR, told)
    if isinstance(named, int | float) or (isinstance(named, str) and named.isdigit()):
        return Look(Role.ERROR, told, check)
    if any(name in value for name in _STATUS) and any(name in value for name in ("method", "path", "uri", "url", "request", "endpoint")):
        request = " ".join(str(value[name]) for name in ("method", "path", "uri", "url", "request", "endpoint") if name in value)
        return Look(Role.ERROR, request, check, f"{endpoint(request)} 5xx")
    if word in OTHERS or word:
        return Look(Role.PLAIN, told)
    return Look(Role.ERROR if _alarming(told) else Role.PLAIN, told)


def _fault(value: Any) -> str:
    """What went wrong, in its most telling line."""
    if isinstance(value, dict):
        value = value.get("message") or value.get("msg") or value.get("type") or ""
    if not isinstance(value, str) or value in ("", "null", "nil", "None", "<nil>", "-"):
        return ""
    lines = [line for line in value.strip().split("\n") if line.strip()]
    if not lines:
        return ""
    return lines[-1] if _TRACEBACK.match(lines[0]) else lines[0]
