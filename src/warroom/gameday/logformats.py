"""The ways in which programs write a line of their log."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Literal

Format = Literal["python", "json", "klog", "logfmt", "access", "postgres", "plain"]
Write = Callable[[datetime, str, str, str], str]
"""When, the level, who says it, and what: one line, or several where there is a trace."""


def _python(at: datetime, level: str, who: str, said: str) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d} {level:<8} {who}: {said}"


def _json(at: datetime, level: str, who: str, said: str) -> str:
    message, _, trace = said.partition("\n")
    more = {"exc_info": trace} if trace else {}
    return json.dumps({"ts": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z", "level": level.lower(), "logger": who, "msg": message, **more})


def _klog(at: datetime, level: str, who: str, said: str) -> str:
    return f"{level[:1]}{at:%m%d %H:%M:%S.%f}       1 {who}] {said}"


def _logfmt(at: datetime, level: str, who: str, said: str) -> str:
    return f"ts={at:%Y-%m-%dT%H:%M:%S.%f}Z level={level.lower()} caller={who} {said}"


def _access(at: datetime, level: str, who: str, said: str) -> str:
    """`said` is the address, the request and what came of it, with `[]` where the time stands."""
    return said.replace("[]", f"[{at:%d/%b/%Y:%H:%M:%S} +0000]", 1)


def _postgres(at: datetime, level: str, who: str, said: str) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} UTC [{who}] {level}:  {said}"


def _plain(at: datetime, level: str, who: str, said: str) -> str:
    return said


WRITE: dict[str, Write] = {
    "python": _python,
    "json": _json,
    "klog": _klog,
    "logfmt": _logfmt,
    "access": _access,
    "postgres": _postgres,
    "plain": _plain,
}
