"""Lines that are as high as they need."""

from collections.abc import Callable, Sequence

from textual.geometry import Size

from warroom.ui.cells import Line
from warroom.ui.widgets.painted import Painted

WordsSource = Callable[[int], Sequence[Line]]


class Words(Painted):
    """Asks `source` for its lines at a width; `retell` when they may have become others."""

    def __init__(self, source: WordsSource, *, id: str | None = None, classes: str = "words") -> None:
        super().__init__(id=id, classes=classes)
        self._source = source

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return self._source(width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._source(width))

    def retell(self) -> None:
        if len(self._source(self.size.width)) != self.size.height:
            self.refresh(layout=True)
        self.redraw()
