"""More about whatever is under the cursor, in the rows that are to spare."""

from collections.abc import Sequence
from typing import Any

from warroom.core.readings import Reading
from warroom.ui.cells import Line
from warroom.ui.panes.pane import LinesPane
from warroom.ui.subject import Subject, Telling, field_of, title
from warroom.ui.widgets.rows import Row, Rows

ROOMY = 18
"""With more rows than this everything that is known is told."""


class PeekPane(LinesPane):
    """Shows `subject`, which the screen sets when a cursor moves. It never takes the focus."""

    label = "peek"

    def __init__(self) -> None:
        super().__init__()
        self.subject: Subject | None = None

    def build(self) -> Rows:
        body = super().build()
        body.can_focus = False
        return body

    def look_at(self, subject: Subject | None) -> None:
        if subject is not self.subject:
            self.subject = subject
            self.body.top = 0
            self.update()

    @property
    def reading(self) -> Reading[Any] | None:
        return getattr(self.world, field_of(self.subject)) if self.subject is not None else None

    def watch_world(self) -> None:
        if self._ready:
            self.update()

    def lines(self, width: int, height: int) -> Sequence[Row]:
        if self.subject is None:
            return ()
        return Telling(self.world, self.now, self.incident.alerted, self.runbook).rows(self.subject, width, whole=height > ROOMY)

    @property
    def wants(self) -> int:
        """How many lines its body would fill."""
        return len(self.lines(self.body.size.width or 60, 0)) or 3

    def shows_nothing(self) -> bool:
        return self.subject is None

    def empty_words(self) -> Sequence[Line]:
        return [[("nothing is under the cursor", "$soft")]]

    def facts(self) -> Sequence[Line]:
        return ([(title(self.subject), "$soft")],) if self.subject is not None else ()
