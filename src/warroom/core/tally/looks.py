"""What a line is, by its structure: the head of an error, of another event, a part of a trace."""

import re

from warroom.core.tally.alarms import alarming
from warroom.core.tally.fields import TRACEBACK, endpoint, from_json, from_pairs, told
from warroom.core.tally.heads import ERRORS, OTHERS, head
from warroom.core.tally.roles import Look, Role

LONGEST = 4096
_REQUEST = re.compile(r'"(GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND) ([^\s"?]*)[^"\n]*"[ ,]+(?:status:? ?=?)?\d{3}\b')
_SERVER_FAULT = re.compile(rb'"(?:GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND) [^"\n]*"[ ,]+(?:status:? ?=?)?5\d\d\b')
_HTTP_FAULT = re.compile(rb'HTTP/\d(?:\.\d)?"[ ,]+(?:status:? ?=?)?5\d\d\b')  # begins with letters: it is found faster
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
    | (?=[^\s(]{1,200}\.)[\w./$*()\[\]-]{3,200}\((?:0x[0-9a-f]|\.\.\.|\{0x|\)$|[^)]{0,120}\?)
    | note:\ (?:run\ with|Some) | \(Background\ on\ this\ error
    """,
    re.VERBOSE,
)


def look(text: str) -> Look:
    """`text`: the line, decoded, without colours and without the kubelet's stamp."""
    stripped = text.strip()
    if not stripped:
        return Look(Role.MORE, "")
    if stripped[0] == "{" and (found := _json(stripped)):
        return found
    cut = text[:LONGEST]
    if value := from_pairs(cut):
        return told(value, pairs=True)
    if found := _access(cut):
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
        return Look(Role.ERROR if alarming(message) else Role.PLAIN, message)
    return _loose(cut)


def _loose(line: str) -> Look:
    """A line without a head."""
    if TRACEBACK.match(line):
        return Look(Role.TRACE, line)
    if _CHAINED.match(line):
        return Look(Role.CHAINED, line)
    if _MORE.match(line):
        return Look(Role.MORE, line)
    if _THROWN.match(line):
        return Look(Role.THROWN, line)
    return Look(Role.LOOSE if alarming(line) else Role.BARE, line)


def _access(line: str) -> Look | None:
    """A request with its status, as web servers write it. Each endpoint is told by itself, without its numbers."""
    found = _REQUEST.search(line)
    if found is None:
        return None
    check = _HTTP_FAULT if " HTTP/" in found[0] else _SERVER_FAULT
    return Look(Role.ERROR, f"{found[1]} {found[2]}", check, f"{found[1]} {endpoint(found[2])} 5xx", fields=True)


def _json(text: str, level: str = "") -> Look | None:
    value = from_json(text)
    if value is None:
        return None
    if isinstance(inner := value.get("log"), str) and "stream" in value:  # as docker writes files
        return look(inner)
    return told(value, level)
