"""The console: a table of contents of its modes, workers and handlers."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import App
from textual.reactive import var
from textual.screen import Screen

from warroom.core.acts import Refusal
from warroom.core.incident import Incident
from warroom.core.ports import AnyFeed, Clock, Company, Papers, RawLogs, Runner, Shell
from warroom.core.readings import World
from warroom.core.team import Team
from warroom.ui import look
from warroom.ui.cards.deck import KEYS, card, fits
from warroom.ui.keys import EVERYWHERE, Burst, free_alt, reached_app, write_no_alt
from warroom.ui.messages import Asked, FeedRead
from warroom.ui.screens.opening import OpeningScreen
from warroom.ui.widgets.narrowed import narrowed
from warroom.ui.widgets.painted import Painted

if TYPE_CHECKING:
    from warroom.room import Room
    from warroom.ui.away import Away

# The sheets lie at the top of the project; `styles` beside this package is a link to them.
SHEETS = sorted((Path(__file__).parent.parent / "styles").glob("*.tcss"))
Furnish = Callable[[], Awaitable[tuple["Room", Sequence[AnyFeed]]]]


def mode(name: str, kind: str) -> Callable[[], Screen[Any]]:
    """A screen that is loaded when it is first wanted: the first frame is there before."""

    def make() -> Screen[Any]:
        made: Screen[Any] = getattr(import_module(f"warroom.ui.screens.{name}"), kind)()
        return made

    return make


class WarRoomApp(App[None], inherit_bindings=False):
    """Readings and incidents come in, acts go out; it decides nothing."""

    TITLE = "warroom"
    CSS_PATH = [*SHEETS]
    MODES = {
        "opening": OpeningScreen,
        "live": mode("live", "LiveScreen"),
        "timeline": mode("timeline", "TimelineScreen"),
        "runbook": mode("runbook", "RunbookScreen"),
        "assess": mode("assess", "AssessScreen"),
        "playbooks": mode("playbooks", "PlaybooksScreen"),
        "handoff": mode("handoff", "HandoffScreen"),
        "messages": mode("messages", "MessagesScreen"),
        "review": mode("review", "ReviewScreen"),
    }
    DEFAULT_MODE = "live"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [*KEYS, *EVERYWHERE]
    BEAT = 0.25
    TWICE = 4.0
    """Seconds within which a second ctrl+c counts."""
    world: var[World] = var(World())
    incident: var[Incident] = var(Incident())
    now: var[datetime | None] = var[datetime | None](None)
    draft: var[Mapping[str, datetime]] = var[Mapping[str, datetime]](dict)
    """Items ticked before there is an incident, and when; they are written with the declaration."""

    journal_trouble: var[str] = var("")
    """Why nothing is kept, while the journal cannot be read or written."""

    def __init__(
        self,
        room: "Room | Furnish",
        feeds: Sequence[AnyFeed],
        clock: Clock,
        *,
        theme: look.Choice = "auto",
        ascii: bool = False,
        no_color: bool = False,
        joins: str = "",
        keys: Mapping[str, str] | None = None,
        keep_copy: Callable[[str], str] | None = None,
        read_document: Callable[[str], Awaitable[str | Refusal]] | None = None,
        logs: RawLogs | None = None,
        shell: Shell | None = None,
        runner: Runner | None = None,
        read_only: bool = False,
    ) -> None:
        """`room` may be what opens it, and gives its feeds: it is asked after the first frame.

        `joins` is what another terminal of a drill has to be told; `keep_copy` writes what is copied to a file, and says where.

        `read_document` gives the text of a document by its path from the runbook's folder, or says why it cannot be had.
        Whoever opens the room may set `logs`, `shell` and `runner` then. `read_only`: this console can never be armed.
        """
        self.furnish = room if callable(room) else None
        self.DEFAULT_MODE = "opening" if self.furnish else "live"  # type: ignore[misc]
        # They are parsed twice before the first frame, so most are read after it.
        first = [sheet for sheet in SHEETS if sheet.stem == "opening"]
        super().__init__(css_path=[*first] if self.furnish else None, ansi_color=True if no_color else None)
        self.clock, self.burst, self.joins = clock, Burst(self), joins
        self.failed: Exception | None = None
        """Why the room could not be opened."""
        self.away: Away | None = None
        if not callable(room):
            self.take_room(room, feeds)
        self.own_keys = dict(keys or {})
        self.keep_copy, self.read_document, self.logs, self.shell = keep_copy, read_document, logs, shell
        self.runner, self.read_only, self._handed = runner, read_only, False
        self.papers: Papers | None = None
        """Where the post-mortem is a file that people edit."""
        self.team, self.hand = Team(), ""
        """Who is who; and whose machine and login this console runs under, which a name cannot claim."""
        self.company: Company | None = None
        """Those who share this terminal, where it can be shared."""
        self.pressed = 0.0
        """When the last key or click came, in seconds since 1970."""
        self._interrupted = False
        free_alt()
        look.set_glyphs(ascii or not look.speaks_unicode())
        for each in look.THEMES:
            self.register_theme(each)
        self.theme = look.theme_for(theme, no_color or self.no_color, self.console.color_system)
        look.set_mono(self.theme == "room-mono")
        self._frozen = False

    def _display(self, screen: Any, renderable: Any) -> None:
        if not self._handed:
            super()._display(screen, narrowed(renderable))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return look.theme_variables()

    def take_room(self, room: "Room", feeds: Sequence[AnyFeed]) -> None:
        from warroom.ui.away import Away
        from warroom.ui.bell import Bell, Due
        from warroom.ui.desk import Desk
        from warroom.ui.places import Places

        known = {field.name for field in fields(World)}
        for feed in feeds:
            if feed.field not in known:
                raise ValueError(f"a feed fills {feed.field!r}, which World lacks: name one of {', '.join(sorted(known))}")
        self.room, self.feeds = room, feeds
        self.bell_of_deadlines, self.due = Bell(), Due()
        self.away = Away(self)
        self.places, self.desk = Places(self), Desk(self)

    def on_mount(self) -> None:
        if self.furnish is None:
            self.begin()
            self.call_after_refresh(self.start_feeds)
        else:
            self.burst.wait()
            self.call_after_refresh(self.run_worker, self.open_room(self.furnish), name="opening")

    async def open_room(self, furnish: Furnish) -> None:
        """Keys that come meanwhile are for what will be there. What fails is told on the terminal, once it is left."""
        try:
            self.take_room(*await furnish())
            await asyncio.to_thread(import_module, "warroom.ui.screens.live")
        except Exception as failed:
            self.failed = failed
            self.exit()
            return
        self.stylesheet.read_all(SHEETS)
        self.begin()
        await self.switch_mode("live")
        await self.remove_mode("opening")
        self.call_after_refresh(self.start_feeds)
        self.burst.go_on()

    def begin(self) -> None:
        self.incident = self.room.incident
        if self.own_keys:
            self.set_keymap(self.own_keys)
            self.run_worker(self.desk.told_of_keys(self.own_keys), name="keys")
        self.beat()
        self.set_interval(self.BEAT, self.beat)
        self.run_worker(self.desk.follow(), name="room", group="room")
        self.run_worker(self.desk.work(), name="acts", group="acts")

    def start_feeds(self) -> None:
        """After the room was painted: what feeds import must not hold it back."""
        gc.freeze()
        for feed in self.feeds:
            self.run_worker(self.follow_feed(feed), name=feed.field, group=f"feed:{feed.field}")
        self.run_worker(self.places.lost(), name="lost")

    def beat(self) -> None:
        """Four times a second, so that a second turns when it does; what is shown changes with the second alone."""
        now = self.clock.now()
        if self.now is not None and int(now.timestamp()) == int(self.now.timestamp()):
            return
        self.now = now
        if self.bell_of_deadlines.rings(self.incident, self.due.at(self.room.runbook, self.incident, self.now)):
            self.bell()

    def watch_incident(self, _: Incident) -> None:
        self.screen.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("step", "arm"):
            return self.incident.open
        if action == "take_over":
            return len(self.world.company.value) > 1
        return fits(str(parameters[0]), self.incident) if action == "card" else True

    def action_card(self, name: str, *about: str) -> None:
        """The room waits for an answer; nothing is written before it is given."""
        self.push_screen(card(name, *about))

    async def action_step(self) -> None:
        """Opens what is next; runs nothing."""
        from warroom.core.steps import next_step
        from warroom.ui.screens.live import LiveScreen

        step = next_step(self.room.runbook, self.incident, self.now)
        if step is not None and step.playbook:
            await self.places.step(step.playbook, step.number)
            return
        if step is None:
            self.notify("every step of the runbook is done", title="nothing is next", markup=False)
            return
        if self.current_mode != "live":
            await self.switch_mode("live")
        if isinstance(self.screen, LiveScreen):
            self.screen.open_step(step)

    def watch_theme(self, name: str) -> None:
        look.set_mono(name == "room-mono")

    def set_look(self, *, theme: str = "", ascii: bool | None = None) -> None:
        """Other colours or other glyphs, at once and everywhere."""
        if theme:
            self.theme = f"room-{theme}"
        if ascii is not None:
            from warroom.ui.panes.pane import Pane

            look.set_glyphs(ascii)
            for screen in self.every_screen:
                for pane in screen.query(Pane):
                    pane.update()
                for painted in screen.query(Painted):
                    painted.redraw()

    @property
    def every_screen(self) -> Sequence[Screen[Any]]:
        """Those that are seen, and those that a mode keeps."""
        return [screen for stack in self._screen_stacks.values() for screen in stack]

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown):
            self.pressed = self.clock.real(self.clock.now()).timestamp()
            if self.away is not None:
                self.away.key()
        if isinstance(event, events.Key) and not event.is_forwarded:
            write_no_alt(event)
            if self.current_mode == "opening" and event.key in ("ctrl+c", "ctrl+q"):
                self.exit()  # there is nothing yet that anybody would watch
                return
            if self.burst.holds(event):
                return
            await super().on_event(event)
            self.burst.settle()
        else:
            await super().on_event(event)

    # Where one is.

    async def action_go(self, name: str) -> None:
        await self.places.go(name)

    async def action_runbook(self) -> None:
        await self.places.runbook()

    async def action_assess(self) -> None:
        await self.places.assess()

    async def action_playbooks(self) -> None:
        await self.places.playbooks()

    async def action_messages(self) -> None:
        await self.places.messages()

    async def action_place(self, name: str) -> None:
        await self.places.turn(name)

    def action_arm(self) -> None:
        """Armed, it is made safe at once."""
        from warroom.core.acts.arming import Disarm, armed_until

        if self.read_only:
            self.notify(self.never_armed, title="it stays safe", severity="warning", markup=False)
        elif self.runner is None:
            self.notify("nothing can be run from this console: it has no cluster", severity="warning", markup=False)
        elif armed_until(self.incident, self.runner.console, self.now or self.clock.now()):
            self.post_message(Asked(Disarm(self.runner.console)))
        else:
            self.action_card("arm")

    never_armed = "this console was opened with --read-only and can never be armed: open another one without it"

    @contextmanager
    def handed_over(self) -> Iterator[None]:
        """The terminal is somebody else's meanwhile; what goes on here is drawn afterwards."""
        with self.suspend():
            self._handed = True
            try:
                yield
            finally:
                self._handed = False
        self.screen.refresh(layout=True)

    async def action_back(self) -> None:
        await self.places.back()

    def action_palette(self) -> None:
        from warroom.ui.cards.palette import PaletteCard

        self.push_screen(PaletteCard())

    def action_help(self) -> None:
        from warroom.ui.cards.help import HelpCard

        self.push_screen(HelpCard(self.screen, self.joins))

    def action_away(self) -> None:
        if self.away is not None:
            self.away.tell()

    async def action_take_over(self) -> None:
        """Of those who share the terminal, whoever pressed it goes on alone."""
        if self.company is not None:
            self.run_worker(self.desk.take_over(self.company, self.pressed), group="take over")

    # Leaving.

    def action_leave(self) -> None:
        """Says first who will not be watching any more."""
        from warroom.ui.cards.quit import QuitCard

        card = QuitCard()
        if isinstance(self.screen, QuitCard) or not card.asks():
            self.leave()
        else:
            self.push_screen(card)

    def action_interrupt(self) -> None:
        if self._interrupted:
            self.leave()
            return
        self._interrupted = True
        self.set_timer(self.TWICE, lambda: setattr(self, "_interrupted", False))
        self.notify("ctrl+c again leaves at once, ctrl+q says first what nobody will watch", timeout=self.TWICE, markup=False)

    def leave(self) -> None:
        self.run_worker(self._left(), group="leave", exclusive=True)

    async def _left(self) -> None:
        """What was asked for is written first; when it is refused somebody has to see that."""
        await reached_app(self)
        if await self.desk.cleared():
            self.exit()

    async def follow_feed(self, feed: AnyFeed) -> None:
        async for reading in feed.readings():
            self.post_message(FeedRead(feed.field, reading))

    @on(FeedRead)
    def take_reading(self, message: FeedRead) -> None:
        self.world = replace(self.world, **{message.field: message.reading})
        if message.field == "pods" and message.reading.at is not None and not self._frozen:
            self._frozen = True
            self.call_after_refresh(self.freeze)

    def freeze(self) -> None:
        """What the first list made stays: the collector need not walk it again and again."""
        gc.collect()
        gc.freeze()

    @on(Asked)
    def take_act(self, message: Asked) -> None:
        message.pressed = self.pressed
        self.desk.acts.put_nowait(message)
