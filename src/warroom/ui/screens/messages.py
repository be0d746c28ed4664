"""Messages: chosen, filled in one form, seen as the bytes that leave, sent."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from warroom.core.acts import Act, Refusal
from warroom.core.acts.messages import Send, first_key
from warroom.core.acts.sending import ConfirmByHand, Drop, Retry
from warroom.core.claim import Claims, Doubt
from warroom.core.entries import Entry, MessageProposed, MessageQueued
from warroom.core.live import live_of
from warroom.core.messages import Message, difference, fill, said_before, to_oneself
from warroom.core.truth import doubts
from warroom.ui.keep import copy
from warroom.ui.look import foreign, g
from warroom.ui.messages import Asked
from warroom.ui.panes.form import FormPane
from warroom.ui.panes.messages import MessagesPane, OutboxPane
from warroom.ui.panes.preview import PreviewPane
from warroom.ui.screens.base import RoomScreen
from warroom.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


class MessagesScreen(RoomScreen):
    """Enter in the list opens the form; enter in the form sends, where nothing is unfilled. What is public takes two keys."""

    AUTO_FOCUS = "#messages Rows"
    BINDINGS = [
        Binding(
            "enter",
            "send",
            "send",
            id="message.send",
            priority=True,
            tooltip="send what the preview shows; for the public this is one key of two",
        ),
        Binding("U", "unknown", "unknown", id="message.unknown", tooltip='say "unknown at this time" in what is unfilled; inside only'),
        Binding("t", "to_me", "to me first", id="message.to_me", tooltip="the same bytes to yourself, before anybody else reads them"),
        Binding("c", "copy", "copy", id="message.copy", tooltip="the text, to the clipboard and a file"),
        Binding("r", "again", "send again", show=False, id="message.again", tooltip="in the outbox: try once more"),
        Binding("x", "drop", "drop", show=False, id="message.drop", tooltip="in the outbox: it shall not be sent, and why"),
        Binding("y", "by_hand", "I sent it", show=False, id="message.by_hand", tooltip="in the outbox: you copied it and have sent it"),
        Binding("tab", "turn(1)", "next", show=False, id="message.next", priority=True, tooltip="the next blank, the preview, the outbox"),
        Binding("shift+tab", "turn(-1)", "before", show=False, id="message.before", priority=True, tooltip="the other way round"),
        Binding("escape", "away", "back", show=False, id="message.back", tooltip="from the form to the list, then to where you were"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.typed: dict[str, dict[str, str]] = {}
        """What was typed for each message; it stays until the message is sent."""
        self.unknown: set[str] = set()
        self.made: Message | None = None
        self.doubts: tuple[Doubt, ...] = ()

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    def middle(self) -> Iterable[Widget]:
        follow = (RoomScreen.world, RoomScreen.incident, RoomScreen.now)
        self.list, self.outbox = MessagesPane().data_bind(*follow), OutboxPane().data_bind(*follow)
        self.form, self.preview = FormPane(), PreviewPane().data_bind(*follow)
        yield Horizontal(Vertical(self.list, self.outbox, id="sendings"), self.form, self.preview, id="telling")

    def on_mount(self) -> None:
        self._second = -1
        self.call_after_refresh(self.redo)

    def watch_now(self) -> None:
        """The moments in it go on, once a second."""
        if self.now is not None and self.is_mounted and self.query(FormPane) and int(self.now.timestamp()) != getattr(self, "_second", 0):
            self._second = int(self.now.timestamp())
            self.redo()

    def watch_incident(self) -> None:
        if self.is_mounted and self.query(FormPane):
            self.call_later(self.redo)

    def open(self, title: str) -> None:
        """That message, ready to be filled."""
        if self.list.is_mounted:
            self.list.body.gather(max(20, self.list.body.size.width - 1), max(1, self.list.body.size.height))
            self.list.body.go(title)
            self.run_worker(self._open(), group="form")

    # What stands there.

    def redo(self) -> None:
        if self.is_mounted and self.list.is_mounted:
            self.run_worker(self._redo(), group="redo", exclusive=True)

    async def _redo(self) -> None:
        before = self.made
        self.made = self._make()
        made = self.made
        if made is None or before is None or made.text != before.text or made.channel != before.channel or not self.doubts:
            self.doubts = self._doubted(made) if made else ()
        last = said_before(self.incident, made.name, made.channel) if made else None
        changes = difference(last.fact.text, made.text) if made and last and isinstance(last.fact, MessageQueued) else ()
        await self.form.show(made)
        self.preview.show(made, self.doubts, changes)

    def _make(self) -> Message | None:
        template = self.list.template()
        if template is None or not self.incident.id:
            return None
        console = self.console
        now = self.now or console.clock.now()
        typed = self.typed.get(template.title, {})
        return fill(template, self.incident, console.room.runbook, console.team, now, typed, unknown=template.title in self.unknown)

    def _doubted(self, made: Message) -> tuple[Doubt, ...]:
        now = self.now or self.console.clock.now()
        return doubts(
            Claims(
                text="\n".join(part for part in (made.subject, made.text) if part),
                name=made.name,
                channel=made.channel,
                public=made.public,
                incident=self.incident,
                runbook=self.console.room.runbook,
                team=self.console.team,
                live=live_of(self.world, now),
                now=now,
            )
        )

    @on(FormPane.Typed)
    def take(self, message: FormPane.Typed) -> None:
        template = self.list.template()
        if template is not None:
            self.typed.setdefault(template.title, {})[message.name] = message.text
            self.preview.told = ""
            self.redo()

    @on(Rows.Highlighted)
    def follow_cursor(self, message: Rows.Highlighted) -> None:
        if message.rows is self.list.body:
            self.preview.told, self.doubts = "", ()
            self.redo()

    @on(Rows.Chosen)
    def choose(self, message: Rows.Chosen) -> None:
        if message.rows is self.list.body:
            self.run_worker(self._open(), group="form")
        elif message.rows is self.preview.body:
            self.action_send()

    async def _open(self) -> None:
        await self._redo()
        self._turn_to("form")
        self.call_after_refresh(self.form.focus_first if self.form.fields else self.preview.focus)

    # Where one is.

    def _turn_to(self, name: str) -> None:
        """The class by which a small screen shows one of the four."""
        for each in ("form", "preview", "outbox"):
            self.set_class(each == name, f"-{each}")

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        panes = {"form": self.form, "preview": self.preview, "outbox": self.outbox}
        self._turn_to(next((name for name, pane in panes.items() if pane.has_focus_within), "list"))
        self.refresh_bindings()

    def action_turn(self, by: int) -> None:
        """List, each blank, preview, outbox, and round again."""
        stops: list[Widget] = [self.list.body, *self.form.fields, self.preview.body, self.outbox.body]
        at = next((n for n, stop in enumerate(stops) if stop.has_focus), 0)
        stop = stops[(at + by) % len(stops)]
        panes = {"form": self.form, "preview": self.preview, "outbox": self.outbox}
        self._turn_to(next((name for name, pane in panes.items() if stop in pane.walk_children()), "list"))
        stop.focus()

    async def action_away(self) -> None:
        if self.list.has_focus_within:
            await self.console.action_back()
        else:
            self._turn_to("list")
            self.list.focus()

    # Sending.

    @on(FormPane.Entered)
    def action_send(self) -> None:
        made = self.made
        if made is None or not self.incident.id:
            return
        if made.unfilled:
            where = "fill it" if made.public else "fill it, or U says unknown at this time"
            self._tell(f"closed: {len(made.unfilled)} unfilled; {where}")
            self.form.focus_first()
            return
        warnings = tuple(one.text for one in self.doubts)
        first = first_key(self.incident, made.name, self.now or self.console.clock.now())
        alone = first is not None and first.by == self.console.room.who
        if warnings or alone:
            about = [made.name, *(warnings if warnings and not first else ("you gave the first key: say why you give the second, too",))]
            self._why(about, "Send all the same", "why it goes all the same", lambda why: Send(made, warnings, why, self.console.hand))
        else:
            self.console.post_message(Asked(Send(made, (), "", self.console.hand), self._sent))

    def _sent(self, answer: tuple[Entry, ...] | Refusal) -> None:
        if isinstance(answer, Refusal):
            self._tell(answer.why)
            return
        fact = answer[0].fact if answer else None
        if isinstance(fact, MessageProposed):
            self._tell(f"{g['wait']} one key of two: somebody else presses enter here, or you do in 30 s with a reason")
        elif isinstance(fact, MessageQueued):
            self.typed.pop(fact.name, None)
            self.unknown.discard(fact.name)
            self.form.forget()
            self._turn_to("preview")
            self.preview.focus()
            self.redo()
            self._tell(f"{g['good']} asked to be sent; the outbox tells how it went")

    def _tell(self, words: str) -> None:
        self.preview.told = words
        self.preview.update()
        if self.narrow and not self.preview.has_focus_within:
            self.notify(foreign(words), markup=False)

    def _why(self, about: Iterable[str], yes: str, hint: str, make: "object") -> None:
        from warroom.ui.cards.why import WhyCard

        self.console.push_screen(WhyCard([*about], yes, hint, make))  # type: ignore[arg-type]

    def action_unknown(self) -> None:
        template = self.list.template()
        if template is None or self.made is None:
            return
        if self.made.public:
            self._tell("the public is not told that we know nothing: fill it, or do not send it")
            return
        self.unknown ^= {template.title}
        self.redo()

    def action_to_me(self) -> None:
        console, made = self.console, self.made
        person = console.team.person(console.room.who)
        mine = to_oneself(made, person) if made and person else None
        if made is None or made.unfilled:
            self._tell("closed: it is not filled")
        elif mine is None:
            self._tell(f"nobody knows where {console.room.who} reads {made.service}: the team's file has no id or address")
        else:
            console.post_message(Asked(Send(mine, (), "", console.hand), self._sent))

    def action_copy(self) -> None:
        sending = self.outbox.under_cursor() if self.outbox.has_focus_within else None
        text = sending.intent.text if sending else self.made.text if self.made else ""
        if text:
            copy(self.console, text, "the text")

    # The outbox.

    def _about(self, act: type[Retry] | type[ConfirmByHand]) -> None:
        if (sending := self.outbox.under_cursor()) is not None:
            self.console.post_message(Asked(act(sending.intent.id)))

    def action_again(self) -> None:
        self._about(Retry)

    def action_by_hand(self) -> None:
        self._about(ConfirmByHand)

    def action_drop(self) -> None:
        if (sending := self.outbox.under_cursor()) is not None:
            id = sending.intent.id

            def make(why: str) -> Act:
                return Drop(id, why)

            self._why((sending.intent.name, "it is not sent; the timeline says why"), "Drop it", "why it is not sent", make)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("again", "drop", "by_hand"):
            return self.is_mounted and bool(self.query(OutboxPane)) and self.outbox.has_focus_within
        if action == "send":
            return self.is_mounted and bool(self.query(FormPane)) and not self.list.has_focus_within and not self.outbox.has_focus_within
        return True
