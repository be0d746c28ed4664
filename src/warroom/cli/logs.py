"""The feed of the logs' errors, as the settings and the runbook want it."""

from collections.abc import Sequence
from datetime import datetime

from warroom.cli.out import Mistake
from warroom.core.selectors import BadSelector, selects
from warroom.feeds.logs import LogsFeed, Wish
from warroom.feeds.source import Source
from warroom.room import Room
from warroom.settings import Settings


def logs_feed(settings: Settings, room: Room, source: Source) -> LogsFeed:
    """Of the field `tally`. Raises Mistake; nothing is asked or loaded yet."""
    try:
        selects(settings.log_selector)
    except BadSelector as error:
        raise Mistake(f"log_selector as set by {settings.source('log_selector')}: {error}") from error

    def start() -> datetime | None:
        return room.incident.began

    def selectors() -> Sequence[str]:
        if settings.log_selector or settings.selector:
            return (settings.log_selector,) if settings.log_selector else ()
        from warroom.runbook.log_selectors import log_selectors

        return log_selectors(room.text.text, room.runbook)

    return LogsFeed(source, Wish(selectors, settings.log_streams, start))
