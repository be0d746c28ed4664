"""What a service's answer means: done, try again and when, or never by itself."""

import re
from collections.abc import Mapping
from typing import Any

from warroom.core.outbox import Service
from warroom.core.ports import Failed
from warroom.core.redact import redact

NAMES: dict[Service, str] = {
    "pagerduty": "PagerDuty",
    "slack": "Slack",
    "statuspage": "the status page",
    "mail": "mail",
    "hand": "a person",
}
LONGEST_WAIT = 3600.0
SHOWN = 200


def said(service: Service, status: int, headers: Mapping[str, str], words: str) -> Failed:
    """Of an answer that is no success, by its status; `words` are the service's own."""
    name, detail = NAMES[service], f" ({short(words)})" if words.strip() else ""
    if status in (420, 429):
        return Failed(f"{name} asks to wait: too many requests{detail}", after=asked_to_wait(headers))
    if status >= 500:
        return Failed(f"{name} is in trouble: HTTP {status}{detail}", unsure=True, after=asked_to_wait(headers))
    if status == 401:
        return Failed(f"{name} does not accept the token: set another, see `warroom doctor`", final=True)
    if status == 403:
        return Failed(f"{name} does not permit this{detail}: give the token the right to it", final=True)
    return Failed(f"{name} refuses it: HTTP {status}{detail}", final=True)


def asked_to_wait(headers: Mapping[str, str]) -> float:
    """Seconds, of Retry-After or ratelimit-reset; 0: the service does not say."""
    for name in ("retry-after", "ratelimit-reset"):
        text = headers.get(name, "")
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return min(float(text), LONGEST_WAIT)
    return 0.0


def broken(service: Service, error: BaseException) -> Failed:
    """Of a request that got no answer; only what never left cannot have been done."""
    import httpx2

    name = NAMES[service]
    while not isinstance(error, httpx2.HTTPError) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return Failed(f"{name} cannot be reached: look at the network")
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return Failed(f"{name} does not answer in time", unsure=True)
    return Failed(f"{name} broke off ({short(str(error) or type(error).__name__)})", unsure=True)


def short(words: str) -> str:
    """Foreign words for a sentence: one line, no secret, not long."""
    return redact(" ".join(words.split()))[:SHOWN]


def part(value: Any, *path: str) -> Any:
    """What a foreign document holds there; None where it does not."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def many(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of a list in a foreign document."""
    found = part(value, *path) if path else value
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
