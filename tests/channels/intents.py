"""Intents as the outbox hands them to a channel."""

from typing import Any

from hand import T0
from warroom.core.outbox import Intent


def page(level: int = 2, **more: Any) -> Intent:
    given: dict[str, Any] = {
        "id": "p1",
        "key": "I1/trigger@1",
        "service": "pagerduty",
        "channel": "PagerDuty",
        "text": "P1, nobody answers: API down",
        "to": ("secondary",),
        "page": True,
        "level": level,
        "incident": "I1",
        "title": "API down",
        "queued": T0,
    }
    return Intent(**given | more)


def message(text: str = "*P1* 14 % of requests fail [14:02]", **more: Any) -> Intent:
    given: dict[str, Any] = {
        "id": "m1",
        "key": "I1/update/1",
        "service": "slack",
        "channel": "#incident-active",
        "text": text,
        "name": "Incident Update",
        "incident": "I1",
        "title": "API down",
        "queued": T0,
    }
    return Intent(**given | more)
