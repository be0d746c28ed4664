"""What panes of lines have in common that one can search."""

from textual import on
from textual.app import ComposeResult

from warroom.ui.panes.filter import Filter, FilterLine
from warroom.ui.panes.pane import LinesPane


class SearchedPane(LinesPane):
    """`filter` holds while it is set; a kind of it shows what that keeps, and binds a key to `filter`."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.filter: Filter | None = None

    def compose(self) -> ComposeResult:
        yield from super().compose()
        self.line = FilterLine()
        yield self.line

    def action_filter(self) -> None:
        self.line.open()

    @on(FilterLine.Changed)
    def search(self, message: FilterLine.Changed) -> None:
        message.stop()
        self.filter = message.filter
        self.update()

    @on(FilterLine.Left)
    def back_to_lines(self, message: FilterLine.Left) -> None:
        message.stop()
        self.body.focus()
