"""The feeds of figures, as the settings and the runbook want them."""

import re
from collections.abc import Callable
from datetime import datetime

import msgspec

from warroom.cli.out import Mistake
from warroom.core.endpoints import Endpoints, endpoints_of
from warroom.core.ports import AnyFeed
from warroom.core.queries import Query, QueryTrouble, prefix_of, wanted
from warroom.feeds.health import HealthFeed
from warroom.feeds.metrics_api import UsageFeed
from warroom.feeds.prometheus import PrometheusFeed, place_of
from warroom.feeds.promql import Place, PlaceTrouble
from warroom.feeds.scrape import ScrapeFeed
from warroom.feeds.source import Source
from warroom.room import Room
from warroom.settings import Settings, user_file

OFF = "off"
MOST_PUBLIC = 8
"""Addresses of a folder of runbooks may be many."""
_DURATION = re.compile(r"(?:\d+(?:ms|[smhd]))+")


def figure_feeds(settings: Settings, room: Room, source: Source) -> tuple[AnyFeed, ...]:
    """Of the fields `metrics`, `health` and `usage`. Raises Mistake; nothing is asked or loaded yet."""

    def start() -> datetime | None:
        return room.incident.began

    named = Named(room)
    queries, prefix, place = queries_of(settings), prefix_of(room.text.text), prometheus_of(settings)
    metrics: AnyFeed
    if place is not None:
        metrics = PrometheusFeed(source, place, queries, prefix=prefix, window=settings.prometheus.window, start=start)
    else:
        metrics = ScrapeFeed(source, named, queries, prefix=prefix, start=start)
    return metrics, HealthFeed(source, named, public_of(settings), lambda: room.incident.drill), UsageFeed(source)


def queries_of(settings: Settings) -> tuple[Query, ...]:
    try:
        return wanted(settings.queries)
    except QueryTrouble as trouble:
        raise Mistake(f"{trouble} (as set by {settings.source('queries')})") from trouble


def prometheus_of(settings: Settings) -> Place | str | None:
    """Where one is; None: the pods are asked themselves."""
    given = settings.prometheus
    if given.url in ("", OFF):
        return None
    if not _DURATION.fullmatch(given.window):
        raise Mistake(f"prometheus.window {given.window!r} as set by {settings.source('prometheus')} is no time: write it as 2m or 90s")
    try:
        return place_of(
            given.url, **{name: value for name, value in msgspec.structs.asdict(given).items() if name not in ("url", "window")}
        )
    except PlaceTrouble as trouble:
        # What was given may hold a password.
        raise Mistake(f"prometheus as set by {settings.source('prometheus')} cannot be asked: {trouble}") from trouble


def public_of(settings: Settings) -> Callable[[Endpoints], tuple[str, ...]]:
    """What is asked from here: the settings' address, else those that the runbook names, unless a checkout chose the runbook."""
    given = settings.health.public
    if given == OFF:
        return lambda _: ()
    if given:
        if not re.fullmatch(r"https?://[^\s/@]+(?:/\S*)?", given):
            raise Mistake(f"health.public as set by {settings.source('health')} is no address: it needs http:// or https:// and a host")
        return lambda _: (given,)
    chosen = settings.source("runbook")
    if chosen.endswith(".toml") and chosen != str(user_file()):
        return lambda _: ()
    return lambda found: found.public[:MOST_PUBLIC]


class Named:
    """What the commands of the incident's runbook name, read anew when it has another one. That belongs into a thread."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._sha, self._found = "", Endpoints()

    def __call__(self) -> Endpoints:
        text = self._room.text
        if text.sha256 != self._sha:
            self._found = endpoints_of(self._room.runbook)
            self._sha = text.sha256
        return self._found
