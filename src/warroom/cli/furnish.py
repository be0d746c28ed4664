"""The room and the feeds of the console: the one place that knows every part."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from warroom.cli.cluster import most_named
from warroom.cli.given import Flags
from warroom.cli.kept import KeptRunbooks
from warroom.cli.opened import choose, own_runbook, refuse_others
from warroom.cli.out import Mistake
from warroom.cli.pinned import pinned_shell as pinned_shell
from warroom.cli.pinned import step_runner as step_runner
from warroom.cli.watching import judged, watch
from warroom.core.acts import Act, Refusal
from warroom.core.acts.incident import PinCluster
from warroom.core.entries import Entry, RunbookText
from warroom.core.incident import Incident
from warroom.core.ports import AnyFeed, Clock, JournalTrouble, RawLogs
from warroom.core.readings import Cluster, Reading, World
from warroom.core.team import Team
from warroom.journal.evidence import EvidenceFolder
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room
from warroom.settings import Settings

if TYPE_CHECKING:
    from warroom.cli.papers import PostmortemFiles
    from warroom.feeds.source import Source
    from warroom.tmux.company import Company
    from warroom.ui.app import WarRoomApp


async def room(flags: Flags, clock: Clock, leaving: AsyncExitStack, *, read_only: bool) -> Room:
    """The room of the journal, as it is found; the journal is closed with `leaving`."""
    settings = flags.settings
    own, trouble = await asyncio.to_thread(own_runbook, settings)
    journal = await leaving.enter_async_context(SqliteJournal.open(settings.journal_path, asyncio.sleep))
    kind, read = ReadOnlyRoom if read_only else Room, KeptRunbooks(settings.home / "read").read
    evidence = EvidenceFolder(settings.journal_path)
    found = await kind.open(journal, own, clock, settings.user, flags.incident or "", read, evidence)
    id = choose(found.incidents, flags.incident, latest=False, alone=True)
    if flags.incident and id != flags.incident:
        found = await kind.open(journal, own, clock, settings.user, id, read, evidence)
    if trouble and not found.incident.id:
        raise trouble
    refuse_others(flags, found.incident, own)
    await asyncio.to_thread(lambda: found.runbook)  # a folder of hundreds takes seconds to read; the screen goes on meanwhile
    return found


def source_of(flags: Flags, room: Room, clock: Clock) -> "Source":
    """A kubeconfig that is missing or broken is the panes' to tell, and may be repaired meanwhile; one of another cluster ends it here."""
    from warroom.feeds.access import OTHER, Access
    from warroom.feeds.source import Source
    from warroom.feeds.trouble import Trouble

    settings = flags.settings
    access = Access(
        kubeconfig=settings.kubeconfig,
        context=settings.context or None,
        namespaces=settings.namespace,
        selector=settings.selector,
        pin=room.incident.cluster,
        fallback=most_named(room.text.text),
    )
    try:
        access.settle()
    except Trouble as trouble:
        if trouble.word == OTHER:
            raise Mistake("; ".join(trouble.lines)) from trouble
    return Source.of(access, clock, asyncio.sleep)


def raw_logs(source: "Source") -> RawLogs:
    from warroom.feeds import rawlogs

    return rawlogs.RawLogs(source)


def written_feed(settings: Settings, room: Room, clock: Clock) -> AnyFeed:
    """The runbook's file, in case it is written anew."""
    from warroom.library import stamp
    from warroom.watch.written import WrittenFeed

    def load() -> RunbookText:
        text, trouble = own_runbook(settings)
        if trouble:
            raise trouble
        return text

    return WrittenFeed(room, lambda: stamp(settings.runbook), load, clock, asyncio.sleep)


def company(room: Room, clock: Clock) -> "Company | None":
    """Those who share the tmux that this console runs in, if it does."""
    from warroom.settings import login
    from warroom.tmux.asked import of_environment
    from warroom.tmux.company import Company

    if (found := of_environment(os.environ, login())) is None:
        return None
    tmux, pane = found
    return Company(tmux, pane, lambda: window_name(room.incident, clock), clock, asyncio.sleep)


def papers(flags: Flags) -> "PostmortemFiles":
    from warroom.cli.papers import PostmortemFiles

    return PostmortemFiles(flags.settings.home, os.environ)


