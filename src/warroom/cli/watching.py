"""Who looks at all feeds together: the verdicts, and the watch."""

import socket
import uuid
from collections.abc import Callable, Iterable
from functools import partial

from warroom.cli.out import Mistake
from warroom.clock import SystemClock
from warroom.core.entries import Entry
from warroom.core.ports import AnyFeed, Clock, Present, Sleep
from warroom.core.team import Team
from warroom.journal.side import Side
from warroom.room import Room
from warroom.settings import Settings
from warroom.watch.duty import Watch
from warroom.watch.verdicts import VerdictsFeed
from warroom.watch.view import View


def judged(feeds: Iterable[AnyFeed], room: Room, clock: Clock, sleep: Sleep) -> tuple[View, list[AnyFeed]]:
    """The feeds as a view sees them, and the verdicts among them."""
    view = View()
    return view, [*map(view.shown, feeds), VerdictsFeed(view, room, clock, sleep)]


def watch(view: View, room: Room, clock: Clock, sleep: Sleep, settings: Settings, tell: Callable[[Entry], None] | None = None) -> AnyFeed:
    """The feed of who is on watch, which is this process when nobody else is."""
    me = Present(uuid.uuid4().hex, f"{room.who}@{socket.gethostname().partition('.')[0] or 'localhost'}")
    side, levels = Side(settings.journal_path), settings.pagerduty.levels
    build = partial(Watch, room, view, side, me, clock, SystemClock(), sleep, levels=levels, team=_team(settings))
    return view.shown(build(tell) if tell else build())


def _team(settings: Settings) -> Team:
    """A file that cannot be read is told where people are asked for; it keeps nobody from watching."""
    from warroom.cli.team import team_of

    try:
        return team_of(settings)
    except Mistake:
        return Team()
