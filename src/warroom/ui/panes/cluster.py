"""What every table of the cluster can do: be filtered, marked, copied, described and asked again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from warroom.ui.cells import Line
from warroom.ui.keep import copy, pin
from warroom.ui.look import foreign, g, in_ascii
from warroom.ui.panes.filter import Filter, FilterLine
from warroom.ui.panes.pane import TablePane
from warroom.ui.widgets.rows import Rows
from warroom.ui.words import number

if TYPE_CHECKING:
    from warroom.ui.subject import Subject

T = TypeVar("T")


class ClusterPane(TablePane[T], Generic[T]):
    """Pods, events and recent changes: one set of keys for whatever row is under the cursor."""

    reads: ClassVar[tuple[str, ...]] = ()
    """All the fields of World that its rows hang on; `field` is the one whose age it shows."""

    noun: ClassVar[str] = ""
    """What its rows are called, many of them."""

    BINDINGS = [
        Binding("slash", "filter", "filter", key_display="/", id="rows.filter", tooltip="show the rows that a regex finds; ! hides them"),
        Binding("d", "describe", "describe", id="rows.describe", tooltip="all that is known of it; enter does the same"),
        Binding("p", "pin", "pin", id="rows.pin", tooltip="pin what is under the cursor, with its numbers, into the timeline as evidence"),
        Binding("c", "copy", "copy", show=False, id="rows.copy", tooltip="copy its name, or those of all marked rows"),
        Binding("ctrl+r", "ask", "ask again", show=False, id="rows.ask", tooltip="ask the cluster now, and sort the rows anew"),
        Binding("escape", "all", "all rows", show=False, id="rows.all", tooltip="show all rows again, then take the marks away"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.filter: Filter | None = None
        self._made_of: tuple[object, ...] | None = None
        self._rows: Sequence[tuple[str, T]] = ()

    # What a kind of table says.

    def text_of(self, row: T) -> str:
        raise NotImplementedError

    def copy_of(self, row: T) -> str:
        raise NotImplementedError

    def sources(self) -> tuple[object, ...]:
        """Rows are made anew when one of these is another object."""
        return (*(getattr(self.world, name).value for name in self.reads or (self.field,)), self.incident.alerted)

    def telling(self) -> Sequence[Line]:
        """The facts of the head, but for those of the filter, the marks and the order."""
        return ()

    @property
    def wants(self) -> int:
        """How many lines its body would fill, whatever is filtered away."""
        return len(self._rows) or 5

    # How it follows.

    def compose(self) -> ComposeResult:
        yield from super().compose()
        self.line = FilterLine()
        yield self.line

    def watch_world(self) -> None:
        if self._ready and (self.reading is not self._drawn or self._stale_rows()):
            self.update()

    def _stale_rows(self) -> bool:
        before, after = self._made_of, (*self.sources(), in_ascii())
        return before is None or any(a is not b for a, b in zip(before, after, strict=True))

    def fill(self) -> None:
        if self._stale_rows():
            self._made_of = (*self.sources(), in_ascii())
            self._rows = self.rows()
            self.table.show(self._rows)
            self.body.words = self.words()
        self.table.retell()

    def facts(self) -> Sequence[Line]:
        if self.state == "trouble":
            return ([("? unknown", "$soon")],)
        out = list[Line]()
        if self.state == "loading" and self.reading and self.reading.progress and self._rows:
            out.append([(f"{foreign(self.reading.progress, 100)} read", "$soft")])
        if self.table.waiting:
            out.append([("order held, ctrl+r sorts", "$soft")])
        if self.table.backwards and not self.table.sorted_by:
            out.append([("turned", "$soft")])
        out += self.telling()
        if self.table.marked:
            out.append([(f"{number(len(self.table.marked))} marked", "$focus")])
        if self.filter is not None:
            shown = f"{number(len(self.table.order))} of {number(len(self._rows))}"
            out.append([(f"/{foreign(self.filter.words, 60)}", "$focus bold"), (f" {shown}", "$focus bold")])
        return out

    def loading_words(self) -> Sequence[Line]:
        progress = self.reading.progress if self.reading else ""
        if not progress:
            return super().loading_words()
        return [
            [(f"{g['wait']} ", "$soon"), (f"reading {foreign(progress, 100)} {self.noun}", "$ink")],
            [("  they are shown from the first page on, and grow", "$soft")],
        ]

    def nothing_found(self) -> Sequence[Line]:
        words = foreign(self.filter.words, 200) if self.filter else ""
        return [(), [("no row is found by ", "$ink"), (f"/{words}", "$focus bold")], [("esc shows all again", "$soft")]]

    def words(self) -> Sequence[Line] | None:
        told = super().words()
        if told is None and self.filter is not None and self._rows and not self.table.count():
            return self.nothing_found()
        return told

    # Keys.

    @on(Rows.Highlighted)
    @on(Rows.Chosen)
    def keep_head_true(self) -> None:
        self.top_line.redraw()

    def action_filter(self) -> None:
        self.line.open()

    @on(FilterLine.Changed)
    def filter_rows(self, message: FilterLine.Changed) -> None:
        message.stop()
        self.filter = message.filter
        kept = self.filter
        self.table.filter_by(None if kept is None else lambda row: kept.keeps(self.text_of(row)))
        self.body.words = self.words()
        self.body.redraw()
        self.top_line.redraw()

    @on(FilterLine.Left)
    def back_to_rows(self, message: FilterLine.Left) -> None:
        message.stop()
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "all":
            return self.filter is not None or bool(self.table.marked)
        return bool(self.incident.id) if action == "pin" else True

    def action_all(self) -> None:
        if self.filter is not None:
            self.line.clear()
        else:
            self.table.marked.clear()
            self.table.redraw()
            self.top_line.redraw()

    def action_ask(self) -> None:
        wanted = self.reads or (self.field,)
        for feed in self.console.feeds:
            ask = getattr(feed, "ask_again", None)
            if ask is not None and feed.field in wanted:
                ask()
        self.table.release()
        self.top_line.redraw()

    def action_copy(self) -> None:
        """All marked rows, else the one under the cursor."""
        keys = [key for key in self.table.order if key in self.table.marked] or [self.table.cursor]
        rows = [row for key in keys if (row := self.table.value(key)) is not None]
        if not rows:
            return
        text = "\n".join(self.copy_of(row) for row in rows)
        copy(self.console, text, foreign(text.partition("\n")[0], 60) if len(rows) == 1 else f"{len(rows)} rows")

    def action_pin(self) -> None:
        """As it is now, with its numbers."""
        if (row := self.table.under_cursor) is not None:
            from warroom.ui.pinned import pin_of
            from warroom.ui.subject import Telling

            telling = Telling(self.world, self.now, self.incident.alerted, self.runbook)
            pin(self.console, pin_of(cast("Subject", row), telling))

    def action_describe(self) -> None:
        self.table.action_choose()