def people(settings: Settings, shown: "WarRoomApp") -> tuple[Team, str]:
    """The team, and whose machine and login this is. A team's file that cannot be read is told, and stops nobody at night."""
    from warroom.cli.message import hand_of
    from warroom.cli.team import team_of

    try:
        return team_of(settings), hand_of(settings)
    except Mistake as mistake:
        shown.call_later(shown.notify, str(mistake), title="nobody of the team is known", severity="warning", markup=False)
        return Team(), hand_of(settings)


def window_name(incident: Incident, clock: Clock) -> str:
    """`P2 03:42`: hours and minutes."""
    if not incident.id:
        return "warroom"
    minutes = int(incident.elapsed(clock.now())) // 60
    return f"{incident.severity or '??'} {minutes // 60:02}:{minutes % 60:02}"


def cluster_feeds(flags: Flags, room: Room, clock: Clock, source: "Source | None" = None) -> list[AnyFeed]:
    """All feeds on one session, that of `source`. Raises Mistake."""
    from warroom.cli.figures import figure_feeds
    from warroom.cli.logs import logs_feed
    from warroom.feeds.kubernetes import feeds_of
    from warroom.feeds.supervise import Supervised

    settings, source = flags.settings, source or source_of(flags, room, clock)
    calm: list[AnyFeed] = []
    cluster = OneCluster(room)
    for feed in (*feeds_of(source), logs_feed(settings, room, source), *figure_feeds(settings, room, source)):
        first: Reading[Any] = getattr(World(), feed.field)
        calm.append(Guarded(Supervised(feed, first, clock, asyncio.sleep), cluster))
    return calm


def console_feeds(flags: Flags, room: Room, clock: Clock, source: "Source | None" = None) -> list[AnyFeed]:
    """Those of the cluster, what they amount to, who is on watch, and what is sent."""
    from warroom.cli.sending import sender

    view, feeds = judged(cluster_feeds(flags, room, clock, source), room, clock, asyncio.sleep)
    # Who only looks writes nothing, so it leaves the watch to others.
    written = [written_feed(flags.settings, room, clock)] if flags.settings.runbook else []
    if isinstance(room, ReadOnlyRoom):
        return feeds
    on_watch = watch(view, room, clock, asyncio.sleep, flags.settings)
    return [*feeds, *written, on_watch, view.shown(sender(room, clock, flags.settings))]


class ReadOnlyRoom(Room):
    """A room that only looks."""

    async def do(self, act: Act, by: str = "") -> tuple[Entry, ...] | Refusal:
        return Refusal("this console was opened with --read-only: open another without it to change something", mistake=False)


class OneCluster:
    """The cluster that this console reads, against the one that its incident is about.

    An incident declared without a cluster gets this one. When another console declares one that is about another cluster,
    what is read here belongs to it no longer.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self.found: Cluster | None = None

    def trouble(self) -> str:
        """Why nothing may be shown, or empty."""
        pin = self._room.incident.cluster
        if pin is None or self.found is None or pin.same(self.found):
            return ""
        return (
            f"other cluster\n{self._room.incident.id} is about {pin.server} ({pin.context}), this console reads {self.found.server}\n"
            f"quit, and open it again with --context {pin.context}"
        )

    async def pin(self) -> None:
        incident = self._room.incident
        if self.found is not None and incident.open and incident.cluster is None:
            # A refusal means that another console was first, and `trouble` tells whether with another cluster.
            with suppress(JournalTrouble):
                await self._room.do(PinCluster(self.found))


class Guarded:
    """A feed that goes blank rather than show another cluster than the incident's."""

    def __init__(self, feed: AnyFeed, cluster: OneCluster) -> None:
        self._feed, self._cluster, self.field = feed, cluster, feed.field

    def ask_again(self) -> None:
        if again := getattr(self._feed, "ask_again", None):
            again()

    async def readings(self) -> AsyncIterator[Reading[Any]]:
        blank: Reading[Any] = getattr(World(), self.field)
        async for reading in self._feed.readings():
            if isinstance(reading.value, Cluster) and not reading.trouble:
                self._cluster.found = reading.value
                await self._cluster.pin()
            if trouble := self._cluster.trouble():
                yield replace(blank, trouble=trouble)
            else:
                yield reading
