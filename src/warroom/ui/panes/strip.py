"""One line that names every pane with its key and worst news, so that none is out of sight."""

from collections.abc import Sequence

from warroom.ui.cells import Line, Seg, measure
from warroom.ui.panes.pane import Pane
from warroom.ui.widgets.painted import Painted

SHORT = {"error logs": "errors", "deadlines": "due", "severity": "level", "timeline": "notes"}


class PaneStrip(Painted):
    """Shown where there is room for one pane only."""

    def __init__(self) -> None:
        super().__init__(id="strip")

    def draw(self, width: int, height: int) -> Sequence[Line]:
        parts = list[list[Seg]]()
        for pane in self.screen.query(Pane):
            if pane.digit:
                name = SHORT.get(pane.label, pane.label)
                here = pane.has_class("-current")
                news = list(pane.news())
                parts.append(
                    [
                        (pane.digit, "$focus bold"),
                        (" ", ""),
                        (name, "$loud bold underline" if here else "$soft"),
                        *([(" ", ""), *news] if news else []),
                    ]
                )
        taken = sum(measure(part) for part in parts)
        gap = next((gap for gap in (3, 2) if taken + gap * (len(parts) - 1) <= width), 1)
        return [[seg for n, part in enumerate(parts) for seg in ([(" " * gap, "")] if n else []) + part]]
