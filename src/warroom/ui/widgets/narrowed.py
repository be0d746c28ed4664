"""A partial update of the screen as the changed cells alone."""

from typing import Any

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, CompositorUpdate


class Narrowed(CompositorUpdate):
    """Textual crops an update at its right end only, and so sends every widget from its left edge on; this crops both ends.

    A clock at the end of a line costs its own digits then, not the line.
    """

    def __init__(self, update: ChopsUpdate) -> None:
        self._update = update

    def render_segments(self, console: Console) -> str:
        out = list[str]()
        chops, every_end = self._update.chops, self._update.chop_ends
        for y, x1, x2 in self._update.spans:
            for end, (x, strip) in zip(every_end[y], chops[y].items(), strict=False):
                left, right = max(x, x1), min(end, x2)
                if strip is None or left >= right:
                    continue
                if left > x or right < end:
                    strip = strip.crop(left - x, right - x)
                out += (Control.move_to(left, y).segment.text, strip.render(console))
        return "".join(out)


def narrowed(renderable: Any) -> Any:
    """A partial update narrowed; anything else as it is."""
    return Narrowed(renderable) if isinstance(renderable, ChopsUpdate) else renderable
