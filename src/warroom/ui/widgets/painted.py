"""Lines drawn cell by cell: only the cells that changed go to the terminal."""

from collections.abc import Iterator, Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from warroom.ui.cells import Line, cell
from warroom.ui.look import tone

NEAR = 8
"""Changed cells closer than this are sent in one piece: each piece costs a move of the cursor."""


def changed_spans(old: Strip, new: Strip) -> Iterator[tuple[int, int]]:
    """Start and width, in cells, of what differs."""
    before, after = _cells(old), _cells(new)
    if len(before) != len(after):
        yield 0, max(len(before), len(after))
        return
    start = last = -1
    for n, (a, b) in enumerate(zip(before, after, strict=True)):
        if a == b:
            continue
        if start >= 0 and n - last > NEAR:
            yield start, last - start + 1
            start = n
        start, last = (n if start < 0 else start), n
    if start >= 0:
        yield start, last - start + 1


def _cells(strip: Strip) -> list[tuple[str, RichStyle | None]]:
    out = list[tuple[str, RichStyle | None]]()
    for text, style, _ in strip:
        if text.isascii():
            out += [(char, style) for char in text]
            continue
        for char in text:
            size = Segment(char).cell_length
            # The second cell of a wide character is told apart like the first, or a change would end in the middle of it.
            out += [(char, style), *[(f"{char}>", style)] * (size - 1)] if size else []
    return out


class Painted(Widget):
    """Draws the lines of `draw`; `redraw` may be called at any time and costs the changed cells alone."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._memo: LRUCache[tuple[object, ...], Strip] = LRUCache(1024)
        self._styles_memo: dict[str, RichStyle] = {}

    def draw(self, width: int, height: int) -> Sequence[Line]:
        """The lines of the widget at this size; shorter and fewer than it is fine."""
        raise NotImplementedError

    def redraw(self) -> None:
        width, height = self.size
        if not width or not height:
            self._strips = []
            return
        lines = self.draw(width, height)[:height]
        after = [self._strip(line, width) for line in lines]
        after += [self._strip((), width)] * (height - len(after))
        before, self._strips = self._strips, after
        if len(before) != len(after) or before[0].cell_length != width:
            self.refresh()
            return
        regions = [
            Region(x, y, size, 1)
            for y, (old, new) in enumerate(zip(before, after, strict=True))
            if old is not new
            for x, size in changed_spans(old, new)
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        return self._strips[y] if y < len(self._strips) else self._strip((), self.size.width)

    def _strip(self, line: Line, width: int) -> Strip:
        key = (width, *line)
        strip = self._memo.get(key)
        if strip is None:
            parts = [Segment(text, self._style(style)) for text, style in cell(line, width) if text]
            strip = self._memo[key] = Strip(parts, width)
        return strip

    def _style(self, style: str) -> RichStyle:
        found = self._styles_memo.get(style)
        if found is None:
            base = self.visual_style
            found = self._styles_memo[style] = (base + self.app.stylesheet.parse_style(tone(style)) if style else base).rich_style
        return found

    def _forget(self) -> None:
        self._styles_memo.clear()
        self._memo.clear()
        self._strips = []

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_attached:
            self._forget()
            self.call_later(self.redraw)

    def on_mount(self) -> None:
        self.watch(self.app, "theme", self._theme_changed, init=False)

    def _theme_changed(self) -> None:
        self._forget()
        self.call_after_refresh(self.redraw)

    def on_resize(self, _: events.Resize) -> None:
        self.redraw()
