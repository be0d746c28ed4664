"""Which rows somebody wants to see: a regular expression, or with `!` what it does not find."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from warroom.ui.cells import Line, clip
from warroom.ui.look import foreign, g
from warroom.ui.widgets.painted import Painted

MOST = 4000
"""Characters of a row that are searched: a message may be a megabyte long."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`words` as typed; empty keeps all. Raises re.PatternError's kin when they are no regular expression."""

    words: str
    inverse: bool
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: str) -> "Filter | None":
        inverse = words.startswith("!")
        text = words[inverse:]
        return cls(words, inverse, re.compile(text, re.IGNORECASE)) if text else None

    def keeps(self, text: str) -> bool:
        return (self.pattern.search(text[:MOST]) is None) is self.inverse


def what_is_wrong(error: re.error) -> str:
    """In the words of whoever types."""
    place = f" at {error.pos + 1}" if error.pos is not None else ""
    return f"no regular expression yet: {error.msg}{place}"


class Told(Painted):
    """What the line says beside what is typed."""

    def __init__(self, said: Callable[[], Line], classes: str) -> None:
        super().__init__(classes=classes)
        self._said = said

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return [[(clip(text, width), style) for text, style in self._said()]]


class FilterLine(Horizontal):
    """The line at the foot of a pane. Every key is tried at once; enter keeps, esc shows all again."""

    BINDINGS = [Binding("escape", "clear", "all rows", show=False, id="filter.clear", tooltip="show all rows again")]

    class Changed(Message):
        """Another filter holds; None: all rows."""

        def __init__(self, filter: Filter | None) -> None:
            super().__init__()
            self.filter = filter

    class Left(Message):
        """Whoever typed is done."""

    def __init__(self) -> None:
        super().__init__(classes="filter")
        self.trouble = ""
        self.filter: Filter | None = None

    def compose(self) -> ComposeResult:
        self.input = Input(placeholder="regex, !regex hides", compact=True, select_on_focus=False)
        self.input.cursor_blink = False
        self.told = Told(self._said, "beside")
        yield Told(lambda: [(" /", "$focus bold")], "slash")
        yield self.input
        yield self.told

    def _said(self) -> Line:
        if self.trouble:
            return [(f"{g['bad']} {foreign(self.trouble)}", "$bad bold")]
        return [("enter keeps, esc shows all", "$soft")]

    def open(self) -> None:
        self.add_class("-open")
        self.input.focus()

    @on(Input.Changed)
    def try_it(self, message: Input.Changed) -> None:
        message.stop()
        try:
            found = Filter.of(message.value)
        except re.error as error:  # half a pattern: what was found last stays
            self.trouble = what_is_wrong(error)
        else:
            self.trouble = ""
            if found != self.filter:
                self.filter = found
                self.post_message(self.Changed(found))
        self.told.styles.width = max(26, cell_len(self.trouble) + 2)
        self.told.redraw()

    @on(Input.Submitted)
    def keep(self, message: Input.Submitted) -> None:
        message.stop()
        if not self.trouble:
            self.leave()

    def action_clear(self) -> None:
        self.clear()
        self.leave()

    def clear(self) -> None:
        self.trouble = ""
        self.input.value = ""
        if self.filter is not None:
            self.filter = None
            self.post_message(self.Changed(None))

    def leave(self) -> None:
        self.remove_class("-open")
        self.post_message(self.Left())

    def on_descendant_blur(self, _: events.DescendantBlur) -> None:
        """Half a pattern is not kept where nobody sees it."""
        self.remove_class("-open")
        if self.trouble:
            self.trouble = ""
            self.input.value = self.filter.words if self.filter else ""
