"""A field of one line."""

from textual import events
from textual.widgets import Input

from warroom.ui.look import foreign


class Blank(Input):
    """Without border and without a blinking cursor; what is pasted stays whole, its lines joined."""

    def __init__(self, value: str = "", *, hint: str = "", id: str | None = None, keep: bool = False) -> None:
        super().__init__(foreign(value), placeholder=hint, id=id, compact=True, select_on_focus=not keep)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = foreign(" ".join(event.text.split()), 20_000)
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    def fill(self, text: str) -> None:
        """Puts a text in it, the cursor behind it."""
        self.value = text
        self.cursor_position = len(text)
