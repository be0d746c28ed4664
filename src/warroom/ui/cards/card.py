"""A card: a box that means that the room waits for an answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from warroom.core.acts import Act, Refusal
from warroom.core.entries import Entry
from warroom.reports.times import TimeTrouble, parse_moment
from warroom.runbook.model import Runbook
from warroom.ui.cells import Line, Seg, measure, wrap
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.messages import Asked
from warroom.ui.panes.header import Header
from warroom.ui.screens.base import RoomScreen
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.painted import Painted
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.widgets.words import Words
from warroom.ui.words import lasted, utc

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


@dataclass(frozen=True, slots=True)
class Button:
    """What a key of the card does, in its words; the first is the default."""

    name: str
    key: str
    action: str


class Buttons(Painted):
    """The row at the end of a card."""

    def __init__(self, card: "Card") -> None:
        super().__init__(id="buttons")
        self._card = card

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return [[piece for _, _, pieces in self._placed() for piece in pieces]]

    def _placed(self) -> list[tuple[Button, int, list[Seg]]]:
        out, column = list[tuple[Button, int, list[Seg]]](), 0
        for n, button in enumerate(self._card.buttons()):
            pieces: list[Seg] = [
                *([("   ", "")] if n else []),
                (f" {button.name} " if n == 0 else f"{button.name} ", "reverse bold" if n == 0 else "$ink"),
                (f" {button.key}" if n == 0 else button.key, "$focus bold"),
            ]
            out.append((button, column, pieces))
            column += measure(pieces)
        return out

    async def on_click(self, event: events.Click) -> None:
        for button, start, pieces in self._placed():
            if start <= event.x < start + measure(pieces):
                await self._card.run_action(button.action)


class Card(RoomScreen, ModalScreen[None], inherit_bindings=False):
    """The header stays bright above it. A refusal is told in it, and what was typed stays.

    A kind of it gives its `fields` and `buttons`, and in `act` what enter asks for.
    """

    AUTO_FOCUS = "Input"
    name_of_card: ClassVar[str] = ""
    BINDINGS = [
        Binding("tab", "app.focus_next", "next", show=False, id="card.next", tooltip="the next field"),
        Binding("shift+tab", "app.focus_previous", "previous", show=False, id="card.previous", tooltip="the field before"),
        Binding("enter", "answer", "do it", show=False, id="card.answer", tooltip="do what the first button says"),
        Binding("escape", "cancel", "cancel", show=False, id="card.cancel", tooltip="close the card and do nothing"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.waiting = False
        self.trouble = ""

    def fields(self) -> Iterable[Widget]:
        return ()

    def buttons(self) -> Sequence[Button]:
        return (Button("OK", "enter", "answer"), Button("Cancel", "esc", "cancel"))

    def act(self) -> Act | Refusal | None:
        """None: there is nothing to ask for, and the card closes."""
        return None

    def retell(self) -> None:
        """What it says may have become something else."""
        if self.is_mounted:
            for words in self.query(Words):
                words.retell()
            self.query_one(Buttons).redraw()

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    @property
    def runbook(self) -> Runbook:
        return self.console.room.runbook

    @property
    def moment(self) -> datetime:
        return self.now or self.console.clock.now()

    def compose(self) -> ComposeResult:
        yield Header().data_bind(RoomScreen.world, RoomScreen.incident, RoomScreen.now)
        with VerticalScroll(id="box", can_focus=False) as box:
            box.border_title = f" {self.name_of_card} "
            yield from self.fields()
            yield Words(self._told, id="told")
            yield Buttons(self)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_class(in_ascii(), "-ascii")
        self.catch_up()

    def watch_now(self, before: datetime | None, now: datetime | None) -> None:
        if now and (before is None or int(before.timestamp()) != int(now.timestamp())):
            self.retell()

    def watch_incident(self) -> None:
        self.retell()

    def _told(self, width: int) -> Sequence[Line]:
        if self.waiting:
            return [[(f"{g['wait']} ", "$soon"), ("writing it down", "$ink")]]
        if not self.trouble:
            return [[]]
        parts = wrap(foreign(self.trouble), max(20, width - 2))
        return [[(f"{g['bad']} " if n == 0 else "  ", "$bad bold"), (part, "$loud")] for n, part in enumerate(parts)]

    def say(self, trouble: str) -> None:
        self.trouble = trouble
        self.retell()

    @on(Input.Changed)
    def forget_trouble(self) -> None:
        self.say("")

    @on(Input.Submitted)
    def answer_from_field(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_answer()

    @on(Rows.Chosen)
    def answer_from_rows(self, message: Rows.Chosen) -> None:
        message.stop()
        self.action_answer()

    def action_answer(self) -> None:
        act = self.act()
        if isinstance(act, Refusal):
            self.say(act.why)
        elif act is None:
            self.action_cancel()
        else:
            self.ask(act)

    def ask(self, act: Act) -> None:
        """Once: a second key before the answer does nothing."""
        if not self.waiting:
            self.waiting = True
            self.say("")
            self.app.post_message(Asked(act, self.hear))

    def hear(self, answer: tuple[Entry, ...] | Refusal) -> None:
        self.waiting = False
        if isinstance(answer, Refusal):
            self.refused(answer)
        else:
            self.done()

    def refused(self, refusal: Refusal) -> None:
        self.say(refusal.why)

    def done(self) -> None:
        self.dismiss()

    def action_cancel(self) -> None:
        """Not while it is being written down: a refusal would have nowhere to go."""
        if not self.waiting:
            self.dismiss()


class Menu(Rows):
    """Rows that are all shown where there is room."""

    def __init__(self, source: Callable[[int, int], Sequence[Row]], *, id: str | None = None) -> None:
        super().__init__(source, id=id)
        self._lines_of = source

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines_of(width - 1, 99))


def field(label: str, *widgets: Widget, id: str | None = None) -> Horizontal:
    """A label and what belongs to it, on one row."""
    return Horizontal(Words(lambda _: [[(label, "")]], classes="label"), *widgets, classes="field", id=id)


class MomentBlank(Horizontal):
    """A time as people write it; beside it stands what it is understood as, or why it is not."""

    def __init__(self, now: Callable[[], datetime], *, id: str, empty: str) -> None:
        super().__init__(classes="moment", id=id)
        self._now, self._empty = now, empty

    def compose(self) -> ComposeResult:
        self.blank = Blank(hint="-7m, 02:41")
        yield self.blank
        yield Words(self._read)

    def moment(self) -> datetime | Refusal | None:
        """None: nothing was written."""
        if not self.blank.value.strip():
            return None
        try:
            return parse_moment(self.blank.value, self._now())
        except TimeTrouble as trouble:
            return Refusal(str(trouble))

    def _read(self, width: int) -> Sequence[Line]:
        at, now = self.moment(), self._now()
        if at is None:
            return [[(f" {self._empty}", "$soft")]]
        if isinstance(at, Refusal):
            return [[(f" {g['bad']} no time: -7m, 02:41, RFC 3339", "$bad")]]
        past = (now - at).total_seconds()
        day = f"{at:%Y-%m-%d} " if at.date() != now.date() else ""
        told = f"{lasted(past)} ago" if past >= 0 else f"in {lasted(-past)}"
        return [[(f" {day}{utc(at)} UTC, {told}", "$ink" if past >= 0 else "$bad")]]
