"""What every pane has: a ruled head with its state, a body, and the words that stand for a body."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var

from warroom.core.incident import Incident
from warroom.core.readings import Reading, World
from warroom.runbook.model import Runbook
from warroom.ui.cells import Line, Seg, clip, measure, wrap
from warroom.ui.head import head_line
from warroom.ui.look import foreign, g
from warroom.ui.widgets.livetable import Cell, Column, LiveTable
from warroom.ui.widgets.painted import Painted
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.words import lasted, since

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp

T = TypeVar("T")
PaneState = Literal["ours", "live", "empty", "stale", "loading", "trouble"]


class PaneHead(Painted):
    """The ruled line. A second repaints the figures of its age alone."""

    def __init__(self, pane: "Pane") -> None:
        super().__init__(classes="head")
        self._pane = pane

    def draw(self, width: int, height: int) -> Sequence[Line]:
        pane = self._pane
        facts = list(pane.facts())
        if pane.state in ("stale", "loading", "trouble"):
            facts = [[(text, "$soft") for text, _ in fact] for fact in facts]
        return [head_line(pane.called(), facts, width, digit=pane.digit, focused=pane.has_class("-focus"), state=pane.age(width))]


class Pane(Vertical):
    """Follows `world`, `incident` and `now`, which the screen binds; draws when what it shows is another object.

    A pane says what it shows with `label`, `digit` (the key that jumps to it), `field` (the field of World it reads; empty:
    it shows only what people did) and the methods `facts`, `build`, `fill`, `shows_nothing`, `empty_words` and `news`.
    """

    label: ClassVar[str] = ""
    digit: ClassVar[str] = ""
    field: ClassVar[str] = ""
    ticks: ClassVar[bool] = True
    """Whether its body has figures that change with the second."""

    world: var[World] = var(World(), init=False)
    incident: var[Incident] = var(Incident(), init=False)
    now: var[datetime | None] = var[datetime | None](None, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        # A class that comes later costs the styles of all that is in it once more.
        super().__init__(id=id or type(self).__name__.removesuffix("Pane").lower(), classes="-loading" if self.field else None)
        self._drawn: Reading[Any] | None = None
        self._state: PaneState = "loading"
        self._second = -1
        self._ready = False

    # What a kind of pane says.

    def build(self) -> Rows:
        """The body."""
        raise NotImplementedError

    def fill(self) -> None:
        """Shows the values in the body, whatever its state."""

    def called(self) -> str:
        """Its name in the head."""
        return self.label

    def again(self) -> bool:
        """Its digit was pressed where one is already; whether it had something else to show."""
        return False

    def facts(self) -> Sequence[Line]:
        """For the head, from the least to the most telling."""
        return ()

    def shows_nothing(self) -> bool:
        reading = self.reading
        return reading is not None and not reading.value

    def empty_words(self) -> Sequence[Line]:
        return [[("nothing here", "$ink")]]

    def loading_words(self) -> Sequence[Line]:
        progress = self.reading.progress if self.reading else ""
        return [[(f"{g['wait']} ", "$soon"), (foreign(progress) if progress else f"asking for {self.label}", "$ink")]]

    def news(self) -> Line:
        """The worst news in a few cells, for the strip of a narrow screen."""
        return ()

    # What it knows.

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    @property
    def runbook(self) -> Runbook:
        return self.console.room.runbook

    @property
    def reading(self) -> Reading[Any] | None:
        return getattr(self.world, self.field) if self.field else None

    @property
    def state(self) -> PaneState:
        """As it was last drawn."""
        return self._state

    def age(self, width: int) -> Line:
        """State and age, for the right end of the head."""
        reading, state = self.reading, self.state
        if reading is None or self.now is None:
            return ()
        old = lasted(since(reading.at, self.now) or 0)
        trouble = clip(foreign(reading.trouble.partition("\n")[0]), 24)
        if state == "loading":
            return [(f"{g['wait']} loading", "$soft")]
        if state == "trouble":
            return [(f"{g['bad']} {trouble}", "$bad bold")]
        if state == "stale":
            short = [(f"{g['stale']} stale, last good {old} ago", "$soon bold")]
            both = [(f"{g['stale']} stale, {trouble}, last good {old} ago", "$soon bold")]
            return both if trouble and measure(both) < width - 20 else short if width >= 48 else [(f"{g['stale']} {old} ago", "$soon bold")]
        return [(g["live"], "$good"), (f" {old}", "$soft")]

    def _state_now(self) -> PaneState:
        reading = self.reading
        if reading is None:
            return "ours"
        if self.now is None:
            return "loading"
        state = reading.state(self.now)
        return "empty" if state == "live" and self.shows_nothing() else state

    def words(self) -> Sequence[Line] | None:
        """What stands in the place of the body, if something must."""
        match self.state:
            case "loading" if self.shows_nothing():
                return [(), *self.loading_words()]
            case "trouble":
                return self.trouble_words()
            case "empty":
                reading = self.reading
                asked = since(reading.at, self.now) if reading else None
                return [(), *self.empty_words(), [(f"asked {lasted(asked or 0)} ago: empty, not late", "$soft")]]
            case "stale" if self.shows_nothing():
                return [(), *([(text, "$soft") for text, _ in line] for line in self.empty_words())]
            case "ours" if self.shows_nothing():
                return [(), *self.empty_words()]
        return None

    def trouble_words(self) -> Sequence[Line]:
        """What happened, to what, and what to do."""
        reading, out = self.reading, list[Line]()
        first, _, rest = (reading.trouble if reading else "").partition("\n")
        room = max(20, self.size.width - 4)
        for n, text in enumerate((rest or first).splitlines()):
            for m, part in enumerate(wrap(foreign(text), room)):
                mark: Seg = (f"{g['bad']} ", "$bad bold") if n == m == 0 else ("  ", "")
                out.append([mark, (part, "$loud" if n == 0 else "$ink" if n == 1 else "$soft")])
        told = "asked again" in rest  # whoever keeps the feed alive says when
        return [(), *out, *([] if told else [[("  the other panes go on; it is asked again by itself", "$soft")]])]

    # How it follows.

    def compose(self) -> ComposeResult:
        self.top_line = PaneHead(self)
        self.body = self.build()
        self.body.add_class("body")
        yield self.top_line
        yield self.body

    def on_mount(self) -> None:
        self._ready = True
        self.update()

    def watch_world(self) -> None:
        if self._ready and self.field and self.reading is not self._drawn:
            self.update()

    def watch_incident(self) -> None:
        if self._ready:
            self.update()

    def watch_now(self) -> None:
        if not self._ready or self.now is None or int(self.now.timestamp()) == self._second:
            return
        self._second = int(self.now.timestamp())
        if self._state_now() != self._state:
            self.update()
            return
        if self._state == "trouble":
            return  # no second changes what is wrong
        self.top_line.redraw()
        if self.body.words is not None:
            self.body.words = self.words()
            self.body.redraw()
        elif self.ticks:
            self.tick()

    def on_resize(self) -> None:
        """Words are wrapped at the width that they have now."""
        if self._ready and self.body.words is not None:
            self.body.words = self.words()
            self.body.redraw()

    def tick(self) -> None:
        """A second went by."""
        self.body.redraw()

    def update(self) -> None:
        """Draws anew what it shows."""
        self._drawn, self._state = self.reading, self._state_now()
        for name in ("stale", "loading", "trouble", "empty"):
            self.set_class(self._state == name, f"-{name}")
        self.body.old = self._state == "stale"
        self.body.words = self.words()
        self.fill()
        self.body.redraw()
        self.top_line.redraw()

    def focus(self, scroll_visible: bool = True, *args: Any, **options: Any) -> Self:
        """The body takes it."""
        self.body.focus(scroll_visible)
        return self

    def on_descendant_focus(self) -> None:
        self._focus_moved()

    def on_descendant_blur(self) -> None:
        self._focus_moved()

    def _focus_moved(self) -> None:
        """Where two widgets of one pane change over, the news of the one may come after that of the other."""
        self.set_class(self.has_focus_within, "-focus")
        self.top_line.redraw()


class LinesPane(Pane):
    """Its body is the rows of `lines`, a pure function of what the pane knows; asked again at every second and size."""

    tail: ClassVar[bool] = False
    """Whether the end is what one wants to see."""

    def build(self) -> Rows:
        return Rows(self.lines, tail=self.tail)

    def lines(self, width: int, height: int) -> Sequence[Row]:
        raise NotImplementedError


class TablePane(Pane, Generic[T]):
    """Its body is a table of `rows`, keyed values in their order."""

    def build(self) -> LiveTable[T]:
        self.table: LiveTable[T] = LiveTable(self.columns, self.cells)
        return self.table

    def columns(self, width: int) -> Sequence[Column[T]]:
        raise NotImplementedError

    def cells(self, row: T) -> Mapping[str, Cell]:
        raise NotImplementedError

    def rows(self) -> Sequence[tuple[str, T]]:
        raise NotImplementedError

    def fill(self) -> None:
        self.table.show(self.rows())
        self.table.retell()

    def tick(self) -> None:
        self.table.retell()
